// The events of a streamed answer (POST /invoke, server-sent events) as values. Pure; text comes from a
// server that may be any version of ours.
#pragma once

#include "base/error.hpp"

#include <string>
#include <variant>

namespace skymarshal::cli {

struct StreamStarted {
  std::string request_id;
  std::string session_id;
};
/// An agent began, went on, or ended.
struct AgentSpoke {
  std::string agent;
  /// analyzing, approved, conditional, rejected, or the runtime's own word.
  std::string status;
};
struct StreamCompleted {
  /// InvokeResponse, byte for byte.
  std::string response;
};
struct StreamFailed {
  std::string error_code;
  std::string error_message;
  std::string request_id;
  /// JSON, or empty.
  std::string details;
};
/// Of a kind we do not know, or a chunk that names no agent.
struct OtherEvent {};

using InvokeEvent = std::variant<StreamStarted, AgentSpoke, StreamCompleted, StreamFailed, OtherEvent>;

struct PlacedEvent {
  InvokeEvent event;
  /// Its number in the journal, by which a reader goes on after it; empty if it has none.
  std::string seq = {};
};

/// `data` is what an event carries. Errc::runtime_protocol_error if it is no JSON object.
Result<PlacedEvent> read_invoke_event(std::string data);

/// Whether an agent's status is its last word.
bool is_verdict(std::string_view status);

}  // namespace skymarshal::cli
