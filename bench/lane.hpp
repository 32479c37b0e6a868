// One lane of the load client: one invocation after the other, each begun when the one before has ended.
// Owned by LoadRun, on its one thread. A lane talks its protocol; time limits and counting are the run's.
#pragma once

#include "byte_stream.hpp"
#include "load_options.hpp"
#include "load_report.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace skymarshal::bench {

class Lane {
 public:
  enum class Progress { pending, done, failed };
  /// What a lane needs of the run; all of it outlives the lane.
  struct Surroundings {
    const LoadOptions& options;
    const sockaddr_in& address;
    int epoll;
    LoadReport& report;
    /// From 0.
    std::size_t number_of_lane = 0;
  };

  virtual ~Lane() = default;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Starts an invocation.
  Progress begin();
  /// Handles an epoll event of the lane's connection.
  Progress on_event(std::uint32_t events);
  /// Gives the invocation up; the next one gets a new connection.
  void abandon();

  bool is_busy() const { return busy_; }
  std::int64_t started_ns() const { return started_ns_; }
  /// When the whole answer was there; the connection may have been closed only after it.
  std::int64_t answered_ns() const { return answered_ns_; }
  /// After Progress::failed: the kind, and the words that go with it.
  const std::string& error_kind() const { return error_kind_; }
  const std::string& error_detail() const { return error_detail_; }
  /// Whether a chunk has ever arrived here.
  bool has_streamed() const { return has_streamed_; }

 protected:
  explicit Lane(const Surroundings& surroundings) : surroundings_(surroundings) {}

  /// Forgets the last invocation; `connected` tells whether its connection still stands.
  virtual void prepare(bool connected) = 0;
  /// The bytes that begin an invocation.
  virtual std::string_view opening() const = 0;
  /// Where received bytes are put.
  virtual std::string& input() = 0;
  /// Looks at new input; `ended`: nothing will follow it.
  virtual Progress take_input(bool ended) = 0;

  Progress fail(std::string_view kind, std::string_view detail = {});
  void answered() { answered_ns_ = monotonic_ns(); }
  void count_chunk(std::string_view chunk);
  bool is_whole(std::string_view answer, std::int64_t chunks) const;

  const Surroundings& surroundings() const { return surroundings_; }
  const LoadOptions& options() const { return surroundings_.options; }
  ByteStream& stream() { return stream_; }

 private:
  Progress settle(Progress progress);

  Surroundings surroundings_;
  ByteStream stream_;
  bool busy_ = false;
  bool has_streamed_ = false;
  bool connection_used_ = false;
  std::int64_t started_ns_ = 0;
  std::int64_t answered_ns_ = 0;
  std::int64_t read_ns_ = 0;
  std::string error_kind_;
  std::string error_detail_;
};

std::unique_ptr<Lane> make_websocket_lane(const Lane::Surroundings& surroundings);
std::unique_ptr<Lane> make_http_lane(const Lane::Surroundings& surroundings);

/// `text` as the inside of a JSON string.
std::string json_escaped(std::string_view text);

}  // namespace skymarshal::bench
