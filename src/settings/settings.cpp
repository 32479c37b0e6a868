#include "settings/settings.hpp"

#include "base/text.hpp"

#include <numeric>

#include <fmt/format.h>

namespace skymarshal::settings {
namespace {

constexpr std::string_view variable_prefix = "SKYMARSHAL_";
constexpr std::string_view secret_text = "(set, not shown)";

/// A variable that deployments of SkyMarshal set, and that asks for what this program does not do. To go on
/// without would answer from another runtime, or keep sessions elsewhere, than the operator believes.
struct UnhonouredVariable {
  std::string_view name;
  unsigned uses;
  std::string_view what_to_do;
};

constexpr std::array unhonoured_variables = {
    UnhonouredVariable{"RESPONSE_MODE", used_by_serve,
                       "it is of the Lambda host, which this version does not have; here each request says "
                       "whether its answer "
                       "is streamed. Unset it"},
};

/// Whatever spelling it came in: flag, variable or key.
std::string plain_name(std::string_view name) {
  if (name.starts_with("--")) name.remove_prefix(2);
  std::string out = lower_case(name);
  std::ranges::replace(out, '-', '_');
  if (out.starts_with("skymarshal_")) out.erase(0, variable_prefix.size());
  return out;
}

/// What other settings say that defaults depend on.
struct Surroundings {
  bool is_open = false;
  std::string edge = {};
};

/// Where a setting's value comes from, the first source that has one.
EffectiveSetting find_value(const Setting& setting, const SettingSources& sources,
                            const Surroundings& surroundings) {
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
  if (surroundings.is_open && setting.open_fallback) {
    return {&setting, std::string(*setting.open_fallback), "auth = none"};
  }
  const auto at_edge = std::ranges::find(setting.edge_fallbacks, surroundings.edge, &EdgeFallback::edge);
  if (at_edge != setting.edge_fallbacks.end()) {
    return {&setting, std::string(at_edge->value), fmt::format("edge = {}", at_edge->edge)};
  }
  return {&setting, std::string(setting.fallback), "default"};
}

Surroundings find_surroundings(const SettingSources& sources) {
  const auto text_of = [&sources](std::size_t index) {
    return find_value(settings_table[index], sources, {}).text;
  };
  return {text_of(index_of("auth")) == "none", text_of(index_of("edge"))};
}

/// Its value; the error says what to write instead.
Result<SettingValue> read_value(const Setting& setting, std::string_view text) {
  auto value = parse_value(setting, text);
  if (!value) return make_error(Errc::invalid_request, "write " + allowed_values(setting));
  if (setting.check != nullptr) {
    const Result<void> checked = setting.check(text);
    if (!checked) return checked.error();
  }
  return *std::move(value);
}

void find_unknown_names(const SettingSources& sources, std::vector<std::string>& problems) {
  const auto is_known_variable = [](const std::string& name) {
    return std::ranges::any_of(settings_table,
                               [&name](const Setting& setting) { return variable_of(setting) == name; });
  };
  for (const auto& [name, value] : sources.environment) {
    if (!name.starts_with(variable_prefix) || is_known_variable(name)) continue;
    problems.push_back(
        fmt::format("{} is not a setting: did you mean {}?", name, variable_of(nearest_setting(name))));
  }
  for (const FileSetting& entry : sources.file) {
    if (find_setting(entry.name) != nullptr) continue;
    problems.push_back(fmt::format("{}: '{}' is not a setting: did you mean {}?", entry.place, entry.name,
                                   nearest_setting(entry.name).name));
  }
}

/// An empty one asks for nothing.
void find_unhonoured_variables(const SettingSources& sources, std::vector<std::string>& problems) {
  for (const UnhonouredVariable& variable : unhonoured_variables) {
    const auto found = sources.environment.find(std::string(variable.name));
    if (found == sources.environment.end() || found->second.empty()) continue;
    if ((variable.uses & sources.use) == 0) continue;
    problems.push_back(
        fmt::format("{} is set, and cannot be honoured: {}", variable.name, variable.what_to_do));
  }
}

}  // namespace

const Setting* find_setting(std::string_view name) {
  const auto found = std::ranges::find(settings_table, name, &Setting::name);
  return found == settings_table.end() ? nullptr : &*found;
}

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

const Setting& nearest_setting(std::string_view name) {
  const std::string plain = plain_name(name);
  return *std::ranges::min_element(
      settings_table, {}, [&plain](const Setting& setting) { return edit_distance(plain, setting.name); });
}

Result<LoadedSettings> load_settings(const SettingSources& sources) {
  Settings::Values values;
  std::vector<EffectiveSetting> all;
  std::vector<std::string> problems;
  const Surroundings surroundings = find_surroundings(sources);
  for (std::size_t i = 0; i < settings_table.size(); ++i) {
    const Setting& setting = settings_table[i];
    EffectiveSetting effective = find_value(setting, sources, surroundings);
    Result<SettingValue> value = read_value(setting, effective.text);
    if (setting.type == SettingType::secret && !effective.text.empty()) effective.text = secret_text;
    if (value) {
      values[i] = *std::move(value);
    } else {
      problems.push_back(fmt::format("{}: '{}', from {}, is not allowed: {}", setting.name, effective.text,
                                     effective.source, value.error().message));
    }
    all.push_back(std::move(effective));
  }
  find_unknown_names(sources, problems);
  find_unhonoured_variables(sources, problems);
  if (!problems.empty()) {
    return make_error(Errc::invalid_request, fmt::format("{}", fmt::join(problems, "\n")));
  }
  return LoadedSettings{Settings(std::move(values)), std::move(all)};
}

}  // namespace skymarshal::settings
