// The keys command: gives, lists, takes back and replaces the keys of a file.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "cli/exit_codes.hpp"
#include "cli/keys_arguments.hpp"

namespace skymarshal::cli {

struct KeysContext {
  const Clock& clock;
  RandomSource& random;
};

/// Writes to standard output and error.
ExitCode run_keys(const KeysCommand& command, const KeysContext& context);

}  // namespace skymarshal::cli
