// Everything that can be set, and what it is set to. The table's rows (settings_of_*.hpp) declare each
// setting once: name, type, default, limits, documentation, whether it can change in a running gateway.
// Nothing else names it but the place that reads it: settings.get<"keep_alive_ms">(), whose type is the
// row's. Plain values; the environment and the file are given by the caller.
#pragma once

#include "settings/setting.hpp"
#include "settings/settings_of_aws.hpp"
#include "settings/settings_of_callers.hpp"
#include "settings/settings_of_runtime.hpp"
#include "settings/settings_of_server.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

namespace skymarshal::settings {

template <std::size_t... N>
consteval auto joined(const std::array<Setting, N>&... parts) {
  std::array<Setting, (N + ...)> table{};
  auto end = table.begin();
  ((end = std::ranges::copy(parts, end).out), ...);
  return table;
}

/// In the order of the documentation.
inline constexpr std::array settings_table =
    joined(caller_settings, limit_settings, runtime_settings, invocation_settings, storage_settings,
           aws_settings, server_settings, operation_settings);

/// A setting's name as a template's argument.
template <std::size_t N>
struct SettingName {
  char text[N]{};
  consteval SettingName(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  consteval std::string_view view() const { return {text, N - 1}; }
};

/// Its place in the table. A name that no row has does not compile.
consteval std::size_t index_of(std::string_view name) {
  const auto row = std::ranges::find(settings_table, name, &Setting::name);
  if (row == settings_table.end()) throw "no row of the settings table has this name";
  return static_cast<std::size_t>(row - settings_table.begin());
}

/// A value for every row. Made by load_settings; never changed.
class Settings {
 public:
  using Values = std::array<SettingValue, settings_table.size()>;

  /// In the order of the table, each of its row's type.
  explicit Settings(Values values) : values_(std::move(values)) {}

  /// std::string, bool, std::int64_t, Milliseconds, … by the type in its row.
  template <SettingName name>
  const auto& get() const {
    constexpr std::size_t index = index_of(name.view());
    return std::get<ValueOf<settings_table[index].type>>(values_[index]);
  }
  const Values& values() const { return values_; }

 private:
  Values values_;
};

/// nullptr if there is none of that name.
const Setting* find_setting(std::string_view name);
/// Levenshtein's distance: letters to add, remove or replace.
std::size_t edit_distance(std::string_view a, std::string_view b);
/// The setting whose name is most like `name`: the fewest letters to change.
const Setting& nearest_setting(std::string_view name);

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
  /// The command that they are for: what it could not honour stops it.
  SettingUse use = used_by_serve;
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
  /// In the order of the table.
  std::vector<EffectiveSetting> effective;
};

/// Flag before variable before file before --dev before default. Errc::invalid_request names every wrong
/// value, its source and what is allowed, every unknown name with the nearest known one, and every variable
/// of the API's environment that this program cannot honour, a line each.
Result<LoadedSettings> load_settings(const SettingSources& sources);

}  // namespace skymarshal::settings
