#include "settings/settings_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::settings {
namespace {

/// A TOML basic string (TOML 1.0, "String").
std::string quoted(std::string_view text) {
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

/// A text as the settings file writes a value of this setting.
struct TomlValue {
  std::string_view text;

  std::string operator()(std::string Settings::*) const { return quoted(text); }
  std::string operator()(bool Settings::*) const { return std::string(text); }
  std::string operator()(std::int64_t Settings::*) const { return std::string(text); }
  std::string operator()(Milliseconds Settings::*) const { return std::string(text); }
  std::string operator()(std::vector<std::string> Settings::*) const { return list(true); }
  std::string operator()(std::vector<Milliseconds> Settings::*) const { return list(false); }
  std::string operator()(Secret Settings::*) const { return quoted(text); }

  std::string list(bool quote) const {
    std::string out = "[";
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      const std::string_view item = text.substr(from, comma - from);
      if (out.size() > 1) out += ", ";
      out += quote ? quoted(item) : std::string(item);
      from = comma + 1;
    }
    return out + ']';
  }
};

std::string toml_value(const Setting& setting, std::string_view text) {
  return std::visit(TomlValue{text}, setting.field);
}

std::string default_text(const Setting& setting) {
  std::string text = setting.fallback_note.empty() ? fmt::format("`{}`", setting.fallback)
                                                   : std::string(setting.fallback_note);
  if (setting.dev_fallback) text += fmt::format("; with `--dev` `{}`", *setting.dev_fallback);
  if (setting.open_fallback) text += fmt::format("; with `auth = none` `{}`", *setting.open_fallback);
  return text;
}

bool is_number(const Setting& setting) { return setting.max > setting.min; }

std::string range_text(const Setting& setting) {
  if (!is_number(setting)) return "";
  return fmt::format("{} to {}{}{}", setting.min, setting.max, setting.unit.empty() ? "" : " ", setting.unit);
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
    if (is_secret(*entry.setting) && !entry.text.empty()) line.insert(0, "# ");
    out += fmt::format("{:<{}}  # {}\n", line, column, entry.source);
  }
  return out;
}

std::string settings_markdown() {
  std::string out =
      "# Settings\n\n"
      "Written by `skymarshal config --markdown` from the one table in the code that declares them all.\n\n"
      "Each setting is a flag of `skymarshal serve`, an environment variable and a key of the TOML file "
      "given "
      "by\n`--config FILE`. The first of these that has a value wins, then comes the default. Wrong values "
      "and "
      "unknown\nnames are errors: nothing starts until they are mended. `skymarshal config` prints what is "
      "in "
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
  for (const Setting& setting : all_settings()) {
    if (setting.group != group) {
      out += fmt::format("\n## {}\n\n| setting | flag | variable | default | allowed | what it does |\n",
                         setting.group);
      out += "|---|---|---|---|---|---|\n";
    }
    group = setting.group;
    out += fmt::format("| `{}` | `{}` | `{}` | {} | {} | {} |\n", setting.name, flag_of(setting),
                       variable_of(setting), default_text(setting), range_text(setting), setting.help);
  }
  return out;
}

}  // namespace skymarshal::settings
