#include "auth/authenticator.hpp"

namespace skymarshal::auth {

std::string_view to_text(Reason reason) {
  switch (reason) {
    case Reason::missing_credentials:
      return "MISSING_CREDENTIALS";
    case Reason::unknown_access_key:
      return "UNKNOWN_ACCESS_KEY";
    case Reason::signature_mismatch:
      return "SIGNATURE_MISMATCH";
    case Reason::request_expired:
      return "REQUEST_EXPIRED";
    case Reason::malformed_authorization:
      return "MALFORMED_AUTHORIZATION";
    case Reason::invalid_token:
      return "INVALID_TOKEN";
    case Reason::not_allowed:
      return "NOT_ALLOWED";
    case Reason::identity_unavailable:
      return "IDENTITY_UNAVAILABLE";
  }
  return "";
}

}  // namespace skymarshal::auth
