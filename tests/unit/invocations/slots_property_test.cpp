// Property 20: after any mix of ends, at any moment, all slots are free and nothing is open.
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::invocations::slots_property_test {

using test::FakeRuntime;
using test::GatewayRig;
using test::text_at;
using test::value_at;
using End = FakeRuntime::Play::End;

/// How one invocation and its client come to their ends.
struct Fate {
  FakeRuntime::Play play;
  bool streaming = false;
  /// Pieces after which a streaming client is gone.
  std::size_t pieces_max = std::numeric_limits<std::size_t>::max();
  /// The client hangs up without a word.
  bool leaves = false;
};

Fate random_fate() {
  Fate fate;
  fate.play.end = *rc::gen::element(End::complete, End::fail, End::hang, End::raise);
  fate.play.error =
      make_error(*rc::gen::element(Errc::timeout, Errc::runtime_error, Errc::connection_failed), "ended");
  fate.play.chunks.assign(*rc::gen::inRange<std::size_t>(0, 5), R"({"agent":"cargo"})");
  fate.streaming = *rc::gen::arbitrary<bool>();
  if (*rc::gen::inRange(0, 3) == 0) fate.pieces_max = *rc::gen::inRange<std::size_t>(0, 4);
  fate.leaves = fate.play.end == End::hang || *rc::gen::inRange(0, 4) == 0;
  return fate;
}

RC_GTEST_PROP(Property20Slots, AllAreFreeAfterAnyMixOfEnds, ()) {
  gateway::GatewayOptions options;
  options.invocations.gate = {*rc::gen::inRange(1, 4), *rc::gen::inRange(0, 6)};
  options.invocations.turns.queued_per_session_max = 3;
  options.disconnect_grace = Milliseconds(*rc::gen::inRange(0, 3));
  GatewayRig rig(options);
  std::vector<std::string> sessions;
  for (int i = 0; i < 2; ++i) sessions.push_back(SessionId::generate(rig.random).str());

  std::vector<Fate> fates(*rc::gen::inRange<std::size_t>(1, 12));
  for (Fate& fate : fates) fate = random_fate();
  std::size_t next_fate = 0;
  rig.runtime.play = [&](const RuntimeRequest& request) {
    // The prompt says whose turn it is: runs need not come in the order of the requests.
    return fates.at(std::stoul(request.prompt.substr(request.prompt.rfind(' ')))).play;
  };
  std::vector<std::shared_ptr<GatewayRig::Call>> calls;
  for (const Fate& fate : fates) {
    std::string body = R"({"prompt":"this is number )" + std::to_string(next_fate++) + R"(","streaming":)" +
                       (fate.streaming ? "true" : "false");
    if (*rc::gen::arbitrary<bool>()) body += R"(,"session_id":")" + *rc::gen::elementOf(sessions) + "\"";
    calls.push_back(rig.begin(test::invoke_request(body + "}"), {fate.pieces_max, *rc::gen::inRange(0, 3)}));
    rig.step(*rc::gen::inRange(0, 16));
    rig.store.down = *rc::gen::inRange(0, 5) == 0;
    rig.store.throws = *rc::gen::inRange(0, 5) == 0;
    RC_ASSERT(rig.runtime.open <= options.invocations.gate.running_max);
  }
  for (std::size_t i = 0; i < fates.size(); ++i) {
    if (fates[i].leaves) calls[i]->writer.leave();
  }
  if (*rc::gen::inRange(0, 3) == 0) rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  for (const auto& call : calls) rig.finish(call);
  RC_ASSERT(rig.wait_idle());
  RC_ASSERT(rig.runtime.open_max <= options.invocations.gate.running_max);
  RC_ASSERT(rig.runtime.open == 0);
  for (const auto& call : calls) {
    RC_ASSERT(call->writer.answers <= 1);
    RC_ASSERT_FALSE(call->writer.listening());
  }

  // As many as may run at once can run again, and the sessions have no turn left.
  rig.store.down = rig.store.throws = false;
  rig.runtime.play = [](const RuntimeRequest&) { return FakeRuntime::Play{{}, End::hang}; };
  std::vector<std::shared_ptr<GatewayRig::Call>> full;
  for (int i = 0; i < options.invocations.gate.running_max; ++i)
    full.push_back(rig.begin(test::invoke_request()));
  rig.settle();
  RC_ASSERT(rig.runtime.open == options.invocations.gate.running_max);
  for (const std::string& session : sessions) {
    const auto erased = rig.ask(test::request_of("DELETE", "/api/v1/sessions/" + session));
    RC_ASSERT(erased->writer.status == 204u || erased->writer.status == 404u);
  }
  const std::string health = rig.ask(test::request_of("GET", "/api/v1/health"))->writer.body;
  RC_ASSERT(value_at(health, {"invocations", "running"}) ==
            std::to_string(options.invocations.gate.running_max));
  RC_ASSERT(value_at(health, {"invocations", "queued"}) == "0");
  rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  for (const auto& call : full) rig.finish(call);
  RC_ASSERT(rig.gateway.idle());
}

}  // namespace skymarshal::invocations::slots_property_test
