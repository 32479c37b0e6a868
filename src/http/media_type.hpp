// Media types, and the ranges of them that somebody accepts (RFC 9110 sections 8.3.1 and 12.5.1). Pure views:
// what is read points into the text it was read from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::http {

/// The parts between separators that stand outside quoted strings, trimmed (RFC 9110 section 5.6.4).
std::vector<std::string_view> split_unquoted(std::string_view text, char separator);

/// Of a media type or range.
struct Parameter {
  std::string_view name;
  std::string value;
};

/// `name=value` with a token or a quoted string (RFC 9110 section 5.6.6); nullopt for anything else.
std::optional<Parameter> read_parameter(std::string_view text);

/// In thousandths (RFC 9110 section 12.4.2).
using Weight = int;

/// One element of Accept (RFC 9110 section 12.5.1).
struct MediaRange {
  std::string_view type;
  Weight weight = 1'000;
};

/// Without those whose weight cannot be read.
std::vector<MediaRange> read_accept(std::string_view accept);

/// How much `type` is wanted: what the most specific of the ranges that hold it says.
Weight weight_of(std::string_view type, const std::vector<MediaRange>& ranges);

}  // namespace skymarshal::http
