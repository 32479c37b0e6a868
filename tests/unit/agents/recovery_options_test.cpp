#include "agents/recovery_options.hpp"

#include "agents/prompt_facts.hpp"

#include <algorithm>
#include <string>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents {
namespace {

std::vector<AgentAssessment> safety(Verdict crew, Verdict maintenance, Verdict regulatory) {
  std::vector<AgentAssessment> all(3);
  all[0].agent_name = "crew_compliance";
  all[0].status = crew;
  all[1].agent_name = "maintenance";
  all[1].status = maintenance;
  all[1].constraints = {"must not depart"};
  all[2].agent_name = "regulatory";
  all[2].status = regulatory;
  return all;
}

const RecoveryOption* find(const std::vector<RecoveryOption>& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const RecoveryOption& option) { return option.name == name; });
  return found != options.end() ? &*found : nullptr;
}

constexpr std::string_view demo =
    "EY283 hydraulic fault before departure, 3 hours delay, 286 passengers, 51 connecting";

TEST(RecoveryOptions, ScoresFollowTheirFormula) {
  const auto options = rank_recovery_options(
      read_facts(demo), safety(Verdict::conditional, Verdict::conditional, Verdict::conditional), {});
  const RecoveryOption* wait = find(options, "operate_with_delay");
  ASSERT_NE(wait, nullptr);
  EXPECT_EQ(wait->scores.safety, 60);
  EXPECT_EQ(wait->scores.cost, 70);
  EXPECT_EQ(wait->scores.passenger, 70);
  EXPECT_EQ(wait->scores.network, 64);
  EXPECT_EQ(wait->score, (40 * 60 + 20 * 70 + 25 * 70 + 15 * 64) / 100);
}

TEST(RecoveryOptions, ARejectionBarsTheFlightWithItsConstraint) {
  const auto options = rank_recovery_options(
      read_facts(demo), safety(Verdict::approved, Verdict::rejected, Verdict::approved), {});
  const RecoveryOption* wait = find(options, "operate_with_delay");
  EXPECT_FALSE(wait->feasible);
  EXPECT_EQ(wait->binding_constraint, "maintenance: must not depart");
  EXPECT_EQ(wait->scores.safety, 0);
  // Another aircraft settles what maintenance rejected.
  EXPECT_TRUE(find(options, "swap_aircraft")->feasible);
}

TEST(RecoveryOptions, AFailedAgentIsSettledByNothing) {
  auto failed = safety(Verdict::approved, Verdict::rejected, Verdict::approved);
  failed[1].failed = true;
  EXPECT_FALSE(find(rank_recovery_options(read_facts(demo), failed, {}), "swap_aircraft")->feasible);
}

TEST(RecoveryOptions, OffersOnlyWhatSettlesSomething) {
  const auto fog = rank_recovery_options(read_facts("fog, 3 hours delay"),
                                         safety(Verdict::approved, Verdict::approved, Verdict::approved), {});
  EXPECT_EQ(find(fog, "swap_aircraft"), nullptr);
  EXPECT_EQ(find(fog, "change_crew"), nullptr);
  const auto tired = rank_recovery_options(
      read_facts("fog, 3 hours delay"), safety(Verdict::rejected, Verdict::approved, Verdict::approved), {});
  ASSERT_NE(find(tired, "change_crew"), nullptr);
  EXPECT_EQ(tired.front().name, "change_crew");
}

TEST(RecoveryOptions, InFlightOneContinuesOrDiverts) {
  const auto options =
      rank_recovery_options(read_facts("engine failure in flight"),
                            safety(Verdict::approved, Verdict::conditional, Verdict::approved), {});
  EXPECT_EQ(options.size(), 2U);
  EXPECT_NE(find(options, "continue_flight"), nullptr);
  EXPECT_NE(find(options, "divert"), nullptr);
}

TEST(RecoveryOptions, WritesRanksFromOne) {
  std::string text;
  JsonWriter json(text);
  write_recovery_options(
      json, rank_recovery_options(read_facts(demo),
                                  safety(Verdict::approved, Verdict::rejected, Verdict::approved), {}));
  const auto value = boost::json::parse(text);
  EXPECT_EQ(value.at(0).at("rank"), 1);
  EXPECT_TRUE(value.at(0).at("binding_constraint").is_null());
  const auto& last = value.as_array().back();
  EXPECT_EQ(last.at("option"), "operate_with_delay");
  EXPECT_EQ(last.at("feasible"), false);
  EXPECT_EQ(last.at("binding_constraint"), "maintenance: must not depart");
}

RC_GTEST_PROP(RecoveryOptionsProperty, FeasibleFirstThenByScore, ()) {
  const auto verdict = rc::gen::element(Verdict::approved, Verdict::conditional, Verdict::rejected);
  const auto minutes = std::to_string(*rc::gen::inRange(1, 2000));
  const auto cause =
      *rc::gen::element<std::string>("fog", "engine failure", "crew sick", "engine failure in flight");
  const auto options = rank_recovery_options(read_facts(cause + ", delayed by " + minutes + " minutes"),
                                             safety(*verdict, *verdict, *verdict), {});
  for (std::size_t i = 1; i < options.size(); ++i) {
    RC_ASSERT(options[i - 1].feasible || !options[i].feasible);
    RC_ASSERT(options[i - 1].feasible != options[i].feasible || options[i - 1].score >= options[i].score);
  }
  for (const RecoveryOption& option : options) {
    for (const std::int32_t score : {option.scores.safety, option.scores.cost, option.scores.passenger,
                                     option.scores.network, option.score}) {
      RC_ASSERT(score >= 0 && score <= 100);
    }
  }
}

}  // namespace
}  // namespace skymarshal::agents
