#include "aws/target_parts.hpp"

#include <algorithm>

namespace skymarshal::aws {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Whatever could end the line or the target; bytes beyond ASCII are left to whoever routes.
bool may_not_stand_in_a_target(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7F || c == '#';
}

}  // namespace

Result<TargetParts> split_target(std::string_view target) {
  if (!target.starts_with('/') || std::ranges::any_of(target, may_not_stand_in_a_target)) {
    return malformed_request(
        "the request target must begin with / and hold no space, control character or #: "
        "percent-encode them");
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  TargetParts parts{target.substr(0, question), {}};
  if (question < target.size()) parts.query = target.substr(question + 1);
  return parts;
}

Result<std::vector<http::QueryParameter>> query_parameters(std::string_view query) {
  std::vector<http::QueryParameter> parameters;
  if (query.empty()) return parameters;
  for (std::size_t from = 0; from <= query.size();) {
    const std::size_t end = std::min(query.find('&', from), query.size());
    const std::string_view pair = query.substr(from, end - from);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(equals < pair.size() ? pair.substr(equals + 1) : std::string_view());
    if (!name || !value) {
      return malformed_request(
          "the query has a % that two hex digits do not follow: write %25 for a percent sign");
    }
    parameters.push_back({std::move(*name), std::move(*value)});
    from = end + 1;
  }
  return parameters;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

}  // namespace skymarshal::aws
