// Takes over what a running gateway can take over when its settings file changes: the rate limits. What needs
// a restart is said in the log. Looked at from one thread.
#pragma once

#include "base/error.hpp"
#include "base/file_stamp.hpp"
#include "base/log.hpp"
#include "limits/rate_limiter.hpp"
#include "settings/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::settings {

/// Where the settings came from, to read them again. No file: nothing can change.
struct SettingsOrigin {
  std::string file;
  std::function<Result<LoadedSettings>()> load;
};

class SettingsWatch {
 public:
  using Apply = std::function<void(limits::RateLimits)>;

  /// `in_force` is what `origin` gave when the gateway was started; `apply` takes new limits. `log` outlives
  /// it.
  SettingsWatch(SettingsOrigin origin, LoadedSettings in_force, Apply apply, Logger& log);

  /// Reads the file again if it is another one than before. A file that cannot be read or is wrong changes
  /// nothing.
  void look();

 private:
  void take_over(const LoadedSettings& fresh);

  SettingsOrigin origin_;
  LoadedSettings in_force_;
  Apply apply_;
  Logger& log_;
  std::optional<FileStamp> stamp_;
};

}  // namespace skymarshal::settings
