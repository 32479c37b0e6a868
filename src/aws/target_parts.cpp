#include "aws/target_parts.hpp"

#include <algorithm>

namespace skymarshal::aws {
namespace {

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
    auto name = http::percent_decode(pair.substr(0, equals));
    auto value = http::percent_decode(equals < pair.size() ? pair.substr(equals + 1) : std::string_view());
    if (!name || !value) {
      return malformed_request(
          "the query has a % that two hex digits do not follow: write %25 for a percent sign");
    }
    parameters.push_back({std::move(*name), std::move(*value)});
    from = end + 1;
  }
  return parameters;
}

}  // namespace skymarshal::aws
