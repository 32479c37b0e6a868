// Port: whatever runs the agents. Implementations live in runtime/; one object serves all threads, each run
// stays on the executor it was started on.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"
#include "base/stop_signal.hpp"
#include "http/trace_context.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

struct RuntimeRequest {
  RequestId request_id;
  SessionId session_id;
  std::string prompt;
  /// Whose session it is.
  Principal principal = {};
  /// Of the request that it came with, to be passed on.
  http::TraceContext trace = {};
};

/// One message of the runtime, kept as it came. `data` is a slice of `text`, valid JSON, and followed by at
/// least json_padding readable bytes. Moved, never copied.
class RuntimeMessage {
 public:
  RuntimeMessage() = default;
  /// `text` must have been padded with pad_json; offsets are those of the slice in it.
  RuntimeMessage(std::string text, std::size_t data_offset, std::size_t data_size)
      : text_(std::move(text)), data_offset_(data_offset), data_size_(data_size) {}

  std::string_view data() const { return std::string_view(text_).substr(data_offset_, data_size_); }
  std::size_t memory_bytes() const { return text_.capacity(); }

 private:
  std::string text_;
  std::size_t data_offset_ = 0;
  std::size_t data_size_ = 0;
};

/// How a run went, whether it succeeded or not. Durations are absent for stages it did not reach.
struct RunTimings {
  std::optional<Milliseconds> connect;
  std::optional<Milliseconds> first_message;
  /// Connections tried.
  int attempts = 0;

  /// How far it came, as the log names it: empty before it began, then connect, first_message (the prompt is
  /// being sent, nothing has come yet), silence (between messages) and end (the runtime has said its last
  /// word). Of static lifetime.
  std::string_view stage = {};
  /// Messages of the runtime that were skipped, as nothing could be made of them.
  int unreadable_messages = 0;
  /// The prompt was on its way: the runtime may have begun, and have to be paid.
  bool reached = false;
};

struct RunOutcome {
  /// The `data` of the runtime's `complete` message, or why there is none.
  Result<RuntimeMessage> end;
  RunTimings timings;
};

class AgentRuntime {
 public:
  /// Gets the chunks in order, on the run's executor.
  class ChunkSink {
   public:
    virtual ~ChunkSink() = default;
    virtual void on_chunk(RuntimeMessage chunk) = 0;
  };

  virtual ~AgentRuntime() = default;

  /// Runs one invocation to its end. When it returns, whatever the outcome, its connection is closed.
  /// `sink` and `stop` must outlive it; when `stop` is raised it ends soon, with the stop's reason as its
  /// error.
  virtual boost::asio::awaitable<RunOutcome> run(RuntimeRequest request, ChunkSink& sink,
                                                 StopSignal& stop) = 0;

  /// Erases what the runtime remembers of a session that has been erased here. Does nothing where the runtime
  /// remembers nothing, or cannot be told. The error is for the log: it says why it may still remember.
  virtual boost::asio::awaitable<Result<void>> forget(SessionId) { co_return Result<void>(); }

  /// Whether the runtime can be reached: /ping or a TCP connect, never an invocation. The error's message is
  /// shown to strangers by health: it names no address.
  virtual boost::asio::awaitable<Result<void>> probe() = 0;

  /// What `metadata.runtime` says: of which kind it is, never its address.
  virtual std::string_view name() const = 0;
};

}  // namespace skymarshal::invocations
