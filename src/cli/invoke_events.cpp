#include "cli/invoke_events.hpp"

#include <vector>

namespace skymarshal::cli {
namespace {

std::string text_of(const std::vector<JsonMember>& members, std::string_view key) {
  const auto value = find_member(members, key);
  return value ? json_string(*value).value_or(std::string()) : std::string();
}

InvokeEvent read_chunk(JsonReader& reader, std::string_view data) {
  const std::vector<JsonMember> chunk = reader.members(data);
  AgentSpoke spoke{text_of(chunk, "agent"), text_of(chunk, "status")};
  if (spoke.agent.empty()) return OtherEvent{};
  // Some runtimes say "complete" in the chunk and the verdict inside it.
  const auto partial = find_member(chunk, "partial_result");
  if (!is_verdict(spoke.status) && partial) {
    std::string inner = text_of(reader.members(*partial), "status");
    if (is_verdict(inner)) spoke.status = std::move(inner);
  }
  return spoke;
}

InvokeEvent read_failure(JsonReader& reader, const std::vector<JsonMember>& event) {
  StreamFailed failed{
      text_of(event, "error_code"), text_of(event, "error_message"), text_of(event, "request_id"), {}};
  const auto error = find_member(event, "error");
  if (!error) return failed;
  const auto details = find_member(reader.members(*error), "details");
  if (details && *details != "{}") failed.details = *details;
  return failed;
}

}  // namespace

Result<InvokeEvent> read_invoke_event(JsonReader& reader, std::string data) {
  const std::string_view padded = pad_json(data);
  if (!reader.validate(padded) || json_kind(padded) != JsonKind::object) {
    return make_error(
        Errc::runtime_protocol_error,
        "the gateway sent an event that is no JSON object: is the endpoint a SkyMarshal gateway?");
  }
  const std::vector<JsonMember> event = reader.members(padded);
  const std::string type = text_of(event, "type");
  if (type == "metadata") return StreamStarted{text_of(event, "request_id"), text_of(event, "session_id")};
  if (type == "error") return read_failure(reader, event);
  const auto content = find_member(event, "data");
  if (!content) return OtherEvent{};
  if (type == "chunk") return read_chunk(reader, *content);
  if (type == "complete") return StreamCompleted{std::string(*content)};
  return OtherEvent{};
}

bool is_verdict(std::string_view status) {
  return status == "approved" || status == "conditional" || status == "rejected";
}

}  // namespace skymarshal::cli
