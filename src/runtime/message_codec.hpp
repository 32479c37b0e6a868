// The runtime's JSON messages, written and read: text in, values out. Pure; what passes through stays as it
// came.
#pragma once

#include "invocations/agent_runtime.hpp"
#include "runtime/runtime_words.hpp"

#include <string>
#include <string_view>

namespace skymarshal::runtime {

/// {"action":"invoke","payload":{"prompt":…,"session_id":…}}
std::string encode_invoke(const invocations::RuntimeRequest& request);

/// {"prompt":…,"session_id":…}: the payload of it, and the whole request of an HTTP runtime.
std::string encode_payload(const invocations::RuntimeRequest& request);

/// {"action":"forget","payload":{"session_id":…}}, which the embedded runtime understands.
std::string encode_forget(const SessionId& session);

struct DecodedMessage {
  enum class Kind {
    chunk,
    complete,
    error,
    /// Not one JSON object in UTF-8.
    unreadable,
  };
  Kind kind = Kind::chunk;
  /// False for a `type` that the protocol does not name: passed on as a chunk.
  bool known_type = true;
  /// Whether a `data` member that is not null is there.
  bool has_data = false;
  /// The `data` member; the whole message where it has none, so that nothing is lost.
  invocations::RuntimeMessage message;
  /// Of Kind::error.
  RuntimeWords words;
  /// Of Kind::unreadable: what is wrong with it.
  std::string problem;
  /// Of Kind::unreadable: the `type` that it names at its top level, as far as that can be told; else empty.
  std::string claimed_type;
};

/// A byte order mark in front is passed over (RFC 8259 section 8.1). A message without a `type`, and without
/// `data`, that has an `error` is one, as AgentCore's own SDK sends it.
DecodedMessage decode_message(std::string text);

}  // namespace skymarshal::runtime
