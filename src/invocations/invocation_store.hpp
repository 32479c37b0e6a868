// Port: what is kept of invocations beside the process that runs them, so that an answer that was paid for
// outlives it, and is paid for once. Implementations live in store/ and pass tests/contract/.
// Safe to use from any thread; results arrive on the caller's executor. Every failure of the store itself is
// Errc::store_unavailable. Only invocations that were begun here are known here.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"
#include "invocations/invocation_state.hpp"
#include "invocations/journal.hpp"
#include "invocations/session_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

/// A caller's word for one intention (draft-ietf-httpapi-idempotency-key-header): whatever comes under it
/// again is the same invocation.
struct IdempotencyClaim {
  /// 1 to 255 visible ASCII characters. Keys of two principals never meet.
  std::string key;
  /// Of what the request means; the same for two that mean the same.
  std::string fingerprint;
};

/// What is known of an invocation before it runs.
struct InvocationRecord {
  RequestId request_id;
  SessionId session_id;
  Principal owner;
  /// Sanitised.
  std::string prompt;
  WallTime accepted_at;
  /// Which gateway runs it: who must end it when that one has died.
  std::string runner;
  std::optional<IdempotencyClaim> claim = {};
  /// For its turn or for a slot: it has certainly not run until the store was told that it starts.
  bool waits = false;
};

/// An invocation without what it said.
struct InvocationHead {
  RequestId request_id;
  SessionId session_id;
  Principal owner;
  WallTime accepted_at;
  /// Until it has ended `queued` or `running`.
  InvocationState state = InvocationState::running;
  /// Absent until it has ended.
  std::optional<WallTime> ended_at = {};
  /// Of its claim; empty if it has none, or none any more.
  std::string fingerprint = {};
};

/// Of one that has just begun.
inline InvocationHead head_of(const InvocationRecord& record) {
  InvocationHead head{record.request_id, record.session_id, record.owner, record.accepted_at};
  if (record.claim) head.fingerprint = record.claim->fingerprint;
  if (record.waits) head.state = InvocationState::queued;
  return head;
}

/// Who has the claim, and with it the right to run.
struct BeginOutcome {
  /// False: another one had the claim before, and nothing was changed.
  bool begun = false;
  InvocationHead head;
};

/// A part of a journal, in order.
struct JournalBatch {
  /// Of the first chunk; the others follow without a gap.
  std::uint64_t first_seq = 1;
  /// `data` of each: JSON on one line, byte for byte.
  std::vector<std::string> chunks;
};

/// How an invocation ended, and what is remembered of it in its session: one thing, kept in one piece.
struct FinishedInvocation {
  InvocationEnd end;
  /// What was said last and has not been appended yet; often all of it, where an answer comes quickly.
  JournalBatch rest = {};
  /// Its ids and principal are the invocation's, its response is the end's body.
  Interaction interaction;
  /// The run never reached the runtime: who comes again under the claim begins anew.
  bool releases_claim = false;
};

/// Whether its claim is free from then on, of one that was in the state `before`. What an interruption finds
/// running may have reached the runtime, whatever it looked like when it was taken for dead.
inline bool frees_claim(const FinishedInvocation& finished, InvocationState before) {
  if (!finished.releases_claim || has_ended(before)) return false;
  return before == InvocationState::queued || state_of(finished.end) != InvocationState::interrupted;
}

enum class FinishOutcome {
  finished,
  /// Durable, and finished as soon as the store takes it.
  outboxed,
  /// It had ended before, and that end stands.
  ended_before,
};

/// Behind whatever chunk there may be.
inline constexpr std::uint64_t behind_all = std::uint64_t{1} << 62;

struct StoredJournal {
  InvocationHead head;
  /// Of the newest chunk kept; 0 if none is.
  std::uint64_t last_chunk = 0;
  /// What follows the event that was asked for; a long journal comes in parts.
  JournalBatch batch;
  bool has_more = false;
  /// Once it has ended, with the last part of its chunks. Its seq is the one behind them.
  std::optional<InvocationEnd> end;
  /// The chunks have been deleted; the end is still there.
  bool journal_removed = false;
};

struct InvocationPage {
  std::vector<InvocationHead> invocations;
  /// As SessionPage's.
  std::string next_cursor;
};

class InvocationStore {
 public:
  virtual ~InvocationStore() = default;

  /// Record, session and claim in one step, durable when this returns: before it nothing runs. The session is
  /// claimed as by SessionStore::claim, with its errors; the claim only if nobody of this principal has it.
  /// A request_id that exists already is a bug, Errc::internal.
  virtual boost::asio::awaitable<Result<BeginOutcome>> begin(InvocationRecord record) = 0;

  /// One that was begun as waiting runs from now on, durable when this returns. False: it has ended, as its
  /// gateway was taken for dead, or `owner` never began it, and it must not run.
  virtual boost::asio::awaitable<Result<bool>> start(RequestId id, Principal owner) = 0;

  /// Durable when this returns. Batches come in order; chunks that come again are kept once. False: the
  /// invocation has ended, or `owner` never began it, and nothing is kept.
  virtual boost::asio::awaitable<Result<bool>> append(RequestId id, Principal owner, JournalBatch batch) = 0;

  /// The rest, the end and the interaction together, durable when this returns. One that has ended stays as
  /// it is, unless this end stands_over() it. Errc::invocation_not_found if the interaction's principal never
  /// began it.
  virtual boost::asio::awaitable<Result<FinishOutcome>> finish(FinishedInvocation finished) = 0;

  /// Takes a begin in that session back, also one that failed and may have come half the way: nothing has run
  /// that is kept. One that has ended, or that `owner` never began, is left alone.
  virtual boost::asio::awaitable<Result<void>> withdraw(RequestId id, SessionId session, Principal owner) = 0;

  /// Whose the idempotency key is among the owner's invocations; nullopt if it is free. One whose session was
  /// erased keeps it, and nothing else is known of it than request_id and fingerprint.
  virtual boost::asio::awaitable<Result<std::optional<InvocationHead>>> claimant(Principal owner,
                                                                                 std::string key) = 0;

  /// The journal behind the event `after`; 0 reads from the start, `behind_all` the end alone.
  /// Errc::invocation_not_found where there is none or it is somebody else's: the two cannot be told apart.
  virtual boost::asio::awaitable<Result<StoredJournal>> read(RequestId id, Principal principal,
                                                             std::uint64_t after) = 0;

  /// The principal's own, newest first, in `state` alone where one is given. Errc::invalid_request for a
  /// cursor that is not ours.
  virtual boost::asio::awaitable<Result<InvocationPage>> list(Principal principal,
                                                              std::optional<InvocationState> state,
                                                              PageRequest page) = 0;

  /// Those of this gateway that have not ended, oldest first: after its start they are a crash's.
  virtual boost::asio::awaitable<Result<std::vector<InvocationRecord>>> open_ones(std::string runner) = 0;

  /// Deletes the chunks, and forgets the claims, of what ended longer ago than the store's `journal_retain`;
  /// returns of how many. Heads, ends and interactions go with their session.
  virtual boost::asio::awaitable<Result<std::size_t>> remove_old_journals() = 0;
};

}  // namespace skymarshal::invocations
