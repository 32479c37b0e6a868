// What a caller is told about invocations. One place, because two of these must read the same byte for byte:
// an invocation of somebody else and one that never was. Pure; also for the stores.
#pragma once

#include "base/error.hpp"

namespace skymarshal::invocations {

inline Error invocation_not_found() {
  return make_error(Errc::invocation_not_found,
                    "there is no such invocation: GET /api/v1/invocations lists yours");
}

inline Error invocation_gone() {
  return make_error(Errc::invocation_gone,
                    "what this invocation said is kept no longer; its end is: GET /api/v1/invocations/{id}");
}

inline Error idempotency_conflict() {
  return make_error(Errc::idempotency_conflict,
                    "this Idempotency-Key came with another prompt or session before: use a new key for a "
                    "new intention");
}

/// Of one who would go on with it.
inline Error nothing_under_this_key() {
  return make_error(
      Errc::invocation_gone,
      "nothing is known under this Idempotency-Key, or no longer: send it without Last-Event-ID to "
      "begin an invocation");
}

/// Nothing is left of it but that it ran.
inline Error erased_with_its_session() {
  return make_error(
      Errc::invocation_gone,
      "what ran under this Idempotency-Key was erased with its session: use a new key for a new "
      "intention");
}

/// Of the event that a reader wants to go on after.
inline Error no_such_event() {
  return make_error(Errc::invalid_request,
                    "there has been no such event: go on after the id of one that you have received");
}

}  // namespace skymarshal::invocations
