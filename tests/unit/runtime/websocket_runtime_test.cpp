// One invocation over a real WebSocket, peer by peer: what is sent, what is made of what comes, and every
// limit.
#include "runtime/websocket_runtime.hpp"

#include "support/json_text.hpp"
#include "support/run_awaitable.hpp"
#include "support/test_authority.hpp"
#include "unit/runtime/runtime_rig.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::websocket_runtime_test {

using test::chunk_message;
using test::complete_message;
using test::RuntimeRig;
using Peer = test::ScriptedRuntime;
using Texts = std::vector<std::string>;

TEST(WebSocketRuntime, AsksAsTheProtocolSays) {
  RuntimeRig rig;
  rig.options.endpoint.target = "/ws?qualifier=live";
  rig.prompt = "EY283 \"late\"\n\xF0\x9F\x98\x80 since 9";
  rig.server.play({Peer::answer({complete_message("{}")})});
  const auto outcome = rig.run();
  ASSERT_TRUE(outcome.end);
  const auto seen = rig.server.connections();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_TRUE(seen[0].head.starts_with("GET /ws?qualifier=live HTTP/1.1\r\n")) << seen[0].head;
  const std::string host = "\r\nHost: 127.0.0.1:" + std::to_string(rig.options.endpoint.port) + "\r\n";
  EXPECT_NE(seen[0].head.find(host), std::string::npos) << seen[0].head;
  const std::string session =
      "\r\nX-Amzn-Bedrock-AgentCore-Runtime-Session-Id: " + rig.session.str() + "\r\n";
  EXPECT_NE(seen[0].head.find(session), std::string::npos) << seen[0].head;
  EXPECT_EQ(seen[0].messages, (Texts{R"({"action":"invoke","payload":{"prompt":"EY283 \"late\"\n)"
                                     "\xF0\x9F\x98\x80 since 9\",\"session_id\":\"" +
                                     rig.session.str() + "\"}}"}));
}

TEST(WebSocketRuntime, AsksForASessionToBeForgottenWhereThatIsUnderstood) {
  RuntimeRig rig;
  const auto forgotten = [&rig](Peer::Script script) {
    rig.server.play({std::move(script)});
    WebSocketRuntime subject(rig.options, std::nullopt, rig.clock, rig.random, rig.log);
    return test::run_awaitable(rig.io, subject.forget(rig.session));
  };
  EXPECT_TRUE(forgotten({Peer::drop()}));
  EXPECT_TRUE(rig.server.connections().empty()) << "others would take it for an invocation";
  rig.options.can_forget = true;
  EXPECT_TRUE(forgotten(Peer::answer({R"({"type":"complete","data":{"forgotten":true}})"})));
  EXPECT_EQ(rig.server.connections().at(0).messages,
            Texts{R"({"action":"forget","payload":{"session_id":")" + rig.session.str() + "\"}}"});
  EXPECT_FALSE(forgotten(Peer::answer({R"({"type":"error","error":{"code":"INVALID_REQUEST"}})"})));
  EXPECT_FALSE(forgotten({Peer::upgrade(), Peer::drop()}));
  EXPECT_FALSE(forgotten({Peer::drop()}));
  rig.options.connect_timeout = Milliseconds(30);
  EXPECT_FALSE(forgotten({Peer::upgrade(), Peer::mute()}));
}

/// Numbers what it authorises.
class NumberingAccess final : public RuntimeAccess {
 public:
  int authorised = 0;
  int renewals = 0;
  std::optional<Failure> refusal;

  boost::asio::awaitable<std::optional<Failure>> authorize(http::Request& request, Pass& pass) override {
    pass = std::make_shared<const int>(++authorised);
    request.headers.set("Authorization", "number " + std::to_string(authorised));
    co_return refusal;
  }
  boost::asio::awaitable<bool> may_authorize_again(aws::ServiceError, Pass) override {
    co_return renewals-- > 0;
  }
};

TEST(WebSocketRuntime, AuthorisesEachAttemptAnew) {
  NumberingAccess access;
  access.renewals = 1;
  RuntimeRig rig;
  rig.options.access = &access;
  rig.options.retry.delays = {Milliseconds(1)};
  rig.server.play({{Peer::read_head(), Peer::refuse(403)},
                   {Peer::read_head(), Peer::refuse(503)},
                   Peer::answer({complete_message("{}")})});
  const auto outcome = rig.run();
  ASSERT_TRUE(outcome.end) << outcome.end.error().message;
  EXPECT_EQ(outcome.timings.attempts, 3);
  const auto seen = rig.server.connections();
  for (std::size_t number = 0; number < 3; ++number) {
    const std::string field = "\r\nAuthorization: number " + std::to_string(number + 1) + "\r\n";
    EXPECT_NE(seen.at(number).head.find(field), std::string::npos) << seen[number].head;
  }
}

