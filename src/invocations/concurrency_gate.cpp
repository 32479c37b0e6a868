#include "invocations/concurrency_gate.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::invocations {
namespace {

constexpr std::chrono::seconds overloaded_retry_after{2};

}  // namespace

/// A place in the line, left however the waiting ends, also with its coroutine.
class ConcurrencyGate::Place {
 public:
  Place(ConcurrencyGate& gate, std::shared_ptr<WaitingLine::Waiter> waiter)
      : gate_(gate), waiter_(std::move(waiter)) {
    const MutexLock lock(gate_.mutex_);
    gate_.line_.push(waiter_);
    ++gate_.waiting_;
    // A slot that came free since the caller looked finds its waiter here.
    gate_.grant_slots();
  }
  ~Place() {
    const MutexLock lock(gate_.mutex_);
    if (gate_.line_.remove(waiter_)) {
      --gate_.waiting_;
    } else if (!taken_) {
      --gate_.running_;
      gate_.grant_slots();
    }
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  /// The slot has come, and somebody else gives it back from here on.
  void take_slot() { taken_ = true; }

 private:
  ConcurrencyGate& gate_;
  std::shared_ptr<WaitingLine::Waiter> waiter_;
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
  const auto waiter = std::make_shared<WaitingLine::Waiter>(executor);
  Place place(gate, waiter);
  running_ = co_await waiter->wait(stop);
  if (running_) place.take_slot();
  co_return running_;
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
  while (!line_.empty() && try_take_slot()) {
    --waiting_;
    line_.call_next();
  }
}

void ConcurrencyGate::give_slot_back() {
  --running_;
  if (waiting_ == 0) return;
  const MutexLock lock(mutex_);
  grant_slots();
}

}  // namespace skymarshal::invocations
