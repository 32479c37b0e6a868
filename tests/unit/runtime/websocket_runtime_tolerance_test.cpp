// What a runtime may do wrong without harm: speak behind its end, say what cannot be read, end without data.
#include "runtime/websocket_runtime.hpp"
#include "unit/runtime/runtime_rig.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::websocket_runtime_tolerance_test {

using test::chunk_message;
using test::complete_message;
using test::RuntimeRig;
using Peer = test::ScriptedRuntime;
using Texts = std::vector<std::string>;

TEST(WebSocketRuntimeTolerance, SkipsWhatItCannotRead) {
  RuntimeRig rig;
  rig.server.play({Peer::answer({chunk_message("1"), "", "[1]", R"({"type":"chunk","data":NaN})", "hello",
                                 "\xEF\xBB\xBF" + chunk_message("2"), complete_message("3")})});
  const auto outcome = rig.run();
  ASSERT_TRUE(outcome.end) << outcome.end.error().message;
  EXPECT_EQ(*outcome.end, "3");
  EXPECT_EQ(rig.sink.chunks, (Texts{"1", "2"}));
  EXPECT_EQ(outcome.timings.unreadable_messages, 4);
  EXPECT_EQ(outcome.timings.stage, "end");

  RuntimeRig binary;
  binary.server.play({{Peer::upgrade(), Peer::read_message(), Peer::binary("{\"data\":\"\xFF\"}"),
                       Peer::text(complete_message("3"))}});
  const auto despite_binary = binary.run();
  ASSERT_TRUE(despite_binary.end) << despite_binary.end.error().message;
  EXPECT_EQ(despite_binary.timings.unreadable_messages, 1);
}

TEST(WebSocketRuntimeTolerance, GivesUpOnARuntimeThatCannotBeRead) {
  RuntimeRig rig;
  rig.server.play({Peer::answer(std::vector<std::string>(17, "hello"))});
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_protocol_error);
  EXPECT_EQ(outcome.timings.unreadable_messages, 17);
}

TEST(WebSocketRuntimeTolerance, LetsTheFirstEndStandWhateverComesBehindIt) {
  const std::string first = complete_message("\"first\"");
  const std::vector<std::vector<Peer::Step>> behind = {
      {Peer::text(chunk_message("1"))},
      {Peer::text(complete_message("\"second\""))},
      {Peer::text(R"({"type":"error","error":{"code":"TIMEOUT"}})")},
      {Peer::text("garbage"), Peer::binary("\xFF")},
      {Peer::raw("\xFF\xFF\xFF garbage")},
      {Peer::raw(std::string("\x88\x01\x03", 3))},
      {Peer::close(1011, "it broke")},
      {Peer::text(chunk_message("1")), Peer::reset()},
      {Peer::reset()},
      {Peer::read_close(), Peer::text(complete_message("\"second\"")), Peer::close(1000)}};
  for (std::size_t i = 0; i < behind.size(); ++i) {
    RuntimeRig rig;
    rig.options.websocket.close_timeout = Milliseconds(100);
    Peer::Script script = {Peer::upgrade(), Peer::read_message()};
    // In one piece, so that nothing comes between, and the reader holds both before it has looked at one.
    Peer::Step together = Peer::text(first);
    const bool is_bytes = behind[i].front().kind == Peer::Step::Kind::bytes;
    if (is_bytes) together.bytes += behind[i].front().bytes;
    script.push_back(together);
    script.insert(script.end(), behind[i].begin() + (is_bytes ? 1 : 0), behind[i].end());
    rig.server.play({script});
    const auto outcome = rig.run();
    ASSERT_TRUE(outcome.end) << i << outcome.end.error().message;
    EXPECT_EQ(*outcome.end, "\"first\"") << i;
    EXPECT_TRUE(rig.sink.chunks.empty()) << i;
    EXPECT_EQ(outcome.open_connections, 0) << i;
  }
}

TEST(WebSocketRuntimeTolerance, LetsAnErrorStandAsItLetsAnAnswer) {
  RuntimeRig rig;
  rig.server.play({Peer::answer({R"({"type":"error","message":"first"})", complete_message("{}")})});
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_error);
}

TEST(WebSocketRuntimeTolerance, WaitsForTheDataOfAnEndWithoutAny) {
  RuntimeRig rig;
  rig.server.play({Peer::answer({R"({"type":"complete"})", chunk_message("1"), complete_message("7")})});
  const auto outcome = rig.run();
  ASSERT_TRUE(outcome.end);
  EXPECT_EQ(*outcome.end, "7");
  EXPECT_TRUE(rig.sink.chunks.empty()) << "what is no data comes too late";
}

TEST(WebSocketRuntimeTolerance, DoesNotWaitForDataForLong) {
  for (const Peer::Step& next : {Peer::ping(), Peer::close(1000), Peer::drop(), Peer::mute()}) {
    RuntimeRig rig;
    rig.options.websocket.close_timeout = Milliseconds(40);
    rig.server.play(
        {{Peer::upgrade(), Peer::read_message(), Peer::text(R"({"type":"complete","n":1})"), next}});
    const auto outcome = rig.run();
    ASSERT_TRUE(outcome.end) << outcome.end.error().message;
    EXPECT_EQ(*outcome.end, R"({"type":"complete","n":1})");
    EXPECT_LT(outcome.took, Milliseconds(5'000));
    EXPECT_EQ(outcome.open_connections, 0);
  }
  RuntimeRig polite;
  polite.options.websocket.close_timeout = Milliseconds(40);
  polite.server.play({Peer::answer({R"({"type":"complete"})"})});
  ASSERT_TRUE(polite.run().end);
  ASSERT_TRUE(polite.peer_has_seen([&] { return polite.server.connections().at(0).close_code.has_value(); }));
  EXPECT_EQ(polite.server.connections().at(0).close_code, 1000) << "it is told that nobody waits any more";
}

}  // namespace skymarshal::runtime::websocket_runtime_tolerance_test
