// How a run ends that does not come to its answer by itself: silence, stops, farewells that hang.
#include "runtime/websocket_runtime.hpp"
#include "support/json_text.hpp"
#include "unit/runtime/hanging_access.hpp"
#include "unit/runtime/runtime_rig.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace skymarshal::runtime::websocket_runtime_endings_test {

using test::chunk_message;
using test::complete_message;
using test::RuntimeRig;
using Peer = test::ScriptedRuntime;

boost::asio::awaitable<void> stop_once(RuntimeRig& rig, std::function<bool()> condition) {
  boost::asio::steady_timer timer(rig.io);
  while (!condition()) {
    timer.expires_after(Milliseconds(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  rig.stop.raise(make_error(Errc::cancelled, "enough"));
}

TEST(WebSocketRuntimeEndings, LeavesAnAgentThatAnswersNoPingsItsTimeOfSilence) {
  RuntimeRig rig;
  rig.options.ping_interval = Milliseconds(10);
  rig.options.silence_timeout = Milliseconds(400);
  rig.server.play({{Peer::upgrade(), Peer::read_message(), Peer::text(chunk_message("1")), Peer::mute()}});
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::timeout) << outcome.end.error().message;
  EXPECT_EQ(test::text_at(outcome.end.error().details, {"stage"}), "silence");
  EXPECT_NE(test::value_at(outcome.end.error().details, {"unanswered_pings"}), "");
  EXPECT_GE(outcome.took, Milliseconds(400));
  EXPECT_EQ(outcome.timings.stage, "silence");
  EXPECT_EQ(outcome.open_connections, 0);
}

TEST(WebSocketRuntimeEndings, WaitsForAPeerThatAnswersPings) {
  RuntimeRig rig;
  rig.options.ping_interval = Milliseconds(10);
  rig.options.silence_timeout = rig.options.first_message_timeout = Milliseconds(600);
  rig.server.play({{Peer::upgrade(), Peer::read_message()}});
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::timeout) << outcome.end.error().message;
  EXPECT_GE(rig.server.connections().at(0).pings, 3);
}

TEST(WebSocketRuntimeEndings, KeepsAnAnswerWhoseFarewellHangs) {
  for (const Peer::Step& end : {Peer::mute(), Peer::freeze(), Peer::drop(), Peer::reset()}) {
    RuntimeRig rig;
    rig.options.websocket.close_timeout = Milliseconds(30);
    rig.server.play({{Peer::upgrade(), Peer::read_message(), Peer::text(complete_message("\"kept\"")), end}});
    const auto outcome = rig.run();
    ASSERT_TRUE(outcome.end) << outcome.end.error().message;
    EXPECT_EQ(*outcome.end, "\"kept\"");
    EXPECT_EQ(outcome.open_connections, 0);
  }
}

TEST(WebSocketRuntimeEndings, DoesNotWaitForAPeerThatSaysGoodbyeAndStays) {
  const std::vector<Peer::Script> goodbyes = {
      {Peer::close(1000), Peer::mute()},
      {Peer::text("\xFF"), Peer::mute()},
      {Peer::text(chunk_message("1")), Peer::close(1011), Peer::freeze()}};
  for (const Peer::Script& goodbye : goodbyes) {
    RuntimeRig rig;
    rig.options.websocket.close_timeout = Milliseconds(30);
    Peer::Script script = {Peer::upgrade(), Peer::read_message()};
    script.insert(script.end(), goodbye.begin(), goodbye.end());
    rig.server.play({script});
    const auto outcome = rig.run();
    ASSERT_FALSE(outcome.end);
    EXPECT_EQ(outcome.end.error().code, Errc::runtime_protocol_error) << outcome.end.error().message;
    EXPECT_LT(outcome.took, Milliseconds(5'000));
    EXPECT_EQ(outcome.open_connections, 0);
  }
}

TEST(WebSocketRuntimeEndings, EndsWithTheReasonItIsStoppedFor) {
  for (const Peer::Script& script : {
           Peer::Script{Peer::freeze()},
           Peer::Script{Peer::read_head(), Peer::mute()},
           Peer::Script{Peer::upgrade(), Peer::freeze()},
           Peer::Script{Peer::upgrade(), Peer::read_message(), Peer::mute()},
           Peer::Script{Peer::upgrade(), Peer::read_message(), Peer::text(chunk_message("1"))},
       }) {
    RuntimeRig rig;
    rig.options.websocket.close_timeout = Milliseconds(30);
    rig.server.play({script});
    boost::asio::steady_timer timer(rig.io, Milliseconds(20));
    timer.async_wait([&](auto) { rig.stop.raise(make_error(Errc::cancelled, "enough")); });
    const auto outcome = rig.run();
    ASSERT_FALSE(outcome.end);
    EXPECT_EQ(outcome.end.error().code, Errc::cancelled);
    EXPECT_EQ(outcome.end.error().message, "enough");
    EXPECT_EQ(outcome.open_connections, 0);
    EXPECT_LT(outcome.took, Milliseconds(5'000));
  }
}

TEST(WebSocketRuntimeEndings, KeepsAnEndThatCameBeforeItWasStopped) {
  RuntimeRig rig;
  rig.options.websocket.close_timeout = Milliseconds(60'000);
  rig.server.play(
      {{Peer::upgrade(), Peer::read_message(), Peer::text(R"({"type":"error","message":"no more tokens"})"),
        Peer::read_close(), Peer::mute()}});
  const auto takes_its_leave = [&rig] {
    return !rig.server.connections().empty() && rig.server.connections().front().close_code.has_value();
  };
  boost::asio::co_spawn(rig.io, stop_once(rig, takes_its_leave), boost::asio::detached);
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_error) << outcome.end.error().message;
  EXPECT_LT(outcome.took, Milliseconds(20'000)) << "the farewell is not waited for";
}

TEST(WebSocketRuntimeEndings, ConnectsToNobodyWhenItIsStoppedAlready) {
  RuntimeRig rig;
  rig.stop.raise(make_error(Errc::cancelled, "too late"));
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::cancelled);
  EXPECT_EQ(outcome.timings.attempts, 0);
  EXPECT_TRUE(rig.server.connections().empty());
}

TEST(WebSocketRuntimeEndings, StopsWhileItWaitsForARetry) {
  RuntimeRig rig;
  rig.options.retry.delays = {Milliseconds(60'000)};
  rig.server.play({{Peer::read_head(), Peer::refuse(503)}});
  boost::asio::steady_timer timer(rig.io, Milliseconds(40));
  timer.async_wait([&](auto) { rig.stop.raise(make_error(Errc::cancelled, "enough")); });
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::cancelled);
  EXPECT_EQ(outcome.timings.attempts, 1);
}

TEST(WebSocketRuntimeEndings, WaitsForCredentialsNoLongerThanForAConnection) {
  for (const bool at_renewal : {false, true}) {
    test::HangingAccess access;
    access.hangs_at_renewal = at_renewal;
    RuntimeRig rig;
    rig.options.access = &access;
    rig.options.connect_timeout = Milliseconds(100);
    rig.server.play({{Peer::refuse(403)}});
    const auto outcome = rig.run();
    ASSERT_FALSE(outcome.end);
    EXPECT_EQ(outcome.end.error().code, Errc::timeout) << outcome.end.error().message;
    EXPECT_EQ(test::text_at(outcome.end.error().details, {"stage"}), "connect");
    EXPECT_EQ(rig.server.connections().size(), at_renewal ? 1u : 0u);
    EXPECT_EQ(outcome.open_connections, 0);
  }
}

TEST(WebSocketRuntimeEndings, StopsWhileItWaitsForCredentials) {
  test::HangingAccess access;
  RuntimeRig rig;
  rig.options.access = &access;
  boost::asio::co_spawn(rig.io, stop_once(rig, [&access] { return access.is_waited_for; }),
                        boost::asio::detached);
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::cancelled);
  EXPECT_EQ(outcome.timings.attempts, 1);
}

TEST(WebSocketRuntimeEndings, StopsFromWithinTheSink) {
  RuntimeRig rig;
  rig.sink.heard = [&] { rig.stop.raise(make_error(Errc::runtime_protocol_error, "too much")); };
  rig.server.play({Peer::answer({chunk_message("1"), chunk_message("2"), chunk_message("3")})});
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().message, "too much");
  EXPECT_EQ(rig.sink.chunks.size(), 1u);
  EXPECT_EQ(outcome.open_connections, 0);
}

TEST(WebSocketRuntimeEndings, ClosesWhenTheSinkThrows) {
  RuntimeRig rig;
  rig.sink.heard = [] { throw std::runtime_error("no room"); };
  rig.server.play({Peer::answer({chunk_message("1"), complete_message("{}")})});
  EXPECT_THROW(rig.run(), std::runtime_error);
  EXPECT_EQ(rig.server.open_connections(), 0);
}

}  // namespace skymarshal::runtime::websocket_runtime_endings_test
