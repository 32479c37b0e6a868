// What becomes of the steps of a conversation.
#include "runtime/message_intake.hpp"

#include "support/manual_clock.hpp"
#include "unit/runtime/runtime_rig.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::message_intake_test {

class MessageIntakeTest : public testing::Test {
 protected:
  MessageIntake::Next take(const std::string& text) {
    return intake.take(protocol.on_message(text), protocol.unreadable());
  }

  test::ManualClock clock;
  SystemRandom random;
  Logger log{Logger::Options{LogLevel::off, 16}, clock};
  test::RecordingSink sink;
  StopSignal stop;
  boost::asio::io_context io;
  const invocations::RuntimeRequest request{RequestId::generate(random), SessionId::generate(random),
                                            "prompt"};
  RuntimeRun run{request, sink, stop, io.get_executor(), SteadyTime::max()};
  MessageIntake intake{run, log};
  InvocationProtocol protocol;
};

TEST_F(MessageIntakeTest, HandsChunksOnAndEndsWithTheAnswer) {
  EXPECT_EQ(take(test::chunk_message("1")), MessageIntake::Next::more);
  EXPECT_EQ(take("no JSON"), MessageIntake::Next::more);
  EXPECT_EQ(run.timings.unreadable_messages, 1);
  EXPECT_EQ(take(test::complete_message("{}")), MessageIntake::Next::ended);
  EXPECT_EQ(sink.chunks, std::vector<std::string>{"1"});
  EXPECT_EQ(run.timings.stage, "end");
  const auto outcome = intake.take_outcome();
  EXPECT_TRUE(outcome.from_runtime);
  EXPECT_EQ(outcome.end->data(), "{}");
}

TEST_F(MessageIntakeTest, WaitsWhereAnEndHasNoData) {
  EXPECT_EQ(take(R"({"type":"complete"})"), MessageIntake::Next::ended_without_data);
  EXPECT_TRUE(intake.take_outcome().end);
}

TEST_F(MessageIntakeTest, AnErrorIsTheRuntimesOwn) {
  EXPECT_EQ(take(R"({"type":"error","error":{"code":"X"}})"), MessageIntake::Next::ended);
  const auto outcome = intake.take_outcome();
  EXPECT_TRUE(outcome.from_runtime);
  EXPECT_EQ(outcome.again, Again::no);
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_error);
}

}  // namespace skymarshal::runtime::message_intake_test
