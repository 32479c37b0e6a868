// Checks JSON from outside and cuts it into slices without copying or changing a byte.
// Built for what is only passed on: a slice is the sender's own text, every digit and escape as it came.
// One reader for one thread at a time; it keeps its buffers from text to text.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal {

enum class JsonKind { object, array, string, number, boolean, null };

/// What kind of value `json` (valid, not empty) holds: told by its first character.
JsonKind json_kind(std::string_view json);

/// The text of a JSON string value; nullopt if `json` is another kind or names a lone surrogate.
std::optional<std::string> json_string(std::string_view json);

/// `json` (valid) without white space between tokens, if it spans lines; else nothing, as it is one line
/// already.
std::optional<std::string> json_on_one_line(std::string_view json);

struct JsonMember {
  /// Unescaped.
  std::string key;
  /// The value as it was sent.
  std::string_view value;
};

class JsonReader {
 public:
  /// Bytes that must be readable (whatever they hold) behind every text given to the reader.
  static constexpr std::size_t padding = 64;
  /// Deepest nesting accepted.
  static constexpr std::size_t depth_max = 512;

  JsonReader();
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  /// Checks that `padded` is exactly one valid JSON text (RFC 8259) in UTF-8. Numbers of any size are valid.
  /// Fails with Errc::invalid_json; the message says what is wrong.
  Result<void> validate(std::string_view padded);

  /// The members of a valid JSON object in their order; empty if `padded` is no object. Slices live as long
  /// as the text.
  std::vector<JsonMember> members(std::string_view padded);

  /// The elements of a valid JSON array; empty if `padded` is no array.
  std::vector<std::string_view> elements(std::string_view padded);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// The value of the first member named `key`, or nullopt.
std::optional<std::string_view> find_member(const std::vector<JsonMember>& members, std::string_view key);

/// Makes sure that `text` has the reader's padding behind it.
inline std::string_view pad_json(std::string& text) {
  text.reserve(text.size() + JsonReader::padding);
  return text;
}

}  // namespace skymarshal
