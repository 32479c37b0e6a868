// The settings file: TOML, one key a setting, no tables.
// Knows nothing of what the keys mean; only read_settings_file touches the disk.
#pragma once

#include "base/error.hpp"
#include "settings/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::settings {

/// `name` is what errors call the file. Errc::invalid_request with file and line.
Result<std::vector<FileSetting>> parse_settings_file(std::string_view text, const std::string& name);
/// The same for the file at `path`.
Result<std::vector<FileSetting>> read_settings_file(const std::string& path);

}  // namespace skymarshal::settings
