// Reading a journal out to a client: at once, event by event, slowly, or not to the end.
#include "gateway/answers.hpp"

#include "http/sse.hpp"
#include "support/gateway_rig.hpp"
#include "support/json_text.hpp"
#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::answers_test {

using test::FakeRuntime;
using test::GatewayRig;
using test::text_at;
using test::value_at;
using End = FakeRuntime::Play::End;

http::Request streamed() {
  return test::invoke_request(R"({"prompt":"EY283 is three hours late","streaming":true})");
}

std::vector<std::string> events_of(std::string_view stream) {
  http::SseParser parser;
  parser.feed(stream);
  std::vector<std::string> events;
  while (const auto event = parser.next()) events.push_back(event->data);
  return events;
}

void plays(GatewayRig& rig, FakeRuntime::Play play) {
  rig.runtime.play = [play](const invocations::RuntimeRequest&) { return play; };
}

GatewayOptions with_grace(Milliseconds grace) {
  GatewayOptions options;
  options.disconnect_grace = grace;
  return options;
}

TEST(BufferedAnswer, IsTheResponseOnItsOwn) {
  GatewayRig rig;
  plays(rig, {{"1"}, End::complete, R"({"assessment":{"x":1.0}})"});
  const auto call = rig.ask(test::invoke_request());
  EXPECT_EQ(call->writer.status, 200u);
  EXPECT_FALSE(call->writer.streamed);
  EXPECT_EQ(call->writer.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(value_at(call->writer.body, {"assessment"}), R"({"x":1.0})");
  EXPECT_FALSE(call->writer.headers.find("X-Session-Persisted"));
  const std::string timing(call->writer.headers.find("Server-Timing").value_or(""));
  for (const auto* stage : {"auth;", "queue;", "connect;dur=3", "first_message;dur=7", "total;"}) {
    EXPECT_NE(timing.find(stage), std::string::npos) << timing;
  }
}

TEST(BufferedAnswer, LeavesFromTheTextThatWasSaved) {
  GatewayRig rig;
  for (const End how : {End::complete, End::fail}) {
    plays(rig, {{}, how, "{}", make_error(Errc::runtime_error, "it broke")});
    const auto call = rig.ask(test::invoke_request());
    EXPECT_EQ(call->writer.body_at, rig.store.saved.back().response->data())
        << "nothing is copied on the way";
  }
}

boost::asio::awaitable<bool> buffered(Exchange& exchange, invocations::AnswerSource source) {
  EXPECT_EQ(co_await wait_for_end(exchange, source, Wakeup::never), Waited::end);
  co_await answer_with_end(exchange, source);
  co_return true;
}

boost::asio::awaitable<bool> streamed(Exchange& exchange, invocations::AnswerSource source,
                                      StreamOptions options = {}) {
  co_await answer_streamed(exchange, std::move(source), options);
  co_return true;
}

/// What an answer needs of the past: a journal and its names.
TEST(Answers, NeedNoInvocationThatLives) {
  GatewayRig rig;
  const auto journal = std::make_shared<invocations::Journal>();
  journal->append_chunk(test::runtime_message(R"({"agent":"cargo"})"));
  invocations::InvocationEnd end;
  end.body = share_text(R"({"status":"success"})");
  journal->append_end(std::move(end));
  const RequestId request_id = RequestId::generate(rig.random);
  const SessionId session_id = SessionId::generate(rig.random);
  const CorsPolicy cors({"*"});

  test::RecordingWriter whole;
  Exchange one(test::invoke_request(), whole, RequestId::generate(rig.random), rig.clock, cors);
  test::run_awaitable(rig.io, buffered(one, {journal, request_id, session_id}));
  EXPECT_EQ(whole.body, R"({"status":"success"})");

  test::RecordingWriter stream;
  Exchange other(test::invoke_request(), stream, RequestId::generate(rig.random), rig.clock, cors);
  test::run_awaitable(rig.io, streamed(other, {journal, request_id, session_id}));
  const auto events = events_of(stream.body);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(text_at(events[0], {"request_id"}), request_id.view()) << "its own, not the reader's";
  EXPECT_EQ(text_at(events[0], {"session_id"}), session_id.view());
  EXPECT_EQ(value_at(events[2], {"data"}), R"({"status":"success"})");
}

TEST(BufferedAnswer, IsTheErrorWithItsStatus) {
  GatewayRig rig;
  Error error = make_error(Errc::runtime_unavailable, "busy", R"({"code":"THROTTLED"})");
  error.retry_after = std::chrono::seconds(5);
  plays(rig, {{"1"}, End::fail, "", error});
  const auto call = rig.ask(test::invoke_request());
  EXPECT_EQ(call->writer.status, 503u);
  EXPECT_EQ(call->writer.headers.find("Retry-After"), "5");
  EXPECT_EQ(text_at(call->writer.body, {"error_code"}), "RUNTIME_UNAVAILABLE");
  EXPECT_EQ(text_at(call->writer.body, {"request_id"}), *call->writer.headers.find("X-Request-Id"));
  EXPECT_EQ(value_at(call->writer.body, {"details"}),
            R"({"code":"THROTTLED","received":{"count":1,"chunks":[1]}})");
}

TEST(BufferedAnswer, SaysWhenItCouldNotBeSaved) {
  GatewayRig rig;
  rig.store.throws = true;
  EXPECT_EQ(rig.ask(test::invoke_request())->writer.headers.find("X-Session-Persisted"), "false; lost");
  plays(rig, {{}, End::fail, "", make_error(Errc::timeout, "slow")});
  const auto call = rig.ask(test::invoke_request());
  EXPECT_EQ(call->writer.status, 504u);
  EXPECT_EQ(call->writer.headers.find("X-Session-Persisted"), "false; lost");
}

TEST(BufferedAnswer, SaysThatItIsSavedLater) {
  GatewayRig rig;
  rig.store.outcome = invocations::SaveOutcome::outboxed;
  EXPECT_EQ(rig.ask(test::invoke_request())->writer.headers.find("X-Session-Persisted"), "false; later");
}

TEST(BufferedAnswer, EndsWhenTheClientLeavesAndTheInvocationAfterTheGraceTime) {
  for (const Milliseconds grace : {Milliseconds(std::chrono::hours(1)), Milliseconds(10)}) {
    GatewayRig rig(with_grace(grace));
    plays(rig, {{}, End::hang});
    const auto call = rig.begin(test::invoke_request());
    rig.settle();
    EXPECT_TRUE(call->writer.listening());
    call->writer.leave();
    rig.finish(call);
    EXPECT_EQ(call->writer.answers, 0);
    EXPECT_FALSE(call->writer.listening());
    if (grace > Milliseconds(10)) {
      EXPECT_EQ(rig.runtime.open, 1) << "the grace time runs";
      rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
    }
    EXPECT_TRUE(rig.wait_idle());
    EXPECT_EQ(text_at(*rig.store.saved.at(0).response, {"error_code"}), "CANCELLED");
  }
}

TEST(StreamedAnswer, GoesOutEventByEvent) {
  GatewayRig rig;
  plays(rig, {{R"({"agent":"cargo"})", "[ 2 ]"}, End::complete, R"({"assessment":{"x":1}})"});
  const auto call = rig.ask(streamed());
  EXPECT_EQ(call->writer.status, 200u);
  EXPECT_EQ(call->writer.headers.find("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(call->writer.headers.find("Cache-Control"), "no-cache");
  EXPECT_EQ(call->writer.headers.find("X-Accel-Buffering"), "no");
  EXPECT_TRUE(call->writer.finished);
  const auto events = events_of(call->writer.body);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(text_at(events[0], {"type"}), "metadata");
  EXPECT_EQ(text_at(events[0], {"request_id"}), *call->writer.headers.find("X-Request-Id"));
  EXPECT_EQ(events[1], R"({"type":"chunk","seq":1,"data":{"agent":"cargo"}})");
  EXPECT_EQ(events[2], R"({"type":"chunk","seq":2,"data":[ 2 ]})");
  EXPECT_EQ(text_at(events[3], {"type"}), "complete");
  EXPECT_EQ(value_at(events[3], {"data", "assessment"}), R"({"x":1})");
  EXPECT_EQ(text_at(events[3], {"data", "request_id"}), text_at(events[0], {"request_id"}));
}

TEST(StreamedAnswer, BeginsBeforeTheRuntimeHasSaidAnything) {
  GatewayRig rig;
  plays(rig, {{}, End::hang});
  const auto call = rig.begin(streamed());
  rig.settle();
  ASSERT_EQ(call->writer.pieces.size(), 1u);
  EXPECT_TRUE(call->writer.pieces[0].starts_with("data: {\"type\":\"metadata\""));
  rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  rig.finish(call);
}

TEST(StreamedAnswer, EndsWithAnErrorEvent) {
  GatewayRig rig;
  plays(rig, {{"1"}, End::fail, "", make_error(Errc::timeout, "slow", R"({"stage":"total"})")});
  const auto call = rig.ask(streamed());
  EXPECT_EQ(call->writer.status, 200u) << "the head has long left";
  const auto events = events_of(call->writer.body);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(text_at(events[2], {"error_code"}), "TIMEOUT");
  EXPECT_EQ(text_at(events[2], {"error", "details", "stage"}), "total");
  EXPECT_TRUE(call->writer.finished);
}

TEST(StreamedAnswer, KeepsSilentStreamsAlive) {
  GatewayOptions options;
  options.keep_alive = Milliseconds(5);
  GatewayRig rig(options);
  plays(rig, {{}, End::hang});
  const auto call = rig.begin(streamed());
  ASSERT_TRUE(test::run_until(rig.io, [&] { return call->writer.pieces.size() >= 4; }));
  EXPECT_EQ(call->writer.pieces[1], http::sse_keep_alive);
  EXPECT_EQ(call->writer.pieces[3], http::sse_keep_alive);
  rig.gateway.stop_invocations(make_error(Errc::cancelled, "enough"));
  rig.finish(call);
  EXPECT_EQ(events_of(call->writer.body).size(), 2u) << "readers see no keep-alive";
}

TEST(StreamedAnswer, GivesSlowReadersEverythingInBatches) {
  GatewayRig rig;
  FakeRuntime::Play play;
  for (int i = 0; i < 100; ++i) play.chunks.push_back(std::to_string(i));
  plays(rig, play);
  const auto call = rig.ask(streamed(), {std::numeric_limits<std::size_t>::max(), 40});
  const auto events = events_of(call->writer.body);
  ASSERT_EQ(events.size(), 102u);
  for (std::size_t i = 1; i <= 100; ++i) {
    EXPECT_EQ(value_at(events[i], {"seq"}), std::to_string(i));
    EXPECT_EQ(value_at(events[i], {"data"}), std::to_string(i - 1));
  }
  EXPECT_LT(call->writer.pieces.size(), 50u) << "what has piled up leaves as one piece";
}

TEST(StreamedAnswer, StopsWritingWhenTheClientIsGone) {
  for (std::size_t pieces = 0; pieces < 4; ++pieces) {
    GatewayRig rig(with_grace(Milliseconds(5)));
    plays(rig, {{"1", "2", "3"}, End::hang});
    const auto call = rig.ask(streamed(), {pieces, 0});
    EXPECT_EQ(call->writer.pieces.size(), pieces);
    EXPECT_FALSE(call->writer.finished);
    EXPECT_TRUE(rig.wait_idle());
    EXPECT_EQ(rig.store.saved.size(), 1u) << "saved all the same";
  }
}

TEST(StreamedAnswer, EndsWhenTheClientIsFoundToHaveLeftInSilence) {
  GatewayRig rig(with_grace(Milliseconds(5)));
  plays(rig, {{}, End::hang});
  const auto call = rig.begin(streamed());
  rig.settle();
  call->writer.leave();
  rig.finish(call);
  EXPECT_FALSE(call->writer.finished);
  EXPECT_TRUE(rig.wait_idle());
}

}  // namespace skymarshal::gateway::answers_test
