#include "cli/invoke_events.hpp"

#include "base/json_reader.hpp"

#include <vector>

namespace skymarshal::cli {
namespace {

InvokeEvent read_chunk(std::string_view data) {
  const JsonObject chunk = json_object(data);
  AgentSpoke spoke{chunk.text("agent"), chunk.text("status")};
  if (spoke.agent.empty()) return OtherEvent{};
  // Some runtimes say "complete" in the chunk and the verdict inside it.
  const auto partial = chunk.find("partial_result");
  if (!is_verdict(spoke.status) && partial) {
    std::string inner = json_object(*partial).text("status");
    if (is_verdict(inner)) spoke.status = std::move(inner);
  }
  return spoke;
}

InvokeEvent read_failure(const JsonObject& event) {
  StreamFailed failed{event.text("error_code"), event.text("error_message"), event.text("request_id"), {}};
  const auto error = event.find("error");
  if (!error) return failed;
  const auto details = json_object(*error).find("details");
  if (details && *details != "{}") failed.details = *details;
  return failed;
}

InvokeEvent read_event(const JsonObject& event) {
  const std::string type = event.text("type");
  if (type == "metadata") return StreamStarted{event.text("request_id"), event.text("session_id")};
  if (type == "error") return read_failure(event);
  const auto content = event.find("data");
  if (!content) return OtherEvent{};
  if (type == "chunk") return read_chunk(*content);
  if (type == "complete") return StreamCompleted{std::string(*content)};
  return OtherEvent{};
}

}  // namespace

Result<PlacedEvent> read_invoke_event(std::string data) {
  const std::string_view padded = pad_json(data);
  if (!validate_json(padded) || json_kind(padded) != JsonKind::object) {
    return make_error(
        Errc::runtime_protocol_error,
        "the gateway sent an event that is no JSON object: is the endpoint a SkyMarshal gateway?");
  }
  const JsonObject event = json_object(padded);
  const auto seq = event.find("seq", JsonKind::number);
  return PlacedEvent{read_event(event), std::string(seq.value_or(std::string_view()))};
}

bool is_verdict(std::string_view status) {
  return status == "approved" || status == "conditional" || status == "rejected";
}

}  // namespace skymarshal::cli
