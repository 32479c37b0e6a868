// Slices of valid JSON text, and what can be asked of them without reading them anew: kind, text, the members
// of an object by name. Plain values; a slice lives as long as the text it was cut from. json_reader cuts
// them, and checks that the text is valid.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skymarshal {

enum class JsonKind { object, array, string, number, boolean, null };

/// What kind of value `json` (valid, not empty) holds: told by its first character.
JsonKind json_kind(std::string_view json);

/// The text of a JSON string value; nullopt if `json` is another kind or names a lone surrogate.
std::optional<std::string> json_string(std::string_view json);

/// `json` (valid) as one line for every reader of lines, of the same value: without white space between
/// tokens if it spans lines, and with U+0085, U+2028 and U+2029, at which many readers split, as escapes.
/// Nothing if it is one line already.
std::optional<std::string> json_on_one_line(std::string_view json);

/// A name that somebody else chose, for a message: in quotes, or "with an odd name" where it is long or could
/// move the cursor.
std::string shown_name(std::string_view name);

struct JsonMember {
  /// Unescaped.
  std::string key;
  /// The value as it was sent.
  std::string_view value;
};

/// The members of one object, in their order. Of members with one name the first counts; repeated_name()
/// tells whether there are any.
class JsonObject {
 public:
  /// Without members.
  JsonObject() = default;
  explicit JsonObject(std::vector<JsonMember> members) : members_(std::move(members)) {}

  bool has(std::string_view name) const { return find(name).has_value(); }
  std::optional<std::string_view> find(std::string_view name) const;
  /// nullopt also if it is of another kind.
  std::optional<std::string_view> find(std::string_view name, JsonKind kind) const;
  /// Of a member that is a string; empty if there is none, it is no string or names a lone surrogate.
  std::string text(std::string_view name) const;

  /// One that two members have; nullopt if all names differ.
  std::optional<std::string_view> repeated_name() const;
  /// The first that is not in `known`.
  std::optional<std::string_view> unknown_name(std::span<const std::string_view> known) const;

  bool empty() const { return members_.empty(); }
  std::size_t size() const { return members_.size(); }
  const JsonMember& operator[](std::size_t index) const { return members_[index]; }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }

 private:
  std::vector<JsonMember> members_;
};

}  // namespace skymarshal
