#include "settings/settings_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::settings {
namespace {

/// A TOML basic string (TOML 1.0, "String").
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// As the settings file writes a list.
std::string toml_list(std::string_view text, bool quote) {
  std::string out;
  for (const std::string& item : split_list(text)) {
    if (!out.empty()) out += ", ";
    out += quote ? toml_string(item) : item;
  }
  return "[" + out + "]";
}

/// As the settings file writes a value of this setting.
std::string toml_value(const Setting& setting, std::string_view text) {
  switch (setting.type) {
    case SettingType::text:
    case SettingType::secret:
      return toml_string(text);
    case SettingType::flag:
    case SettingType::number:
    case SettingType::milliseconds:
      return std::string(text);
    case SettingType::texts:
      return toml_list(text, true);
    case SettingType::milliseconds_list:
      return toml_list(text, false);
  }
  return {};
}

std::string default_text(const Setting& setting) {
  std::string text = setting.fallback_note.empty() ? fmt::format("`{}`", setting.fallback)
                                                   : std::string(setting.fallback_note);
  if (setting.dev_fallback) text += fmt::format("; with `--dev` `{}`", *setting.dev_fallback);
  if (setting.open_fallback) text += fmt::format("; with `auth = none` `{}`", *setting.open_fallback);
  for (const EdgeFallback& other : setting.edge_fallbacks) {
    text += fmt::format("; with `edge = {}` `{}`", other.edge, other.value);
  }
  return text;
}

}  // namespace

std::string effective_settings_text(const LoadedSettings& loaded) {
  std::string out = "# The settings in effect, and where each comes from. Valid as a --config file.\n";
  std::string_view group;
  std::size_t widest = 0;
  for (const EffectiveSetting& entry : loaded.effective) {
    widest = std::max(widest, entry.setting->name.size() + toml_value(*entry.setting, entry.text).size());
  }
  const std::size_t column = std::min<std::size_t>(widest + 3, 56);
  for (const EffectiveSetting& entry : loaded.effective) {
    if (entry.setting->group != group) out += fmt::format("\n# {}\n", entry.setting->group);
    group = entry.setting->group;
    std::string line = fmt::format("{} = {}", entry.setting->name, toml_value(*entry.setting, entry.text));
    // As a setting it would be taken for the secret itself.
    if (entry.setting->type == SettingType::secret && !entry.text.empty()) line.insert(0, "# ");
    out += fmt::format("{:<{}}  # {}\n", line, column, entry.source);
  }
  return out;
}

std::string settings_markdown() {
  std::string out =
      "# Settings\n\n"
      "Written by `skymarshal config --markdown` from the one table in the code that declares them all.\n\n"
      "Each setting is a flag of `skymarshal serve`, an environment variable and a key of the TOML file "
      "given by\n`--config FILE`. The first of these that has a value wins, then comes the default. Wrong "
      "values "
      "and unknown\nnames are errors: nothing starts until they are mended. `skymarshal config` prints what "
      "is in "
      "effect and where\neach value came from.\n\n"
      "The file has one key a setting, by the setting's name, and no tables:\n\n"
      "```toml\n"
      "listen = \"127.0.0.1:8080\"\n"
      "auth = \"none\"\n"
      "retry_delays_ms = [1000, 2000]\n"
      "```\n\n"
      "Lists are written with commas in flags and variables: `--retry-delays-ms 1000,2000`.\n"
      "`--dev` is for trying things out on one machine: it changes the defaults named below, and nothing "
      "else.\n";
  std::string_view group;
  for (const Setting& setting : settings_table) {
    if (setting.group != group) {
      out += fmt::format("\n## {}\n\n| setting | flag | variable | default | allowed | what it does |\n",
                         setting.group);
      out += "|---|---|---|---|---|---|\n";
    }
    group = setting.group;
    out += fmt::format("| `{}` | `{}` | `{}` | {} | {} | {} |\n", setting.name, flag_of(setting),
                       variable_of(setting), default_text(setting), range_of(setting), setting.help);
  }
  return out;
}

}  // namespace skymarshal::settings
