// The command line of `skymarshal keys`. Pure: runs nothing.
#pragma once

#include "cli/keys_arguments.hpp"

namespace CLI {
class App;
}

namespace skymarshal::cli {

/// Adds the subcommand; `command` is written while the command line is parsed and must outlive that.
void add_keys(CLI::App& root, KeysCommand& command);

}  // namespace skymarshal::cli
