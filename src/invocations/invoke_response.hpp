// The answer to a successful invocation: what the runtime said, passed on byte for byte, in the API's shape;
// what it left out, derived from what its agents said on the way. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "invocations/agent_runtime.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace skymarshal::invocations {

struct InvokeResponseInput {
  RequestId request_id;
  SessionId session_id;
  Milliseconds execution_time{};
  WallTime timestamp;
  std::string_view runtime_name;
  Milliseconds queued{};
  RunTimings timings;
  /// The `data` of the runtime's complete message: valid JSON, padded for json_reader.
  std::string_view complete_data;
  /// The `data` of each chunk, in order, padded likewise.
  std::span<const std::string_view> chunks;
};

/// InvokeResponse as JSON on one line. Nothing of `complete_data` is lost: what has no place of its own in
/// the schema stays in `assessment`, at the top level, or, where its name is taken, in
/// `metadata.runtime_fields`.
std::string write_invoke_response(const InvokeResponseInput& input);

}  // namespace skymarshal::invocations
