// What a caller is told about sessions. One place, because two of these must read the same byte for byte: a
// session of somebody else and one that never was. Pure; also for the stores.
#pragma once

#include "base/error.hpp"

namespace skymarshal::invocations {

inline Error session_not_found() {
  return make_error(Errc::session_not_found,
                    "there is no such session: create one with POST /api/v1/sessions");
}

inline Error session_expired() {
  return make_error(Errc::session_expired,
                    "the session has expired: start a new one; its history stays readable");
}

inline Error session_busy() {
  Error error =
      make_error(Errc::session_busy, "the session is busy with earlier turns: try again when they end");
  error.retry_after = std::chrono::seconds(1);
  return error;
}

}  // namespace skymarshal::invocations
