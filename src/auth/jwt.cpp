#include "auth/jwt.hpp"

#include "auth/json_document.hpp"
#include "base/crypto.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "http/message.hpp"

#include <utility>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

constexpr std::size_t name_bytes_max = 255;

Error refused(std::string message) { return make_error(Errc::unauthorized, std::move(message)); }

struct Header {
  SignatureAlgorithm algorithm;
  std::optional<std::string> key_id;
};

/// RFC 7515 section 4.1.9: without regard to letter case, "application/" may be left out.
bool is_token_type(std::string_view type) {
  constexpr std::string_view prefix = "application/";
  if (equal_ignoring_case(type.substr(0, prefix.size()), prefix)) type.remove_prefix(prefix.size());
  return equal_ignoring_case(type, "JWT") || equal_ignoring_case(type, "at+jwt");
}

Result<std::optional<std::string>> optional_text(const std::vector<JsonMember>& members,
                                                 std::string_view name) {
  const auto json = find_member(members, name);
  if (!json) return std::optional<std::string>();
  auto text = read_string({*json, fmt::format("the token's header: {}", name)}, name_bytes_max);
  if (!text) return refused(text.error().message);
  return std::optional<std::string>(*std::move(text));
}

Result<Header> read_header(std::string json) {
  JsonReader reader;
  const std::string_view padded = pad_json(json);
  if (!reader.validate(padded)) return refused("the token's header is no JSON");
  const auto members = read_members(reader, {padded, "the token's header"});
  if (!members) return refused(members.error().message);
  if (find_member(*members, "crit"))
    return refused("the token's header has 'crit': no extension is known here");
  if (find_member(*members, "jwk")) return refused("the token brings its own key: that proves nothing");

  const auto name = optional_text(*members, "alg");
  if (!name) return name.error();
  const auto algorithm = signature_algorithm(name->value_or(""));
  if (!algorithm) return refused("the token is not signed with RS256, ES256 or EdDSA");
  const auto type = optional_text(*members, "typ");
  if (!type) return type.error();
  if (*type && !is_token_type(**type)) return refused("the token's 'typ' is neither JWT nor at+jwt");
  auto key_id = optional_text(*members, "kid");
  if (!key_id) return key_id.error();
  return Header{*algorithm, *std::move(key_id)};
}

}  // namespace

Result<SignedToken> read_token(std::string_view token, std::size_t bytes_max) {
  if (token.size() > bytes_max) return refused(fmt::format("the token is longer than {} bytes", bytes_max));
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last ||
      token.substr(first + 1, last - first - 1).find('.') != std::string_view::npos)
    return refused("the token is no signed JWT: it must have three parts with dots between them");

  auto header_json = base64url_decode(token.substr(0, first));
  auto claims = base64url_decode(token.substr(first + 1, last - first - 1));
  auto signature = base64url_decode(token.substr(last + 1));
  if (!header_json || !claims || !signature) return refused("a part of the token is no base64url");
  if (signature->empty()) return refused("the token is not signed");
  auto header = read_header(*std::move(header_json));
  if (!header) return header.error();
  return SignedToken{header->algorithm, std::move(header->key_id), token.substr(0, last),
                     *std::move(signature), *std::move(claims)};
}

}  // namespace skymarshal::auth
