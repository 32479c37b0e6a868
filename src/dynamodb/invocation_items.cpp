#include "dynamodb/invocation_items.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "dynamodb/session_items.hpp"

#include <utility>

namespace skymarshal::dynamodb {
namespace {

using invocations::InvocationRecord;
using invocations::InvocationState;

std::string text_of(const Item& item, std::string_view name) {
  return std::string(item.find_text(name).value_or(std::string_view()));
}

}  // namespace

Item invocation_key(const RequestId& id) { return Item().text("request_id", id.view()).number("seq", 0); }

// Digested: a key of 255 characters and a long name are longer than a partition's may be.
Item claim_key(const Principal& owner, std::string_view idempotency_key) {
  std::string whose = owner.id;
  whose += '\0';
  whose += idempotency_key;
  return Item().text("request_id", "claim#" + hex(as_text(sha256(whose)))).number("seq", 0);
}

std::string listed_at(WallTime accepted_at, const RequestId& id) {
  return std::to_string(unix_ms(accepted_at)) + order_digits(id);
}

std::optional<std::pair<std::int64_t, RequestId>> read_place(const Item& item) {
  const auto id = RequestId::parse(text_of(item, "request_id"));
  const auto place = item.find_digits("listed_at");
  if (!id || !place) return std::nullopt;
  const std::size_t order_size = order_digits(*id).size();
  if (place->size() <= order_size) return std::nullopt;
  const auto time_ms = parse_number<std::int64_t>(place->substr(0, place->size() - order_size));
  if (!time_ms) return std::nullopt;
  return std::pair(*time_ms, *id);
}

Item invocation_item(const InvocationRecord& record, std::string_view word, std::int64_t ttl_s) {
  Item item = invocation_key(record.request_id);
  item.text("session_id", record.session_id.view()).text("user_id", record.owner.id);
  item.number("accepted_at", unix_ms(record.accepted_at));
  item.digits("listed_at", listed_at(record.accepted_at, record.request_id));
  item.text("state", to_text(record.waits ? InvocationState::queued : InvocationState::running));
  item.text("runner", record.runner).text("word", word).number("ttl", ttl_s);
  if (record.claim) {
    item.text("idempotency_key", record.claim->key).text("fingerprint", record.claim->fingerprint);
  }
  return item;
}

std::optional<InvocationItem> read_invocation(const Item& item) {
  const auto id = RequestId::parse(text_of(item, "request_id"));
  const auto session = SessionId::parse(text_of(item, "session_id"));
  const auto owner = item.find_text("user_id");
  const auto accepted_at = item.find_number("accepted_at");
  const auto state = invocations::parse_invocation_state(text_of(item, "state"));
  if (!id || !session || !owner || !accepted_at || !state) return std::nullopt;
  InvocationItem read;
  read.head.request_id = *id;
  read.head.session_id = *session;
  read.head.owner.id = *owner;
  read.head.accepted_at = from_unix_ms(*accepted_at);
  read.head.state = *state;
  if (const auto ended_at = item.find_number("ended_at")) read.head.ended_at = from_unix_ms(*ended_at);
  read.head.fingerprint = text_of(item, "fingerprint");
  read.runner = text_of(item, "runner");
  read.word = text_of(item, "word");
  read.idempotency_key = text_of(item, "idempotency_key");
  read.ending = text_of(item, "ending");
  read.interaction_at_ms = item.find_number("interaction_at").value_or(0);
  read.last_chunk = item.find_number("last_chunk").value_or(0);
  read.journal_removed = item.has("journal_removed");
  read.claim_released = item.has("claim_released");
  return read;
}

std::optional<ClaimItem> read_claim(const Item& item) {
  const auto held_by = RequestId::parse(text_of(item, "held_by"));
  if (!held_by) return std::nullopt;
  ClaimItem claim{*held_by, text_of(item, "fingerprint"), {}};
  if (const auto since = item.find_number("erased_since")) claim.erased_since = from_unix_ms(*since);
  return claim;
}

}  // namespace skymarshal::dynamodb
