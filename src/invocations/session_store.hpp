// Port: what is remembered of sessions. Implementations live in store/ and pass tests/contract/.
// Safe to use from any thread; results arrive on the caller's executor. Every failure of the store itself is
// Errc::store_unavailable.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"
#include "base/shared_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

enum class InteractionStatus { success, error, timeout };

/// "success", "error", "timeout".
constexpr std::string_view to_text(InteractionStatus status) {
  switch (status) {
    case InteractionStatus::success:
      return "success";
    case InteractionStatus::error:
      return "error";
    case InteractionStatus::timeout:
      return "timeout";
  }
  return "";
}

/// What is remembered of one finished invocation.
struct Interaction {
  SessionId session_id;
  RequestId request_id;
  Principal principal;
  /// When it ended. The store moves it on by 1 ms where the session has an interaction at that time already.
  WallTime timestamp;
  std::string prompt;
  /// JSON object: the InvokeResponse on success, the error body otherwise. Kept byte for byte, and shared
  /// with whoever answers with it: a store copies nothing of it in memory.
  SharedText response;
  InteractionStatus status = InteractionStatus::success;
  std::int64_t execution_time_ms = 0;
  /// Empty on success.
  std::string error_message;
};

/// A session without its interactions.
struct Session {
  SessionId id;
  Principal owner;
  WallTime created_at;
  /// Creation, or the end of its newest interaction.
  WallTime last_activity_at;
  std::int64_t interaction_count = 0;
  /// No activity for longer than the store's `expire_after`; at exactly that age it is still active.
  bool expired = false;
};

struct SessionPage {
  std::vector<Session> sessions;
  /// Where the next page goes on; empty at the end. Opaque to callers, meaningless to other principals.
  std::string next_cursor;
};

struct SessionHistory {
  Session session;
  /// By timestamp, oldest first.
  std::vector<Interaction> interactions;
  std::string next_cursor;
};

enum class SessionFilter { all, active, expired };

/// What a page of a list starts after and how long it is at most. Only an empty next_cursor marks the end: a
/// page may be shorter than its limit, or empty, where its items are large or the store had to pass over many
/// that do not belong to it.
struct PageRequest {
  /// At least 1; a store may have a maximum of its own and gives shorter pages beyond it.
  std::size_t limit = 50;
  std::string cursor;
};

/// Where a saved interaction is: in the store, or durably set aside until the store takes it.
enum class SaveOutcome { stored, outboxed };

class SessionStore {
 public:
  virtual ~SessionStore() = default;

  /// A new, empty session, durable when this returns. Ids are ours and random: one that exists already is a
  /// bug, Errc::internal.
  virtual boost::asio::awaitable<Result<Session>> create(SessionId id, Principal owner) = 0;

  /// Opens a session for a turn. One that does not exist is created for `principal` (durably), who owns it
  /// from then on. Errc::session_not_found if it belongs to somebody else, Errc::session_expired if it is too
  /// old to go on.
  virtual boost::asio::awaitable<Result<Session>> claim(SessionId id, Principal principal) = 0;

  /// Saves an interaction, durable when this returns, and creates its session where there is none. Saving the
  /// same request_id twice in a session keeps the first and succeeds. Errc::session_not_found if the session
  /// belongs to somebody else.
  virtual boost::asio::awaitable<Result<SaveOutcome>> save(Interaction interaction) = 0;

  /// The principal's own sessions, newest activity first. Errc::invalid_request for a cursor that is not
  /// ours. A session that gets activity while its list is being walked moves to the front.
  virtual boost::asio::awaitable<Result<SessionPage>> list(Principal principal, SessionFilter filter,
                                                           PageRequest page) = 0;

  /// Errc::session_not_found where there is none or it is somebody else's: the two cannot be told apart.
  virtual boost::asio::awaitable<Result<SessionHistory>> history(SessionId id, Principal principal,
                                                                 PageRequest page) = 0;

  /// Erases a session and its interactions, durably. Errors as of history().
  virtual boost::asio::awaitable<Result<void>> erase(SessionId id, Principal principal) = 0;

  /// Deletes the sessions whose last activity is older than the store's `retain_for`; returns how many there
  /// were.
  virtual boost::asio::awaitable<Result<std::size_t>> remove_old() = 0;

  /// Whether the store answers and takes writes.
  virtual boost::asio::awaitable<Result<void>> probe() = 0;

  /// Ends of invocations, of any kind, that are durably set aside and not in the store yet; none where
  /// nothing is set aside.
  virtual std::size_t outboxed() const { return 0; }

  /// Ends that were put beside the outbox, as the store refuses them: nothing but an operator brings them
  /// back.
  virtual std::size_t refused() const { return 0; }
};

}  // namespace skymarshal::invocations
