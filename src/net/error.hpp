// What can go wrong between this process and a peer: the room's own error, since sockets know nothing of the
// API. Values. Whoever calls net maps it to the API's Errc in one place of its own.
// In this namespace Error and Result are these; the API's are skymarshal::Error and skymarshal::Result.
#pragma once

#include "base/result.hpp"

#include <stdexcept>
#include <string>

#include <boost/assert/source_location.hpp>

namespace skymarshal::net {

enum class ErrorKind {
  /// No connection: the name is not known, or nobody accepts at any of its addresses.
  unreachable,
  /// A connection, but no TLS: the handshake failed, or the certificate is none that is trusted.
  untrusted,
  timed_out,
  /// The connection ended before what was under way.
  broken,
  /// What came, or was to be sent, is not what the protocol allows.
  malformed,
  /// More than the limit that was given.
  too_large,
  /// A file of certificates or keys cannot be used.
  bad_file,
};

struct Error {
  ErrorKind kind = ErrorKind::broken;
  /// For whoever runs this program: it names the peer's address, or the file, which strangers need not know.
  std::string message = {};
};

template <typename T>
using Result = ResultOf<T, Error>;

/// Called by Result::value() on an error that nobody looked at: a bug, so it throws std::logic_error.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error("unchecked error in " + std::string(where.function_name()) + ": " + error.message);
}

}  // namespace skymarshal::net
