#include "agents/server/runtime_messages.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <array>
#include <new>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace skymarshal::agents::server {
namespace {

namespace json = boost::json;

Error invalid(std::string message) { return make_error(Errc::invalid_request, std::move(message)); }

/// The members that both forms of an invocation share.
Result<InvokeRequest> read_payload(const json::object& payload, const InvokeLimits& limits) {
  const json::value* prompt = payload.if_contains("prompt");
  if (prompt == nullptr || !prompt->is_string()) return invalid("\"prompt\" must be a string.");
  InvokeRequest request;
  request.prompt.assign(prompt->get_string().begin(), prompt->get_string().end());
  if (request.prompt.find_first_not_of(" \t\r\n") == std::string::npos) {
    return invalid("\"prompt\" must not be empty.");
  }
  if (request.prompt.size() > limits.prompt_bytes_max) {
    return invalid("\"prompt\" is longer than " + std::to_string(limits.prompt_bytes_max) + " bytes.");
  }
  const json::value* session = payload.if_contains("session_id");
  if (session == nullptr || session->is_null()) return request;
  if (!session->is_string()) return invalid("\"session_id\" must be a string.");
  request.session_id.assign(session->get_string().begin(), session->get_string().end());
  if (request.session_id.size() > limits.session_id_bytes_max) {
    return invalid("\"session_id\" is longer than " + std::to_string(limits.session_id_bytes_max) +
                   " bytes.");
  }
  return request;
}

Result<InvokeRequest> parse(std::string_view text, const InvokeLimits& limits, bool with_action) {
  // Usual messages fit the buffer, so that parsing them allocates nothing.
  std::array<unsigned char, 4096> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  json::parse_options options;
  options.max_depth = limits.depth_max;
  boost::system::error_code failure;
  text = without_byte_order_mark(text);
  const json::value value =
      json::parse(json::string_view(text.data(), text.size()), failure, &memory, options);
  if (failure) return invalid("The message is no valid JSON: " + failure.message() + ".");
  if (!value.is_object()) return invalid("The message must be a JSON object.");
  const json::object& message = value.get_object();
  if (!with_action) return read_payload(message, limits);
  const json::value* action = message.if_contains("action");
  if (action == nullptr || !action->is_string() || action->get_string() != "invoke") {
    return invalid("\"action\" must be \"invoke\".");
  }
  const json::value* payload = message.if_contains("payload");
  if (payload == nullptr || !payload->is_object()) return invalid("\"payload\" must be an object.");
  return read_payload(payload->get_object(), limits);
}

}  // namespace

Result<InvokeRequest> parse_invoke_message(std::string_view json, const InvokeLimits& limits) {
  return parse(json, limits, true);
}

Result<InvokeRequest> parse_invocation_body(std::string_view json, const InvokeLimits& limits) {
  return parse(json, limits, false);
}

std::string error_message(std::string_view code, std::string_view message) {
  std::string text;
  JsonWriter(text)
      .begin_object()
      .member("type", "error")
      .key("error")
      .begin_object()
      .member("code", code)
      .member("message", message)
      .end_object()
      .end_object();
  return text;
}

}  // namespace skymarshal::agents::server
