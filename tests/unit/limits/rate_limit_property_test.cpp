// Properties 21 and 10: in any window a principal gets at most its limit, whoever is below it is never
// refused, and whoever is over it gets 429 and learns when to come back.
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"

#include <deque>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::limits::rate_limit_property_test {

using std::chrono::nanoseconds;
using test::GatewayRig;
using test::request_of;
using test::text_at;
using test::value_at;

const std::vector<std::string> names = {"alice", "bob", "carol"};
const std::vector<std::string> tiers = {"", "gold", "free", "staff"};

RateLimit random_limit() { return {*rc::gen::inRange(0, 5), Milliseconds(*rc::gen::element(1, 2, 10))}; }

RateLimits random_limits() {
  RateLimits limits;
  // One window for all of them, as the settings have it.
  const Milliseconds window(*rc::gen::element(5, 10));
  limits.principal = {*rc::gen::inRange(0, 6), window};
  limits.tiers["gold"] = {*rc::gen::inRange(1, 12), window};
  limits.tiers["free"] = {1, window};
  limits.tiers["staff"] = {0, window};
  limits.account = random_limit();
  return limits;
}

/// Steps that like to end at the edges of windows.
nanoseconds random_pause() {
  const std::int64_t pause =
      *rc::gen::weightedOneOf<std::int64_t>({{6, rc::gen::element<std::int64_t>(0, 0, 1)},
                                             {2, rc::gen::inRange<std::int64_t>(0, 3'000'000)},
                                             {1, rc::gen::element<std::int64_t>(1'000'000, 5'000'000)},
                                             {1, rc::gen::element<std::int64_t>(4'999'999, 10'000'000)}});
  return nanoseconds(pause);
}

/// Everything that was ever admitted, and what follows from it by the letter of the property.
class Model {
 public:
  std::int64_t counted(const std::string& who, RateLimit limit, SteadyTime now) const {
    const auto found = admitted_.find(who);
    if (found == admitted_.end()) return 0;
    return std::ranges::count_if(found->second, [&](SteadyTime time) { return now - time < limit.window; });
  }
  bool has_room(const std::string& who, RateLimit limit, SteadyTime now) const {
    return limit.requests == 0 || counted(who, limit, now) < limit.requests;
  }
  void admit(const std::string& who, SteadyTime now) { admitted_[who].push_back(now); }

 private:
  std::map<std::string, std::vector<SteadyTime>> admitted_;
};

const std::string everybody = "everybody";

RateLimit limit_of(const RateLimits& limits, const Principal& principal) {
  const auto tier = limits.tiers.find(principal.tier);
  return tier == limits.tiers.end() ? limits.principal : tier->second;
}

RC_GTEST_PROP(Property21Rate, NobodyGetsMoreThanTheLimitAndNobodyBelowItIsRefused, ()) {
  const SystemClock unused;
  RateLimits limits = random_limits();
  LocalRateLimiter limiter(limits, unused);
  Model model;
  SteadyTime now{std::chrono::hours(1)};
  const auto steps = *rc::gen::inRange(1, 150);
  for (int step = 0; step < steps; ++step) {
    now += random_pause();
    const auto name = *rc::gen::inRange<std::size_t>(0, names.size());
    // Everybody keeps their tier; the last has the one that nobody defined.
    const Principal principal{names[name], tiers[name]};
    const RateLimit own = limit_of(limits, principal);
    const bool own_room = model.has_room(principal.id, own, now);
    const bool room = own_room && model.has_room(everybody, limits.account, now);

    const RateDecision decision = limiter.decide(principal, now).value();
    RC_ASSERT(decision.admitted == room);
    RC_ASSERT(decision.limit == own);
    if (room) {
      model.admit(principal.id, now);
      model.admit(everybody, now);
    }
    if (own.requests > 0) {
      RC_ASSERT(decision.remaining == own.requests - model.counted(principal.id, own, now));
    }
    if (room) continue;
    RC_ASSERT(decision.by_account == own_room);
    // Nobody else is quicker: waiting helps, and to the millisecond.
    const Milliseconds wait = decision.retry_after;
    const auto in_time = [&](SteadyTime then) {
      return model.has_room(principal.id, own, then) && model.has_room(everybody, limits.account, then);
    };
    RC_ASSERT(wait > Milliseconds(0));
    RC_ASSERT(in_time(now + wait));
    RC_ASSERT(!in_time(now + wait - Milliseconds(1)));
    if (*rc::gen::inRange(0, 4) > 0) continue;
    now += wait - Milliseconds(1);
    RC_ASSERT(!limiter.decide(principal, now).value().admitted);
    now += Milliseconds(1);
    RC_ASSERT(limiter.decide(principal, now).value().admitted);
    model.admit(principal.id, now);
    model.admit(everybody, now);
  }
}

