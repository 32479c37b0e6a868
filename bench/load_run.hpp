// A closed-loop load: N lanes, each with one invocation at a time, for a number of invocations or a duration.
// One thread, raw epoll. Bounded: every invocation has a time limit, so a run ends whatever the server does.
#pragma once

#include "lane.hpp"
#include "load_options.hpp"
#include "load_report.hpp"

#include <memory>
#include <vector>

namespace skymarshal::bench {

class LoadRun {
 public:
  explicit LoadRun(const LoadOptions& options);
  /// Runs to the end; writes "all streaming" to standard error once every lane has had a chunk.
  const LoadReport& run();

 private:
  void begin_ready();
  void wait_for_events();
  void settle(Lane& lane, Lane::Progress progress);
  void count_end(const Lane& lane, bool failed, std::int64_t now_ns);
  void count_error(const std::string& kind, const std::string& detail);
  void cut_overdue(std::int64_t now_ns);
  void start_measuring(std::int64_t now_ns);
  bool may_begin(std::int64_t now_ns) const;
  void note_streaming();

  const LoadOptions& options_;
  sockaddr_in address_;
  FileDescriptor epoll_;
  LoadReport report_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<Lane*> ready_;
  std::uint64_t begun_ = 0;
  std::size_t busy_ = 0;
  std::int64_t measured_from_ns_ = 0;
  std::int64_t last_end_ns_ = 0;
  std::int64_t cpu_before_us_ = 0;
  std::int64_t next_check_ns_ = 0;
  bool all_streaming_ = false;
};

}  // namespace skymarshal::bench
