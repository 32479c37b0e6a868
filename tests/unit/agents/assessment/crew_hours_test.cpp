#include "agents/assessment/crew.hpp"
#include "unit/agents/assessment/crew_day.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::crew_hours_test {

using namespace test;

constexpr std::int32_t hours(std::int32_t count) { return count * 60; }

AgentAssessment judge(const Situation& situation, const Plan& plan, DutyRegime regime = DutyRegime::easa,
                      bool in_flight = false) {
  const DutyOutlook outlook = outlook_of(situation, plan);
  const CrewCase of{situation, plan, outlook, regime, in_flight};
  Opinion opinion("crew_compliance");
  if (const auto range = limit_of(regime, outlook)) judge_duty(opinion, of, *range);
  return std::move(opinion).finish();
}

TEST(CrewHours, WithinTheLimitTheMarginIsReckoned) {
  const AgentAssessment said = judge(crew_day(), delayed(0));
  EXPECT_EQ(said.status, Verdict::approved);
  ASSERT_EQ(said.explanation.arithmetic.size(), 3U);
  EXPECT_EQ(said.explanation.arithmetic[0].expression, "2026-06-15T12:00Z - 2026-06-15T04:00Z");
  EXPECT_EQ(said.explanation.arithmetic[0].result, "8 h");
  EXPECT_EQ(said.explanation.arithmetic[2].expression, "13 h - 8 h");
  EXPECT_EQ(said.explanation.rules[0].citation.source, rules::easa_basic_fdp_citation.source);
}

TEST(CrewHours, OverTheLimitTheCommanderIsAsked) {
  const AgentAssessment said = judge(crew_day(), delayed(hours(6)));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.constraints[0], "Above 13 h LH100 is legal only by the commander's discretion, up to 15 h.");
}

TEST(CrewHours, WhereAMissingFactDecidesTheLimitCrewControlConfirmsIt) {
  Situation situation = crew_day();
  situation.facts.augmented_crew = {true, {}};
  situation.aircraft.reset();
  const AgentAssessment said = judge(situation, delayed(hours(6)));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.constraints[0],
            "Crew control must confirm the limit, which is between 13 h and 17 h by what is missing here.");
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(CrewHours, OfAReliefCrewTheTightestStartAndTheTimeOnStandbyAreStated) {
  const ops::CrewDuty relief = standby_crew("2026-06-15T02:00Z", "2026-06-15T18:00Z");
  const AgentAssessment said = judge(crew_day(), relieved(relief, hours(5)));
  // Earliest report 05:00 at Frankfurt, report 11:00 after 7 hours on standby: 12 hours less one.
  EXPECT_NE(said.explanation.rules[0].rule.find("at most 12 h if it starts at 05:00"), std::string::npos);
  EXPECT_NE(said.reasoning.find("may last 11 h for a start at 05:00"), std::string::npos);
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(CrewHours, InFlightAnExcessIsReportedAndNotForbidden) {
  EXPECT_EQ(judge(crew_day(), delayed(hours(9)), DutyRegime::easa, true).status, Verdict::conditional);
  EXPECT_EQ(judge(crew_day(), delayed(hours(9))).status, Verdict::rejected);
}

TEST(CrewHours, ADelayedReportIsNoWayOutForACrewAlreadyAtWork) {
  Situation situation = crew_day();
  situation.record = situation.duty->value.flights[1];
  situation.departure = {situation.record->scheduled_departure, "test"};
  for (const std::string& text : judge(situation, delayed(hours(8))).recommendations) {
    EXPECT_EQ(text.find("delay its report"), std::string::npos);
  }
}

TEST(CrewHours, TheLatestDepartureOfAStatedDutyGoesByItsMargin) {
  Situation situation = crew_day();
  situation.facts.planned_fdp_minutes = {hours(10), {}};
  const Plan plan = delayed(60);
  const DutyOutlook outlook = outlook_of(situation, plan);
  EXPECT_EQ(latest_departure_of(situation, plan, outlook, hours(13)), at("2026-06-15T08:00Z"));
}

TEST(CrewHours, FlightTimeIsJudgedByTableA) {
  ops::CrewDuty duty = crew_duty();
  duty.duty.report = at("2026-06-15T02:59Z");
  duty.flights[1].scheduled_arrival = at("2026-06-15T14:30Z");
  const Situation situation = crew_day(duty);
  const Plan plan = delayed(0);
  const DutyOutlook outlook = outlook_of(situation, plan);
  Opinion opinion("crew_compliance");
  judge_flight_time(opinion, {situation, plan, outlook, DutyRegime::faa117, false});
  const AgentAssessment said = std::move(opinion).finish();
  // Report at 04:59 at Frankfurt: 8 hours.
  EXPECT_EQ(said.constraints[0], "The duty holds 8 h 30 min of flight time; at most 8 h are allowed.");
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(CrewHours, FlightTimeMayReachItsLimit) {
  ops::CrewDuty duty = crew_duty();
  duty.flights[1].scheduled_arrival = at("2026-06-15T15:00Z");
  const Situation situation = crew_day(duty);
  const Plan plan = delayed(0);
  const DutyOutlook outlook = outlook_of(situation, plan);
  Opinion opinion("crew_compliance");
  judge_flight_time(opinion, {situation, plan, outlook, DutyRegime::faa117, false});
  EXPECT_EQ(opinion.verdict(), Verdict::approved);
}

}  // namespace skymarshal::agents::assessment::crew_hours_test
