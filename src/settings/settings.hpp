// Everything that can be set, and what it is set to. settings_of_*.hpp declare each setting once: its name,
// its flag, its variable, its default, its limits and its documentation all come from there.
// Plain values; the environment and the file are given by the caller.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace skymarshal::settings {

/// Names and units as in the table; what each means is said there.
struct Settings {
  std::string listen;
  std::string auth;
  std::string keys;
  std::string auth_region;
  std::string jwks;
  std::string jwks_ca_file;
  std::string jwt_issuer;
  std::vector<std::string> jwt_audiences;
  std::string jwt_subject_claim;
  std::string jwt_tier_claim;
  std::string jwt_scope;
  std::string sts_server_id;
  std::vector<std::string> sts_allowed_principals;
  std::string sts_endpoint;
  bool allow_open_network = false;
  std::vector<std::string> allowed_origins;
  std::string tls_cert;
  std::string tls_key;

  std::int64_t rate_limit = 0;
  Milliseconds rate_limit_window{};
  std::vector<std::string> rate_limit_tiers;
  std::int64_t account_rate_limit = 0;
  std::int64_t auth_failures_max = 0;

  std::string runtime_url;
  std::string runtime_ca_file;
  Milliseconds connect_timeout{};
  Milliseconds first_message_timeout{};
  Milliseconds silence_timeout{};
  Milliseconds total_timeout{};
  Milliseconds close_timeout{};
  Milliseconds ping_interval{};
  std::vector<Milliseconds> retry_delays;
  std::int64_t message_bytes_max = 0;
  std::int64_t fragment_bytes_max = 0;
  Milliseconds agent_chunk_delay{};
  std::string ops_database;
  std::string option_weights;
  std::string llm_url;
  std::string llm_model;
  Secret llm_api_key;
  Milliseconds llm_timeout{};

  std::int64_t max_concurrent_invocations = 0;
  std::int64_t max_queued_invocations = 0;
  std::string session_concurrency;
  std::int64_t max_queued_per_session = 0;
  Milliseconds disconnect_grace{};
  std::int64_t journal_bytes_max = 0;
  Milliseconds keep_alive{};

  std::string database;
  std::string outbox;
  std::int64_t session_expire_minutes = 0;
  std::int64_t session_retain_days = 0;

  std::int64_t threads = 0;
  std::int64_t max_connections = 0;
  std::int64_t body_bytes_max = 0;
  std::int64_t header_bytes_max = 0;
  std::int64_t target_bytes_max = 0;
  Milliseconds header_timeout{};
  Milliseconds body_timeout{};
  Milliseconds idle_timeout{};
  Milliseconds write_timeout{};

  Milliseconds shutdown_delay{};
  Milliseconds drain_timeout{};
  Milliseconds probe_interval{};
  std::string log_level;
};

using SettingField = std::variant<std::string Settings::*, bool Settings::*, std::int64_t Settings::*,
                                  Milliseconds Settings::*, std::vector<std::string> Settings::*,
                                  std::vector<Milliseconds> Settings::*, Secret Settings::*>;

/// The commands that a setting means something to, as bits.
enum SettingUse : unsigned { used_by_serve = 1, used_by_runtime = 2, used_by_cleanup = 4, used_by_ops = 8 };

/// One row of the table. Texts are of static lifetime.
struct Setting {
  /// Heading in the documentation and in --help.
  std::string_view group;
  std::string_view name;
  SettingField field;
  /// As it would be given.
  std::string_view fallback;
  /// One sentence.
  std::string_view help;
  /// Limits of numbers, both included.
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::string_view unit = {};
  /// Whether a text may be; the error says what is allowed.
  Result<void> (*check)(std::string_view text) = nullptr;
  /// What takes the place of an empty default, in words.
  std::string_view fallback_note = {};
  /// The default with --dev, where it is another.
  std::optional<std::string_view> dev_fallback = std::nullopt;
  /// The default where `auth` is `none`, where it is another: nobody can be told apart then.
  std::optional<std::string_view> open_fallback = std::nullopt;
  /// Where the variable keeps a name of its own.
  std::string_view own_variable = {};
  unsigned uses = used_by_serve;
};

/// In the order of the documentation.
std::span<const Setting> all_settings();
const Setting* find_setting(std::string_view name);
/// Whether its value is never shown.
bool is_secret(const Setting& setting);
/// The setting whose name is most like `name`: the fewest letters to change.
const Setting& nearest_setting(std::string_view name);

/// "--connect-timeout-ms"
std::string flag_of(const Setting& setting);
/// "SKYMARSHAL_CONNECT_TIMEOUT_MS"
std::string variable_of(const Setting& setting);
/// "1 to 600000", "true or false", …: the values a setting takes, in words.
std::string allowed_values(const Setting& setting);

/// A value of the file, with its place in it.
struct FileSetting {
  std::string name;
  /// As a flag would give it.
  std::string text;
  /// file:line
  std::string place;
};

struct SettingSources {
  /// By the settings' names.
  std::map<std::string, std::string> flags = {};
  /// All of the process's variables.
  std::map<std::string, std::string> environment = {};
  std::vector<FileSetting> file = {};
  bool dev = false;
};

struct EffectiveSetting {
  const Setting* setting = nullptr;
  /// Of a secret that is set only that it is.
  std::string text;
  /// "--listen", "SKYMARSHAL_LISTEN", "file.toml:3", "--dev" or "default".
  std::string source;
};

struct LoadedSettings {
  Settings values;
  std::vector<EffectiveSetting> effective;
};

/// Flag before variable before file before --dev before default. Errc::invalid_request names every wrong
/// value, its source and what is allowed, and every unknown name with the nearest known one, a line each.
Result<LoadedSettings> load_settings(const SettingSources& sources);

/// Whether a gateway may be served with these settings: somebody must have decided who may call.
Result<void> check_for_serving(const Settings& settings);
/// Whether only this machine can reach the host: localhost and the loopback addresses.
bool is_loopback(std::string_view host);

}  // namespace skymarshal::settings
