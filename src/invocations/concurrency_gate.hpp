// How many invocations run at once, and how many may wait their turn. Shared by all threads; a slot belongs
// to the object that holds it and cannot leak.
#pragma once

#include "base/error.hpp"
#include "base/mutex.hpp"
#include "base/stop_signal.hpp"
#include "base/waiting_line.hpp"

#include <atomic>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

class ConcurrencyGate {
 public:
  struct Options {
    int running_max = 100;
    /// Beyond the running ones.
    int queued_max = 400;
  };

  /// A place in the gate: first in the queue, then, after enter(), a running slot. Gives back what it has
  /// when destroyed.
  class Admission {
   public:
    Admission(Admission&& other) noexcept;
    Admission& operator=(Admission&&) = delete;
    ~Admission();

    /// Waits, in order of arrival, for a running slot. False if `stop` was raised first.
    boost::asio::awaitable<bool> enter(StopSignal& stop);

   private:
    friend class ConcurrencyGate;
    explicit Admission(ConcurrencyGate& gate) : gate_(&gate) {}
    ConcurrencyGate* gate_;
    bool running_ = false;
  };

  struct Counts {
    int running = 0;
    int queued = 0;
  };

  explicit ConcurrencyGate(Options options) : options_(options) {}
  ConcurrencyGate(const ConcurrencyGate&) = delete;
  ConcurrencyGate& operator=(const ConcurrencyGate&) = delete;

  /// Errc::overloaded when all running and waiting places are taken.
  Result<Admission> admit();

  Counts counts() const;
  /// Whether whoever was admitted last has to wait for a slot.
  bool is_full() const { return admitted_ > options_.running_max; }
  const Options& options() const { return options_; }

 private:
  class Place;

  bool try_take_slot();
  void grant_slots() REQUIRES(mutex_);
  void give_slot_back();

  Options options_;
  std::atomic<int> admitted_ = 0;
  std::atomic<int> running_ = 0;
  std::atomic<int> waiting_ = 0;
  Mutex mutex_;
  WaitingLine line_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal::invocations
