#include "settings/setting.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace skymarshal::settings {
namespace {

constexpr std::size_t list_items_max = 64;

bool has_range(const Setting& setting) { return setting.max > setting.min; }

std::optional<std::int64_t> number_within(std::string_view text, std::int64_t min, std::int64_t max) {
  const auto number = parse_number<std::int64_t>(text);
  return number && *number >= min && *number <= max ? number : std::nullopt;
}

std::optional<std::int64_t> number_of(const Setting& setting, std::string_view text) {
  return number_within(text, setting.min, setting.max);
}

std::optional<SettingValue> parse_times(const Setting& setting, std::string_view text) {
  std::vector<Milliseconds> times;
  for (const std::string& item : split_list(text)) {
    const auto number = number_of(setting, item);
    if (!number) return std::nullopt;
    times.emplace_back(*number);
  }
  if (times.size() > list_items_max) return std::nullopt;
  return SettingValue(std::move(times));
}

}  // namespace

std::string flag_of(const Setting& setting) {
  std::string flag = "--" + std::string(setting.name);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

std::string variable_of(const Setting& setting) {
  if (!setting.own_variable.empty()) return std::string(setting.own_variable);
  std::string variable = "SKYMARSHAL_";
  for (const char c : setting.name)
    variable += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

std::string_view unit_of(const Setting& setting) {
  const bool is_time =
      setting.type == SettingType::milliseconds || setting.type == SettingType::milliseconds_list;
  return is_time ? "ms" : setting.unit;
}

std::string range_of(const Setting& setting) {
  if (!has_range(setting)) return {};
  const std::string_view unit = unit_of(setting);
  return fmt::format("{} to {}{}{}", setting.min, setting.max, unit.empty() ? "" : " ", unit);
}

std::string allowed_values(const Setting& setting) {
  switch (setting.type) {
    case SettingType::text:
    case SettingType::secret:
      return "text";
    case SettingType::flag:
      return "true or false";
    case SettingType::number:
    case SettingType::milliseconds:
      return "a whole number from " + range_of(setting);
    case SettingType::texts:
      return fmt::format("at most {} texts with commas between them", list_items_max);
    case SettingType::milliseconds_list:
      return fmt::format("at most {} whole numbers from {} with commas between them", list_items_max,
                         range_of(setting));
  }
  return {};
}

std::optional<SettingValue> parse_value(const Setting& setting, std::string_view text) {
  switch (setting.type) {
    case SettingType::text:
      return SettingValue(std::string(text));
    case SettingType::secret:
      return SettingValue(Secret(std::string(text)));
    case SettingType::flag:
      if (text != "true" && text != "false") return std::nullopt;
      return SettingValue(text == "true");
    case SettingType::number:
      if (const auto number = number_of(setting, text)) return SettingValue(*number);
      return std::nullopt;
    case SettingType::milliseconds:
      if (const auto number = number_of(setting, text)) return SettingValue(Milliseconds(*number));
      return std::nullopt;
    case SettingType::texts: {
      std::vector<std::string> items = split_list(text);
      if (items.size() > list_items_max) return std::nullopt;
      return SettingValue(std::move(items));
    }
    case SettingType::milliseconds_list:
      return parse_times(setting, text);
  }
  return std::nullopt;
}

bool is_same_value(const SettingValue& a, const SettingValue& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&b](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        const auto& other = std::get<Value>(b);
        if constexpr (std::is_same_v<Value, Secret>) {
          return value.reveal() == other.reveal();
        } else {
          return value == other;
        }
      },
      a);
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  for (const std::string_view item : split(text, ',')) {
    if (!item.empty()) items.emplace_back(item);
  }
  return items;
}

std::optional<std::map<std::string, std::int64_t>> parse_named_numbers(const std::vector<std::string>& items,
                                                                       std::int64_t max) {
  std::map<std::string, std::int64_t> numbers;
  for (const std::string& item : items) {
    const std::size_t equals = std::min(item.find('='), item.size());
    const std::string_view digits = std::string_view(item).substr(std::min(equals + 1, item.size()));
    const auto number = number_within(digits, 0, max);
    if (!number || !numbers.emplace(item.substr(0, equals), *number).second) return std::nullopt;
  }
  return numbers;
}

}  // namespace skymarshal::settings
