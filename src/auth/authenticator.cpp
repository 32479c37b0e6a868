#include "auth/authenticator.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstddef>

namespace skymarshal::auth {
namespace {

constexpr std::string_view scheme = "Bearer";

bool is_token_letter(char c) {
  return is_letter_or_digit(c) || std::string_view("-._~+/").find(c) != std::string_view::npos;
}

/// Letters, then perhaps "=" signs.
bool is_token(std::string_view text) {
  const std::size_t padding = text.size() - std::min(text.find('='), text.size());
  const std::string_view letters = text.substr(0, text.size() - padding);
  return !letters.empty() && std::ranges::all_of(letters, is_token_letter) &&
         text.find_first_not_of('=', letters.size()) == std::string_view::npos;
}

Refusal malformed() {
  return {Reason::malformed_authorization, "send exactly one header of the form Authorization: Bearer TOKEN"};
}

}  // namespace

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

std::variant<std::string_view, Refusal> read_bearer_token(const http::Headers& headers) {
  std::string_view value;
  std::size_t fields = 0;
  for (const http::Header& field : headers) {
    if (!equal_ignoring_case(field.name, "Authorization")) continue;
    value = field.value;
    ++fields;
  }
  if (fields == 0) {
    return Refusal{Reason::missing_credentials, "say who you are: send a header Authorization: Bearer TOKEN"};
  }
  if (fields > 1 || !equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return malformed();
  value.remove_prefix(scheme.size());
  if (!value.starts_with(' ')) return malformed();
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  if (!is_token(value)) return malformed();
  return value;
}

}  // namespace skymarshal::auth
