// What goes wrong in this room, in its own words: a request that cannot be signed or read, credentials that
// cannot be used. Values. Whoever calls maps them to the API's vocabulary (base/error) where they reach a
// caller of the gateway.
#pragma once

#include "base/result.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include <boost/assert/source_location.hpp>

namespace skymarshal::aws {

enum class ErrorKind {
  /// A request has not the form that a signature needs: its target, a field, the limits of a presigned one.
  malformed_request,
  /// The environment or the shared files name credentials that are not there, are half there, or cannot be
  /// read.
  unusable_credentials,
};

struct Error {
  ErrorKind kind = ErrorKind::malformed_request;
  /// What to do about it. Holds no secret.
  std::string message;
};

template <typename T>
using Result = ResultOf<T, Error>;

/// Called by Result::value() on an error that nobody looked at: a bug.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error("unchecked error in " + std::string(where.function_name()) + ": " + error.message);
}

inline Error malformed_request(std::string message) {
  return {ErrorKind::malformed_request, std::move(message)};
}
inline Error unusable_credentials(std::string message) {
  return {ErrorKind::unusable_credentials, std::move(message)};
}

}  // namespace skymarshal::aws
