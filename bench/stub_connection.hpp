// One connection of the runtime stub: upgrade, one invocation in, the answer out, close handshake.
// Owned by RuntimeStub, on its one thread; decides nothing about time, the stub calls send_next().
#pragma once

#include "byte_stream.hpp"
#include "runtime_answer.hpp"
#include "websocket_frames.hpp"

#include <cstdint>
#include <string>

namespace skymarshal::bench {

/// What happened in the stub's life; printed at its end.
struct StubCounts {
  std::uint64_t connections = 0;
  std::uint64_t invocations = 0;
  /// Ended without the close handshake, or against the protocol.
  std::uint64_t unclean_ends = 0;
};

class StubConnection {
 public:
  enum class Next { keep, answer, drop };

  StubConnection(std::uint64_t id, FileDescriptor socket, StubCounts& counts)
      : id_(id), counts_(counts), stream_(std::move(socket)) {}

  std::uint64_t id() const { return id_; }
  int socket() const { return stream_.socket(); }

  /// Handles an epoll event. `answer`: the invocation has arrived, the answer may begin.
  Next on_event(std::uint32_t events);
  /// Sends the next chunk, or after the last one the complete message. False if the connection is broken.
  bool send_next(RuntimeAnswer& answer);
  /// Whether its prompt asks for a long answer.
  bool wants_length() const { return wants_length_; }
  bool answer_sent() const { return state_ == State::answered; }

 private:
  enum class State { request, idle, answering, answered };

  Next take_request();
  Next take_frames();
  Next take_message();
  Next reply_and_drop(std::string_view bytes);
  Next drop_unclean();

  std::uint64_t id_;
  StubCounts& counts_;
  ByteStream stream_;
  FrameReader frames_{true, 1024 * 1024};
  State state_ = State::request;
  std::size_t next_chunk_ = 0;
  bool wants_length_ = false;
};

}  // namespace skymarshal::bench
