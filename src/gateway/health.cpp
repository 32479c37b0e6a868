#include "gateway/health.hpp"

#include "base/json_writer.hpp"
#include "base/time_format.hpp"

namespace skymarshal::gateway {

namespace asio = boost::asio;

namespace {

std::string_view in_a_word(limits::CountedFor whom) {
  if (whom == limits::CountedFor::gateway) return "local";
  return whom == limits::CountedFor::fleet ? "shared" : "local_for_now";
}

}  // namespace

HealthMonitor::HealthMonitor(std::string version, invocations::AgentRuntime& runtime,
                             invocations::SessionStore& store, const invocations::ConcurrencyGate& gate,
                             const Clock& clock, const limits::RateLimiter* limiter)
    : version_(std::move(version)),
      runtime_(runtime),
      store_(store),
      gate_(gate),
      clock_(clock),
      limiter_(limiter) {}

asio::awaitable<void> HealthMonitor::probe() {
  const Result<void> runtime = co_await runtime_.probe();
  note(&HealthMonitor::runtime_state_, runtime);
  const Result<void> store = co_await store_.probe();
  note(&HealthMonitor::store_state_, store);
}

HealthMonitor::Report HealthMonitor::report(bool draining) const {
  const invocations::ConcurrencyGate::Counts counts = gate_.counts();
  const MutexLock lock(mutex_);
  const bool runtime_down = runtime_state_.up == false;
  const std::size_t outboxed = store_.outboxed();
  const std::size_t refused = store_.refused();
  const bool store_lags = store_state_.up == false || outboxed > 0 || refused > 0;
  Report report;
  std::string_view status = "healthy";
  const auto counted_for = limiter_ == nullptr ? limits::CountedFor::gateway : limiter_->counted_for();
  if (store_lags || counted_for == limits::CountedFor::gateway_for_now) status = "degraded";
  if (runtime_down || draining) {
    status = "unhealthy";
    report.status = 503;
  }

  JsonWriter json(report.body);
  json.begin_object().member("status", status).member("version", std::string_view(version_));
  json.member("timestamp", iso8601(clock_.wall_now())).member("draining", draining);
  json.key("dependencies").begin_object();
  const auto write = [&json](std::string_view name, const Dependency& dependency) {
    json.key(name).begin_object();
    json.member("status", !dependency.up ? "unknown" : *dependency.up ? "up" : "down");
    if (dependency.up) json.member("checked_at", iso8601(dependency.checked_at));
    if (!dependency.error.empty()) json.member("error_message", std::string_view(dependency.error));
    json.end_object();
  };
  write("runtime", runtime_state_);
  write("store", store_state_);
  json.end_object().key("outbox").begin_object();
  json.member("waiting", outboxed);
  // There are none, but for a bug: then somebody has to see to them.
  if (refused > 0) json.member("refused", refused);
  json.end_object().key("rate_limits").begin_object().member("counted", in_a_word(counted_for));
  json.end_object().key("invocations").begin_object();
  json.member("running", counts.running).member("queued", counts.queued);
  json.member("max_running", gate_.options().running_max).member("max_queued", gate_.options().queued_max);
  json.end_object().end_object();
  return report;
}

void HealthMonitor::note(Dependency HealthMonitor::* which, const Result<void>& outcome) {
  const MutexLock lock(mutex_);
  Dependency& dependency = this->*which;
  dependency.up = outcome.has_value();
  dependency.error = outcome ? std::string() : outcome.error().message;
  dependency.checked_at = clock_.wall_now();
}

}  // namespace skymarshal::gateway
