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

/// The members of the one object that a text is, and the memory that they live in.
class ParsedObject {
 public:
  ParsedObject(std::string_view text, const InvokeLimits& limits) : memory_(buffer_.data(), buffer_.size()) {
    json::parse_options options;
    options.max_depth = limits.depth_max;
    text = without_byte_order_mark(text);
    value_ = json::parse(json::string_view(text.data(), text.size()), failure_, &memory_, options);
  }

  Result<const json::object*> object() const {
    if (failure_) return invalid("The message is no valid JSON: " + failure_.message() + ".");
    if (!value_.is_object()) return invalid("The message must be a JSON object.");
    return &value_.get_object();
  }

 private:
  // Usual messages fit the buffer, so that parsing them allocates nothing.
  std::array<unsigned char, 4096> buffer_;
  json::monotonic_resource memory_;
  boost::system::error_code failure_;
  json::value value_;
};

/// The payload of a message that asks for this; nullptr for any other.
const json::object* payload_of(const json::object& message, std::string_view wanted) {
  const json::value* action = message.if_contains("action");
  const json::value* payload = message.if_contains("payload");
  const bool asks = action != nullptr && action->is_string() &&
                    action->get_string() == json::string_view(wanted.data(), wanted.size());
  return asks && payload != nullptr && payload->is_object() ? &payload->get_object() : nullptr;
}

Result<InvokeRequest> parse(std::string_view text, const InvokeLimits& limits, bool with_action) {
  const ParsedObject parsed(text, limits);
  const auto message = parsed.object();
  if (!message) return message.error();
  if (!with_action) return read_payload(**message, limits);
  const json::value* action = (*message)->if_contains("action");
  if (action == nullptr || !action->is_string() || action->get_string() != "invoke") {
    return invalid("\"action\" must be \"invoke\".");
  }
  const json::object* payload = payload_of(**message, "invoke");
  if (payload == nullptr) return invalid("\"payload\" must be an object.");
  return read_payload(*payload, limits);
}

}  // namespace

Result<InvokeRequest> parse_invoke_message(std::string_view json, const InvokeLimits& limits) {
  return parse(json, limits, true);
}

Result<InvokeRequest> parse_invocation_body(std::string_view json, const InvokeLimits& limits) {
  return parse(json, limits, false);
}

std::optional<std::string> parse_forget_message(std::string_view json, const InvokeLimits& limits) {
  // Almost every message is an invocation, which is read but once.
  if (json.find("\"forget\"") == std::string_view::npos) return std::nullopt;
  const ParsedObject parsed(json, limits);
  const auto message = parsed.object();
  const json::object* payload = message ? payload_of(**message, "forget") : nullptr;
  const json::value* session = payload != nullptr ? payload->if_contains("session_id") : nullptr;
  if (session == nullptr || !session->is_string()) return std::nullopt;
  const json::string& id = session->get_string();
  if (id.size() > limits.session_id_bytes_max) return std::nullopt;
  return std::string(id.begin(), id.end());
}

std::string forgotten_message() { return R"({"type":"complete","data":{"forgotten":true}})"; }

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
