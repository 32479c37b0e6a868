// How the gateway's dependencies are: asked in the background, told from memory, so that a health check costs
// nothing and never touches the agents. report() may be called from any thread.
#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "invocations/agent_runtime.hpp"
#include "invocations/concurrency_gate.hpp"
#include "invocations/session_store.hpp"
#include "limits/rate_limiter.hpp"

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

class HealthMonitor {
 public:
  struct Report {
    /// 200 for healthy and degraded, 503 for unhealthy.
    unsigned status = 200;
    std::string body;
  };

  HealthMonitor(std::string version, invocations::AgentRuntime& runtime, invocations::SessionStore& store,
                const invocations::ConcurrencyGate& gate, const Clock& clock,
                const limits::RateLimiter* limiter = nullptr);

  /// Asks both dependencies once, now; to be called now and then.
  boost::asio::awaitable<void> probe();

  /// Without a runtime nothing can be answered: unhealthy, as when `draining`. Without the store answers are
  /// still given, and kept aside: degraded, until the last of them is in the store;
  /// and so while shared rate limits are counted by this gateway alone.
  Report report(bool draining) const;

 private:
  struct Dependency {
    /// Unset until the first probe.
    std::optional<bool> up;
    std::string error;
    WallTime checked_at;
  };
  void note(Dependency HealthMonitor::* which, const Result<void>& outcome);

  std::string version_;
  invocations::AgentRuntime& runtime_;
  invocations::SessionStore& store_;
  const invocations::ConcurrencyGate& gate_;
  const Clock& clock_;
  /// Null: nothing is said of it.
  const limits::RateLimiter* limiter_;
  mutable Mutex mutex_;
  Dependency runtime_state_ GUARDED_BY(mutex_);
  Dependency store_state_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal::gateway
