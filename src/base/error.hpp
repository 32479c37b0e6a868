// What a caller of the API may be told: what went wrong, in the domain's words. Rooms that no caller knows of
// have errors of their own (net/error, aws/error). Values, freely copied between threads. Knows no HTTP:
// http/problem maps each Errc to a status.
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <boost/assert/source_location.hpp>

namespace skymarshal {

/// Everything that can be reported to a caller; one enumerator an error code of the API.
enum class Errc {
  invalid_json,
  invalid_request,
  unauthorized,
  forbidden,
  not_found,
  unsupported_version,
  session_not_found,
  invocation_not_found,
  method_not_allowed,
  request_timeout,
  session_expired,
  session_busy,
  invocation_gone,
  payload_too_large,
  uri_too_long,
  unsupported_media_type,
  idempotency_conflict,
  headers_too_large,
  rate_limited,
  internal,
  store_refused,
  connection_failed,
  runtime_refused,
  runtime_error,
  runtime_protocol_error,
  overloaded,
  runtime_unavailable,
  store_unavailable,
  identity_unavailable,
  shutting_down,
  timeout,
  cancelled,
  interrupted,
};

/// An expected failure. `message` is shown to the caller: it says what to do and holds no path or secret.
struct Error {
  Errc code = Errc::internal;
  std::string message;
  /// A JSON object with more about it, or empty.
  std::string details = {};
  /// When trying again may help: after how long.
  std::optional<std::chrono::seconds> retry_after = {};
};

template <typename T>
using Result = ResultOf<T, Error>;

/// Called by Result::value() on an error that nobody looked at: a bug, so it throws std::logic_error.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

inline Error make_error(Errc code, std::string message, std::string details = {}) {
  return Error{code, std::move(message), std::move(details), std::nullopt};
}

}  // namespace skymarshal
