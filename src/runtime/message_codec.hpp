// The runtime's JSON messages, written and read: text in, values out. Pure; what passes through stays as it
// came.
#pragma once

#include "base/error.hpp"
#include "base/json_reader.hpp"
#include "invocations/agent_runtime.hpp"

#include <string>
#include <string_view>

namespace skymarshal::runtime {

/// {"action":"invoke","payload":{"prompt":…,"session_id":…}}
std::string encode_invoke(const invocations::RuntimeRequest& request);

struct RuntimeError {
  std::string code;
  std::string message;
  /// JSON on one line; empty if there was none.
  std::string details;
};

struct DecodedMessage {
  enum class Kind { chunk, complete, error };
  Kind kind = Kind::chunk;
  /// False for a `type` that the protocol does not name: passed on as a chunk.
  bool known_type = true;
  /// The `data` member; the whole message where it has none, so that nothing is lost.
  invocations::RuntimeMessage message;
  /// Of Kind::error.
  RuntimeError error;
};

/// Errc::runtime_protocol_error for what is not a JSON object in UTF-8.
Result<DecodedMessage> decode_message(JsonReader& reader, std::string text);

}  // namespace skymarshal::runtime
