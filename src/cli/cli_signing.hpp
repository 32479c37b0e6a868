// The options of the command line about who sends a request. Pure: reads nothing.
#pragma once

#include "cli/signing_arguments.hpp"

namespace CLI {
class App;
}

namespace skymarshal::cli {

/// Adds them; `arguments` is written while the command line is parsed and must outlive that.
void add_signing(CLI::App& command, SigningArguments& arguments);

}  // namespace skymarshal::cli
