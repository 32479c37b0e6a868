#include "agents/finance.hpp"

#include "agents/prompt_facts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents {
namespace {

AgentAssessment assess(std::string_view prompt) { return assess_finance(read_facts(prompt)); }
bool says(const AgentAssessment& said, std::string_view text) {
  return said.reasoning.find(text) != std::string::npos;
}

TEST(Finance, ShowsItsArithmetic) {
  const AgentAssessment said = assess("LH400 FRA-JFK, 5 hours delay, 286 passengers");
  EXPECT_TRUE(says(said, "286 passengers x 600 EUR = 171,600 EUR"));
  EXPECT_EQ(said.status, Verdict::conditional);
}

TEST(Finance, GivesTheReferenceForScaleOnly) {
  // 180 min x 63.53 USD
  EXPECT_TRUE(says(assess("EY283 BKK-AUH before departure, 3 hours delay"), "cost about 11,435 USD"));
  // 180 min x 100.80 USD
  EXPECT_TRUE(says(assess("EY283 BKK-AUH in flight, 3 hours delay"), "cost about 18,144 USD"));
}

TEST(Finance, SaysWhyNothingIsOwed) {
  EXPECT_TRUE(says(assess("EY283 BKK-AUH, 3 hours delay"), "0 (neither binds this flight)"));
  EXPECT_TRUE(says(assess("LH400 FRA-JFK, 2 hours delay"), "0 (the delay is under 3 h)"));
}

TEST(Finance, AsksForTheOperatorsOwnFigures) {
  EXPECT_EQ(assess("EY283 BKK-AUH, 3 hours delay").missing_facts.size(), 2U);
  EXPECT_EQ(assess("we are late, very late").missing_facts.size(), 4U);
}

/// The amount after "= " in the reasoning, 0 without one.
std::int64_t exposure(const AgentAssessment& said) {
  const std::size_t at = said.reasoning.find(" = ");
  std::int64_t amount = 0;
  for (std::size_t i = at; at != std::string::npos && said.reasoning[i] != 'E' && said.reasoning[i] != 'G';
       ++i) {
    const char c = said.reasoning[i];
    if (c >= '0' && c <= '9') amount = amount * 10 + (c - '0');
  }
  return amount;
}

RC_GTEST_PROP(FinanceProperty, LongerDelayNeverLowersTheExposure, ()) {
  const auto delay = *rc::gen::inRange(1, 900);
  const auto longer = delay + *rc::gen::inRange(0, 900);
  const std::string flight =
      *rc::gen::element<std::string>("LH400 FRA-JFK", "BA15 LHR-SIN", "LH1 FRA-BCN", "EY283 BKK-AUH");
  const auto prompt = [&](int minutes) {
    return flight + ", 200 passengers, delayed by " + std::to_string(minutes) + " minutes";
  };
  RC_ASSERT(exposure(assess(prompt(delay))) <= exposure(assess(prompt(longer))));
}

}  // namespace
}  // namespace skymarshal::agents
