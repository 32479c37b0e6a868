#include "runtime/message_codec.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace skymarshal::runtime {
namespace {

bool is_given(std::optional<std::string_view> value) { return value && json_kind(*value) != JsonKind::null; }

/// Behind the quote that ends the string which begins at `at`; the end of the text if nothing does.
std::size_t behind_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

/// The text of the member `type` of an object that is no valid JSON: found by brackets and strings alone, as
/// NaN, a broken character or a missing end elsewhere do not make it unclear.
std::string_view find_claimed_type(std::string_view text) {
  int depth = 0;
  std::string_view key;
  bool at_value = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = behind_string(text, at);
      const std::string_view token = text.substr(at, end - at);
      at = end;
      if (depth != 1) continue;
      if (at_value && key == "\"type\"") return trim(token, "\"");
      if (!at_value) key = token;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth == 1 && c == ':') at_value = true;
    if (depth == 1 && c == ',') at_value = false;
    ++at;
  }
  return {};
}

DecodedMessage unreadable(std::string_view text, std::string problem) {
  DecodedMessage decoded;
  decoded.kind = DecodedMessage::Kind::unreadable;
  decoded.problem = std::move(problem);
  decoded.claimed_type = find_claimed_type(text);
  return decoded;
}

void write_payload(JsonWriter& json, const invocations::RuntimeRequest& request) {
  json.begin_object().member("prompt", request.prompt).member("session_id", request.session_id.view());
  json.end_object();
}

DecodedMessage::Kind kind_of(std::string_view type) {
  return type == "complete" ? DecodedMessage::Kind::complete
         : type == "error"  ? DecodedMessage::Kind::error
                            : DecodedMessage::Kind::chunk;
}

}  // namespace

std::string encode_payload(const invocations::RuntimeRequest& request) {
  std::string text;
  text.reserve(request.prompt.size() + 128);
  JsonWriter json(text);
  write_payload(json, request);
  return text;
}

std::string encode_invoke(const invocations::RuntimeRequest& request) {
  std::string text;
  text.reserve(request.prompt.size() + 128);
  JsonWriter json(text);
  json.begin_object().member("action", "invoke").key("payload");
  write_payload(json, request);
  json.end_object();
  return text;
}

std::string encode_forget(const SessionId& session) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().member("action", "forget").key("payload").begin_object();
  json.member("session_id", session.view()).end_object().end_object();
  return text;
}

DecodedMessage decode_message(std::string text) {
  const std::string_view padded = pad_json(text);
  const std::string_view whole = trim(padded, json_space);
  if (whole.empty()) return unreadable(whole, "it is empty");
  if (const Result<void> valid = validate_json(padded); !valid) {
    return unreadable(whole, "it is not JSON: " + valid.error().message);
  }
  if (whole.front() != '{') return unreadable(whole, "it is not a JSON object");

  const JsonObject members = json_object(padded);
  const auto type_member = members.find("type");
  const auto data_member = members.find("data");
  const std::string type = type_member ? json_string(*type_member).value_or(std::string()) : std::string();
  DecodedMessage decoded;
  decoded.kind = kind_of(type);
  decoded.has_data = is_given(data_member);
  if (!type_member && !data_member && is_given(members.find("error")))
    decoded.kind = DecodedMessage::Kind::error;
  if (decoded.kind == DecodedMessage::Kind::error) {
    decoded.words = read_error_message(whole, members);
    return decoded;
  }
  decoded.known_type = decoded.kind == DecodedMessage::Kind::complete || type == "chunk";
  const std::string_view data = data_member.value_or(whole);
  const auto offset = static_cast<std::size_t>(data.data() - text.data());
  const std::size_t size = data.size();
  decoded.message = invocations::RuntimeMessage(std::move(text), offset, size);
  return decoded;
}

}  // namespace skymarshal::runtime
