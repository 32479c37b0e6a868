#include "auth/key_file.hpp"

#include "auth/json_document.hpp"
#include "auth/principal_arn.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <unordered_set>

#include <fmt/format.h>

namespace skymarshal::auth {
namespace {

constexpr std::size_t access_key_id_bytes_min = 16;
constexpr std::size_t access_key_id_bytes_max = 128;
constexpr std::size_t secret_bytes_min = 32;
constexpr std::size_t secret_bytes_max = 256;
constexpr std::size_t token_bytes_max = 4096;
constexpr std::size_t principal_bytes_max = 2048;
constexpr std::size_t tier_bytes_max = 64;
constexpr std::size_t time_bytes_max = 32;

Result<Secret> read_secret(const DocumentObject& entry, std::string_view name, std::size_t bytes_max) {
  auto read = entry.text(name, bytes_max);
  if (!read) return read.error();
  const bool fits = read->size() >= secret_bytes_min && is_visible_ascii(*read);
  Secret value(*std::move(read));
  if (!fits) {
    return entry.failed(name,
                        fmt::format("must be {} to {} letters without blanks", secret_bytes_min, bytes_max));
  }
  return value;
}

Result<WallTime> read_time(const DocumentObject& entry, std::string_view name) {
  const auto read = entry.text(name, time_bytes_max);
  if (!read) return read.error();
  const auto time = parse_iso8601(*read);
  if (!time) return entry.failed(name, "must be a time in UTC such as 2026-01-31T09:05:00Z");
  return *time;
}

/// Who may use it, for what.
Result<void> read_holder(Key& key, const DocumentObject& entry) {
  auto id = entry.text("access_key_id", access_key_id_bytes_max);
  if (!id) return id.error();
  if (!is_access_key_id(*id))
    return entry.failed("access_key_id", "must be 16 to 128 letters, digits or underscores");
  key.access_key_id = *std::move(id);
  auto principal = entry.text("principal", principal_bytes_max);
  if (!principal) return principal.error();
  if (!is_principal_arn(*principal))
    return entry.failed("principal", "must be an ARN such as arn:aws:iam::123456789012:user/name");
  key.principal.id = *std::move(principal);
  if (entry.has("tier")) {
    auto tier = entry.text("tier", tier_bytes_max);
    if (!tier) return tier.error();
    if (!is_tier(*tier)) return entry.failed("tier", "must be letters, digits, '_', '.' or '-'");
    key.principal.tier = *std::move(tier);
  }
  if (entry.has("policy")) {
    auto policy = parse_policy(entry.find("policy")->json);
    if (!policy) return entry.failed("policy", policy.error().message);
    key.policy = std::make_shared<const Policy>(*std::move(policy));
  }
  return {};
}

Result<void> read_times(Key& key, const DocumentObject& entry) {
  const auto created = read_time(entry, "created_at");
  if (!created) return created.error();
  key.created_at = *created;
  if (!entry.has("expires_at")) return {};
  const auto expires = read_time(entry, "expires_at");
  if (!expires) return expires.error();
  key.expires_at = *expires;
  return {};
}

Result<Key> read_key(const DocumentValue& value) {
  static constexpr std::array<std::string_view, 8> known = {
      "access_key_id", "secret_access_key", "session_token", "principal",
      "tier",          "created_at",        "expires_at",    "policy"};
  const auto entry = DocumentObject::read(value, known);
  if (!entry) return entry.error();
  Key key;
  if (const auto read = read_holder(key, *entry); !read) return read.error();
  if (const auto read = read_times(key, *entry); !read) return read.error();
  auto secret = read_secret(*entry, "secret_access_key", secret_bytes_max);
  if (!secret) return secret.error();
  key.secret_access_key = *std::move(secret);
  if (entry->has("session_token")) {
    auto token = read_secret(*entry, "session_token", token_bytes_max);
    if (!token) return token.error();
    key.session_token = *std::move(token);
  }
  return key;
}

Result<DocumentValue> keys_of(std::string_view text) {
  const auto document = read_document(text, "it");
  if (!document) return document.error();
  static constexpr std::array<std::string_view, 2> known = {"version", "keys"};
  const auto object = DocumentObject::read(*document, known);
  if (!object) return object.error();
  if (const auto version = object->find("version"); !version || version->json != "1")
    return document_error("version", "must be 1: this program reads no other");
  const auto keys = object->find("keys");
  if (!keys) return document_error("keys", "is missing");
  return DocumentValue{keys->json, "keys"};
}

Result<std::vector<Key>> read_keys(std::string_view text) {
  const auto array = keys_of(text);
  if (!array) return array.error();
  const auto entries = read_array(*array, keys_max);
  if (!entries) return entries.error();
  std::vector<Key> keys;
  keys.reserve(entries->size());
  std::unordered_set<std::string_view> ids;
  std::size_t line = 1;
  std::size_t counted = 0;
  for (const std::string_view entry : *entries) {
    const auto at = static_cast<std::size_t>(entry.data() - text.data());
    line += static_cast<std::size_t>(std::ranges::count(text.substr(counted, at - counted), '\n'));
    counted = at;
    const std::string where = fmt::format("key {} (line {})", keys.size() + 1, line);
    auto key = read_key({entry, where});
    if (!key) return key.error();
    keys.push_back(*std::move(key));
    // The vector does not grow beyond what was reserved, so the ids stay where they are.
    if (!ids.insert(keys.back().access_key_id).second)
      return document_error(where, "access_key_id: an entry before it has the same: remove one of them");
  }
  return keys;
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  fmt::format_to(std::back_inserter(out), "{}\n      \"{}\": ", out.ends_with('{') ? "" : ",", name);
  append_json_string(out, value);
}

void append_key(std::string& out, const Key& key) {
  out += "    {";
  append_member(out, "access_key_id", key.access_key_id);
  append_member(out, "secret_access_key", key.secret_access_key.reveal());
  if (!key.session_token.empty()) append_member(out, "session_token", key.session_token.reveal());
  append_member(out, "principal", key.principal.id);
  if (!key.principal.tier.empty()) append_member(out, "tier", key.principal.tier);
  append_member(out, "created_at", iso8601(key.created_at));
  if (key.expires_at) append_member(out, "expires_at", iso8601(*key.expires_at));
  if (key.policy) out += ",\n      \"policy\": " + to_json(*key.policy);
  out += "\n    }";
}

/// More than the text of the keys takes, so that it does not move while it is written and leaves no copy.
std::size_t written_bytes_max(std::span<const Key> keys) {
  std::size_t bytes = 64;
  for (const Key& key : keys) {
    constexpr std::size_t names = 512;
    bytes += names + key.access_key_id.size() + 2 * key.secret_access_key.reveal().size() +
             2 * key.session_token.reveal().size() + key.principal.id.size() + key.principal.tier.size();
    if (key.policy) bytes += to_json(*key.policy).size();
  }
  return bytes;
}

}  // namespace

bool is_access_key_id(std::string_view text) {
  return text.size() >= access_key_id_bytes_min && text.size() <= access_key_id_bytes_max &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '_'; });
}

bool is_tier(std::string_view text) {
  return text.size() <= tier_bytes_max && std::ranges::all_of(text, [](char c) {
           return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
         });
}

Result<std::vector<Key>> parse_keys(std::string text) {
  if (text.size() > key_file_bytes_max)
    return document_error("", fmt::format("it is longer than {} MiB", key_file_bytes_max >> 20));
  auto keys = read_keys(pad_json(text));
  const Secret wiped(std::move(text));
  return keys;
}

Secret keys_text(std::span<const Key> keys) {
  std::string out;
  out.reserve(written_bytes_max(keys));
  out += "{\n  \"version\": 1,\n  \"keys\": [";
  for (const Key& key : keys) {
    out += out.ends_with('[') ? "\n" : ",\n";
    append_key(out, key);
  }
  out += keys.empty() ? "]\n}\n" : "\n  ]\n}\n";
  return Secret(std::move(out));
}

}  // namespace skymarshal::auth
