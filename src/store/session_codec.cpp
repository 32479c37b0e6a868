#include "store/session_codec.hpp"

#include "store/byte_fields.hpp"

#include <array>

namespace skymarshal::store {
namespace {

using invocations::Interaction;
using invocations::InteractionStatus;

constexpr std::array statuses = {InteractionStatus::success, InteractionStatus::error,
                                 InteractionStatus::timeout};

}  // namespace

std::optional<InteractionStatus> parse_status(std::string_view text) {
  for (const InteractionStatus status : statuses) {
    if (text == to_text(status)) return status;
  }
  return std::nullopt;
}

std::string encode_interaction(const Interaction& interaction) {
  std::string out;
  out.reserve(256 + interaction.prompt.size() + interaction.response->size());
  out += interaction.session_id.view();
  out += interaction.request_id.view();
  append_number(out, static_cast<std::uint64_t>(unix_ms(interaction.timestamp)));
  append_number(out, static_cast<std::uint64_t>(interaction.execution_time_ms));
  append_text(out, to_text(interaction.status));
  append_text(out, interaction.principal.id);
  append_text(out, interaction.prompt);
  append_text(out, *interaction.response);
  append_text(out, interaction.error_message);
  return out;
}

std::optional<Interaction> decode_interaction(std::string_view bytes) {
  FieldReader fields(bytes);
  const auto session_id = SessionId::parse(fields.bytes(Uuid::length));
  const auto request_id = RequestId::parse(fields.bytes(Uuid::length));
  if (!session_id || !request_id) return std::nullopt;

  Interaction interaction;
  interaction.session_id = *session_id;
  interaction.request_id = *request_id;
  interaction.timestamp = from_unix_ms(static_cast<std::int64_t>(fields.number()));
  interaction.execution_time_ms = static_cast<std::int64_t>(fields.number());
  const auto status = parse_status(fields.text());
  interaction.principal.id = fields.text();
  interaction.prompt = fields.text();
  interaction.response = share_text(fields.text());
  interaction.error_message = fields.text();
  if (!status || !fields.ended_whole()) return std::nullopt;
  interaction.status = *status;
  return interaction;
}

}  // namespace skymarshal::store
