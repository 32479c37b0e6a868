#include "cli/exit_codes.hpp"

#include <algorithm>
#include <array>

namespace skymarshal::cli {
namespace {

struct Row {
  std::string_view error_code;
  ExitCode exit_code;
};

/// What the status alone does not tell: an ended journal has none, and 502 to 504 mean different things.
constexpr std::array rows = {
    Row{"INVALID_JSON", ExitCode::usage},          Row{"INVALID_REQUEST", ExitCode::usage},
    Row{"IDEMPOTENCY_CONFLICT", ExitCode::usage},  Row{"UNAUTHORIZED", ExitCode::not_allowed},
    Row{"FORBIDDEN", ExitCode::not_allowed},       Row{"RATE_LIMITED", ExitCode::try_later},
    Row{"OVERLOADED", ExitCode::try_later},        Row{"RUNTIME_UNAVAILABLE", ExitCode::try_later},
    Row{"STORE_UNAVAILABLE", ExitCode::try_later}, Row{"IDENTITY_UNAVAILABLE", ExitCode::try_later},
    Row{"SHUTTING_DOWN", ExitCode::try_later},     Row{"REQUEST_TIMEOUT", ExitCode::timed_out},
    Row{"TIMEOUT", ExitCode::timed_out},
};

}  // namespace

ExitCode exit_code_of(std::string_view error_code, unsigned http_status) {
  const auto row = std::ranges::find(rows, error_code, &Row::error_code);
  if (row != rows.end()) return row->exit_code;
  // The code says more than the status; where it is one of ours and not in the table, it is a plain failure.
  if (!error_code.empty()) return ExitCode::failed;
  switch (http_status) {
    case 400:
      return ExitCode::usage;
    case 401:
    case 403:
      return ExitCode::not_allowed;
    case 429:
    case 503:
      return ExitCode::try_later;
    case 408:
    case 504:
      return ExitCode::timed_out;
    default:
      return ExitCode::failed;
  }
}

ExitCode exit_code_of(Errc code) {
  switch (code) {
    case Errc::connection_failed:
      return ExitCode::no_connection;
    case Errc::timeout:
      return ExitCode::timed_out;
    case Errc::invalid_request:
    case Errc::invalid_json:
      return ExitCode::usage;
    default:
      return ExitCode::failed;
  }
}

}  // namespace skymarshal::cli
