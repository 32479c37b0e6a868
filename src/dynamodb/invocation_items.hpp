// What stands in the table of invocations, as items. Pure.
// One invocation is one partition. Ordered by `seq` it holds:
//   0: its head: session_id, user_id, prompt, accepted_at, state, and while it has not ended its `runner`, by
//     which the index of open ones finds it; then ended_at, `ending` (store/invocation_codec; a long one
//     stands with the interaction alone), interaction_at (where its answer stands in its session) and
//     last_chunk. `listed_at` orders a user's invocations.
//   from 1: what it said, a batch an item, by the number of its last chunk; `first` is that of its first.
// A claim is a partition of its own, named after whose key it is: held_by, fingerprint, and `erased_since`
// once nothing else is known of who held it.
#pragma once

#include "dynamodb/item.hpp"
#include "invocations/invocation_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace skymarshal::dynamodb {

Item invocation_key(const RequestId& id);
Item claim_key(const Principal& owner, std::string_view idempotency_key);

/// Without its prompt. `word`: by which whoever writes it knows it again.
Item invocation_item(const invocations::InvocationRecord& record, std::string_view word, std::int64_t ttl_s);

struct InvocationItem {
  /// Its owner, prompt and fingerprint are the record's.
  invocations::InvocationHead head;
  std::string runner;
  std::string word;
  std::string idempotency_key;
  std::string ending;
  std::int64_t interaction_at_ms = 0;
  std::int64_t last_chunk = 0;
  bool journal_removed = false;
  bool claim_released = false;
};

/// Nullopt for what is none.
std::optional<InvocationItem> read_invocation(const Item& item);

struct ClaimItem {
  RequestId held_by;
  std::string fingerprint;
  std::optional<WallTime> erased_since;
};
std::optional<ClaimItem> read_claim(const Item& item);

/// As DynamoDB orders a user's invocations: by time, and by id within a millisecond.
std::string listed_at(WallTime accepted_at, const RequestId& id);
/// When it was accepted, in ms, and its id, of an item that has little but its keys.
std::optional<std::pair<std::int64_t, RequestId>> read_place(const Item& item);

}  // namespace skymarshal::dynamodb
