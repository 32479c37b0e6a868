#include "runtime/runtime_words.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "http/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <utility>

namespace skymarshal::runtime {
namespace {

using Members = JsonObject;

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// How long the sequence is that `lead` begins (RFC 3629 section 3), whether the rest fits or not; 1 for what
/// begins none.
std::size_t sequence_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xC2 || byte > 0xF4) return 1;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// U+0080 to U+009F.
bool is_c1_control(std::string_view scalar) {
  return scalar.size() == 2 && scalar[0] == '\xC2' && static_cast<unsigned char>(scalar[1]) < 0xA0;
}

bool is_null(std::string_view json) { return json_kind(json) == JsonKind::null; }

std::string text_of(std::string_view json) { return json_string(json).value_or(std::string(json)); }

/// The first of these members that is there and not null.
std::optional<std::string_view> first_of(const Members& members,
                                         std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto value = members.find(name);
    if (value && !is_null(*value)) return value;
  }
  return std::nullopt;
}

void take(std::string& into, const Members& members, std::initializer_list<std::string_view> names,
          std::size_t bytes_max) {
  if (!into.empty()) return;
  if (const auto value = first_of(members, names)) into = plain_words(text_of(*value), bytes_max);
}

/// The control character that a piece of JSON text stands for: an escape, or the character itself. White
/// space is none here: escaped, it breaks no line.
bool is_control_in_json(std::string_view piece) {
  if (piece == R"(\b)" || piece == R"(\f)" || piece == "\x7F" || is_c1_control(piece)) return true;
  if (!piece.starts_with(R"(\u00)")) return false;
  unsigned low = 0;
  constexpr int hexadecimal = 16;
  std::from_chars(piece.data() + 4, piece.data() + piece.size(), low, hexadecimal);
  const bool is_white = low == '\t' || low == '\n' || low == '\r';
  return !is_white && (low < ' ' || (low >= 0x7F && low < 0xA0));
}

/// Valid JSON stays valid: controls stand in strings alone, and each leaves whole.
std::string without_controls(std::string_view json) {
  constexpr std::size_t hex_escape_bytes = 6;
  std::string plain;
  for (std::size_t at = 0; at < json.size();) {
    std::size_t bytes = sequence_bytes(json[at]);
    if (json[at] == '\\') bytes = json.substr(at).starts_with(R"(\u)") ? hex_escape_bytes : 2;
    const std::string_view piece = json.substr(at, bytes);
    if (!is_control_in_json(piece)) plain += piece;
    at += bytes;
  }
  return plain;
}

void take_details(std::string& into, std::string_view json) {
  if (!into.empty()) return;
  if (json.size() > RuntimeWords::details_bytes_max) {
    // Cut, it is no JSON any more, but the text of its beginning.
    JsonWriter(into).string(plain_words(std::string(json), RuntimeWords::details_bytes_max));
    return;
  }
  // It travels on inside one line of an event stream.
  into = without_controls(json_on_one_line(json).value_or(std::string(json)));
}

/// One word with a capital in front names a kind of error (THROTTLED, ValueError); anything else tells of it.
bool is_name(std::string_view text) {
  return text.size() <= RuntimeWords::name_bytes_max && !text.empty() && is_capital(text.front()) &&
         std::ranges::all_of(
             text, [](char c) { return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-'; });
}

void take_members(RuntimeWords& words, const Members& members) {
  take(words.code, members, {"code", "error_code"}, RuntimeWords::name_bytes_max);
  take(words.type, members, {"error_type"}, RuntimeWords::name_bytes_max);
  take(words.message, members, {"message", "error_message", "detail"}, RuntimeWords::message_bytes_max);
  if (const auto details = first_of(members, {"details"})) take_details(words.details, *details);
  const auto again = first_of(members, {"retry_after"});
  if (again && !words.retry_after) words.retry_after = http::parse_retry_after_seconds(text_of(*again));
}

/// What `error` itself says, behind the more general message that may stand beside it.
std::string joined(const std::string& general, const std::string& own) {
  if (general.empty()) return own;
  return own.empty() || own == general ? general : general + ": " + own;
}

}  // namespace

std::string plain_words(std::string_view said, std::size_t bytes_max) {
  std::string plain;
  for (std::size_t at = 0; at < said.size();) {
    const std::size_t size = sequence_bytes(said[at]);
    // Cut within a character: what is left of it says nothing.
    if (at + size > said.size()) break;
    std::string_view scalar = said.substr(at, size);
    if (!is_utf8(scalar)) {
      scalar = replacement;
      at += 1;
    } else {
      at += size;
      if (std::string_view("\t\n\v\f\r").find(scalar.front()) != std::string_view::npos) {
        scalar = " ";
      } else if (is_control(scalar.front()) || is_c1_control(scalar)) {
        continue;
      }
    }
    if (plain.size() + scalar.size() > bytes_max) break;
    plain += scalar;
  }
  return plain;
}

RuntimeWords read_error_message(std::string_view message, const Members& members) {
  RuntimeWords words;
  std::string own;
  const auto error = first_of(members, {"error"});
  const bool apart = error && json_kind(*error) == JsonKind::object;
  if (apart) {
    const Members inner = json_object(*error);
    take_members(words, inner);
    take(words.type, inner, {"type"}, RuntimeWords::name_bytes_max);
    own = std::exchange(words.message, {});
  }
  take_members(words, members);
  if (error && !apart) {
    own = plain_words(text_of(*error), RuntimeWords::message_bytes_max);
    if (words.code.empty() && is_name(own)) words.code = std::exchange(own, {});
  }
  words.message = joined(words.message, own);
  // In a shape that nobody thought of, it is handed on as it is.
  if (words.code.empty() && words.message.empty() && words.details.empty()) {
    if (apart && *error != "{}") take_details(words.details, *error);
    if (!error && members.size() > 1) take_details(words.details, message);
  }
  return words;
}

std::string runtime_words_json(const RuntimeWords& words) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  const auto member = [&json](std::string_view name, const std::string& value) {
    if (!value.empty()) json.member(name, std::string_view(value));
  };
  member("code", words.code);
  member("type", words.type);
  member("message", words.message);
  if (!words.details.empty()) json.raw_member("details", words.details);
  if (words.close_code) json.member("close_code", *words.close_code);
  member("close_reason", words.close_reason);
  if (words.http_status != 0) json.member("http_status", words.http_status);
  member("body", words.body);
  if (words.retry_after) json.member("retry_after", words.retry_after->count());
  json.end_object();
  return text;
}

std::string runtime_words_text(const RuntimeWords& words) {
  std::string text;
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    if (!text.empty()) text += ", ";
    text.append(name).append(" ").append(value);
  };
  add("HTTP", words.http_status == 0 ? std::string() : std::to_string(words.http_status));
  add("close code", words.close_code ? std::to_string(*words.close_code) : std::string());
  add("close reason", words.close_reason);
  add("code", words.code);
  add("type", words.type);
  add("retry after", words.retry_after ? std::to_string(words.retry_after->count()) : std::string());
  add("message", words.message);
  add("body", words.body);
  return text;
}

}  // namespace skymarshal::runtime
