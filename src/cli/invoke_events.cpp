#include "cli/invoke_events.hpp"

#include <vector>

namespace skymarshal::cli {
namespace {

InvokeEvent read_chunk(JsonReader& reader, std::string_view data) {
  const JsonObject chunk = reader.object(data);
  AgentSpoke spoke{chunk.text("agent"), chunk.text("status")};
  if (spoke.agent.empty()) return OtherEvent{};
  // Some runtimes say "complete" in the chunk and the verdict inside it.
  const auto partial = chunk.find("partial_result");
  if (!is_verdict(spoke.status) && partial) {
    std::string inner = reader.object(*partial).text("status");
    if (is_verdict(inner)) spoke.status = std::move(inner);
  }
  return spoke;
}

InvokeEvent read_failure(JsonReader& reader, const JsonObject& event) {
  StreamFailed failed{event.text("error_code"), event.text("error_message"), event.text("request_id"), {}};
  const auto error = event.find("error");
  if (!error) return failed;
  const auto details = reader.object(*error).find("details");
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
  const JsonObject event = reader.object(padded);
  const std::string type = event.text("type");
  if (type == "metadata") return StreamStarted{event.text("request_id"), event.text("session_id")};
  if (type == "error") return read_failure(reader, event);
  const auto content = event.find("data");
  if (!content) return OtherEvent{};
  if (type == "chunk") return read_chunk(reader, *content);
  if (type == "complete") return StreamCompleted{std::string(*content)};
  return OtherEvent{};
}

bool is_verdict(std::string_view status) {
  return status == "approved" || status == "conditional" || status == "rejected";
}

}  // namespace skymarshal::cli
