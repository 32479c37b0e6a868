#include "base/json_writer.hpp"
#include "base/time_format.hpp"
#include "cli/keys_command.hpp"
#include "cli/text_layout.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

using auth::Key;

constexpr std::size_t time_columns = 20;

/// Room for all of it, so that it does not move while it is written and leaves no copy behind.
std::string text_for(const Key& key) {
  constexpr std::size_t words = 1024;
  std::string out;
  out.reserve(words + key.principal.id.size() + key.secret_access_key.reveal().size() +
              key.session_token.reveal().size());
  return out;
}

/// To the second: nobody reads the milliseconds.
std::string time_text(WallTime time) { return iso8601(time).substr(0, time_columns - 1) + "Z"; }

std::string_view status_of(const Key& key, WallTime now) { return key.has_ended(now) ? "ended" : "valid"; }

std::string_view rights_of(const Key& key) { return key.policy ? "policy" : "all"; }

std::size_t longest(std::span<const Key> keys, std::string Key::* text, std::size_t at_least) {
  for (const Key& key : keys) at_least = std::max(at_least, (key.*text).size());
  return at_least;
}

}  // namespace

Secret new_key_text(const Key& key) {
  std::string out = text_for(key);
  out += "# A key for ";
  out += key.principal.id;
  out += ". Its secret is shown this once: keep it.\n";
  if (key.expires_at) out += "# It ends at " + time_text(*key.expires_at) + ".\n";
  out += "export AWS_ACCESS_KEY_ID=" + key.access_key_id + "\n";
  out += "export AWS_SECRET_ACCESS_KEY=";
  out += key.secret_access_key.reveal();
  if (key.session_token.empty()) {
    // One that is left from other credentials would be sent along, and refused.
    out += "\nunset AWS_SESSION_TOKEN\n";
  } else {
    out += "\nexport AWS_SESSION_TOKEN=";
    out += key.session_token.reveal();
    out += "\n";
  }
  return Secret(std::move(out));
}

Secret new_key_json(const Key& key) {
  std::string out = text_for(key);
  JsonWriter json(out);
  json.begin_object().member("access_key_id", std::string_view(key.access_key_id));
  json.member("secret_access_key", key.secret_access_key.reveal());
  if (!key.session_token.empty()) json.member("session_token", key.session_token.reveal());
  json.member("principal", std::string_view(key.principal.id));
  json.member("tier", std::string_view(key.principal.tier));
  if (key.expires_at) json.member("expires_at", std::string_view(iso8601(*key.expires_at)));
  json.end_object();
  out += "\n";
  return Secret(std::move(out));
}

std::string key_list_text(std::span<const Key> keys, WallTime now) {
  if (keys.empty()) return "No keys.\n";
  const std::size_t id_columns = longest(keys, &Key::access_key_id, std::string_view("ACCESS KEY ID").size());
  std::size_t tier_columns = std::string_view("TIER").size();
  for (const Key& key : keys) tier_columns = std::max(tier_columns, key.principal.tier.size());
  const auto line = [&](std::string_view id, std::string_view status, std::string_view ends,
                        std::string_view may, std::string_view tier, std::string_view principal) {
    return fmt::format("{:<{}}  {:<6}  {:<{}}  {:<6}  {:<{}}  {}\n", id, id_columns, status, ends,
                       time_columns, may, tier, tier_columns, one_line(principal));
  };
  std::string out = line("ACCESS KEY ID", "STATUS", "ENDS", "MAY", "TIER", "PRINCIPAL");
  for (const Key& key : keys) {
    out += line(key.access_key_id, status_of(key, now), key.expires_at ? time_text(*key.expires_at) : "never",
                rights_of(key), key.principal.tier.empty() ? "-" : key.principal.tier, key.principal.id);
  }
  return out;
}

std::string key_list_json(std::span<const Key> keys, WallTime now) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("keys").begin_array();
  for (const Key& key : keys) {
    json.begin_object().member("access_key_id", std::string_view(key.access_key_id));
    json.member("principal", std::string_view(key.principal.id));
    json.member("tier", std::string_view(key.principal.tier));
    json.member("created_at", std::string_view(iso8601(key.created_at)));
    if (key.expires_at) json.member("expires_at", std::string_view(iso8601(*key.expires_at)));
    json.member("status", status_of(key, now)).member("temporary", !key.session_token.empty());
    if (key.policy) json.raw_member("policy", auth::to_json(*key.policy));
    json.end_object();
  }
  json.end_array().end_object();
  return out + "\n";
}

}  // namespace skymarshal::cli
