#include "net/deadline.hpp"

#include <boost/asio/steady_timer.hpp>

namespace skymarshal::net {

struct Deadline::State : std::enable_shared_from_this<State> {
  State(const boost::asio::any_io_executor& executor, std::function<void()> expired)
      : timer(executor), on_expired(std::move(expired)) {}

  void wait() {
    armed_for = when;
    timer.expires_at(when);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) self->on_timer();
    });
  }

  void on_timer() {
    armed_for = SteadyTime::max();
    if (when == SteadyTime::max()) return;
    if (std::chrono::steady_clock::now() < when) return wait();
    when = SteadyTime::max();
    if (on_expired) on_expired();
  }

  boost::asio::steady_timer timer;
  std::function<void()> on_expired;
  SteadyTime when = SteadyTime::max();
  SteadyTime armed_for = SteadyTime::max();
};

Deadline::Deadline(const boost::asio::any_io_executor& executor, std::function<void()> on_expired)
    : state_(std::make_shared<State>(executor, std::move(on_expired))) {}

Deadline::~Deadline() {
  state_->on_expired = nullptr;
  state_->when = SteadyTime::max();
  state_->timer.cancel();
}

void Deadline::expires_at(SteadyTime when) {
  state_->when = when;
  // A timer that goes off early finds out by itself; one that would go off late must be set anew.
  if (when < state_->armed_for) state_->wait();
}

void Deadline::clear() { state_->when = SteadyTime::max(); }

}  // namespace skymarshal::net
