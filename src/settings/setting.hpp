// One row of the settings table: all that is known of a setting but its value. Its flag, its variable, its
// limits and its documentation come from here, and so does the type that a value has. Plain values, texts of
// static lifetime; pure.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace skymarshal::settings {

/// What a value is, in the order of SettingValue's alternatives.
enum class SettingType : std::size_t { text, flag, number, milliseconds, texts, milliseconds_list, secret };

using SettingValue = std::variant<std::string, bool, std::int64_t, Milliseconds, std::vector<std::string>,
                                  std::vector<Milliseconds>, Secret>;

template <SettingType type>
using ValueOf = std::variant_alternative_t<static_cast<std::size_t>(type), SettingValue>;
static_assert(std::is_same_v<ValueOf<SettingType::milliseconds>, Milliseconds> &&
              std::is_same_v<ValueOf<SettingType::secret>, Secret>);

/// The commands that a setting means something to, as bits.
enum SettingUse : unsigned {
  used_by_serve = 1,
  used_by_runtime = 2,
  used_by_cleanup = 4,
  used_by_ops = 8,
  used_by_store = 16
};
inline constexpr unsigned serve_and_runtime = used_by_serve | used_by_runtime;
inline constexpr unsigned serve_and_cleanup = used_by_serve | used_by_cleanup;
inline constexpr unsigned wherever_a_store_is = used_by_serve | used_by_cleanup | used_by_store;

// What many limits are made of.
inline constexpr std::int64_t hour_ms = 3'600'000;
inline constexpr std::int64_t day_ms = 24 * hour_ms;
inline constexpr std::int64_t gib = 1'073'741'824;

/// A default for one of the values of `edge`, where it is another.
struct EdgeFallback {
  std::string_view edge;
  std::string_view value;
};

struct Setting {
  /// Heading in the documentation and in --help.
  std::string_view group = {};
  std::string_view name = {};
  SettingType type = SettingType::text;
  /// The default, as it would be given.
  std::string_view fallback = {};
  /// One sentence.
  std::string_view help = {};
  /// Limits of numbers and times, both included.
  std::int64_t min = 0;
  std::int64_t max = 0;
  /// Of numbers; times are in milliseconds.
  std::string_view unit = {};
  /// Whether a text may be; the error says what is allowed.
  Result<void> (*check)(std::string_view text) = nullptr;
  /// What takes the place of an empty default, in words.
  std::string_view fallback_note = {};
  /// The default with --dev, where it is another.
  std::optional<std::string_view> dev_fallback = std::nullopt;
  /// The default where `auth` is `none`, where it is another: nobody can be told apart then.
  std::optional<std::string_view> open_fallback = std::nullopt;
  /// Of static lifetime.
  std::span<const EdgeFallback> edge_fallbacks = {};
  /// Where the variable keeps a name of its own.
  std::string_view own_variable = {};
  unsigned uses = used_by_serve;
  /// Whether a running gateway takes a new value over (SettingsWatch); else it needs a restart.
  bool reloadable = false;
};

/// The rows with their heading.
template <std::size_t N>
consteval std::array<Setting, N> in_group(std::string_view group, std::array<Setting, N> rows) {
  for (Setting& row : rows) row.group = group;
  return rows;
}

/// "--connect-timeout-ms"
std::string flag_of(const Setting& setting);
/// "SKYMARSHAL_CONNECT_TIMEOUT_MS"
std::string variable_of(const Setting& setting);
/// "ms", "bytes", …; empty if it has none.
std::string_view unit_of(const Setting& setting);
/// "1 to 600000 ms"; empty for what has no limits.
std::string range_of(const Setting& setting);
/// "a whole number from 1 to 600000 ms", "true or false", …: the values a setting takes, in words.
std::string allowed_values(const Setting& setting);

/// nullopt if `text` is no value of the setting's type, or beyond its limits. `check` is not asked.
std::optional<SettingValue> parse_value(const Setting& setting, std::string_view text);
/// Also of secrets, which cannot be compared by accident.
bool is_same_value(const SettingValue& a, const SettingValue& b);
/// The items between commas, without the blanks around them; empty ones are left out.
std::vector<std::string> split_list(std::string_view text);
/// Of items such as "gold=1000": each name once, whole numbers from 0 to `max`; nullopt for anything else.
std::optional<std::map<std::string, std::int64_t>> parse_named_numbers(const std::vector<std::string>& items,
                                                                       std::int64_t max);

}  // namespace skymarshal::settings