TEST(WebSocketRuntime, SendsNothingThatItCannotAuthorise) {
  NumberingAccess access;
  access.refusal = Failure{make_error(Errc::runtime_unavailable, "not now"), "no credentials"};
  RuntimeRig rig;
  rig.options.access = &access;
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_unavailable);
  EXPECT_EQ(access.authorised, 3) << "they may be had a little later";
  EXPECT_TRUE(rig.server.connections().empty());
}

TEST(WebSocketRuntime, HandsChunksOnInTheirOrderAndThenTheEnd) {
  RuntimeRig rig;
  rig.server.play({Peer::answer(
      {chunk_message("1"), chunk_message(R"({"agent":"cargo"})"), complete_message(R"({"a":[1, 2]})")})});
  const auto outcome = rig.run();
  ASSERT_TRUE(outcome.end);
  EXPECT_EQ(*outcome.end, R"({"a":[1, 2]})");
  EXPECT_EQ(rig.sink.chunks, (Texts{"1", R"({"agent":"cargo"})"}));
  EXPECT_EQ(outcome.timings.attempts, 1);
  EXPECT_TRUE(outcome.timings.connect);
  EXPECT_TRUE(outcome.timings.first_message);
}

TEST(WebSocketRuntime, ClosesProperlyWhenItHasItsAnswer) {
  RuntimeRig rig;
  rig.server.play({Peer::answer({complete_message("{}")})});
  const auto outcome = rig.run();
  EXPECT_EQ(outcome.open_connections, 0);
  EXPECT_EQ(rig.server.connections().at(0).close_code, 1000);
}