RC_GTEST_PROP(Property21Rate, HoldsWhileTheNumbersOfTheLimitsChange, ()) {
  const SystemClock unused;
  RateLimits limits = random_limits();
  // Never off, as what is not limited is not remembered either.
  limits.principal.requests = 3;
  limits.account = {9, limits.principal.window};
  LocalRateLimiter limiter(limits, unused);
  Model model;
  SteadyTime now{std::chrono::hours(1)};
  const auto steps = *rc::gen::inRange(1, 150);
  for (int step = 0; step < steps; ++step) {
    now += random_pause();
    if (*rc::gen::inRange(0, 8) == 0) {
      limits.principal.requests = *rc::gen::inRange(1, 6);
      limits.tiers["gold"].requests = *rc::gen::inRange(1, 12);
      limits.account.requests = *rc::gen::inRange(6, 12);
      limiter.set_limits(limits);
    }
    const auto name = *rc::gen::inRange<std::size_t>(0, 2);
    const Principal principal{names[name], tiers[name]};
    const bool room = model.has_room(principal.id, limit_of(limits, principal), now) &&
                      model.has_room(everybody, limits.account, now);
    RC_ASSERT(limiter.decide(principal, now).value().admitted == room);
    if (!room) continue;
    model.admit(principal.id, now);
    model.admit(everybody, now);
  }
}

RC_GTEST_PROP(Property10RateLimit, WhoeverIsOverTheLimitIsToldWhenToComeBack, ()) {
  GatewayRig rig;
  RateLimits limits;
  limits.principal = {*rc::gen::inRange(1, 6), Milliseconds(*rc::gen::element(1'000, 7'300, 60'000))};
  limits.account.requests = 0;
  rig.limiter.set_limits(limits);
  const http::Request request =
      *rc::gen::arbitrary<bool>() ? request_of("GET", "/api/v1/sessions") : test::invoke_request();
  for (std::int64_t i = 0; i < limits.principal.requests; ++i) {
    RC_ASSERT(rig.ask(request)->writer.status == 200u);
    rig.clock.advance(Milliseconds(*rc::gen::inRange(0, 100)));
  }
  const auto refused = rig.ask(request);
  RC_ASSERT(refused->writer.status == 429u);
  RC_ASSERT(text_at(refused->writer.body, {"error_code"}) == "RATE_LIMITED");
  const std::string header(refused->writer.headers.find("Retry-After").value_or(""));
  const Milliseconds exact(std::stoll(value_at(refused->writer.body, {"details", "retry_after_ms"})));
  const std::chrono::seconds wait(std::stoll(header));
  RC_ASSERT(wait >= std::chrono::seconds(1));
  RC_ASSERT(wait == std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(exact)));
  rig.clock.advance(exact - Milliseconds(1));
  RC_ASSERT(rig.ask(request)->writer.status == 429u);
  rig.clock.advance(Milliseconds(1));
  RC_ASSERT(rig.ask(request)->writer.status == 200u);
}

}  // namespace skymarshal::limits::rate_limit_property_test
