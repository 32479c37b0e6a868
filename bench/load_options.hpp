// What the load client is asked to do, read once from its command line; a plain value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace skymarshal::bench {

/// websocket: straight to a runtime. buffered and event_stream: through a gateway. followed: each lane reads
/// one invocation that was begun before, and delays count once every lane has had a chunk.
enum class LoadMode { websocket, websocket_stream, buffered, event_stream, followed };

struct LoadOptions {
  LoadMode mode = LoadMode::buffered;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string path;
  /// Of the event streams that are followed, in turn by one lane after the other.
  std::vector<std::string> followed_paths;
  std::string prompt =
      "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay, "
      "286 passengers, 51 connecting";
  std::size_t connections = 1;
  /// The run ends after so many invocations, or, if zero, after `duration`.
  std::uint64_t invocations = 0;
  std::chrono::milliseconds duration{0};
  /// Invocations before the measurement begins.
  std::uint64_t warmup = 0;
  std::chrono::milliseconds invocation_timeout{60'000};
  /// Text that every complete answer holds; empty asks for nothing.
  std::string expected_text;
  /// Chunks that every stream holds; negative asks for nothing.
  std::int64_t expected_chunks = -1;

  bool reads_stamps() const { return mode == LoadMode::websocket_stream || reads_event_stream(); }
  bool reads_event_stream() const { return mode == LoadMode::event_stream || mode == LoadMode::followed; }
};

}  // namespace skymarshal::bench
