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
    : origin_(std::move(origin)), in_force_(in_force.values.values()), apply_(std::move(apply)), log_(log) {}

void SettingsWatch::look() {
  if (origin_.file.empty()) return;
  const std::optional<FileStamp> stamp = stamp_of_file(origin_.file);
  if (stamp == stamp_ && failure_.empty()) return;
  // From before it is read: what changes meanwhile is seen at the next look.
  stamp_ = stamp;
  const Result<LoadedSettings> fresh = origin_.load();
  if (fresh) {
    failure_.clear();
    take_over(fresh->values);
  } else if (failure_ != fresh.error().message) {
    failure_ = fresh.error().message;
    log_.error("settings_not_reloaded", {{"error_message", std::string_view(failure_)}});
  }
}

void SettingsWatch::take_over(const Settings& fresh) {
  // Defaults of limits hang on who may call: under another `auth` they are all for the next start.
  constexpr std::size_t auth = index_of("auth");
  const bool is_for_later = !is_same_value(fresh.values()[auth], in_force_[auth]);
  std::string reloaded;
  std::string need_restart;
  for (std::size_t i = 0; i < settings_table.size(); ++i) {
    const SettingValue& value = fresh.values()[i];
    // By value, as the text of a secret never tells that it is another one.
    if (is_same_value(value, in_force_[i])) continue;
    const bool is_taken_over = settings_table[i].reloadable && !is_for_later;
    if (is_taken_over) in_force_[i] = value;
    add_name(is_taken_over ? reloaded : need_restart, settings_table[i].name);
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
