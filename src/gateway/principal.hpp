// Who calls: an IAM identity (ARN) or a token's subject. A plain value.
#pragma once

#include <compare>
#include <string>

namespace skymarshal::gateway {

struct Principal {
  /// Stored as `user_id`; never empty.
  std::string id;
  auto operator<=>(const Principal&) const = default;
};

}  // namespace skymarshal::gateway
