// What stands in the table of sessions, as items. Pure.
// One session is one partition. Ordered by `timestamp` it holds:
//   before 0: one item by which the session is listed; minus its last activity in ms, so that the index of a
//     user's sessions gives the newest first, and neither heads nor interactions. Older ones that a crash
//     left are passed over, as the head says which counts.
//   0: its head: owner (not in the index), created_at, last_activity, interaction_count; `open`, the requests
//   whose end is not
//     counted yet, and `first`, the one that made it; the turn; `erased_at` while it is being erased.
//   between 0 and 1: for each request, by its id, where its interaction stands (`at`): a request has one.
//   from 1: interactions, by the ms of their end.
#pragma once

#include "base/id.hpp"
#include "dynamodb/item.hpp"
#include "invocations/session_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::dynamodb {

inline constexpr std::string_view partition_of_sessions = "session_id";

Item head_key(const SessionId& id);
Item listing_key(const SessionId& id, std::int64_t last_activity_ms);
Item place_key(const SessionId& id, const RequestId& request);
Item interaction_key(const SessionId& id, std::int64_t timestamp_ms);

/// Who has a session's turn, and until when unless it is said anew.
struct HeldTurn {
  /// The request; empty while nobody has it.
  std::string holder;
  /// The gateway that runs it.
  std::string runner;
  std::int64_t until_ms = 0;
  /// Of all turns of the session, which; grows with each that is taken.
  std::int64_t number = 0;
};

struct SessionHead {
  /// `expired` is left to whoever knows the time.
  invocations::Session session;
  std::vector<std::string> open;
  std::string first;
  HeldTurn turn;
  bool is_erased = false;

  bool has_open(const RequestId& request) const;
};

/// Nullopt for what is none.
std::optional<SessionHead> read_head(const Item& item);
Item head_item(const invocations::Session& session, std::int64_t ttl_s);
Item listing_item(const invocations::Session& session, std::int64_t ttl_s);

/// Without its texts (prompt, response, error_message), which may be long.
Item interaction_item(const invocations::Interaction& interaction, std::int64_t ttl_s);
/// Without them too.
std::optional<invocations::Interaction> read_interaction(const Item& item);

/// The id's first 60 bits as 19 digits: enough to keep the order of ids that meet in one millisecond.
std::string order_digits(const Uuid& id);

}  // namespace skymarshal::dynamodb
