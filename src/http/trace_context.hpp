// What a caller says of the trace that its request belongs to, to be passed on: traceparent and tracestate
// (W3C Trace Context, www.w3.org/TR/trace-context) and X-Amzn-Trace-Id (AWS X-Ray developer guide, "Tracing
// header"). Plain texts, each fit for a header field; pure.
#pragma once

#include "http/message.hpp"

#include <string>

namespace skymarshal::http {

struct TraceContext {
  /// Empty where none was given. There is no state without a parent (W3C section 3.3).
  std::string traceparent = {};
  std::string tracestate = {};
  std::string amzn_trace_id = {};

  Headers fields() const;
};

/// What is not of its form is left out, as the standard wants it (section 4.3): a trace that cannot be read
/// is no reason to refuse anything.
TraceContext read_trace_context(const Headers& headers);

}  // namespace skymarshal::http
