// The commands that serve until a signal ends them. They write their address to standard output, what is
// wrong to standard error.
#pragma once

#include "cli/cli.hpp"
#include "cli/commands.hpp"

namespace skymarshal::app {

cli::ExitCode run_serve(const cli::ServeCommand& command, const cli::Environment& environment);
cli::ExitCode run_runtime(const cli::RuntimeCommand& command, const cli::Environment& environment);

}  // namespace skymarshal::app
