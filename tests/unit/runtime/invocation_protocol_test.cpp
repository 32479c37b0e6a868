// The rules of one invocation, without a socket.
#include "runtime/invocation_protocol.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime {
namespace {

using Kind = InvocationProtocol::Step::Kind;

TEST(InvocationProtocol, GoesFromChunksToTheEnd) {
  InvocationProtocol protocol;
  EXPECT_FALSE(protocol.started());
  const auto chunk = protocol.on_message(R"({"type":"chunk","data":{"agent":"cargo"}})");
  EXPECT_EQ(chunk.kind, Kind::chunk);
  EXPECT_EQ(chunk.message.data(), R"({"agent":"cargo"})");
  EXPECT_FALSE(chunk.first_of_unknown_type);
  EXPECT_TRUE(protocol.started());
  const auto complete = protocol.on_message(R"({"type":"complete","data":{}})");
  EXPECT_EQ(complete.kind, Kind::complete);
  EXPECT_EQ(complete.message.data(), "{}");
}

TEST(InvocationProtocol, WarnsOnceOfUnknownTypes) {
  InvocationProtocol protocol;
  EXPECT_TRUE(protocol.on_message(R"({"type":"progress"})").first_of_unknown_type);
  EXPECT_FALSE(protocol.on_message(R"({"type":"other"})").first_of_unknown_type);
  EXPECT_FALSE(protocol.on_message(R"({"type":"chunk","data":1})").first_of_unknown_type);
}

TEST(InvocationProtocol, CountsBrokenMessagesAsAStart) {
  InvocationProtocol protocol;
  const auto step = protocol.on_message("garbage");
  EXPECT_EQ(step.kind, Kind::failed);
  EXPECT_EQ(step.error.code, Errc::runtime_protocol_error);
  EXPECT_TRUE(protocol.started());
}

TEST(InvocationProtocol, GivesTheRuntimesErrorsTheirPlace) {
  struct Row {
    const char* code;
    Errc errc;
  };
  for (const Row& row : {Row{"TIMEOUT", Errc::timeout}, Row{"THROTTLED", Errc::runtime_unavailable},
                         Row{"OVERLOADED", Errc::runtime_unavailable}, Row{"timeout", Errc::runtime_error},
                         Row{"", Errc::runtime_error}, Row{"INTERNAL_ERROR", Errc::runtime_error}}) {
    InvocationProtocol protocol;
    const auto step = protocol.on_message(R"({"type":"error","error":{"code":")" + std::string(row.code) +
                                          R"(","message":"why"}})");
    EXPECT_EQ(step.kind, Kind::failed);
    EXPECT_EQ(step.error.code, row.errc) << row.code;
    EXPECT_NE(step.error.message.find("why"), std::string::npos);
    EXPECT_EQ(step.error.details, R"({"code":")" + std::string(row.code) + R"(","message":"why"})");
    EXPECT_EQ(step.error.retry_after.has_value(), row.errc == Errc::runtime_unavailable) << row.code;
  }
}

TEST(InvocationProtocol, SaysThatThereWasNoReason) {
  InvocationProtocol protocol;
  const auto step = protocol.on_message(R"({"type":"error"})");
  EXPECT_NE(step.error.message.find("no reason given"), std::string::npos) << step.error.message;
  EXPECT_EQ(step.error.details, R"({"code":"","message":""})");
}

TEST(InvocationProtocol, TakesACloseWithoutAnEndForABreach) {
  const InvocationProtocol protocol;
  for (const std::uint16_t code : {std::uint16_t{1000}, std::uint16_t{1001}, std::uint16_t{1005},
                                   std::uint16_t{1006}, std::uint16_t{1011}, std::uint16_t{4000}}) {
    const Error error = protocol.on_closed(code);
    EXPECT_EQ(error.code, Errc::runtime_protocol_error);
    EXPECT_NE(error.message.find(std::to_string(code)), std::string::npos);
    EXPECT_FALSE(InvocationProtocol::is_try_again(code));
  }
}

TEST(InvocationProtocol, TakesTryAgainForAbsenceUnlessItHasStarted) {
  InvocationProtocol protocol;
  for (const std::uint16_t code : {std::uint16_t{1012}, std::uint16_t{1013}}) {
    EXPECT_TRUE(InvocationProtocol::is_try_again(code));
    EXPECT_EQ(protocol.on_closed(code).code, Errc::runtime_unavailable);
    EXPECT_TRUE(protocol.on_closed(code).retry_after);
  }
  protocol.on_message(R"({"type":"chunk","data":1})");
  EXPECT_EQ(protocol.on_closed(1013).code, Errc::runtime_protocol_error);
}

TEST(InvocationProtocol, RefusesLateMessages) {
  EXPECT_EQ(InvocationProtocol::on_late_messages().code, Errc::runtime_protocol_error);
}

}  // namespace
}  // namespace skymarshal::runtime
