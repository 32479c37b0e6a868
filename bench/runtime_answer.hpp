// What the runtime stub answers: chunks of the seven agents and one complete message, in the runtime
// protocol's real shapes and of exact sizes. Built once, as finished WebSocket frames; a value, no socket, no
// clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::bench {

/// Stands in the last element of the complete message: who finds it has the whole answer.
inline constexpr std::string_view answer_end_mark = "end of the recommendations";

/// A prompt that holds it gets chunks of `long_chunk_bytes`: more than a socket's buffers take.
inline constexpr std::string_view length_wish = "at length";

struct AnswerOptions {
  std::size_t chunks = 8;
  std::size_t chunk_bytes = 300;
  std::size_t complete_bytes = 4096;
  std::size_t long_chunk_bytes = std::size_t{64} * 1024;
  /// Each chunk carries the time of its sending.
  bool stamp = false;
};

class RuntimeAnswer {
 public:
  /// Sizes below what the shapes need are taken as "as small as possible".
  explicit RuntimeAnswer(const AnswerOptions& options);

  std::size_t chunks() const { return chunks_.size(); }
  /// The frame of chunk `index`, stamped with `now_ns` where stamps are wanted. Valid until the next call.
  std::string_view chunk(std::size_t index, std::int64_t now_ns);
  std::string_view complete() const { return complete_; }

 private:
  std::vector<std::string> chunks_;
  std::vector<std::size_t> stamp_positions_;
  std::string complete_;
};

/// The time of sending in a stamped chunk (or an event made of it); 0 if there is none.
std::int64_t read_stamp(std::string_view chunk);

}  // namespace skymarshal::bench
