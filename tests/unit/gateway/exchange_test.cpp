// The headers that every answer carries, whoever sends it.
#include "gateway/exchange.hpp"

#include "support/json_text.hpp"
#include "support/manual_clock.hpp"
#include "support/recording_writer.hpp"
#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::exchange_test {

using test::text_at;

struct Rig {
  explicit Rig(http::Headers headers = {}) {
    http::Request request;
    request.headers = std::move(headers);
    exchange.emplace(std::move(request), writer, id, clock, cors);
  }

  test::ManualClock clock;
  SystemRandom random;
  RequestId id = RequestId::generate(random);
  CorsPolicy cors{{"https://ops.example"}};
  test::RecordingWriter writer;
  std::optional<Exchange> exchange;
};

void expect_common_headers(const Rig& rig) {
  EXPECT_EQ(rig.writer.headers.find("X-Request-Id"), rig.id.view());
  EXPECT_EQ(rig.writer.headers.find("X-Api-Version"), "v1");
  EXPECT_TRUE(rig.writer.headers.find("Server-Timing"));
  EXPECT_TRUE(rig.writer.headers.find("Access-Control-Allow-Origin"));
}

TEST(Exchange, SendsJsonWithTheCommonHeaders) {
  Rig rig;
  EXPECT_EQ(rig.exchange->status(), 0u);
  EXPECT_TRUE(test::run_awaitable(rig.exchange->send_json(201, "{}")));
  EXPECT_EQ(rig.writer.status, 201u);
  EXPECT_EQ(rig.writer.body, "{}");
  EXPECT_EQ(rig.writer.headers.find("Content-Type"), "application/json");
  expect_common_headers(rig);
  EXPECT_EQ(rig.exchange->status(), 201u);
  EXPECT_EQ(rig.exchange->error_code(), "");
}

TEST(Exchange, SendsProblemsUnderItsRequestId) {
  Rig rig;
  EXPECT_TRUE(test::run_awaitable(rig.exchange->send_problem(make_error(Errc::session_busy, "wait"))));
  EXPECT_EQ(rig.writer.status, 409u);
  EXPECT_EQ(text_at(rig.writer.body, {"request_id"}), rig.id.view());
  EXPECT_EQ(text_at(rig.writer.body, {"timestamp"}), "2026-01-01T00:00:00.000Z");
  expect_common_headers(rig);
  EXPECT_EQ(rig.exchange->error_code(), "SESSION_BUSY");
}

TEST(Exchange, StartsStreamsWithTheCommonHeaders) {
  Rig rig;
  http::ResponseHead head;
  head.headers.add("Content-Type", "text/event-stream");
  rig.exchange->start(std::move(head));
  EXPECT_TRUE(rig.writer.streamed);
  EXPECT_EQ(rig.writer.headers.find("Content-Type"), "text/event-stream");
  expect_common_headers(rig);
  EXPECT_EQ(rig.exchange->status(), 200u);
}

TEST(Exchange, AddsWhatTheStepsOnItsWayHadToSay) {
  Rig rig;
  rig.exchange->answer_headers.add("Allow", "GET");
  EXPECT_TRUE(test::run_awaitable(rig.exchange->send_problem(make_error(Errc::method_not_allowed, "no"))));
  EXPECT_EQ(rig.writer.headers.find("Allow"), "GET");
}

TEST(Exchange, EchoesTheOriginThatMayCall) {
  Rig rig({{"origin", "https://ops.example"}});
  EXPECT_TRUE(test::run_awaitable(rig.exchange->send_json(200, "{}")));
  EXPECT_EQ(rig.writer.headers.find("Access-Control-Allow-Origin"), "https://ops.example");
}

TEST(Exchange, TellsTheStagesItReached) {
  Rig rig;
  rig.clock.advance(Milliseconds(1500));
  EXPECT_TRUE(test::run_awaitable(rig.exchange->send_json(200, "{}")));
  EXPECT_EQ(rig.writer.headers.find("Server-Timing"), "total;dur=1500.000");

  Rig full;
  full.exchange->timings = {std::chrono::microseconds(250), Milliseconds(2), Milliseconds(3),
                            Milliseconds(4)};
  EXPECT_TRUE(test::run_awaitable(full.exchange->send_json(200, "{}")));
  EXPECT_EQ(full.writer.headers.find("Server-Timing"),
            "auth;dur=0.250, queue;dur=2, connect;dur=3, first_message;dur=4, total;dur=0.000");
}

TEST(Exchange, KnowsWhenItsClientIsGone) {
  Rig rig;
  rig.writer.leave();
  EXPECT_FALSE(test::run_awaitable(rig.exchange->send_json(200, "{}")));
}

}  // namespace skymarshal::gateway::exchange_test
