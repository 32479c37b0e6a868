// Feeds arbitrary bytes to the readers of key files and policies (libFuzzer). They must not crash; what they
// take can be written and read again as the same; what they refuse gets a message that is short and plain.
#include "auth/key_file.hpp"
#include "auth/policy.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace skymarshal;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

void check_message(const Error& error) {
  check(error.code == Errc::invalid_request);
  check(!error.message.empty() && error.message.size() < 2'000 && is_utf8(error.message));
  check(std::ranges::none_of(error.message, [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; }));
}

void check_keys(std::string_view text) {
  const auto keys = auth::parse_keys(std::string(text));
  if (!keys) return check_message(keys.error());
  const Secret written = auth::keys_text(*keys);
  const auto again = auth::parse_keys(std::string(written.reveal()));
  check(again.has_value() && again->size() == keys->size());
  check(auth::keys_text(*again).reveal() == written.reveal());
  for (const auth::Key& key : *keys) {
    check(auth::is_access_key_id(key.access_key_id) && auth::is_tier(key.principal.tier));
    check(!key.secret_access_key.empty() && !key.principal.id.empty());
  }
}

void check_policy(std::string_view text) {
  const auto policy = auth::parse_policy(text);
  if (!policy) return check_message(policy.error());
  const std::string written = auth::to_json(*policy);
  const auto again = auth::parse_policy(written);
  check(again.has_value() && auth::to_json(*again) == written);
  for (const std::string_view resource : {"GET /api/v1/sessions/x", "POST /api/v1/invoke", "DELETE /"}) {
    const bool allowed = policy->allows("execute-api:Invoke", resource);
    check(allowed == again->allows("EXECUTE-API:INVOKE", resource));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_keys(text);
  check_policy(text);
  return 0;
}
