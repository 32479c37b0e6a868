#include "invocations/concurrency_gate.hpp"

#include "base/wakeup.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/this_coro.hpp>

namespace skymarshal::invocations {
namespace {

constexpr std::chrono::seconds overloaded_retry_after{2};

}  // namespace

struct ConcurrencyGate::Waiter {
  explicit Waiter(const boost::asio::any_io_executor& executor) : wakeup(executor) {}
  Wakeup wakeup;
  /// Guarded by the gate's mutex.
  bool granted = false;
};

/// A place in the queue, left however the waiting ends, also with its coroutine.
class ConcurrencyGate::Place {
 public:
  Place(ConcurrencyGate& gate, std::shared_ptr<Waiter> waiter) : gate_(gate), waiter_(std::move(waiter)) {
    const MutexLock lock(gate_.mutex_);
    gate_.waiters_.push_back(waiter_);
    ++gate_.waiting_;
    // A slot that came free since the caller looked finds its waiter here.
    gate_.grant_slots();
  }
  ~Place() {
    const MutexLock lock(gate_.mutex_);
    if (taken_) return;
    if (!waiter_->granted) {
      std::erase(gate_.waiters_, waiter_);
      --gate_.waiting_;
      return;
    }
    --gate_.running_;
    gate_.grant_slots();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  /// Whether the slot is there; whoever asks has it from then on.
  bool take() {
    const MutexLock lock(gate_.mutex_);
    taken_ = waiter_->granted;
    return taken_;
  }

 private:
  ConcurrencyGate& gate_;
  std::shared_ptr<Waiter> waiter_;
  bool taken_ = false;
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
  Place place(gate, waiter);
  const StopSignal::Listener on_stop(stop, [&waiter] { waiter->wakeup.wake(); });
  for (;;) {
    if (place.take()) {
      running_ = true;
      co_return true;
    }
    if (stop.raised()) co_return false;
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
  const MutexLock lock(mutex_);
  grant_slots();
}

}  // namespace skymarshal::invocations
