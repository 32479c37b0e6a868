#include "settings/settings_watch.hpp"

#include "settings/access_settings.hpp"

#include <algorithm>
#include <array>

namespace skymarshal::settings {
namespace {

constexpr std::array<std::string_view, 4> reloadable = {"rate_limit", "rate_limit_window_ms",
                                                        "rate_limit_tiers", "account_rate_limit"};

}  // namespace

SettingsWatch::SettingsWatch(SettingsOrigin origin, LoadedSettings in_force, Apply apply, Logger& log)
    : origin_(std::move(origin)),
      in_force_(std::move(in_force)),
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
  take_over(*fresh);
}

void SettingsWatch::take_over(const LoadedSettings& fresh) {
  bool limits_changed = false;
  std::string need_restart;
  // Both lists are in the order of the table.
  for (std::size_t i = 0; i < fresh.effective.size(); ++i) {
    if (fresh.effective[i].text == in_force_.effective[i].text) continue;
    const std::string_view name = fresh.effective[i].setting->name;
    if (std::ranges::count(reloadable, name) > 0) {
      limits_changed = true;
      in_force_.effective[i] = fresh.effective[i];
    } else {
      if (!need_restart.empty()) need_restart += ", ";
      need_restart += name;
    }
  }
  if (limits_changed) {
    apply_(rate_limits(fresh.values));
    log_.info("limits_reloaded", {});
  }
  if (!need_restart.empty()) {
    log_.warning("settings_need_restart", {{"settings", std::string_view(need_restart)}});
  }
}

}  // namespace skymarshal::settings
