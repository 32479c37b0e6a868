// How the caller of POST /invoke wants its answer, and what it wants kept. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "gateway/request_validation.hpp"
#include "http/message.hpp"
#include "http/url.hpp"
#include "invocations/invocation_service.hpp"

#include <optional>
#include <string>

namespace skymarshal::gateway {

struct InvokeMode {
  bool streaming = false;
  /// The invocation is to be taken on, and is not bound to this request any more.
  bool respond_async = false;
  /// After which a whole answer is not waited for any longer; without one it is waited for.
  std::optional<Milliseconds> wait;
  std::optional<invocations::IdempotencyClaim> claim;
  /// What somebody who comes again has been told last.
  std::optional<invocations::Place> after;
  /// What Preference-Applied says (RFC 7240 section 3); empty for nothing.
  std::string preferences_applied;
};

/// `buffered_wait`: how long this host waits for a whole answer; zero where it has no limit.
/// Errc::invalid_request for a key or an event id that is none.
Result<InvokeMode> read_invoke_mode(const http::Headers& headers, const http::Target& target,
                                    const InvokeCommand& command, Milliseconds buffered_wait);

/// The event that a reader goes on after: Last-Event-ID, which a browser sends when it comes again, or else
/// the parameter `after`. Errc::invalid_request where it is no id of an event.
Result<std::optional<invocations::Place>> read_resume_point(const http::Headers& headers,
                                                            const http::Target& target);

}  // namespace skymarshal::gateway
