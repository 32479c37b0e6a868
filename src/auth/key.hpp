// An access key: who may sign requests with it, until when, and for what; and how new ones are made, out of
// randomness. Values, pure.
#pragma once

#include "auth/policy.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace skymarshal::auth {

struct Key {
  /// 16 to 128 of A-Z a-z 0-9 _; not secret.
  std::string access_key_id;
  Secret secret_access_key;
  /// Of temporary credentials: must come with every request; else empty.
  Secret session_token;
  /// Its ARN and tier.
  Principal principal;
  WallTime created_at{};
  /// From then on it is as if there were no such key.
  std::optional<WallTime> expires_at;
  /// Null: everything is allowed.
  std::shared_ptr<const Policy> policy;

  bool has_ended(WallTime now) const { return expires_at && *expires_at <= now; }
};

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
