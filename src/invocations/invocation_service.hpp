// Submit, then attach: whatever is asked of invocations, by whichever host, is asked here. An answer is read
// from a journal, which grows in this process, or is read back from the store; who reads cannot tell.
// One object serves all threads. It owns what invocations share; the ports it is given must outlive it.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/keyed_mutex.hpp"
#include "base/log.hpp"
#include "base/principal.hpp"
#include "invocations/agent_runtime.hpp"
#include "invocations/answer_source.hpp"
#include "invocations/concurrency_gate.hpp"
#include "invocations/fleet.hpp"
#include "invocations/invocation.hpp"
#include "invocations/invocation_registry.hpp"
#include "invocations/invocation_store.hpp"
#include "invocations/journal_keeper.hpp"
#include "invocations/session_store.hpp"
#include "invocations/session_turns.hpp"
#include "invocations/shared_turn.hpp"
#include "invocations/unsettled_begins.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

/// How much of an invocation must outlive this process.
enum class Keeping {
  /// Its end alone.
  end_only,
  /// All it says as well, if the store takes it; it runs all the same.
  wanted,
  /// All it says; it does not run without.
  required,
};

/// What a reader has been told last.
struct Place {
  /// Its event's seq; 0 for nothing, behind_all for whatever there is, but the end.
  std::uint64_t seq = 0;
  /// Known to have been the end. Where a crash took what was not kept yet, the end has the seq of a chunk
  /// that somebody may have been told.
  bool is_the_end = false;
};

struct Submission {
  RequestId request_id;
  Principal principal;
  /// Sanitised.
  std::string prompt;
  /// A new one where the caller named none.
  std::optional<SessionId> session_id = {};
  Keeping keeping = Keeping::end_only;
  /// Only where keeping is required.
  std::optional<IdempotencyClaim> claim = {};
  WhenUnread when_unread = WhenUnread::run_to_the_end();
  /// Where a repeat goes on.
  Place after = {};
  /// Passed on to the runtime.
  http::TraceContext trace = {};
  /// It is only that: there is nothing to go on with where the claim is free.
  bool only_repeats = false;
};

/// An invocation that is here, or in the store, and how to read it.
struct FoundInvocation {
  InvocationHead head;
  AnswerSource source;
  /// The event to go on after.
  std::uint64_t after = 0;
  /// It has ended, and its end is what the reader has seen last.
  bool is_read_to_the_end = false;
};

struct Submitted {
  FoundInvocation invocation;
  /// It had been begun under the same claim before.
  bool is_repeat = false;
  /// It can be asked for when it is not here any more.
  bool is_kept = true;
};

class InvocationService {
 public:
  struct Options {
    ConcurrencyGate::Options gate;
    SessionTurns::Options turns;
    /// What one journal may hold in memory.
    std::size_t journal_bytes_max = 64 * 1024 * 1024;
    JournalKeeper::Options keeper;
    SharedTurnOptions shared_turn;
    /// By which the store knows what this gateway runs, also after its restart. No two that run may share it.
    std::string runner = "gateway";
  };

  struct Ports {
    AgentRuntime& runtime;
    SessionStore& sessions;
    InvocationStore& invocations;
    Fleet& fleet;
    const Clock& clock;
    RandomSource& random;
    Logger& log;
  };

  InvocationService(const Options& options, const Ports& ports);
  InvocationService(const InvocationService&) = delete;
  InvocationService& operator=(const InvocationService&) = delete;

  /// Begins an invocation, or finds the one that has the claim. Everything that can refuse it has its say
  /// here: Errc::overloaded, session_not_found, session_expired, session_busy, idempotency_conflict,
  /// shutting_down, store_unavailable; as of find() where it is a repeat; invocation_gone for what only
  /// repeats what is not known. It runs on the caller's executor.
  boost::asio::awaitable<Result<Submitted>> submit(Submission submission);

  /// The principal's own, to be read behind `after`.
  /// Errc::invocation_not_found, invocation_gone if what it said is kept no longer, invalid_request if there
  /// has been no such event.
  boost::asio::awaitable<Result<FoundInvocation>> find(RequestId id, Principal principal, Place after);

  /// Asks it to end with Errc::cancelled, unless it has ended, and gives what find() gives of its end. One
  /// that runs elsewhere ends when its gateway has heard of it, within some seconds.
  boost::asio::awaitable<Result<FoundInvocation>> cancel(RequestId id, Principal principal);

  /// As InvocationStore::list, and those of this process as they are now.
  boost::asio::awaitable<Result<InvocationPage>> list(Principal principal,
                                                      std::optional<InvocationState> state, PageRequest page);

  /// Whether it is alive here.
  bool runs(const RequestId& id) { return registry_.find(id) != nullptr; }

  /// Takes back what a store that failed may have begun, and nobody runs; to be called again and again.
  boost::asio::awaitable<void> settle_begins();

  /// As cancel() of one that is alive here; for whoever was asked elsewhere.
  void cancel_here(const RequestId& id);

  /// Of one that is alive here: runs to its end from now on, whoever reads.
  void waive_readers(const RequestId& id);

  /// From now on new invocations are refused with Errc::shutting_down; the running ones go on.
  void begin_draining() { draining_ = true; }
  bool draining() const { return draining_; }
  /// Asks all invocations to end.
  void stop_all(const Error& reason) { registry_.stop_all(reason); }
  /// Whether no invocation waits, runs or is being saved. Once draining() nothing starts any more, though a
  /// call that is being refused may make it false for a moment.
  bool idle() const;

  const ConcurrencyGate& gate() const { return gate_; }
  SessionTurns& turns() { return turns_; }

 private:
  /// Whose key, and which.
  using Claims = KeyedMutex<std::pair<std::string, std::string>>;

  boost::asio::awaitable<Result<Submitted>> submit_new(Submission submission);
  boost::asio::awaitable<Result<std::optional<InvocationHead>>> claimant_of(const Submission& submission);
  boost::asio::awaitable<Result<Submitted>> repeat(Submission submission, InvocationHead head);
  boost::asio::awaitable<Result<BeginOutcome>> begin(const Submission& submission, const SessionId& session,
                                                     WallTime accepted_at, bool waits);
  boost::asio::awaitable<Result<void>> claim_session(const Submission& submission);
  boost::asio::awaitable<void> withdraw(const Submission& submission, const SessionId& session);
  void note_unsettled(const Submission& submission, const SessionId& session);
  boost::asio::awaitable<Result<void>> refuse_if_busy(const TurnWanted& wanted);
  Result<FoundInvocation> found_alive(Invocation& invocation, Place after) const;
  std::shared_ptr<Invocation> alive(const RequestId& id, const Principal& principal);

  const Options options_;
  const Ports ports_;
  ConcurrencyGate gate_;
  SessionTurns turns_;
  Claims claims_;
  UnsettledBegins unsettled_;
  InvocationRegistry registry_;
  std::atomic<bool> draining_ = false;
};

}  // namespace skymarshal::invocations
