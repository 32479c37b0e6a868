// A time limit over a changing task: moved on as often as needed at the cost of one clock reading, since its
// timer is re-armed only when it goes off. Owned by the task; every call on the task's executor.
#pragma once

#include "base/clock.hpp"

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace skymarshal::net {

class Deadline {
 public:
  /// `on_expired` runs on the executor, once for each time the limit is passed; it should close what is being
  /// waited for.
  Deadline(const boost::asio::any_io_executor& executor, std::function<void()> on_expired);
  /// Nothing runs after this.
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void expires_at(SteadyTime when);
  void expires_after(Milliseconds duration) { expires_at(std::chrono::steady_clock::now() + duration); }
  /// No limit until the next expires_at.
  void clear();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::net
