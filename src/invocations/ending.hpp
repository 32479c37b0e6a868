// How an invocation that failed is told, and how any that ended is remembered. Pure.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"
#include "invocations/journal.hpp"
#include "invocations/session_store.hpp"

#include <string>

namespace skymarshal::invocations {

/// Makes it the end of an invocation that `error` ended, with what of `said` is worth having: sets `error`
/// and `body`. Its other members must be there.
void fail_with(InvocationEnd& end, Error error, const Journal& said, const RequestId& request_id);

/// Whose an invocation was, and what was asked.
struct Asked {
  const RequestId& request_id;
  const SessionId& session_id;
  const Principal& principal;
  const std::string& prompt;
};

/// What its session remembers of it.
Interaction interaction_of(const Asked& asked, const InvocationEnd& end);

}  // namespace skymarshal::invocations
