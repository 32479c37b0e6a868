#include "gateway/request_validation.hpp"

#include "base/json_fault.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace skymarshal::gateway {
namespace {

/// Everything that is wrong with a body, told at once so that nobody has to find out one by one.
class Problems {
 public:
  /// A body of nothing but mistakes must not make an answer many times its size.
  static constexpr int listed_max = 100;

  void add(std::string_view field, std::string message) {
    if (message_.empty()) message_ = message;
    if (++count_ > listed_max) return;
    JsonWriter(entries_).begin_object().member("field", field).member("message", message).end_object();
    entries_ += ',';
  }

  bool none() const { return count_ == 0; }

  Error error() const {
    const std::string more =
        count_ > 1 ? " (and " + std::to_string(count_ - 1) + " more, see details.errors)" : "";
    std::string list = "[" + entries_;
    list.back() = ']';
    return make_error(Errc::invalid_request, message_ + more, "{\"errors\":" + list + "}");
  }

 private:
  std::string message_;
  std::string entries_;
  int count_ = 0;
};

bool is_removed(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '<' || c == '>' || c == '{' || c == '}') return true;
  return byte < 0x20 && c != '\t' && c != '\r' && c != '\n';
}

std::string length_message(std::size_t characters, std::string_view when) {
  return "prompt must have " + std::to_string(prompt_characters_min) + " to " +
         std::to_string(prompt_characters_max) + " characters; " + std::string(when) + " it has " +
         std::to_string(characters);
}

bool is_prompt_length(std::size_t characters) {
  return characters >= prompt_characters_min && characters <= prompt_characters_max;
}

/// The top level of a body. Its members are slices of `text`, which must live as long.
Result<JsonObject> read_body(std::string& text) {
  constexpr JsonRules rules{body_depth_max, true};
  const std::string_view padded = pad_json(text);
  Result<void> valid = validate_json(padded, rules);
  if (valid && json_kind(trim(padded, json_space)) != JsonKind::object)
    valid = json_error({"an object is expected"});
  if (valid) return json_object(padded);
  Error error = valid.error();
  error.message = "the body is not valid JSON: " + error.message;
  return error;
}

std::string read_prompt(const JsonMember& field, Problems& problems) {
  const auto text = json_string(field.value);
  if (!text) {
    problems.add("prompt", "prompt must be a string");
    return {};
  }
  if (const std::size_t sent = count_scalars(*text); !is_prompt_length(sent)) {
    problems.add("prompt", length_message(sent, "as sent"));
    return {};
  }
  std::string prompt = sanitise_prompt(*text);
  if (const std::size_t left = count_scalars(prompt); !is_prompt_length(left)) {
    problems.add("prompt", length_message(left, "without < > { } control characters and outer white space"));
  }
  return prompt;
}

void read_field(const JsonMember& field, InvokeCommand& command, Problems& problems) {
  if (field.key == "prompt") {
    command.prompt = read_prompt(field, problems);
  } else if (field.key == "session_id") {
    // A null session_id is how many clients say "none".
    if (json_kind(field.value) == JsonKind::null) return;
    if (const auto text = json_string(field.value)) command.session_id = SessionId::parse(*text);
    if (!command.session_id) {
      problems.add("session_id", "session_id must be a version 4 UUID, as POST /api/v1/sessions gives");
    }
  } else if (field.key == "streaming") {
    if (json_kind(field.value) != JsonKind::boolean)
      problems.add("streaming", "streaming must be true or false");
    command.streaming = field.value == "true";
  } else {
    problems.add(field.key, "unknown field '" + field.key + "': use prompt, session_id, streaming");
  }
}

}  // namespace

Result<InvokeCommand> read_invoke_command(std::string_view body) {
  std::string text(body);
  const auto fields = read_body(text);
  if (!fields) return fields.error();
  InvokeCommand command;
  Problems problems;
  if (!fields->has("prompt")) {
    problems.add("prompt", "prompt is required: say what happened, in 10 to 10,000 characters");
  }
  for (const JsonMember& field : *fields) read_field(field, command, problems);
  if (!problems.none()) return problems.error();
  return command;
}

Result<void> expect_no_fields(std::string_view body) {
  if (body.empty()) return {};
  std::string text(body);
  const auto fields = read_body(text);
  if (!fields) return fields.error();
  Problems problems;
  for (const JsonMember& field : *fields) {
    problems.add(field.key, "unknown field '" + field.key + "': this request takes none");
  }
  if (!problems.none()) return problems.error();
  return {};
}

std::string sanitise_prompt(std::string_view prompt) {
  std::string kept;
  kept.reserve(prompt.size());
  std::ranges::remove_copy_if(prompt, std::back_inserter(kept), is_removed);
  return std::string(trim_unicode_space(kept));
}

}  // namespace skymarshal::gateway
