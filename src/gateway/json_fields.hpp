// The top-level fields of a JSON object from a stranger, read strictly: depth limited, no duplicate keys
// anywhere, errors with line and column. Pure.
#pragma once

#include "base/error.hpp"
#include "base/json_reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::gateway {

inline constexpr std::size_t request_depth_max = 32;

struct JsonField {
  std::string name;
  JsonKind kind = JsonKind::null;
  /// Of a string.
  std::string text;
  /// Of a boolean.
  bool truth = false;
};

/// Errc::invalid_json with line and column (both from 1, columns in characters) in message and details.
Result<std::vector<JsonField>> read_json_fields(std::string_view body);

}  // namespace skymarshal::gateway
