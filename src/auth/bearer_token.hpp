// The bearer token of a request (RFC 6750 section 2.1). Pure; says nothing of what the token is worth.
#pragma once

#include "auth/authenticator.hpp"
#include "http/message.hpp"

#include <string_view>
#include <variant>

namespace skymarshal::auth {

/// A view of the one Authorization field there is. Reason::missing_credentials without one;
/// Reason::malformed_authorization if there are several, if it is of another scheme, or if its token holds
/// anything but b64token's letters.
std::variant<std::string_view, Refusal> read_bearer_token(const http::Headers& headers);

}  // namespace skymarshal::auth
