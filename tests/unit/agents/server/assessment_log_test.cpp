// What goes wrong inside an assessment is answered for by its rules, and reaches the server's log.
#include "agents/server/agent_server.hpp"
#include "agents/server/assessor.hpp"
#include "support/captured_output.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "unit/agents/server/runtime_bench.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::server::assessment_log_test {

std::string answered(AgentServer::Options options, std::string& log) {
  std::string answer;
  log = test::captured([&] {
          RuntimeBench bench(std::move(options), LogLevel::error);
          const std::string request = post("/invocations", R"({"prompt":"EY283 BKK-AUH, 3 hours delay"})");
          answer = bench.run(exchange(bench.endpoint(), request));
        }).error;
  return answer;
}

TEST(AssessmentLog, AnAgentThatFailsIsAnErrorLine) {
  AgentServer::Options options;
  options.agents = assessment::seven_agents();
  options.agents[1].assess = [](const assessment::Situation&,
                                const assessment::Plan&) -> assessment::AgentAssessment {
    throw std::runtime_error("the table has no row 7");
  };
  std::string log;
  const std::string answer = answered(std::move(options), log);
  EXPECT_NE(answer.find(R"("final_decision":"rejected")"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("row 7"), std::string::npos) << "what failed inside is nothing for a caller";
  EXPECT_NE(log.find("assessment_incomplete"), std::string::npos) << log;
  EXPECT_NE(log.find("agent maintenance"), std::string::npos) << log;
  EXPECT_NE(log.find("the table has no row 7"), std::string::npos) << log;
}

TEST(AssessmentLog, AnAssessmentThatWentWellSaysNothing) {
  std::string log;
  const std::string answer = answered({}, log);
  EXPECT_NE(answer.find("final_decision"), std::string::npos) << answer;
  EXPECT_EQ(log.find("assessment_incomplete"), std::string::npos) << log;
}

struct BuggySink final : MessageSink {
  boost::asio::awaitable<bool> send(const std::string& /*message*/) override {
    throw std::logic_error("no such pipe");
    co_return false;
  }
};

TEST(AssessmentLog, ABugAroundTheAgentsIsAnErrorLineToo) {
  Result<std::string> answer;
  const std::string log = test::captured([&answer] {
                            boost::asio::io_context io;
                            const test::ManualClock clock;
                            Logger logger({LogLevel::error, 16}, clock);
                            const AgentServer::Options options;
                            Assessor assessor(io.get_executor(), options, clock, logger);
                            Patience patience(io.get_executor());
                            BuggySink sink;
                            InvokeRequest request;
                            request.prompt = "EY283 BKK-AUH, 3 hours delay";
                            answer = test::run_awaitable(io, assessor.assess(request, &sink, patience));
                          }).error;
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::internal);
  EXPECT_EQ(answer.error().message.find("pipe"), std::string::npos)
      << "what failed inside is nothing for a caller";
  EXPECT_NE(log.find(R"("event":"assessment_failed","reason":"no such pipe")"), std::string::npos) << log;
}

}  // namespace skymarshal::agents::server::assessment_log_test
