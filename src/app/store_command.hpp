// The commands about the tables in DynamoDB: each runs to its end, writes what it finds to standard output
// and what is wrong to standard error.
#pragma once

#include "cli/cli.hpp"
#include "cli/commands.hpp"

namespace skymarshal::app {

cli::ExitCode run_store(const cli::StoreCommand& command, const cli::Environment& environment);

}  // namespace skymarshal::app
