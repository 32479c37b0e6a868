// A request target taken apart as signatures need it: the path as it stands, the query's parameters decoded.
// Unlike http/url it reads "+" as a plus, and refuses nothing that can be signed without doubt. Pure.
#pragma once

#include "aws/error.hpp"
#include "http/url.hpp"

#include <string_view>
#include <vector>

namespace skymarshal::aws {

/// Percent-encoded, as they stand. Views of the target.
struct TargetParts {
  /// Begins with '/'.
  std::string_view path;
  /// Without its '?'; empty where there is none.
  std::string_view query;
};

/// malformed_request for what is not origin form (RFC 9112 section 3.2.1), or holds a space, a control
/// character or '#'.
Result<TargetParts> split_target(std::string_view target);

/// The parameters between "&", in their order. One without "=" has an empty value; nothing between two "&" is
/// a parameter without a name. malformed_request for a broken percent-encoding.
Result<std::vector<http::QueryParameter>> query_parameters(std::string_view query);

}  // namespace skymarshal::aws
