// What the log says of an invocation: nothing of success, one line of a failure, one of a loss.
#include "invocation_rig.hpp"
#include "invocations/invocation.hpp"
#include "support/captured_output.hpp"
#include "support/json_text.hpp"

#include <sstream>
#include <string>
#include <vector>

namespace skymarshal::invocations::invocation_log_test {

using test::FakeRuntime;
using test::text_at;
using test::value_at;
using End = FakeRuntime::Play::End;

class InvocationLogTest : public InvocationRig {
 protected:
  /// What `act` has logged, line by line.
  template <typename Act>
  std::vector<std::string> lines_of(Act act) {
    std::istringstream output(test::captured([&] {
                                log.emplace(Logger::Options{LogLevel::info, 64}, clock);
                                act();
                                log.emplace(Logger::Options{LogLevel::off, 16}, clock);
                              }).error);
    std::vector<std::string> lines;
    for (std::string line; std::getline(output, line);) lines.push_back(line);
    return lines;
  }
};

TEST_F(InvocationLogTest, TellsOnOneLineHowItFailed) {
  FakeRuntime::Play play{{}, End::fail, "", make_error(Errc::runtime_error, "it \"broke\"")};
  play.timings.attempts = 3;
  play.before_end = [this] { clock.advance(Milliseconds(30)); };
  plays(play);
  std::shared_ptr<Invocation> invocation;
  const std::vector<std::string> lines = lines_of([&] {
    invocation = start("ÄB 283 is late");
    end_of(invocation);
  });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(text_at(lines[0], {"level"}), "ERROR");
  EXPECT_EQ(text_at(lines[0], {"event"}), "invocation_failed");
  EXPECT_EQ(text_at(lines[0], {"request_id"}), invocation->subject().request_id.view());
  EXPECT_EQ(text_at(lines[0], {"session_id"}), session.view());
  EXPECT_EQ(text_at(lines[0], {"principal"}), "alice");
  EXPECT_EQ(text_at(lines[0], {"error_code"}), "RUNTIME_ERROR");
  EXPECT_EQ(text_at(lines[0], {"error_message"}), "it \"broke\"");
  EXPECT_EQ(value_at(lines[0], {"context"}),
            R"({"prompt_length":14,"execution_time_ms":30,"retry_count":2,"stage":"silence"})");
  EXPECT_EQ(lines[0].find("is late"), std::string::npos) << "nothing of the prompt";
}

TEST_F(InvocationLogTest, WarnsOfWhatItsCallerWanted) {
  plays({{}, End::hang});
  const std::vector<std::string> lines = lines_of([&] {
    const auto running = start();
    const auto waiting = start();
    settle();
    waiting->stop(make_error(Errc::cancelled, "not wanted any more"));
    end_of(waiting);
    running->stop(make_error(Errc::interrupted, "the server stops"));
    end_of(running);
  });
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(text_at(lines[0], {"level"}), "WARNING");
  EXPECT_EQ(text_at(lines[0], {"context", "stage"}), "queue");
  EXPECT_EQ(text_at(lines[1], {"level"}), "ERROR") << "its caller did not want that";
}

TEST_F(InvocationLogTest, LogsWhatABugSaidAndTellsNobodyElse) {
  plays({{}, End::raise});
  const std::vector<std::string> lines = lines_of([&] { end_of(start()); });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(text_at(lines[0], {"error_code"}), "INTERNAL_ERROR");
  EXPECT_EQ(text_at(lines[0], {"context", "bug"}), "the runtime has a bug");
}

TEST_F(InvocationLogTest, LogsAnInteractionThatIsLostOnce) {
  store.down = true;
  const std::vector<std::string> refused = lines_of([&] { end_of(start()); });
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(text_at(refused[0], {"event"}), "interaction_not_saved");
  store.throws = true;
  const std::vector<std::string> thrown = lines_of([&] { end_of(start()); });
  ASSERT_EQ(thrown.size(), 1u);
  EXPECT_EQ(text_at(thrown[0], {"event"}), "interaction_not_saved");
  EXPECT_EQ(text_at(thrown[0], {"error_message"}), "the store has a bug");
}

TEST_F(InvocationLogTest, SaysNothingOfSuccess) {
  EXPECT_TRUE(lines_of([&] { end_of(start()); }).empty());
}

}  // namespace skymarshal::invocations::invocation_log_test
