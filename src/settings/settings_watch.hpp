// Takes over what a running gateway can take over when its settings file changes: the rows that are
// `reloadable`. What needs a restart is said in the log, by name alone: values may be secrets. Looked at from
// one thread.
#pragma once

#include "base/error.hpp"
#include "base/file_stamp.hpp"
#include "base/log.hpp"
#include "settings/settings.hpp"

#include <functional>
#include <optional>
#include <string>

namespace skymarshal::settings {

/// Where the settings came from, to read them again. No file: nothing can change.
struct SettingsOrigin {
  std::string file;
  std::function<Result<LoadedSettings>()> load;
};

class SettingsWatch {
 public:
  /// Takes from new settings what is reloadable.
  using Apply = std::function<void(const Settings&)>;

  /// `in_force` is what `origin` gave when the gateway was started; the file may have changed since. `log`
  /// outlives it.
  SettingsWatch(SettingsOrigin origin, const LoadedSettings& in_force, Apply apply, Logger& log);

  /// Reads the file again if it is another one than before, or could not be read then. A file that cannot be
  /// read or is wrong changes nothing, and is complained of once.
  void look();

 private:
  void take_over(const Settings& fresh);

  SettingsOrigin origin_;
  Settings::Values in_force_;
  Apply apply_;
  Logger& log_;
  /// Of what was read last.
  std::optional<FileStamp> stamp_;
  /// Why that was no use; empty if it was.
  std::string failure_;
};

}  // namespace skymarshal::settings