TEST(WebSocketRuntime, CutsLongPromptsIntoFrames) {
  RuntimeRig rig;
  rig.prompt = std::string(30'000, 'p');
  rig.options.websocket.fragment_bytes_max = 4096;
  rig.server.play({Peer::answer({complete_message("{}")})});
  ASSERT_TRUE(rig.run().end);
  const auto seen = rig.server.connections().at(0);
  EXPECT_GE(seen.frames, 8u);
  EXPECT_LE(seen.longest_frame, 4096u);
  EXPECT_EQ(test::text_at(seen.messages.at(0), {"payload", "prompt"}), rig.prompt);
}

TEST(WebSocketRuntime, ToleratesFragmentsPingsBinaryAndUnknownTypes) {
  RuntimeRig rig;
  rig.server.play({{Peer::upgrade(), Peer::ping(), Peer::read_message(), Peer::ping("a"),
                    Peer::fragments(chunk_message(R"("one byte a frame")"), 1),
                    Peer::binary(chunk_message(R"("binary")")), Peer::ping("b"),
                    Peer::text(R"({"type":"progress","percent":40})"),
                    Peer::fragments(complete_message(R"({"done":true})"), 3)}});
  const auto outcome = rig.run();
  ASSERT_TRUE(outcome.end) << outcome.end.error().message;
  EXPECT_EQ(*outcome.end, R"({"done":true})");
  EXPECT_EQ(rig.sink.chunks,
            (Texts{R"("one byte a frame")", R"("binary")", R"({"type":"progress","percent":40})"}));
  ASSERT_TRUE(rig.peer_has_seen([&] { return rig.server.connections().at(0).pongs == 3; }));
}

TEST(WebSocketRuntime, AnswersPingsBetweenTheFramesOfAMessage) {
  RuntimeRig rig;
  const std::string message = complete_message("[]");
  Peer::Step first = Peer::fragments(message, 5);
  const std::size_t frame = 5 + 2;
  Peer::Step rest = Peer::raw(first.bytes.substr(frame));
  first.bytes.resize(frame);
  rig.server.play({{Peer::upgrade(), Peer::read_message(), first, Peer::ping(), rest}});
  const auto outcome = rig.run();
  ASSERT_TRUE(outcome.end);
  EXPECT_EQ(*outcome.end, "[]");
}

struct BadSpeech {
  const char* name;
  std::vector<Peer::Step> said;
};

TEST(WebSocketRuntime, RefusesWhatBreaksTheProtocol) {
  const std::vector<BadSpeech> cases = {
      {"an end that is no JSON", {Peer::text("{\"type\":\"complete\",\"data\":{\"n\":NaN}}")}},
      {"nothing but what cannot be read", {Peer::text("hello"), Peer::close(1000)}},
      {"no UTF-8 in a text message", {Peer::text("{\"type\":\"chunk\",\"data\":\"\xFF\"}")}},
      {"an unmasked frame with reserved bits", {Peer::raw("\xF1\x01x")}},
      {"an unknown opcode", {Peer::raw("\x83\x01x")}},
      {"a continuation of nothing", {Peer::raw(std::string("\x80\x01x"))}},
      {"a close without an end", {Peer::close(1000)}},
      {"a close for an error", {Peer::close(1011)}},
      {"a connection that ends", {Peer::drop()}},
      {"a connection that breaks", {Peer::reset()}},
      {"a message that breaks off", {Peer::raw("\x81\x7D{\"type\""), Peer::drop()}},
      {"try again after a message", {Peer::text(chunk_message("1")), Peer::close(1013)}},
  };
  for (const BadSpeech& bad : cases) {
    RuntimeRig rig;
    Peer::Script script = {Peer::upgrade(), Peer::read_message()};
    script.insert(script.end(), bad.said.begin(), bad.said.end());
    rig.server.play({script});
    const auto outcome = rig.run();
    ASSERT_FALSE(outcome.end) << bad.name;
    EXPECT_EQ(outcome.end.error().code, Errc::runtime_protocol_error)
        << bad.name << outcome.end.error().message;
    EXPECT_EQ(outcome.timings.attempts, 1) << bad.name << ": never again after a message";
    EXPECT_EQ(outcome.open_connections, 0) << bad.name;
  }
}

TEST(WebSocketRuntime, RefusesMessagesOverTheLimitAndTakesThoseAtIt) {
  RuntimeRig rig;
  rig.options.websocket.message_bytes_max = 1000;
  const std::string message =
      complete_message("\"" + std::string(1000 - complete_message("\"\"").size(), 'x') + "\"");
  ASSERT_EQ(message.size(), 1000u);
  rig.server.play({Peer::answer({message})});
  EXPECT_TRUE(rig.run().end);

  for (const std::size_t frame : {2000u, 100u}) {
    RuntimeRig over;
    over.options.websocket.message_bytes_max = 999;
    over.server.play({{Peer::upgrade(), Peer::read_message(), Peer::fragments(message, frame)}});
    const auto outcome = over.run();
    ASSERT_FALSE(outcome.end);
    EXPECT_EQ(outcome.end.error().code, Errc::runtime_protocol_error);
    EXPECT_NE(outcome.end.error().message.find("999 bytes"), std::string::npos)
        << outcome.end.error().message;
    EXPECT_EQ(outcome.open_connections, 0);
  }
}

TEST(WebSocketRuntime, PassesOnLargeMessagesWhole) {
  RuntimeRig rig;
  const std::string data = "\"" + std::string(3'000'000, 'x') + "\"";
  rig.server.play({Peer::answer({chunk_message(data), complete_message(data)})});
  const auto outcome = rig.run();
  ASSERT_TRUE(outcome.end);
  EXPECT_EQ(*outcome.end, data);
  EXPECT_EQ(rig.sink.chunks.at(0), data);
}

TEST(WebSocketRuntime, ReportsTheErrorsOfTheRuntime) {
  struct Row {
    std::string code;
    Errc errc;
    bool retry_after;
  };
  for (const Row& row :
       {Row{"TIMEOUT", Errc::timeout, false}, Row{"THROTTLED", Errc::runtime_unavailable, true},
        Row{"OVERLOADED", Errc::runtime_unavailable, true},
        Row{"AGENT_CRASHED", Errc::runtime_error, false}}) {
    RuntimeRig rig;
    rig.server.play({Peer::answer({R"({"type":"error","error":{"code":")" + row.code +
                                   R"(","message":"so it is","details":{"n":1}}})"})});
    const auto outcome = rig.run();
    ASSERT_FALSE(outcome.end) << row.code;
    EXPECT_EQ(outcome.end.error().code, row.errc) << row.code;
    EXPECT_EQ(outcome.end.error().retry_after.has_value(), row.retry_after) << row.code;
    EXPECT_EQ(test::value_at(outcome.end.error().details, {"runtime"}),
              R"({"code":")" + row.code + R"(","message":"so it is","details":{"n":1}})");
    EXPECT_EQ(outcome.timings.attempts, 1) << "it has started";
  }
}

TEST(WebSocketRuntime, TellsRefusalsAtTheDoorApart) {
  struct Row {
    unsigned status;
    Errc errc;
    int attempts;
  };
  for (const Row& row : {Row{401, Errc::runtime_refused, 1}, Row{403, Errc::runtime_refused, 1},
                         Row{404, Errc::runtime_refused, 1}, Row{200, Errc::runtime_refused, 1},
                         Row{429, Errc::runtime_unavailable, 3}, Row{503, Errc::runtime_unavailable, 3},
                         Row{500, Errc::connection_failed, 3}, Row{502, Errc::connection_failed, 3}}) {
    RuntimeRig rig;
    rig.server.play({{Peer::read_head(), Peer::refuse(row.status)}});
    const auto outcome = rig.run();
    ASSERT_FALSE(outcome.end) << row.status;
    EXPECT_EQ(outcome.end.error().code, row.errc) << row.status;
    EXPECT_EQ(outcome.timings.attempts, row.attempts) << row.status;
    EXPECT_EQ(outcome.end.error().details,
              "{\"runtime\":{\"http_status\":" + std::to_string(row.status) + "}}");
    EXPECT_EQ(outcome.timings.stage, "connect");
    EXPECT_EQ(outcome.end.error().retry_after.has_value(), row.errc == Errc::runtime_unavailable);
    EXPECT_EQ(outcome.open_connections, 0) << row.status;
  }
}

TEST(WebSocketRuntime, PassesOnWhatARefusalSays) {
  RuntimeRig rig;
  rig.options.retry.delays.clear();
  rig.server.play(
      {{Peer::read_head(), Peer::refuse(429, "Retry-After: 17\r\n", "{\"message\":\"slow\x1B down\"}")},
       {Peer::read_head(), Peer::refuse(503, "Retry-After: Thu, 01 Jan 2026 00:00:42 GMT\r\n")}});
  const auto seconds = rig.run();
  ASSERT_FALSE(seconds.end);
  EXPECT_EQ(seconds.end.error().retry_after, std::chrono::seconds(17));
  EXPECT_EQ(test::value_at(seconds.end.error().details, {"runtime"}),
            R"({"http_status":429,"body":"{\"message\":\"slow down\"}","retry_after":17})");
  const auto date = rig.run();
  ASSERT_FALSE(date.end);
  EXPECT_EQ(date.end.error().retry_after, std::chrono::seconds(42)) << "by the clock of the test";
}

TEST(WebSocketRuntime, PassesOnWhyTheRuntimeCloses) {
  RuntimeRig rig;
  rig.server.play({{Peer::upgrade(), Peer::read_message(), Peer::close(1011, "out of memory")}});
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(test::value_at(outcome.end.error().details, {"runtime"}),
            R"({"close_code":1011,"close_reason":"out of memory"})");
  EXPECT_EQ(outcome.timings.stage, "first_message");
}

TEST(WebSocketRuntime, TriesAgainWhileTheRuntimeCannotHaveStarted) {
  for (const Peer::Script& unwell : {
           Peer::Script{Peer::read_head(), Peer::refuse(503)},
           Peer::Script{Peer::drop()},
           Peer::Script{Peer::read_head(), Peer::reset()},
           Peer::Script{Peer::read_head(), Peer::raw("garbage\r\n\r\n")},
           Peer::Script{Peer::upgrade(), Peer::read_message(), Peer::close(1012)},
           Peer::Script{Peer::upgrade(), Peer::close(1013)},
       }) {
    RuntimeRig rig;
    rig.server.play({unwell, unwell, Peer::answer({complete_message("7")})});
    const auto outcome = rig.run();
    ASSERT_TRUE(outcome.end) << outcome.end.error().message;
    EXPECT_EQ(*outcome.end, "7");
    EXPECT_EQ(outcome.timings.attempts, 3);
    EXPECT_EQ(rig.server.connections().size(), 3u);
  }
}

TEST(WebSocketRuntime, GivesUpAfterTwoRetries) {
  RuntimeRig rig;
  rig.server.play({{Peer::upgrade(), Peer::close(1013)}});
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_unavailable);
  EXPECT_TRUE(outcome.end.error().retry_after);
  EXPECT_EQ(rig.server.connections().size(), 3u);
  EXPECT_FALSE(outcome.timings.reached)
      << "it has taken nothing, so whoever asks again asks for the first time";
}

