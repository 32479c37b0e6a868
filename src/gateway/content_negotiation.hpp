// What a request's headers say about its body and the answer it wants. Pure.
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"

namespace skymarshal::gateway {

/// Errc::unsupported_media_type for a Content-Type other than application/json (with any parameters but
/// another charset than UTF-8), or an encoded body.
Result<void> check_body_headers(const http::Headers& headers);

/// Whether Accept (RFC 9110 section 12.5.1) gives text/event-stream more weight than application/json.
bool prefers_event_stream(const http::Headers& headers);

}  // namespace skymarshal::gateway
