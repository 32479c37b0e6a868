#include "dynamodb/session_items.hpp"

#include "store/session_codec.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::dynamodb {
namespace {

using invocations::Interaction;
using invocations::Session;

Item key_at(const SessionId& id, std::string timestamp) {
  return std::move(Item().text(partition_of_sessions, id.view()).digits("timestamp", std::move(timestamp)));
}

/// Sixty bits of it, from the hex digit `from` on, as 19 decimal digits.
std::string sixty_bits(const Uuid& id, std::size_t from) {
  std::string hex;
  std::ranges::copy_if(id.view(), std::back_inserter(hex), [](char c) { return c != '-'; });
  std::uint64_t bits = 0;
  std::from_chars(hex.data() + from, hex.data() + from + 15, bits, 16);
  return fmt::format("{:019}", bits);
}

}  // namespace

Item head_key(const SessionId& id) { return key_at(id, "0"); }

Item listing_key(const SessionId& id, std::int64_t last_activity_ms) {
  return key_at(id, std::to_string(-last_activity_ms));
}

// 120 of the id's 128 bits as 38 digits behind the point, which is all that a number holds.
Item place_key(const SessionId& id, const RequestId& request) {
  return key_at(id, "0." + sixty_bits(request, 0) + sixty_bits(request, 15));
}

Item interaction_key(const SessionId& id, std::int64_t timestamp_ms) {
  return key_at(id, std::to_string(timestamp_ms));
}

bool SessionHead::has_open(const RequestId& request) const {
  return std::ranges::find(open, request.view()) != open.end();
}

std::optional<SessionHead> read_head(const Item& item) {
  const auto id = SessionId::parse(item.find_text(partition_of_sessions).value_or(std::string_view()));
  const auto owner = item.find_text("owner");
  const auto created_at = item.find_number("created_at");
  const auto last_activity = item.find_number("last_activity");
  const auto count = item.find_number("interaction_count");
  if (!id || !owner || !created_at || !last_activity || !count) return std::nullopt;
  SessionHead head;
  head.session.id = *id;
  head.session.owner.id = *owner;
  head.session.created_at = from_unix_ms(*created_at);
  head.session.last_activity_at = from_unix_ms(*last_activity);
  head.session.interaction_count = *count;
  head.open = item.find_texts("open");
  head.first = item.find_text("first").value_or(std::string_view());
  head.turn.holder = item.find_text("turn_holder").value_or(std::string_view());
  head.turn.runner = item.find_text("turn_runner").value_or(std::string_view());
  head.turn.until_ms = item.find_number("turn_until").value_or(0);
  head.turn.number = item.find_number("turn_number").value_or(0);
  head.is_erased = item.has("erased_at");
  return head;
}

Item head_item(const Session& session, std::int64_t ttl_s) {
  Item item = head_key(session.id);
  item.text("owner", session.owner.id);
  item.number("created_at", unix_ms(session.created_at));
  item.number("last_activity", unix_ms(session.last_activity_at));
  item.number("interaction_count", session.interaction_count);
  item.number("ttl", ttl_s);
  return item;
}

Item listing_item(const Session& session, std::int64_t ttl_s) {
  Item item = listing_key(session.id, unix_ms(session.last_activity_at));
  item.text("user_id", session.owner.id).number("ttl", ttl_s);
  return item;
}

Item interaction_item(const Interaction& interaction, std::int64_t ttl_s) {
  Item item = interaction_key(interaction.session_id, unix_ms(interaction.timestamp));
  item.text("request_id", interaction.request_id.view());
  item.text("user_id", interaction.principal.id);
  item.text("status", to_text(interaction.status));
  item.number("execution_time_ms", interaction.execution_time_ms);
  item.number("ttl", ttl_s);
  return item;
}

std::optional<Interaction> read_interaction(const Item& item) {
  const auto session = SessionId::parse(item.find_text(partition_of_sessions).value_or(std::string_view()));
  const auto request = RequestId::parse(item.find_text("request_id").value_or(std::string_view()));
  const auto owner = item.find_text("user_id");
  const auto status = store::parse_status(item.find_text("status").value_or(std::string_view()));
  const auto timestamp = item.find_number("timestamp");
  const auto execution_time = item.find_number("execution_time_ms");
  if (!session || !request || !owner || !status || !timestamp || !execution_time) return std::nullopt;
  Interaction interaction;
  interaction.session_id = *session;
  interaction.request_id = *request;
  interaction.principal.id = *owner;
  interaction.status = *status;
  interaction.timestamp = from_unix_ms(*timestamp);
  interaction.execution_time_ms = *execution_time;
  return interaction;
}

std::string order_digits(const Uuid& id) { return sixty_bits(id, 0); }

}  // namespace skymarshal::dynamodb
