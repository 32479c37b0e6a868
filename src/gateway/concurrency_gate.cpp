#include "gateway/concurrency_gate.hpp"

#include "base/wakeup.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/this_coro.hpp>

namespace skymarshal::gateway {
namespace {

constexpr std::chrono::seconds overloaded_retry_after{2};

}  // namespace

struct ConcurrencyGate::Waiter {
  explicit Waiter(const boost::asio::any_io_executor& executor) : wakeup(executor) {}
  Wakeup wakeup;
  /// Guarded by the gate's mutex.
  bool granted = false;
};

ConcurrencyGate::Admission::Admission(Admission&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)), running_(std::exchange(other.running_, false)) {}

ConcurrencyGate::Admission::~Admission() {
  if (gate_ == nullptr) return;
  if (running_) gate_->give_slot_back();
  --gate_->admitted_;
}

boost::asio::awaitable<bool> ConcurrencyGate::Admission::enter(StopSignal& stop) {
  ConcurrencyGate& gate = *gate_;
  // Nobody waits: no lock is needed to pass.
  if (gate.waiting_ == 0 && gate.try_take_slot()) {
    running_ = true;
    co_return true;
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto waiter = std::make_shared<Waiter>(executor);
  {
    const std::lock_guard lock(gate.mutex_);
    gate.waiters_.push_back(waiter);
    ++gate.waiting_;
    // A slot that came free between the look above and this line finds its waiter here.
    gate.grant_slots();
  }
  const StopSignal::Listener on_stop(stop, [&waiter] { waiter->wakeup.wake(); });
  for (;;) {
    {
      const std::lock_guard lock(gate.mutex_);
      if (waiter->granted) {
        running_ = true;
        co_return true;
      }
      if (stop.raised()) {
        std::erase(gate.waiters_, waiter);
        --gate.waiting_;
        co_return false;
      }
    }
    co_await waiter->wakeup.wait_until(Wakeup::never);
  }
}

Result<ConcurrencyGate::Admission> ConcurrencyGate::admit() {
  if (++admitted_ > options_.running_max + options_.queued_max) {
    --admitted_;
    Error error = make_error(Errc::overloaded,
                             "all places are taken (" + std::to_string(options_.running_max) + " running, " +
                                 std::to_string(options_.queued_max) + " waiting): try again in a moment");
    error.retry_after = overloaded_retry_after;
    return error;
  }
  return Admission(*this);
}

ConcurrencyGate::Counts ConcurrencyGate::counts() const {
  const int running = running_;
  return {running, std::max(0, admitted_ - running)};
}

bool ConcurrencyGate::try_take_slot() {
  int running = running_;
  while (running < options_.running_max) {
    if (running_.compare_exchange_weak(running, running + 1)) return true;
  }
  return false;
}

void ConcurrencyGate::grant_slots() {
  while (!waiters_.empty() && try_take_slot()) {
    const std::shared_ptr<Waiter> waiter = std::move(waiters_.front());
    waiters_.pop_front();
    --waiting_;
    waiter->granted = true;
    boost::asio::post(waiter->wakeup.executor(), [waiter] { waiter->wakeup.wake(); });
  }
}

void ConcurrencyGate::give_slot_back() {
  --running_;
  if (waiting_ == 0) return;
  const std::lock_guard lock(mutex_);
  grant_slots();
}

}  // namespace skymarshal::gateway
