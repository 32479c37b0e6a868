// From a command as a value to its being run: the one place that knows all of them.
#pragma once

#include "cli/cli.hpp"
#include "cli/commands.hpp"

namespace skymarshal::app {

/// Runs it to its end.
cli::ExitCode run_command(const cli::Command& command, const cli::Environment& environment);

}  // namespace skymarshal::app
