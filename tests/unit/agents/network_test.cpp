#include "agents/network.hpp"

#include "agents/prompt_facts.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

TEST(Network, ReckonsDistanceAndShareOfConnections) {
  const AgentAssessment said =
      assess_network(read_facts("EY283 BKK-AUH on A6-BNC, 3 hours delay, 286 passengers, 51 connecting"));
  EXPECT_NE(said.reasoning.find("4,966 km"), std::string::npos);
  EXPECT_NE(said.reasoning.find("51 of 286 passengers (17.8 %) connect at AUH"), std::string::npos);
  EXPECT_NE(said.reasoning.find("at least 3 h plus"), std::string::npos);
  EXPECT_EQ(said.status, Verdict::conditional);
}

TEST(Network, NamesWhatItLacks) {
  const AgentAssessment said = assess_network(read_facts("something is late somewhere"));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts.size(), 4U);
}

TEST(Network, AsksForTheRotationOfTheReplacement) {
  const AgentAssessment said = assess_network(read_facts("A6-BNC late, swap to A6-BND"));
  EXPECT_NE(said.missing_facts.back().find("A6-BND"), std::string::npos);
}

TEST(Network, SharesNothingWhenMoreConnectThanFly) {
  const AgentAssessment said = assess_network(read_facts("BKK-AUH 40 passengers, 51 connecting"));
  EXPECT_EQ(said.reasoning.find('%'), std::string::npos);
}

}  // namespace
}  // namespace skymarshal::agents
