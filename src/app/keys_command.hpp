// The keys command: gives, lists, takes back and replaces the keys of a file.
#pragma once

#include "app/exit_codes.hpp"
#include "app/keys_arguments.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"

namespace skymarshal::app {

struct KeysContext {
  const Clock& clock;
  RandomSource& random;
};

/// Writes to standard output and error.
ExitCode run_keys(const KeysCommand& command, const KeysContext& context);

}  // namespace skymarshal::app
