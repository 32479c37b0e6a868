#include "settings/settings.hpp"

#include "base/text.hpp"
#include "http/url.hpp"
#include "settings/access_settings.hpp"
#include "settings/text_list.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace skymarshal::settings {
namespace {

constexpr std::string_view variable_prefix = "SKYMARSHAL_";
constexpr std::size_t list_items_max = 64;
constexpr std::string_view secret_text = "(set, not shown)";

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

/// Levenshtein's distance: letters to add, remove or replace.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// Whatever spelling it came in: flag, variable or key.
std::string plain_name(std::string_view name) {
  if (name.starts_with("--")) name.remove_prefix(2);
  std::string out = lower_case(name);
  std::ranges::replace(out, '-', '_');
  if (out.starts_with("skymarshal_")) out.erase(0, variable_prefix.size());
  return out;
}

std::optional<std::int64_t> number_within(std::string_view text, const Setting& setting) {
  const auto number = parse_number<std::int64_t>(text);
  return number && *number >= setting.min && *number <= setting.max ? number : std::nullopt;
}

/// Puts a text where its setting's value belongs; false if it is no such value.
struct Assign {
  Settings& settings;
  const Setting& setting;
  std::string_view text;

  bool operator()(std::string Settings::* field) const {
    settings.*field = text;
    return true;
  }
  bool operator()(bool Settings::* field) const {
    settings.*field = text == "true";
    return text == "true" || text == "false";
  }
  bool operator()(std::int64_t Settings::* field) const {
    const auto number = number_within(text, setting);
    if (number) settings.*field = *number;
    return number.has_value();
  }
  bool operator()(Milliseconds Settings::* field) const {
    const auto number = number_within(text, setting);
    if (number) settings.*field = Milliseconds(*number);
    return number.has_value();
  }
  bool operator()(std::vector<std::string> Settings::* field) const {
    settings.*field = split_list(text);
    return (settings.*field).size() <= list_items_max;
  }
  bool operator()(std::vector<Milliseconds> Settings::* field) const {
    std::vector<Milliseconds> delays;
    for (const std::string& item : split_list(text)) {
      const auto number = number_within(item, setting);
      if (!number) return false;
      delays.emplace_back(*number);
    }
    settings.*field = std::move(delays);
    return (settings.*field).size() <= list_items_max;
  }
  bool operator()(Secret Settings::* field) const {
    settings.*field = Secret(std::string(text));
    return true;
  }
};

/// Where a setting's value comes from, the first source that has one.
EffectiveSetting find_value(const Setting& setting, const SettingSources& sources, bool open) {
  if (const auto flag = sources.flags.find(std::string(setting.name)); flag != sources.flags.end()) {
    return {&setting, flag->second, flag_of(setting)};
  }
  const std::string variable = variable_of(setting);
  if (const auto found = sources.environment.find(variable); found != sources.environment.end()) {
    return {&setting, found->second, variable};
  }
  for (const FileSetting& entry : sources.file) {
    if (entry.name == setting.name) return {&setting, entry.text, entry.place};
  }
  if (sources.dev && setting.dev_fallback) return {&setting, std::string(*setting.dev_fallback), "--dev"};
  if (open && setting.open_fallback) return {&setting, std::string(*setting.open_fallback), "auth = none"};
  return {&setting, std::string(setting.fallback), "default"};
}

void find_unknown_names(const SettingSources& sources, std::vector<std::string>& problems) {
  const auto known_variable = [](const std::string& name) {
    return std::ranges::any_of(all_settings(),
                               [&name](const Setting& setting) { return variable_of(setting) == name; });
  };
  for (const auto& [name, value] : sources.environment) {
    if (!name.starts_with(variable_prefix) || known_variable(name)) continue;
    problems.push_back(
        fmt::format("{} is not a setting: did you mean {}?", name, variable_of(nearest_setting(name))));
  }
  for (const FileSetting& entry : sources.file) {
    if (find_setting(entry.name) != nullptr) continue;
    problems.push_back(fmt::format("{}: '{}' is not a setting: did you mean {}?", entry.place, entry.name,
                                   nearest_setting(entry.name).name));
  }
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    if (!out.empty()) out += '\n';
    out += line;
  }
  return out;
}

}  // namespace

