// Makes access keys out of randomness. Pure but for that.
#pragma once

#include "auth/key.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace skymarshal::auth {

struct KeyRequest {
  Principal principal;
  /// Null: everything is allowed.
  std::shared_ptr<const Policy> policy;
  /// With it the key is temporary and has a session token.
  std::optional<std::chrono::seconds> valid_for;
};

/// "SKMA" and 16 of A-Z2-7 (80 bits) with a secret of 40 letters of base64url's alphabet (240 bits); a
/// session token is 64 of them.
Key make_key(const KeyRequest& request, RandomSource& random, WallTime now);

/// A secret such as make_key gives.
Secret make_secret(RandomSource& random);

}  // namespace skymarshal::auth
