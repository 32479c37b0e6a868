// Who calls: an IAM identity (ARN) or a token's subject. A plain value.
#pragma once

#include <string>

namespace skymarshal {

struct Principal {
  /// Stored as `user_id`; never empty once authorised.
  std::string id;
  /// Which limits are its own (a name of RateLimits::tiers); empty: the default ones. Not part of who it is.
  std::string tier = {};

  friend bool operator==(const Principal& a, const Principal& b) { return a.id == b.id; }
  friend auto operator<=>(const Principal& a, const Principal& b) { return a.id <=> b.id; }
};

}  // namespace skymarshal
