// What can go wrong between this process and DynamoDB, in the words of this room. Values; whoever calls maps
// them to the API's vocabulary (base/error).
#pragma once

#include "base/result.hpp"

#include <stdexcept>
#include <string>

#include <boost/assert/source_location.hpp>

namespace skymarshal::dynamodb {

enum class ErrorKind {
  /// What a write asked for did not hold: an answer, and nothing broken.
  condition_failed,
  /// There is no such table or index.
  not_found,
  /// DynamoDB refuses whoever asks, and what is asked may be right: a permission is missing, or it knows no
  /// such operation.
  refused,
  /// It takes this from nobody, however often it is sent, or what it holds cannot be read: a bug.
  invalid,
  /// It cannot be reached, takes no more, or what it says cannot be trusted: all attempts have failed.
  unavailable,
};

struct Error {
  ErrorKind kind = ErrorKind::unavailable;
  /// For whoever runs this program: it names tables and endpoints, and no secret.
  std::string message = {};
};

inline bool is_condition(const Error& error) { return error.kind == ErrorKind::condition_failed; }

template <typename T>
using Result = ResultOf<T, Error>;

/// Called by Result::value() on an error that nobody looked at: a bug.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error("unchecked error in " + std::string(where.function_name()) + ": " + error.message);
}

}  // namespace skymarshal::dynamodb