const Setting* find_setting(std::string_view name) {
  const auto settings = all_settings();
  const auto found = std::ranges::find(settings, name, &Setting::name);
  return found == settings.end() ? nullptr : &*found;
}

bool is_secret(const Setting& setting) { return std::holds_alternative<Secret Settings::*>(setting.field); }

const Setting& nearest_setting(std::string_view name) {
  const std::string plain = plain_name(name);
  return *std::ranges::min_element(
      all_settings(), {}, [&plain](const Setting& setting) { return edit_distance(plain, setting.name); });
}

std::string flag_of(const Setting& setting) {
  std::string flag = "--" + std::string(setting.name);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

std::string variable_of(const Setting& setting) {
  if (!setting.own_variable.empty()) return std::string(setting.own_variable);
  return std::string(variable_prefix) + upper(setting.name);
}

std::string allowed_values(const Setting& setting) {
  struct Describe {
    const Setting& setting;
    std::string operator()(std::string Settings::*) const { return "text"; }
    std::string operator()(bool Settings::*) const { return "true or false"; }
    std::string operator()(std::int64_t Settings::*) const { return range("a whole number"); }
    std::string operator()(Milliseconds Settings::*) const { return range("a whole number"); }
    std::string operator()(std::vector<std::string> Settings::*) const {
      return fmt::format("at most {} texts with commas between them", list_items_max);
    }
    std::string operator()(std::vector<Milliseconds> Settings::*) const {
      return range("whole numbers") + " with commas between them";
    }
    std::string operator()(Secret Settings::*) const { return "text"; }
    std::string range(std::string_view what) const {
      return fmt::format("{} from {} to {}{}{}", what, setting.min, setting.max,
                         setting.unit.empty() ? "" : " ", setting.unit);
    }
  };
  return std::visit(Describe{setting}, setting.field);
}

Result<LoadedSettings> load_settings(const SettingSources& sources) {
  LoadedSettings loaded;
  std::vector<std::string> problems;
  const bool open = find_value(*find_setting("auth"), sources, false).text == "none";
  for (const Setting& setting : all_settings()) {
    EffectiveSetting effective = find_value(setting, sources, open);
    const bool assigned = std::visit(Assign{loaded.values, setting, effective.text}, setting.field);
    std::string wanted = assigned ? std::string() : "write " + allowed_values(setting);
    if (assigned && setting.check != nullptr) {
      if (const Result<void> checked = setting.check(effective.text); !checked) {
        wanted = checked.error().message;
      }
    }
    if (is_secret(setting) && !effective.text.empty()) effective.text = secret_text;
    if (!wanted.empty()) {
      problems.push_back(fmt::format("{}: '{}', from {}, is not allowed: {}", setting.name, effective.text,
                                     effective.source, wanted));
    }
    loaded.effective.push_back(std::move(effective));
  }
  find_unknown_names(sources, problems);
  if (!problems.empty()) return make_error(Errc::invalid_request, join_lines(problems));
  return loaded;
}

Result<void> check_for_serving(const Settings& settings) {
  const Result<void> access = check_access(settings);
  if (!access) return access.error();
  if (settings.tls_cert.empty() != settings.tls_key.empty()) {
    return make_error(Errc::invalid_request,
                      "tls_cert and tls_key belong together: give both, or none of them for plain HTTP");
  }
  return {};
}

bool is_loopback(std::string_view host) {
  if (host == "localhost") return true;
  boost::system::error_code not_an_address;
  const auto address = boost::asio::ip::make_address(std::string(host), not_an_address);
  return !not_an_address && address.is_loopback();
}

}  // namespace skymarshal::settings
