// Settings as people read them: those in effect, and the documentation of all.
// Pure.
#pragma once

#include "settings/settings.hpp"

#include <string>

namespace skymarshal::settings {

/// A settings file that sets what is in effect now, each line with where its value came from. Secrets are not
/// in it.
std::string effective_settings_text(const LoadedSettings& loaded);
/// docs/configuration.md
std::string settings_markdown();

}  // namespace skymarshal::settings
