// The rules of one invocation, without a socket.
#include "runtime/invocation_protocol.hpp"

#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::invocation_protocol_test {

using StepKind = InvocationProtocol::Step::Kind;

constexpr const char* chunk_text = R"({"type":"chunk","data":{"agent":"cargo"}})";

TEST(InvocationProtocol, GoesFromChunksToTheEnd) {
  InvocationProtocol protocol;
  EXPECT_FALSE(protocol.started());
  const auto chunk = protocol.on_message(chunk_text);
  EXPECT_EQ(chunk.kind, StepKind::chunk);
  EXPECT_EQ(chunk.message.data(), R"({"agent":"cargo"})");
  EXPECT_FALSE(chunk.first_of_unknown_type);
  EXPECT_TRUE(protocol.started());
  const auto complete = protocol.on_message(R"({"type":"complete","data":{}})");
  EXPECT_EQ(complete.kind, StepKind::complete);
  EXPECT_EQ(complete.message.data(), "{}");
}

TEST(InvocationProtocol, WarnsOnceOfUnknownTypes) {
  InvocationProtocol protocol;
  EXPECT_TRUE(protocol.on_message(R"({"type":"progress"})").first_of_unknown_type);
  EXPECT_FALSE(protocol.on_message(R"({"type":"other"})").first_of_unknown_type);
  EXPECT_FALSE(protocol.on_message(R"({"type":"chunk","data":1})").first_of_unknown_type);
}

TEST(InvocationProtocol, SkipsWhatItCannotReadAndSaysWhichItWas) {
  InvocationProtocol protocol;
  protocol.on_message(chunk_text);
  const auto first = protocol.on_message("[]");
  EXPECT_EQ(first.kind, StepKind::skipped);
  EXPECT_TRUE(first.first_skipped);
  EXPECT_NE(protocol.unreadable().last.find("message 2, 2 bytes"), std::string::npos)
      << protocol.unreadable().last;
  EXPECT_FALSE(protocol.on_message("").first_skipped);
  EXPECT_EQ(protocol.unreadable().count, 2);
  EXPECT_EQ(protocol.on_message(R"({"type":"complete","data":{}})").kind, StepKind::complete);
}

TEST(InvocationProtocol, CountsWhatItCannotReadAsAStart) {
  InvocationProtocol protocol;
  protocol.on_message("garbage");
  EXPECT_TRUE(protocol.started());
}

TEST(InvocationProtocol, SkipsOnlySoMany) {
  InvocationProtocol protocol;
  for (int i = 0; i < InvocationProtocol::unreadable_max; ++i) {
    EXPECT_EQ(protocol.on_message("garbage").kind, StepKind::skipped) << i;
  }
  const auto step = protocol.on_message("garbage");
  EXPECT_EQ(step.kind, StepKind::failed);
  EXPECT_EQ(step.failure.error.code, Errc::runtime_protocol_error);
  EXPECT_NE(step.failure.error.message.find("more than 16"), std::string::npos);
}

TEST(InvocationProtocol, EndsWithAnEndThatItCannotRead) {
  for (const std::string type : {"complete", "error"}) {
    InvocationProtocol protocol;
    const auto step = protocol.on_message(R"({"type":")" + type + R"(","data":{"confidence":NaN}})");
    EXPECT_EQ(step.kind, StepKind::failed);
    EXPECT_EQ(step.failure.error.code, Errc::runtime_protocol_error);
    EXPECT_NE(step.failure.error.message.find("the runtime's " + type + " message could not be read"),
              std::string::npos)
        << step.failure.error.message;
  }
}

TEST(InvocationProtocol, EndsWithTheErrorOfTheRuntime) {
  InvocationProtocol protocol;
  const auto step = protocol.on_message(R"({"type":"error","error":{"code":"TIMEOUT","message":"why"}})");
  EXPECT_EQ(step.kind, StepKind::failed);
  EXPECT_EQ(step.failure.error.code, Errc::timeout);
  EXPECT_EQ(test::text_at(step.failure.error.details, {"runtime", "message"}), "why");
}

TEST(InvocationProtocol, LetsTheFirstEndStand) {
  for (const auto* end : {R"({"type":"complete","data":{}})", R"({"type":"error","message":"m"})"}) {
    InvocationProtocol protocol;
    protocol.on_message(end);
    for (const auto* late : {R"({"type":"complete","data":{"n":1}})", R"({"type":"error","message":"late"})",
                             "garbage", chunk_text}) {
      EXPECT_EQ(protocol.on_message(late).kind, StepKind::late) << end << late;
    }
  }
}

TEST(InvocationProtocol, LetsDataFollowAnEndWithoutAny) {
  InvocationProtocol protocol;
  const auto bare = protocol.on_message(R"({"type":"complete"})");
  EXPECT_EQ(bare.kind, StepKind::complete_without_data);
  EXPECT_EQ(bare.message.data(), R"({"type":"complete"})");
  for (const auto* late : {chunk_text, "garbage", R"({"type":"error","message":"late"})",
                           R"({"type":"complete"})", R"({"type":"complete","data":null})"}) {
    EXPECT_EQ(protocol.on_message(late).kind, StepKind::late) << late;
  }
  const auto fuller = protocol.on_message(R"({"type":"complete","data":{"n":1}})");
  EXPECT_EQ(fuller.kind, StepKind::complete);
  EXPECT_EQ(fuller.message.data(), R"({"n":1})");
  EXPECT_EQ(protocol.on_message(R"({"type":"complete","data":{"n":2}})").kind, StepKind::late);
}

TEST(InvocationProtocol, TakesACloseWithoutAnEndForABreach) {
  const InvocationProtocol protocol;
  for (const std::uint16_t code : {std::uint16_t{1000}, std::uint16_t{1001}, std::uint16_t{1005},
                                   std::uint16_t{1006}, std::uint16_t{1011}, std::uint16_t{4000}}) {
    const Error error = protocol.on_closed(code, "why").error;
    EXPECT_EQ(error.code, Errc::runtime_protocol_error);
    EXPECT_NE(error.message.find(std::to_string(code) + ": why"), std::string::npos);
    EXPECT_FALSE(InvocationProtocol::is_try_again(code));
  }
  EXPECT_EQ(protocol.on_broken("it was reset").error.code, Errc::runtime_protocol_error);
}

TEST(InvocationProtocol, TakesTryAgainForAbsenceUnlessItHasStarted) {
  InvocationProtocol protocol;
  for (const std::uint16_t code : {std::uint16_t{1012}, std::uint16_t{1013}}) {
    EXPECT_TRUE(InvocationProtocol::is_try_again(code));
    EXPECT_EQ(protocol.on_closed(code, "").error.code, Errc::runtime_unavailable);
    EXPECT_TRUE(protocol.on_closed(code, "").error.retry_after);
  }
  protocol.on_message(R"({"type":"chunk","data":1})");
  EXPECT_EQ(protocol.on_closed(1013, "").error.code, Errc::runtime_protocol_error);
}

}  // namespace skymarshal::runtime::invocation_protocol_test
