#include "runtime/message_codec.hpp"

#include "base/json_writer.hpp"

namespace skymarshal::runtime {
namespace {

std::string text_member(const std::vector<JsonMember>& members, std::string_view key) {
  const auto value = find_member(members, key);
  return value ? json_string(*value).value_or(std::string(*value)) : std::string();
}

RuntimeError read_error(JsonReader& reader, const std::vector<JsonMember>& members) {
  RuntimeError error;
  const auto body = find_member(members, "error");
  if (!body) return error;
  if (json_kind(*body) != JsonKind::object) {
    error.message = json_string(*body).value_or(std::string(*body));
    return error;
  }
  const std::vector<JsonMember> fields = reader.members(*body);
  error.code = text_member(fields, "code");
  error.message = text_member(fields, "message");
  // It travels on inside one line of an event stream.
  const std::string_view details = find_member(fields, "details").value_or(std::string_view());
  error.details = json_on_one_line(details).value_or(std::string(details));
  return error;
}

}  // namespace

std::string encode_invoke(const invocations::RuntimeRequest& request) {
  std::string text;
  text.reserve(request.prompt.size() + 128);
  JsonWriter json(text);
  json.begin_object().member("action", "invoke").key("payload").begin_object();
  json.member("prompt", request.prompt).member("session_id", request.session_id.view());
  json.end_object().end_object();
  return text;
}

Result<DecodedMessage> decode_message(JsonReader& reader, std::string text) {
  const std::string_view padded = pad_json(text);
  if (const Result<void> valid = reader.validate(padded); !valid) {
    return make_error(Errc::runtime_protocol_error,
                      "the runtime sent a message that is not JSON: " + valid.error().message);
  }
  const std::vector<JsonMember> members = reader.members(padded);
  const std::size_t first = padded.find_first_not_of(" \t\r\n");
  if (padded[first] != '{') {
    return make_error(Errc::runtime_protocol_error, "the runtime sent a message that is not a JSON object");
  }

  DecodedMessage decoded;
  const std::string type = text_member(members, "type");
  if (type == "error") {
    decoded.kind = DecodedMessage::Kind::error;
    decoded.error = read_error(reader, members);
    return decoded;
  }
  if (type == "complete") {
    decoded.kind = DecodedMessage::Kind::complete;
  } else {
    decoded.known_type = type == "chunk";
  }
  const std::size_t last = padded.find_last_not_of(" \t\r\n");
  const std::string_view data = find_member(members, "data").value_or(padded.substr(first, last - first + 1));
  const auto offset = static_cast<std::size_t>(data.data() - padded.data());
  const std::size_t size = data.size();
  decoded.message = invocations::RuntimeMessage(std::move(text), offset, size);
  return decoded;
}

}  // namespace skymarshal::runtime
