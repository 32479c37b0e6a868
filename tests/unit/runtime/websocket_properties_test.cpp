// The specification's properties 6, 9 and 20 with a real WebSocket, and one run with each byte of the peer's
// missing.
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"
#include "unit/runtime/runtime_rig.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::runtime::websocket_properties_test {

using test::chunk_message;
using test::complete_message;
using test::RuntimeRig;
using Peer = test::ScriptedRuntime;

Peer::Step random_end_of_connection() {
  return *rc::gen::elementOf(
      std::vector<Peer::Step>{Peer::drop(), Peer::reset(), Peer::mute(), Peer::freeze()});
}

/// What a runtime may say after the prompt, well or badly.
Peer::Step random_word() {
  const std::string chunk = chunk_message(R"({"agent":"cargo","text":"0123456789"})");
  const std::vector<Peer::Step> words = {Peer::text(chunk),
                                         Peer::text(chunk),
                                         Peer::binary(chunk),
                                         Peer::fragments(chunk, 1),
                                         Peer::fragments(chunk, 7),
                                         Peer::ping(),
                                         Peer::text(R"({"type":"progress"})"),
                                         Peer::text(complete_message(R"({"done":1})")),
                                         Peer::text(complete_message(R"({"done":1})")),
                                         Peer::text(R"({"type":"error","error":{"code":"X"}})"),
                                         Peer::text("no JSON"),
                                         Peer::binary("\xFF\xFE"),
                                         Peer::text("\xFF"),
                                         Peer::text(std::string(5000, 'x')),
                                         Peer::raw("\xFF\xFF\xFF"),
                                         Peer::raw("\x81\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
                                         Peer::raw("\x81\x20half"),
                                         Peer::close(1000),
                                         Peer::close(1011),
                                         Peer::close(1013),
                                         Peer::read_close(),
                                         random_end_of_connection()};
  return *rc::gen::elementOf(words);
}

/// Everything a peer can do to a connection, from not answering at all to a long conversation.
Peer::Script random_script() {
  Peer::Script script;
  const auto stage = *rc::gen::weightedElement<int>({{1, 0}, {1, 1}, {1, 2}, {1, 3}, {10, 4}});
  if (stage == 0) return {random_end_of_connection()};
  if (stage == 1) return {Peer::read_head(), random_end_of_connection()};
  if (stage == 2) {
    const auto status = *rc::gen::element(200u, 302u, 400u, 401u, 403u, 404u, 429u, 500u, 503u);
    return {Peer::read_head(), Peer::refuse(status)};
  }
  if (stage == 3) {
    return {Peer::read_head(),
            Peer::raw(*rc::gen::element<std::string>("HTTP/1.1 101", "\r\n\r\n", "garbage\n\n")),
            random_end_of_connection()};
  }
  script.push_back(Peer::upgrade());
  if (*rc::gen::inRange(0, 6) > 0) script.push_back(Peer::read_message());
  if (*rc::gen::arbitrary<bool>()) {
    const auto chunks = *rc::gen::inRange<std::size_t>(0, 4);
    script.insert(script.end(), chunks, Peer::text(chunk_message("1")));
    script.push_back(Peer::text(complete_message("{}")));
    if (*rc::gen::arbitrary<bool>()) return script;
  }
  const auto words = *rc::gen::inRange<std::size_t>(0, 6);
  for (std::size_t i = 0; i < words; ++i) script.push_back(random_word());
  return script;
}

void set_short_limits(WebSocketRuntimeOptions& options) {
  options.connect_timeout = options.first_message_timeout = options.silence_timeout = Milliseconds(40);
  options.total_timeout = Milliseconds(120);
  options.websocket.close_timeout = Milliseconds(30);
  options.ping_interval = Milliseconds(15);
  options.websocket.message_bytes_max = 4096;
}

RC_GTEST_PROP(Property09WebSocketCleanup, NothingIsOpenWhenARunEnds, ()) {
  RuntimeRig rig;
  set_short_limits(rig.options);
  rig.server.play({random_script(), random_script(), random_script()});
  boost::asio::steady_timer timer(rig.io);
  const int stop_after_ms = *rc::gen::inRange(0, 60);
  const bool stops = *rc::gen::inRange(0, 3) == 0;
  if (stops) {
    timer.expires_after(Milliseconds(stop_after_ms));
    timer.async_wait([&](const boost::system::error_code& error) {
      if (!error) rig.stop.raise(make_error(Errc::cancelled, "enough"));
    });
  }
  const bool throws = *rc::gen::inRange(0, 6) == 0;
  if (throws) rig.sink.heard = [] { throw std::runtime_error("no room"); };
  try {
    const auto outcome = rig.run();
    RC_CLASSIFY(outcome.end.has_value(), "success");
    RC_ASSERT(outcome.open_connections == 0);
    RC_ASSERT(outcome.timings.attempts <= 3);
    if (!outcome.end) RC_ASSERT(!outcome.end.error().message.empty());
  } catch (const std::runtime_error& error) {
    RC_ASSERT(std::string(error.what()) == "no room");
  }
  RC_ASSERT(rig.server.open_connections() == 0);
}

/// Where a runtime can fall silent, and what is said of it.
struct Silence {
  Peer::Script script;
  std::string stage;
  Milliseconds WebSocketRuntimeOptions::* limit;
};

std::vector<Silence> silences() {
  const Peer::Step chunk = Peer::text(chunk_message("1"));
  return {
      {{Peer::freeze()}, "connect", &WebSocketRuntimeOptions::connect_timeout},
      {{Peer::read_head(), Peer::mute()}, "connect", &WebSocketRuntimeOptions::connect_timeout},
      {{Peer::read_head(), Peer::raw("HTTP/1.1 101 Swi")},
       "connect",
       &WebSocketRuntimeOptions::connect_timeout},
      {{Peer::upgrade()}, "first_message", &WebSocketRuntimeOptions::first_message_timeout},
      {{Peer::upgrade(), Peer::read_message(), Peer::ping()},
       "first_message",
       &WebSocketRuntimeOptions::first_message_timeout},
      {{Peer::upgrade(), Peer::read_message(), Peer::raw("\x81\x20half")},
       "first_message",
       &WebSocketRuntimeOptions::first_message_timeout},
      {{Peer::upgrade(), Peer::read_message(), chunk}, "silence", &WebSocketRuntimeOptions::silence_timeout},
      {{Peer::upgrade(), Peer::read_message(), chunk, chunk, Peer::mute()},
       "silence",
       &WebSocketRuntimeOptions::silence_timeout},
  };
}

RC_GTEST_PROP(Property06TimeoutEnforcement, EveryStageEndsAtItsOwnLimit, ()) {
  const Silence silence = *rc::gen::elementOf(silences());
  const Milliseconds limit(*rc::gen::inRange(5, 40));
  const bool total = *rc::gen::inRange(0, 3) == 0;
  RuntimeRig rig;
  rig.options.websocket.close_timeout = Milliseconds(10);
  rig.options.*(total ? &WebSocketRuntimeOptions::total_timeout : silence.limit) = limit;
  rig.server.play({silence.script});
  const auto outcome = rig.run();
  RC_ASSERT_FALSE(outcome.end.has_value());
  const Error& error = outcome.end.error();
  RC_ASSERT(error.code == Errc::timeout);
  RC_ASSERT(test::text_at(error.details, {"stage"}) == (total ? "total" : silence.stage));
  RC_ASSERT(test::value_at(error.details, {"limit_ms"}) == std::to_string(limit.count()));
  RC_ASSERT(outcome.took >= limit);
  RC_ASSERT(outcome.took < Milliseconds(5'000));
  RC_ASSERT(outcome.timings.attempts == 1);
  RC_ASSERT(outcome.open_connections == 0);
}

TEST(WebSocketRuntimeFaults, EndCleanlyWhereverThePeerBreaksOff) {
  const std::string chunk = chunk_message(R"({"agent":"cargo"})");
  const Peer::Script script = {
      Peer::upgrade(),   Peer::read_message(),       Peer::ping(),
      Peer::text(chunk), Peer::fragments(chunk, 10), Peer::text(complete_message(R"({"done":true})"))};
  std::size_t bytes = 0;
  for (bool passed = false; !passed; ++bytes) {
    ASSERT_LT(bytes, 2000u) << "it never passes";
    RuntimeRig rig;
    rig.options.retry.delays.clear();
    rig.options.websocket.close_timeout = Milliseconds(20);
    rig.server.play({script});
    rig.server.drop_after(bytes);
    const auto outcome = rig.run();
    EXPECT_EQ(outcome.open_connections, 0) << bytes;
    passed = outcome.end.has_value();
    if (passed) continue;
    const Errc code = outcome.end.error().code;
    EXPECT_TRUE(code == Errc::connection_failed || code == Errc::runtime_protocol_error) << bytes;
    EXPECT_FALSE(outcome.end.error().message.empty());
  }
  EXPECT_GT(bytes, 200u) << "every byte of the conversation had its turn";
}

/// Stands where the gateway looks for a runtime until the real one can be made.
class ForwardingRuntime final : public invocations::AgentRuntime {
 public:
  std::optional<WebSocketRuntime> to;

  boost::asio::awaitable<invocations::RunOutcome> run(invocations::RuntimeRequest request, ChunkSink& sink,
                                                      StopSignal& stop) override {
    return to->run(std::move(request), sink, stop);
  }
  boost::asio::awaitable<Result<void>> probe() override { return to->probe(); }
  std::string_view name() const override { return "scripted"; }
};

/// A whole gateway with a real WebSocket to a scripted peer.
class WholeRig {
 public:
  explicit WholeRig(WebSocketRuntimeOptions limits, gateway::GatewayOptions options = {})
      : gateway(std::move(options), &runtime), peer(gateway.io) {
    limits.endpoint = peer.endpoint();
    limits.retry.delays.clear();
    runtime.to.emplace(std::move(limits), std::nullopt, gateway.clock, gateway.random, gateway.log);
  }

  ForwardingRuntime runtime;
  test::GatewayRig gateway;
  Peer peer;
};

void expect_end_of_broken_answer(WholeRig& rig, bool streaming, std::size_t bytes, bool& passed) {
  const std::string session = SessionId::generate(rig.gateway.random).str();
  const auto call = rig.gateway.ask(test::invoke_request(test::invoke_body(session, streaming)));
  EXPECT_EQ(rig.peer.open_connections(), 0) << bytes;
  EXPECT_TRUE(rig.gateway.gateway.idle()) << bytes;
  EXPECT_EQ(rig.gateway.store.saved.size(), 1u) << bytes;
  EXPECT_TRUE(call->writer.finished);
  EXPECT_TRUE(streaming || test::is_json(call->writer.body));
  passed = rig.gateway.store.saved.at(0).status == invocations::InteractionStatus::success;
  if (streaming) {
    EXPECT_NE(call->writer.body.find(passed ? R"("type":"complete")" : R"("type":"error")"),
              std::string::npos);
  } else {
    EXPECT_EQ(call->writer.status, passed ? 200u : 502u) << bytes;
  }
}

TEST(InvocationFaults, EndCleanlyWhereverThePeerBreaksOff) {
  const std::string chunk = chunk_message(R"({"agent":"cargo","status":"approved"})");
  for (const bool streaming : {false, true}) {
    bool passed = false;
    for (std::size_t bytes = 0; !passed; bytes += 3) {
      ASSERT_LT(bytes, 2000u) << "it never passes";
      WebSocketRuntimeOptions limits;
      limits.websocket.close_timeout = Milliseconds(20);
      WholeRig rig(limits);
      rig.peer.play({{Peer::upgrade(), Peer::read_message(), Peer::text(chunk),
                      Peer::text(complete_message(R"({"assessment":{}})"))}});
      rig.peer.drop_after(bytes);
      expect_end_of_broken_answer(rig, streaming, bytes, passed);
    }
  }
}

RC_GTEST_PROP(Property20Slots, NoWebSocketStaysOpenAfterAnyMixOfEnds, ()) {
  WebSocketRuntimeOptions limits;
  set_short_limits(limits);
  gateway::GatewayOptions options;
  options.invocations.gate = {*rc::gen::inRange(1, 4), 10};
  options.disconnect_grace = Milliseconds(*rc::gen::inRange(0, 10));
  WholeRig rig(limits, options);
  const auto count = *rc::gen::inRange<std::size_t>(1, 8);
  std::vector<Peer::Script> scripts;
  for (std::size_t i = 0; i < count; ++i) scripts.push_back(random_script());
  rig.peer.play(scripts);

  const std::string shared = SessionId::generate(rig.gateway.random).str();
  std::vector<std::shared_ptr<test::GatewayRig::Call>> calls;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string own = SessionId::generate(rig.gateway.random).str();
    const bool streaming = *rc::gen::arbitrary<bool>();
    const bool in_shared = *rc::gen::inRange(0, 3) == 0;
    calls.push_back(
        rig.gateway.begin(test::invoke_request(test::invoke_body(in_shared ? shared : own, streaming))));
    if (*rc::gen::arbitrary<bool>()) rig.gateway.settle();
    if (*rc::gen::inRange(0, 4) == 0) calls.back()->writer.leave();
  }
  if (*rc::gen::inRange(0, 4) == 0) {
    rig.gateway.gateway.stop_invocations(make_error(Errc::shutting_down, "closing"));
  }
  for (const auto& call : calls) rig.gateway.finish(call);
  RC_ASSERT(rig.gateway.wait_idle());
  RC_ASSERT(rig.peer.open_connections() == 0);
  const std::string health = rig.gateway.ask(test::request_of("GET", "/api/v1/health"))->writer.body;
  RC_ASSERT(test::value_at(health, {"invocations", "running"}) == "0");
  RC_ASSERT(test::value_at(health, {"invocations", "queued"}) == "0");
}

}  // namespace skymarshal::runtime::websocket_properties_test
