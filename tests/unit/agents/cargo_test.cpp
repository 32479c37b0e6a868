#include "agents/cargo.hpp"

#include "agents/prompt_facts.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

AgentAssessment assess(std::string_view prompt) { return assess_cargo(read_facts(prompt)); }

TEST(Cargo, AsksWhatIsOnBoard) {
  const AgentAssessment said = assess("EY283, 3 hours delay");
  EXPECT_EQ(said.status, Verdict::conditional);
  ASSERT_EQ(said.missing_facts.size(), 1U);
  EXPECT_TRUE(said.missing_facts[0].starts_with("cargo on board"));
}

TEST(Cargo, ApprovesAnEmptyHoldAndGeneralCargo) {
  EXPECT_EQ(assess("no cargo, 3 hours delay").status, Verdict::approved);
  EXPECT_EQ(assess("general cargo, 3 hours delay").status, Verdict::approved);
}

TEST(Cargo, AsksForTheLimitsOfWhatIsSensitive) {
  for (const std::string kind : {"vaccines", "perishables", "live animals"}) {
    const AgentAssessment said = assess(kind + " on board, 3 hours delay");
    EXPECT_EQ(said.status, Verdict::conditional) << kind;
    EXPECT_EQ(said.missing_facts.size(), 1U) << kind;
  }
}

TEST(Cargo, ASwapNeedsDangerousGoodsNotifiedAnew) {
  const AgentAssessment said = assess("dangerous goods on A6-BNC, swap to A6-BND, 3 hours delay");
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_NE(said.constraints.at(0).find("Doc 9284"), std::string::npos);
  EXPECT_NE(said.recommendations.at(0).find("A6-BND"), std::string::npos);
}

}  // namespace
}  // namespace skymarshal::agents
