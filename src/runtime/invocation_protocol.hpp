// The rules of one invocation over a WebSocket, without one: messages and closes go in, what to do comes out.
// Pure but for its JSON buffers; used by one attempt.
#pragma once

#include "base/error.hpp"
#include "base/json_reader.hpp"
#include "invocations/agent_runtime.hpp"

#include <cstdint>
#include <string>

namespace skymarshal::runtime {

class InvocationProtocol {
 public:
  struct Step {
    enum class Kind { chunk, complete, failed };
    Kind kind = Kind::chunk;
    invocations::RuntimeMessage message;
    /// Of Kind::failed.
    Error error;
    /// Set on the first message of a type that the protocol does not name.
    bool first_of_unknown_type = false;
  };

  /// After a complete or failed step no more may come: see on_late_messages.
  Step on_message(std::string text);
  /// The connection ended, by a close frame with `close_code` or without one (1006), and no end had come.
  Error on_closed(std::uint16_t close_code) const;
  /// Messages came after the end.
  static Error on_late_messages();

  /// Whether the runtime has said anything: from then on the invocation must not be started again.
  bool started() const { return started_; }
  /// Whether a close with this code, before any message, says "not now": RFC 6455 section 7.4.1 and the
  /// registry of close codes, 1012 Service Restart and 1013 Try Again Later.
  static bool is_try_again(std::uint16_t close_code) { return close_code == 1012 || close_code == 1013; }

 private:
  JsonReader reader_;
  bool started_ = false;
  bool unknown_type_seen_ = false;
};

}  // namespace skymarshal::runtime
