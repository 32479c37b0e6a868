// Checks JSON from outside and cuts it into slices without copying or changing a byte.
// Built for what is only passed on: a slice is the sender's own text, every digit and escape as it came.
// May be called by any thread. Each keeps room for its next text, so that many open streams cost none.
#pragma once

#include "base/error.hpp"
#include "base/json_value.hpp"
#include "base/text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal {

/// What a text must be beyond RFC 8259.
struct JsonRules {
  /// Deepest nesting accepted.
  std::size_t depth_max = 512;
  /// No object has two members of one name, and no surrogate stands alone: every reader reads the same
  /// (RFC 8259 sections 4 and 8.2).
  bool unambiguous = false;
};

/// Bytes that must be readable (whatever they hold) behind every text given to these functions.
inline constexpr std::size_t json_padding = 64;

/// Checks that `padded` is exactly one valid JSON text (RFC 8259) in UTF-8 that keeps to `rules`. Numbers of
/// any size are valid. Errors as of json_error(): what stands where.
Result<void> validate_json(std::string_view padded, const JsonRules& rules = {});

/// The members of a valid JSON object; none if `padded` is no object. Slices live as long as the text.
JsonObject json_object(std::string_view padded);

/// The elements of a valid JSON array; empty if `padded` is no array.
std::vector<std::string_view> json_elements(std::string_view padded);

/// Makes `text` ready for these functions: without the byte order mark that may stand before it (RFC 8259
/// section 8.1), and with the padding behind.
inline std::string_view pad_json(std::string& text) {
  text.erase(0, text.size() - without_byte_order_mark(text).size());
  text.reserve(text.size() + json_padding);
  return text;
}

}  // namespace skymarshal
