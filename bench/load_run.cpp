#include "load_run.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace skymarshal::bench {
namespace {

constexpr std::int64_t check_every_ns = 100'000'000;

std::int64_t as_ns(std::chrono::milliseconds time) { return std::chrono::nanoseconds(time).count(); }

}  // namespace

LoadRun::LoadRun(const LoadOptions& options)
    : options_(options),
      address_(ipv4_address(options.host, options.port)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_.is_open()) throw_errno("epoll_create1");
  Lane::Surroundings surroundings{options_, address_, epoll_.get(), report_};
  const bool straight = options.mode == LoadMode::websocket || options.mode == LoadMode::websocket_stream;
  for (std::size_t lane = 0; lane < options.connections; ++lane) {
    surroundings.number_of_lane = lane;
    lanes_.push_back(straight ? make_websocket_lane(surroundings) : make_http_lane(surroundings));
    ready_.push_back(lanes_.back().get());
  }
}

const LoadReport& LoadRun::run() {
  if (options_.warmup == 0) start_measuring(monotonic_ns());
  begin_ready();
  while (busy_ > 0 || !ready_.empty()) {
    wait_for_events();
    const std::int64_t now = monotonic_ns();
    if (now >= next_check_ns_) cut_overdue(now);
    begin_ready();
  }
  const double elapsed = static_cast<double>(last_end_ns_ - measured_from_ns_) / 1e9;
  const double wanted = std::chrono::duration<double>(options_.duration).count();
  report_.measured_seconds = options_.invocations > 0 ? elapsed : wanted;
  report_.own_cpu_us = own_cpu_us() - cpu_before_us_;
  return report_;
}

void LoadRun::begin_ready() {
  // Lanes that fail at once come back with the next round, so that events are looked at in between.
  std::vector<Lane*> lanes;
  lanes.swap(ready_);
  for (Lane* lane : lanes) {
    if (!may_begin(monotonic_ns())) continue;
    ++begun_;
    ++busy_;
    settle(*lane, lane->begin());
  }
}

bool LoadRun::may_begin(std::int64_t now_ns) const {
  if (options_.invocations > 0) return begun_ < options_.warmup + options_.invocations;
  return measured_from_ns_ == 0 || now_ns < measured_from_ns_ + as_ns(options_.duration);
}

void LoadRun::wait_for_events() {
  std::array<epoll_event, 256> events;
  const int timeout_ms = ready_.empty() ? 100 : 0;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  if (count < 0 && errno != EINTR) throw_errno("epoll_wait");
  for (int index = 0; index < count; ++index) {
    const epoll_event& event = events[static_cast<std::size_t>(index)];
    Lane& lane = *static_cast<Lane*>(event.data.ptr);
    const bool was_busy = lane.is_busy();
    const Lane::Progress progress = lane.on_event(event.events);
    if (was_busy) settle(lane, progress);
  }
}

void LoadRun::settle(Lane& lane, Lane::Progress progress) {
  if (progress == Lane::Progress::pending) return;
  const bool failed = progress == Lane::Progress::failed;
  if (failed) count_error(lane.error_kind(), lane.error_detail());
  count_end(lane, failed, monotonic_ns());
  ready_.push_back(&lane);
}

void LoadRun::count_end(const Lane& lane, bool failed, std::int64_t now_ns) {
  --busy_;
  ++report_.invocations_total;
  last_end_ns_ = now_ns;
  if (measured_from_ns_ == 0) {
    if (report_.invocations_total >= options_.warmup) start_measuring(now_ns);
    return;
  }
  if (failed) return;
  ++report_.invocations_measured;
  report_.latency.record(lane.answered_ns() - lane.started_ns());
  const bool in_time = options_.invocations > 0 || now_ns <= measured_from_ns_ + as_ns(options_.duration);
  if (in_time) ++report_.invocations_in_time;
}

void LoadRun::count_error(const std::string& kind, const std::string& detail) {
  if (report_.first_error.empty()) report_.first_error = kind + ": " + detail;
  ++report_.errors[kind];
}

void LoadRun::cut_overdue(std::int64_t now_ns) {
  next_check_ns_ = now_ns + check_every_ns;
  for (const auto& lane : lanes_) {
    if (!lane->is_busy() || now_ns - lane->started_ns() < as_ns(options_.invocation_timeout)) continue;
    lane->abandon();
    count_error("timeout", "no end of the answer in time");
    count_end(*lane, true, now_ns);
    ready_.push_back(lane.get());
  }
  if (options_.reads_stamps() && !all_streaming_) note_streaming();
}

void LoadRun::note_streaming() {
  all_streaming_ =
      std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->has_streamed(); });
  if (!all_streaming_) return;
  std::fputs("all streaming\n", stderr);
  report_.recording = true;
}

void LoadRun::start_measuring(std::int64_t now_ns) {
  measured_from_ns_ = now_ns;
  cpu_before_us_ = own_cpu_us();
  // Where streams are followed, what is measured is what all of them cost, open at once.
  report_.recording = options_.mode != LoadMode::followed;
}

}  // namespace skymarshal::bench
