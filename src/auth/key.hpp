// An access key: who may sign requests with it, until when, and for what. A value.
#pragma once

#include "auth/policy.hpp"
#include "base/clock.hpp"
#include "base/principal.hpp"
#include "base/secret.hpp"

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

}  // namespace skymarshal::auth