TEST(WebSocketRuntime, DoesNotWaitForARetryBeyondItsTime) {
  RuntimeRig rig;
  rig.options.total_timeout = Milliseconds(5'000);
  rig.options.retry.delays = {Milliseconds(60'000)};
  rig.server.play({{Peer::read_head(), Peer::refuse(503)}});
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_unavailable);
  EXPECT_EQ(outcome.timings.attempts, 1);
  EXPECT_LT(outcome.took, Milliseconds(5'000));
}

TEST(WebSocketRuntime, TellsNoCallerWhereItCouldNotConnect) {
  RuntimeRig rig;
  {
    // A port that nobody listens on any more.
    test::ScriptedRuntime gone(rig.io);
    rig.options.endpoint = gone.endpoint();
  }
  const auto outcome = rig.run();
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::connection_failed);
  for (const std::string& said : {outcome.end.error().message, outcome.end.error().details}) {
    EXPECT_EQ(said.find("127.0.0.1"), std::string::npos) << said;
    EXPECT_EQ(said.find(std::to_string(rig.options.endpoint.port)), std::string::npos) << said;
  }
  EXPECT_EQ(outcome.timings.attempts, 3);
  EXPECT_FALSE(outcome.timings.connect);
}

TEST(WebSocketRuntime, ProbesWithoutInvoking) {
  RuntimeRig rig;
  WebSocketRuntime subject(rig.options, std::nullopt, rig.clock, rig.random, rig.log);
  std::optional<bool> reached;
  boost::asio::co_spawn(rig.io, subject.probe(),
                        [&](std::exception_ptr, Result<void> outcome) { reached = outcome.has_value(); });
  ASSERT_TRUE(rig.peer_has_seen([&] { return reached.has_value(); }));
  EXPECT_TRUE(*reached);
  ASSERT_TRUE(rig.peer_has_seen([&] { return rig.server.connections().size() == 1; }));
  EXPECT_EQ(rig.server.open_connections(), 0);
  EXPECT_TRUE(rig.server.connections()[0].head.empty());
}

TEST(WebSocketRuntime, TellsNobodyWhereItProbedInVain) {
  RuntimeRig rig;
  {
    test::ScriptedRuntime gone(rig.io);
    rig.options.endpoint = gone.endpoint();
  }
  WebSocketRuntime subject(rig.options, std::nullopt, rig.clock, rig.random, rig.log);
  std::optional<Result<void>> probed;
  boost::asio::co_spawn(rig.io, subject.probe(),
                        [&](std::exception_ptr, Result<void> outcome) { probed = std::move(outcome); });
  ASSERT_TRUE(rig.peer_has_seen([&] { return probed.has_value(); }));
  ASSERT_FALSE(*probed);
  EXPECT_EQ(probed->error().message, "the runtime cannot be reached");
}

TEST(WebSocketRuntime, SpeaksTls) {
  test::TestAuthority authority;
  const auto files = authority.issue("IP:127.0.0.1");
  RuntimeRig rig(*net::TlsContext::server(files.certificate_file, files.key_file));
  rig.server.play({Peer::answer({chunk_message("1"), complete_message("[\"secret\"]")})});
  const auto outcome = rig.run(*net::TlsContext::client(authority.file()));
  ASSERT_TRUE(outcome.end) << outcome.end.error().message;
  EXPECT_EQ(*outcome.end, "[\"secret\"]");
  EXPECT_EQ(rig.sink.chunks.size(), 1u);
  EXPECT_EQ(outcome.open_connections, 0);
}

TEST(WebSocketRuntime, TrustsNobodyElsesCertificate) {
  test::TestAuthority authority;
  test::TestAuthority stranger;
  const auto files = authority.issue("IP:127.0.0.1");
  RuntimeRig rig(*net::TlsContext::server(files.certificate_file, files.key_file));
  const auto outcome = rig.run(*net::TlsContext::client(stranger.file()));
  ASSERT_FALSE(outcome.end);
  EXPECT_EQ(outcome.end.error().code, Errc::connection_failed);
  EXPECT_EQ(outcome.open_connections, 0);
}

}  // namespace skymarshal::runtime::websocket_runtime_test
