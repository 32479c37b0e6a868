// What the program's exit code says; part of what scripts rely on, so numbers never change their meaning.
// Pure.
#pragma once

#include "base/error.hpp"

#include <string_view>

namespace skymarshal::cli {

enum class ExitCode : int {
  /// An answer was received, whatever it decides; or the command did what it says.
  done = 0,
  /// The gateway, or the runtime behind it, reported an error; or a server could not start.
  failed = 1,
  /// The command line, a setting or the request itself is wrong.
  usage = 2,
  /// Not allowed: 401 or 403.
  not_allowed = 3,
  /// Nobody answers at the endpoint.
  no_connection = 4,
  /// It took too long.
  timed_out = 5,
  /// Refused for now: too many requests, too much load, shutting down. Trying again later may help.
  try_later = 6,
};

/// Shown by --help.
inline constexpr std::string_view exit_codes_text =
    "Exit codes: 0 an answer came, whatever it decides; 1 the gateway or the runtime reported an error;\n"
    "2 wrong usage; 3 not allowed; 4 could not connect; 5 took too long; 6 refused for now, try later.";

/// Of an error that a gateway reports: `error_code` as in its answer, empty if it has none, and the HTTP
/// status, 0 where it came inside a stream.
ExitCode exit_code_of(std::string_view error_code, unsigned http_status);
/// Of an error on our side of the connection.
ExitCode exit_code_of(Errc code);

}  // namespace skymarshal::cli
