#include "settings/settings_watch.hpp"

#include <utility>

namespace skymarshal::settings {
namespace {

void add_name(std::string& list, std::string_view name) {
  if (!list.empty()) list += ", ";
  list += name;
}

}  // namespace

SettingsWatch::SettingsWatch(SettingsOrigin origin, const LoadedSettings& in_force, Apply apply, Logger& log)
    : origin_(std::move(origin)),
      in_force_(in_force.values.values()),
      apply_(std::move(apply)),
      log_(log),
      stamp_(stamp_of_file(origin_.file)) {}

void SettingsWatch::look() {
  if (origin_.file.empty()) return;
  const std::optional<FileStamp> stamp = stamp_of_file(origin_.file);
  if (stamp == stamp_) return;
  stamp_ = stamp;
  const Result<LoadedSettings> fresh = origin_.load();
  if (!fresh) {
    log_.error("settings_not_reloaded", {{"error_message", std::string_view(fresh.error().message)}});
    return;
  }
  take_over(fresh->values);
}

void SettingsWatch::take_over(const Settings& fresh) {
  std::string reloaded;
  std::string need_restart;
  for (std::size_t i = 0; i < settings_table.size(); ++i) {
    const SettingValue& value = fresh.values()[i];
    // By value, as the text of a secret never tells that it is another one.
    if (is_same_value(value, in_force_[i])) continue;
    if (settings_table[i].reloadable) in_force_[i] = value;
    add_name(settings_table[i].reloadable ? reloaded : need_restart, settings_table[i].name);
  }
  if (!reloaded.empty()) {
    apply_(fresh);
    log_.info("settings_reloaded", {{"settings", std::string_view(reloaded)}});
  }
  if (!need_restart.empty()) {
    log_.warning("settings_need_restart", {{"settings", std::string_view(need_restart)}});
  }
}

}  // namespace skymarshal::settings
