// What AWS knows a caller by. A plain value.
#pragma once

#include "base/secret.hpp"

#include <string>

namespace skymarshal::aws {

struct Credentials {
  /// Not secret; sent with every request.
  std::string access_key_id;
  Secret secret_access_key;
  /// Of temporary credentials; else empty. Sent with every request as X-Amz-Security-Token.
  Secret session_token;
};

}  // namespace skymarshal::aws
