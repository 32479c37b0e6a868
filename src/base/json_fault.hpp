// Where a text stops being JSON and what stands there, in words for whoever wrote it. Slow and exact: for
// texts that json_reader has refused already. Pure.
#pragma once

#include "base/error.hpp"
#include "base/json_reader.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal {

struct JsonFault {
  /// "'}' does not belong there", "invalid UTF-8".
  std::string what;
  /// Both from 1; columns count characters.
  std::size_t line = 1;
  std::size_t column = 1;
};

/// Where the first escape stands that names half of a pair (U+D800 to U+DFFF) without its other half; the
/// size of `text`, which must be JSON but for what stands behind, if there is none.
std::size_t lone_surrogate(std::string_view text);

/// The first fault by RFC 8259 and `rules`; nullopt if there is none.
std::optional<JsonFault> find_json_fault(std::string_view text, const JsonRules& rules);

/// Errc::invalid_json: "{what} at line 2, column 13", the place also as details {"line":2,"column":13}.
Error json_error(const JsonFault& fault);

}  // namespace skymarshal
