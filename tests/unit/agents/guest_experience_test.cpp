#include "agents/guest_experience.hpp"

#include "agents/prompt_facts.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

AgentAssessment assess(std::string_view prompt) { return assess_guest_experience(read_facts(prompt)); }
bool says(const AgentAssessment& said, std::string_view text) {
  if (said.reasoning.find(text) != std::string::npos) return true;
  for (const std::string& constraint : said.constraints) {
    if (constraint.find(text) != std::string::npos) return true;
  }
  return false;
}

TEST(GuestExperience, OwesCompensationByDistanceAndDelay) {
  EXPECT_TRUE(says(assess("LH400 FRA-JFK, 5 hours delay, 300 passengers"), "600 EUR a passenger"));
  EXPECT_TRUE(says(assess("LH400 FRA-JFK, 5 hours delay, 300 passengers"), "180,000 EUR"));
  EXPECT_TRUE(says(assess("LH400 FRA-JFK, 3 hours delay, 300 passengers"), "300 EUR a passenger"));
  EXPECT_TRUE(says(assess("LH1 FRA-BCN, 3 hours delay"), "250 EUR a passenger"));
  EXPECT_FALSE(says(assess("LH1 FRA-BCN, 179 minutes delay"), "EUR a passenger"));
}

TEST(GuestExperience, OwesCareAndRefund) {
  EXPECT_TRUE(says(assess("LH1 FRA-BCN, 2 hours delay"), "Meals, refreshments"));
  EXPECT_FALSE(says(assess("LH1 FRA-BCN, 119 minutes delay"), "Meals, refreshments"));
  EXPECT_TRUE(says(assess("LH1 FRA-BCN, 5 hours delay"), "fare back"));
}

TEST(GuestExperience, KeepsTheExtraordinaryOpen) {
  EXPECT_TRUE(
      says(assess("LH1 FRA-BCN, 5 hours delay, fog"), "unless the circumstances prove extraordinary"));
  EXPECT_FALSE(says(assess("LH1 FRA-BCN, 5 hours delay, engine failure"), "prove extraordinary"));
}

TEST(GuestExperience, KnowsThailandsRules) {
  EXPECT_TRUE(says(assess("EY283 BKK-AUH, 3 hours delay"), "Civil Aviation Board Regulation No. 101"));
  EXPECT_FALSE(says(assess("EY283 BKK-AUH, 2 hours delay"), "Civil Aviation Board Regulation No. 101"));
  EXPECT_TRUE(says(assess("EY283 BKK-AUH, 6 hours delay"), "1,500 baht"));
}

TEST(GuestExperience, NamesWhatItLacks) {
  EXPECT_EQ(assess("hello there, we are late").missing_facts.size(), 5U);
}

}  // namespace
}  // namespace skymarshal::agents
