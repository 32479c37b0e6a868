// `skymarshal sessions cleanup`: takes old sessions out of the store that the settings name, beside whatever
// gateway uses it.
#pragma once

#include "cli/commands.hpp"

namespace skymarshal::app {

/// Says on standard output how many there were.
cli::ExitCode run_clean_up(const cli::CleanUpCommand& command, const cli::Environment& environment);

}  // namespace skymarshal::app
