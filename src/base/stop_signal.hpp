// "Please end now, for this reason": raised once, heard by whoever is waiting at that moment.
// Lives on one executor, like the invocation that owns it; other threads post to that executor.
#pragma once

#include "base/error.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace skymarshal {

class StopSignal {
 public:
  /// Hears the stop for as long as it lives. At most one listener at a time: the innermost wait.
  class Listener {
   public:
    /// `on_stop` runs at most once; at once if the stop was raised already.
    Listener(StopSignal& signal, std::function<void()> on_stop) : signal_(signal) {
      previous_ = std::exchange(signal_.on_stop_, std::move(on_stop));
      if (signal_.reason_) signal_.on_stop_();
    }
    ~Listener() { signal_.on_stop_ = std::move(previous_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

   private:
    StopSignal& signal_;
    std::function<void()> previous_;
  };

  StopSignal() = default;
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// The first reason wins; later ones change nothing.
  void raise(Error reason) {
    if (reason_) return;
    reason_ = std::move(reason);
    if (on_stop_) on_stop_();
  }

  bool raised() const { return reason_.has_value(); }
  /// Only when raised.
  const Error& reason() const { return *reason_; }

 private:
  std::optional<Error> reason_;
  std::function<void()> on_stop_;
};

}  // namespace skymarshal
