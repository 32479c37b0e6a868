// Appends JSON text to a string, member by member: how every answer of ours is written.
// Raw slices that passed json_reader are taken over byte for byte, so numbers keep their digits and keys
// their order.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace skymarshal {

/// Appends `text` as a JSON string with its quotes (RFC 8259 section 7), every control character escaped,
/// also those that JSON would let stand (U+007F to U+009F), and the line and paragraph separators U+2028 and
/// U+2029, at which many readers of lines split. `text` must be UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// Writes to a string it does not own. Commas and colons come by themselves; nesting must be closed by the
/// caller.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }

  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view value);
  JsonWriter& number(std::int64_t value);
  /// Shortest digits that read back as the same double. Not-a-number and infinities, which JSON lacks, become
  /// null.
  JsonWriter& number(double value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  /// One complete JSON value as it is.
  JsonWriter& raw(std::string_view json);

  JsonWriter& member(std::string_view name, std::string_view value) { return key(name).string(value); }
  JsonWriter& member(std::string_view name, const char* value) { return key(name).string(value); }
  JsonWriter& member(std::string_view name, std::integral auto value) {
    return key(name).number(static_cast<std::int64_t>(value));
  }
  JsonWriter& member(std::string_view name, double value) { return key(name).number(value); }
  JsonWriter& member(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& raw_member(std::string_view name, std::string_view json) { return key(name).raw(json); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void before_value();

  std::string& out_;
  bool comma_due_ = false;
};

}  // namespace skymarshal
