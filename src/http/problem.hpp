// The one table from what went wrong to what HTTP says about it, and the error body of the API. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::http {

unsigned http_status(Errc code);

/// INVALID_JSON, TIMEOUT, …: what `error_code` says.
std::string_view error_code(Errc code);
/// The inverse; nullopt for any other word.
std::optional<Errc> parse_error_code(std::string_view code);

/// Whether the caller is the cause, by a faulty request or by wanting no answer any more; everybody else's
/// faults are for the operator to look at.
bool is_callers_doing(Errc code);

/// {"status":"error","request_id","error_code","error_message","details"?,"timestamp"}
std::string problem_body(const Error& error, const RequestId& request_id, WallTime timestamp);

/// What stands before that body: its status, and Retry-After where trying again may help (RFC 9110 section
/// 10.2.3), as it does wherever a service is unavailable: on every 503.
ResponseHead problem_head(const Error& error);

/// Both.
Response problem_response(const Error& error, const RequestId& request_id, WallTime timestamp);

}  // namespace skymarshal::http
