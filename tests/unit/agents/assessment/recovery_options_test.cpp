#include "agents/assessment/orchestrator.hpp"
#include "agents/assessment/recovery.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::recovery_options_test {

constexpr std::string_view demo =
    "EY283 BKK-AUH hydraulic fault before departure, 3 hours delay, 286 passengers, 51 connecting";

/// Safety agents with one verdict for each kind of plan.
std::vector<Agent> judging(std::map<PlanKind, Verdict> verdicts) {
  return {{"maintenance", AgentPhase::safety, [verdicts](const Situation&, const Plan& plan) {
             AgentAssessment assessment;
             assessment.reasoning = "As injected.";
             const auto found = verdicts.find(plan.kind);
             if (found != verdicts.end()) assessment.status = found->second;
             assessment.constraints.emplace_back("must not depart");
             return assessment;
           }}};
}

const RecoveryOption* find(const std::vector<RecoveryOption>& options, PlanKind kind) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const RecoveryOption& option) { return option.plan.kind == kind; });
  return found != options.end() ? &*found : nullptr;
}

TEST(RecoveryOptions, ARejectionBarsThePlanItIsAboutAndNoOther) {
  const Situation situation = test::situation_of(demo);
  const auto options =
      rank_recovery_options(situation, judging({{PlanKind::operate_with_delay, Verdict::rejected}}), {});
  const RecoveryOption* wait = find(options, PlanKind::operate_with_delay);
  EXPECT_FALSE(wait->feasible);
  EXPECT_EQ(wait->binding_constraint, "maintenance: must not depart");
  EXPECT_EQ(wait->scores.safety, 0);
  EXPECT_TRUE(find(options, PlanKind::swap_aircraft)->feasible);
}

TEST(RecoveryOptions, CancellingNeedsNoSafetyAgent) {
  const Situation situation = test::situation_of(demo);
  const auto options =
      rank_recovery_options(situation, judging({{PlanKind::cancel_and_rebook, Verdict::rejected}}), {});
  EXPECT_TRUE(find(options, PlanKind::cancel_and_rebook)->feasible);
  EXPECT_EQ(find(options, PlanKind::cancel_and_rebook)->scores.safety, 100);
}

TEST(RecoveryOptions, AFailedAgentBarsEverythingThatFlies) {
  const Situation situation = test::situation_of(demo);
  const std::vector<Agent> broken = {
      {"maintenance", AgentPhase::safety,
       [](const Situation&, const Plan&) -> AgentAssessment { throw std::runtime_error("broken"); }}};
  for (const RecoveryOption& option : rank_recovery_options(situation, broken, {})) {
    EXPECT_EQ(option.feasible, !option.plan.flies()) << option.title;
  }
}

TEST(RecoveryOptions, WritesWhatAPersonNeedsToDecide) {
  const Situation situation = test::situation_of(demo);
  const auto options = rank_recovery_options(situation, judging({}), {});
  std::string text;
  JsonWriter json(text);
  write_recovery_options(json, options);
  const auto written = boost::json::parse(text).as_array();
  ASSERT_EQ(written.size(), options.size());
  std::int64_t rank = 0;
  for (const auto& option : written) {
    EXPECT_EQ(option.at("rank"), ++rank);
    EXPECT_EQ(option.at("basis").as_array().size(), 5U);
    EXPECT_EQ(option.at("costs").at("currency"), "EUR");
    EXPECT_TRUE(option.at("knock_on").at("absorbed_at").is_null());
    EXPECT_FALSE(option.at("recovery_plan").as_array().empty());
    EXPECT_EQ(option.at("feasible").as_bool(), option.at("binding_constraint").is_null());
  }
}

RC_GTEST_PROP(RecoveryOptions, OpenOnesComeFirstAndScoresFall, ()) {
  std::map<PlanKind, Verdict> verdicts;
  for (const PlanKind kind :
       {PlanKind::operate_with_delay, PlanKind::swap_aircraft, PlanKind::change_crew, PlanKind::reroute}) {
    verdicts[kind] = *rc::gen::element(Verdict::approved, Verdict::conditional, Verdict::rejected);
  }
  ScoreWeights weights;
  weights.safety = *rc::gen::inRange(0, 101);
  weights.cost = *rc::gen::inRange(0, 101 - weights.safety);
  weights.passenger = *rc::gen::inRange(0, 101 - weights.safety - weights.cost);
  weights.network = 100 - weights.safety - weights.cost - weights.passenger;
  const Situation situation = test::situation_of(demo);
  const auto options = rank_recovery_options(situation, judging(verdicts), weights);
  for (std::size_t i = 0; i < options.size(); ++i) {
    const RecoveryOption& option = options[i];
    RC_ASSERT(option.score >= 0 && option.score <= 100);
    const auto verdict = verdicts.find(option.plan.kind);
    // Whatever the weights, a rejected plan is never open.
    if (verdict != verdicts.end() && verdict->second == Verdict::rejected) RC_ASSERT(!option.feasible);
    if (i == 0) continue;
    RC_ASSERT(options[i - 1].feasible >= option.feasible);
    if (options[i - 1].feasible == option.feasible) RC_ASSERT(options[i - 1].score >= option.score);
  }
}

}  // namespace skymarshal::agents::assessment::recovery_options_test
