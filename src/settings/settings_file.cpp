#include "settings/settings_file.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <toml.hpp>

namespace skymarshal::settings {
namespace {

constexpr std::size_t file_bytes_max = 1024 * 1024;

Error unreadable(std::string message) { return make_error(Errc::invalid_request, std::move(message)); }

/// As a flag would give it; nullopt for what no setting is made of.
std::optional<std::string> flag_text(const toml::value& value) {
  if (value.is_string()) return value.as_string().str;
  if (value.is_integer()) return std::to_string(value.as_integer());
  if (value.is_boolean()) return value.as_boolean() ? "true" : "false";
  if (!value.is_array()) return std::nullopt;
  std::string list;
  for (const toml::value& item : value.as_array()) {
    const auto text = item.is_array() ? std::nullopt : flag_text(item);
    if (!text) return std::nullopt;
    if (!list.empty()) list += ',';
    list += *text;
  }
  return list;
}

/// toml11 draws pictures of several lines; the first says what is wrong.
std::string first_line(std::string_view text) {
  constexpr std::string_view mark = "[error] ";
  if (text.starts_with(mark)) text.remove_prefix(mark.size());
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

Result<std::vector<FileSetting>> parse_settings_file(std::string_view text, const std::string& name) {
  std::vector<FileSetting> settings;
  try {
    std::istringstream stream{std::string(without_byte_order_mark(text)) + "\n"};
    const toml::value document = toml::parse(stream, name);
    // In the order of the lines, so that complaints come in that order too.
    std::vector<const toml::table::value_type*> entries;
    for (const auto& entry : document.as_table()) entries.push_back(&entry);
    std::ranges::sort(entries, {}, [](const auto* entry) { return entry->second.location().line(); });
    for (const auto* const entry : entries) {
      const auto& [key, value] = *entry;
      const std::string place = fmt::format("{}:{}", name, value.location().line());
      auto as_text = flag_text(value);
      if (!as_text) {
        return unreadable(fmt::format(
            "{}: '{}' must be a text, a whole number, true, false or a list of these; there are no tables",
            place, key));
      }
      settings.push_back({key, std::move(*as_text), place});
    }
  } catch (const toml::exception& wrong) {
    return unreadable(
        fmt::format("{}:{}: this is not TOML: {}", name, wrong.location().line(), first_line(wrong.what())));
  }
  return settings;
}

Result<std::vector<FileSetting>> read_settings_file(const std::string& path) {
  const auto text = read_file(path, file_bytes_max);
  if (!text) {
    return unreadable(fmt::format("the settings file '{}' cannot be read: {}. --config names it", path,
                                  text.error().message()));
  }
  if (text->size() > file_bytes_max) {
    return unreadable(fmt::format("the settings file '{}' is longer than {} bytes", path, file_bytes_max));
  }
  return parse_settings_file(*text, path);
}

}  // namespace skymarshal::settings
