#include "auth/key.hpp"

#include "base/crypto.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>

namespace skymarshal::auth {
namespace {

constexpr std::size_t id_letters = 16;
constexpr std::size_t secret_bytes = 30;
constexpr std::size_t token_bytes = 48;

std::string make_access_key_id(RandomSource& random) {
  // 32 letters, so that five bits of a byte choose one without favour.
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::array<std::byte, id_letters> bytes{};
  random.fill(bytes);
  std::string id = "SKMA";
  for (const std::byte byte : bytes) id += letters[std::to_integer<std::size_t>(byte) % letters.size()];
  return id;
}

template <std::size_t Bytes>
Secret random_text(RandomSource& random) {
  std::string bytes(Bytes, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  Secret text(base64url_encode(bytes));
  const Secret wiped(std::move(bytes));
  return text;
}

}  // namespace

Key make_key(const KeyRequest& request, RandomSource& random, WallTime now) {
  Key key;
  key.access_key_id = make_access_key_id(random);
  key.secret_access_key = make_secret(random);
  key.principal = request.principal;
  key.created_at = now;
  key.policy = request.policy;
  if (request.valid_for) {
    key.session_token = random_text<token_bytes>(random);
    key.expires_at = now + *request.valid_for;
  }
  return key;
}

Secret make_secret(RandomSource& random) { return random_text<secret_bytes>(random); }

}  // namespace skymarshal::auth
