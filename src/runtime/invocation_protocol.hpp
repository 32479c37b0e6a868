// The rules of one invocation over a WebSocket, without one: messages and closes go in, what to do comes out.
// Pure but for its JSON buffers; used by one attempt.
#pragma once

#include "invocations/agent_runtime.hpp"
#include "runtime/message_codec.hpp"
#include "runtime/run_failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace skymarshal::runtime {

class InvocationProtocol {
 public:
  /// So many messages that cannot be read are skipped; one more ends the run.
  static constexpr int unreadable_max = 16;

  struct Step {
    enum class Kind {
      chunk,
      /// Could not be read: nothing to do.
      skipped,
      /// The end. Nothing that comes after it changes anything.
      complete,
      /// An end too, but one with `data` may follow within a short time: to be read for, and given to
      /// on_message.
      complete_without_data,
      /// The end, by an error.
      failed,
      /// Came after the end: ignored.
      late,
    };
    Kind kind = Kind::chunk;
    /// Of a chunk or a complete.
    invocations::RuntimeMessage message;
    /// Of Kind::failed.
    Failure failure;
    /// Set on the first message of a type that the protocol does not name.
    bool first_of_unknown_type = false;
    /// Set on the first message that is skipped.
    bool first_skipped = false;
  };

  Step on_message(std::string text);
  /// The connection ended with a close frame, and no end had come.
  Failure on_closed(std::uint16_t close_code, std::string_view reason) const;
  /// The connection ended without one, and no end had come; `problem` says why.
  Failure on_broken(std::string_view problem) const { return broken_off(problem, unreadable_); }

  /// Whether the runtime has said anything: from then on the invocation must not be started again.
  bool started() const { return messages_ > 0; }
  /// What could not be read so far.
  const Unreadable& unreadable() const { return unreadable_; }
  /// Whether a close with this code, before any message, says "not now": RFC 6455 section 7.4.1 and the
  /// registry of close codes, 1012 Service Restart and 1013 Try Again Later.
  static bool is_try_again(std::uint16_t close_code) { return close_code == 1012 || close_code == 1013; }

 private:
  enum class End { none, without_data, stands };

  Step skip(const DecodedMessage& decoded, std::size_t bytes);
  Step complete(DecodedMessage decoded);

  End end_ = End::none;
  int messages_ = 0;
  Unreadable unreadable_;
  bool unknown_type_seen_ = false;
};

}  // namespace skymarshal::runtime
