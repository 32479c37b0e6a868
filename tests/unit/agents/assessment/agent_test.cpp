#include "agents/assessment/agent.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment {
namespace {

TEST(Agent, OneThatThrowsFailsConservatively) {
  Agent agent{"maintenance", AgentPhase::safety,
              [](const Situation&, const Plan&) -> AgentAssessment { throw std::runtime_error("broken"); }};
  const AgentAssessment safety = ask(agent, {}, {});
  EXPECT_TRUE(safety.failed);
  EXPECT_EQ(safety.agent_name, "maintenance");
  EXPECT_EQ(safety.status, Verdict::rejected);
  EXPECT_EQ(safety.confidence_percent, 0);
  agent.phase = AgentPhase::business;
  EXPECT_EQ(ask(agent, {}, {}).status, Verdict::conditional);
}

}  // namespace
}  // namespace skymarshal::agents::assessment
