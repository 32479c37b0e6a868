#include "agents/assessment/agent.hpp"
#include "agents/assessment/crew.hpp"
#include "unit/agents/assessment/crew_day.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/what_is_said.hpp"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::crew_compliance_test {

using namespace test;

constexpr std::int32_t hours(std::int32_t count) { return count * 60; }

Verdict verdict_at(const Situation& situation, std::int32_t delay) {
  return assess_crew_compliance(situation, delayed(delay)).status;
}

TEST(CrewCompliance, ApprovesADutyWithinItsLimitOfWhichEverythingIsKnown) {
  const AgentAssessment said = assess_crew_compliance(crew_day(), delayed(60));
  EXPECT_EQ(said.status, Verdict::approved) << said.reasoning;
  EXPECT_TRUE(said.missing_facts.empty());
  EXPECT_TRUE(says(said, "margin of 4 h."));
  EXPECT_TRUE(says(said, "latest legal departure is 2026-06-15T10:00Z (2026-06-15 12:00 local at FRA)"));
}

TEST(CrewCompliance, TheLimitAndTheDiscretionEndToTheMinute) {
  const Situation situation = crew_day();
  EXPECT_EQ(verdict_at(situation, hours(5)), Verdict::approved);
  EXPECT_EQ(verdict_at(situation, hours(5) + 1), Verdict::conditional);
  EXPECT_EQ(verdict_at(situation, hours(7)), Verdict::conditional);
  EXPECT_EQ(verdict_at(situation, hours(7) + 1), Verdict::rejected);
}

TEST(CrewCompliance, TheRejectionNamesTheDutyAgainstTheLimitFirst) {
  const AgentAssessment said = assess_crew_compliance(crew_day(), delayed(hours(8)));
  ASSERT_FALSE(said.constraints.empty());
  EXPECT_EQ(said.constraints[0],
            "This crew must not operate LH100: 16 h of flight duty against at most 15 h.");
  EXPECT_TRUE(says(said, "delay its report by 8 h: the duty then lasts 8 h against a limit of 12 h 30 min"));
}

TEST(CrewCompliance, GroundTimeAtTheTurnaroundAbsorbsDelayWhereItsMinimumIsKnown) {
  Situation situation = crew_day();
  situation.aircraft->value.turnaround_minutes_min = 45;
  EXPECT_EQ(verdict_at(situation, hours(5) + 15), Verdict::approved);
  EXPECT_EQ(verdict_at(situation, hours(5) + 16), Verdict::conditional);
  EXPECT_EQ(crew_times(situation, delayed(0)).latest_departure, at("2026-06-15T10:15Z"));
}

TEST(CrewCompliance, ARangeOfDelayCountsAtItsMost) {
  Plan plan = delayed(0);
  plan.departure_delay = Delay{hours(1), hours(6)};
  plan.arrival_delay = plan.departure_delay;
  EXPECT_EQ(assess_crew_compliance(crew_day(), plan).status, Verdict::conditional);
}

TEST(CrewCompliance, AnUnknownStateOfAcclimatisationGoesByTable3) {
  ops::CrewDuty duty = crew_duty();
  duty.duty.acclimatised_to.clear();
  EXPECT_EQ(crew_times(crew_day(duty), delayed(0)).limit_minutes, hours(11));
  EXPECT_EQ(verdict_at(crew_day(duty), hours(3)), Verdict::approved);
  EXPECT_EQ(verdict_at(crew_day(duty), hours(3) + 1), Verdict::conditional);
}

TEST(CrewCompliance, AnAugmentedCrewGoesByItsRestFacilityAndHasThreeHoursOfDiscretion) {
  ops::CrewDuty duty = crew_duty();
  duty.members.push_back(crew_member("P3", "FO"));
  Situation situation = crew_day(duty);
  situation.aircraft->value.rest_facility = 2;
  EXPECT_EQ(crew_times(situation, delayed(0)).limit_minutes, hours(15));
  EXPECT_EQ(verdict_at(situation, hours(7)), Verdict::approved);
  EXPECT_EQ(verdict_at(situation, hours(10)), Verdict::conditional);
  EXPECT_EQ(verdict_at(situation, hours(10) + 1), Verdict::rejected);
}

TEST(CrewCompliance, APlannedExtensionAndASplitDutyRaiseTheLimit) {
  ops::CrewDuty duty = crew_duty();
  duty.duty.report = at("2026-06-15T05:00Z");
  EXPECT_EQ(crew_times(crew_day(duty), delayed(0)).limit_minutes, hours(13));
  duty.duty.planned_extension = true;
  EXPECT_EQ(crew_times(crew_day(duty), delayed(0)).limit_minutes, hours(14));
  duty.duty.split_break_minutes = hours(4);
  EXPECT_EQ(crew_times(crew_day(duty), delayed(0)).limit_minutes, hours(15));
  EXPECT_EQ(unexplained_numbers(assess_crew_compliance(crew_day(duty), delayed(60))),
            std::vector<std::string>{});
}

TEST(CrewCompliance, TheUnitedKingdomKeepsTheEuropeanTable) {
  Situation situation = crew_day();
  situation.airline = {ops::Operator{"BA", "British Airways", "GB", ""}, "test"};
  EXPECT_EQ(crew_times(situation, delayed(0)).limit_minutes, hours(13));
  EXPECT_TRUE(says(assess_crew_compliance(situation, delayed(0)), "retained in the United Kingdom"));
}

TEST(CrewCompliance, AmericanCarriersGoByPart117) {
  Situation situation = crew_day();
  situation.airline = {ops::Operator{"DL", "Delta", "US", ""}, "test"};
  // Start at 06:00, two segments: Table B 13 hours, Table A 9 hours of flight time of which 6 are flown.
  EXPECT_EQ(crew_times(situation, delayed(0)).limit_minutes, hours(13));
  EXPECT_EQ(verdict_at(situation, hours(5)), Verdict::approved);
  EXPECT_EQ(verdict_at(situation, hours(7)), Verdict::conditional);
  EXPECT_EQ(verdict_at(situation, hours(7) + 1), Verdict::rejected);
}

TEST(CrewCompliance, Part117LimitsFlightTimeWithoutDiscretion) {
  ops::CrewDuty duty = crew_duty();
  duty.flights[1].scheduled_arrival = at("2026-06-15T15:01Z");
  Situation situation = crew_day(duty);
  EXPECT_EQ(verdict_at(situation, 0), Verdict::approved);
  situation.airline = {ops::Operator{"DL", "Delta", "US", ""}, "test"};
  const AgentAssessment said = assess_crew_compliance(situation, delayed(0));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_EQ(said.constraints[0], "The duty holds 9 h 1 min of flight time; at most 9 h are allowed.");
}

TEST(CrewCompliance, OtherStatesGoByTheOperatorsSchemeOrByNone) {
  Situation situation = crew_day();
  situation.airline = {ops::Operator{"EY", "Etihad Airways", "AE", "easa"}, "test"};
  EXPECT_EQ(verdict_at(situation, hours(8)), Verdict::rejected);
  situation.airline->value.duty_regime = "faa117";
  EXPECT_EQ(crew_times(situation, delayed(0)).limit_minutes, hours(13));
  situation.airline->value.duty_regime.clear();
  const AgentAssessment said = assess_crew_compliance(situation, delayed(hours(8)));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said, "not on file here"));
  EXPECT_TRUE(says(said, "For orientation only"));
  EXPECT_EQ(crew_times(situation, delayed(0)).limit_minutes, std::nullopt);
  EXPECT_EQ(crew_times(situation, delayed(0)).fdp_minutes, hours(8));
}

TEST(CrewCompliance, InFlightNoDutyIsRejectedForItsHours) {
  Situation situation = crew_day();
  situation.phase = {facts::FlightPhase::in_flight, "prompt"};
  EXPECT_EQ(verdict_at(situation, hours(12)), Verdict::conditional);
}

TEST(CrewCompliance, WhereNothingIsFlownNoDutyStandsAgainstIt) {
  Plan plan;
  plan.kind = PlanKind::cancel_and_rebook;
  EXPECT_EQ(assess_crew_compliance(crew_day(), plan).status, Verdict::approved);
  EXPECT_EQ(crew_times(crew_day(), plan).fdp_minutes, std::nullopt);
}

TEST(CrewCompliance, AFreshCrewThatNobodyNamesIsAFactThatIsMissing) {
  Plan plan = delayed(60);
  plan.kind = PlanKind::change_crew;
  const AgentAssessment said = assess_crew_compliance(crew_day(), plan);
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_EQ(said.missing_facts.size(), 1U);
}

TEST(CrewCompliance, AReliefCrewServesInsteadOfOneOutOfHours) {
  const ops::CrewDuty relief = standby_crew("2026-06-15T08:00Z", "2026-06-15T18:00Z");
  const AgentAssessment said = assess_crew_compliance(crew_day(), relieved(relief, hours(8)));
  EXPECT_EQ(said.status, Verdict::approved) << said.reasoning;
  EXPECT_TRUE(says(said, "Call S1 at 2026-06-15T11:00Z at the latest."));
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(CrewCompliance, AReliefCrewCannotReportBeforeItsCallOutIsOver) {
  const ops::CrewDuty relief = standby_crew("2026-06-15T08:00Z", "2026-06-15T18:00Z");
  EXPECT_EQ(assess_crew_compliance(crew_day(), relieved(relief, hours(3))).status, Verdict::rejected);
  EXPECT_EQ(assess_crew_compliance(crew_day(), relieved(relief, hours(4))).status, Verdict::approved);
}

TEST(CrewCompliance, AReliefCrewCannotBeCalledAfterItsStandby) {
  const ops::CrewDuty relief = standby_crew("2026-06-15T03:00Z", "2026-06-15T06:00Z");
  EXPECT_EQ(assess_crew_compliance(crew_day(), relieved(relief, hours(3))).status, Verdict::approved);
  const AgentAssessment said = assess_crew_compliance(crew_day(), relieved(relief, hours(3) + 1));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(CrewCompliance, StandbyBeyondSixHoursTakesFromTheLimit) {
  const ops::CrewDuty relief = standby_crew("2026-06-15T04:00Z", "2026-06-15T18:00Z");
  // Report 11:00Z, an hour before the departure at 12:00Z: 7 hours on standby; the tightest start is at
  // 13:00.
  EXPECT_EQ(crew_times(crew_day(), relieved(relief, hours(7))).limit_minutes, hours(12));
}

TEST(CrewCompliance, TheCrewAsACauseAsksForACompleteOne) {
  Situation situation = crew_day();
  situation.facts.causes.push_back({{facts::CauseKind::crew, "sick", 0}, {}});
  EXPECT_EQ(verdict_at(situation, 0), Verdict::conditional);
}

TEST(CrewCompliance, EveryNumberIsExplained) {
  for (const std::int32_t delay : {0, 60, 301, 600}) {
    EXPECT_EQ(unexplained_numbers(assess_crew_compliance(crew_day(), delayed(delay))),
              std::vector<std::string>{})
        << delay;
  }
}

TEST(CrewCompliance, FromThePromptAloneItIsAtBestConditionalAndNamesWhatItLacks) {
  const Situation situation =
      situation_of("LH400, 60 minutes delay, crew reported at 07:00, planned FDP 11 hours, 2 sectors");
  const AgentAssessment said = assess_crew_compliance(situation, plan_in_question(situation));
  EXPECT_EQ(said.status, Verdict::conditional);
  EXPECT_TRUE(says(said, "margin of 1 h."));
  EXPECT_FALSE(said.missing_facts.empty());
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(CrewCompliance, FromThePromptAloneItRejectsBeyondDiscretionByAMinute) {
  const std::string duty = "LH400, crew reported at 07:00, planned FDP 12 hours, 2 sectors, delayed by ";
  const Situation within = situation_of(duty + "180 minutes");
  const Situation beyond = situation_of(duty + "181 minutes");
  EXPECT_EQ(assess_crew_compliance(within, plan_in_question(within)).status, Verdict::conditional);
  EXPECT_EQ(assess_crew_compliance(beyond, plan_in_question(beyond)).status, Verdict::rejected);
}

TEST(CrewCompliance, RejectsWhatNoReportTimeCouldMakeLegal) {
  const Situation never = situation_of("LH400, 3 hours delay, planned FDP 13 hours");
  EXPECT_EQ(assess_crew_compliance(never, plan_in_question(never)).status, Verdict::rejected);
  const Situation perhaps = situation_of("LH400, 3 hours delay, planned FDP 9 hours");
  EXPECT_EQ(assess_crew_compliance(perhaps, plan_in_question(perhaps)).status, Verdict::conditional);
}

std::string written(const AgentAssessment& said) {
  std::string bytes;
  JsonWriter json(bytes);
  write_assessment(json, said);
  return bytes;
}

Situation any_situation() {
  ops::CrewDuty duty = crew_duty();
  const auto shift = std::chrono::minutes(*rc::gen::inRange(0, 1440));
  duty.duty.report += shift;
  for (ops::Flight& flight : duty.flights) {
    flight.scheduled_departure += shift;
    flight.scheduled_arrival += shift;
  }
  for (ops::CrewMember& member : duty.members) *member.previous_duty_end += shift;
  duty.duty.acclimatised_to = *rc::gen::element<std::string>("FRA", "JFK", "");
  duty.duty.planned_extension = *rc::gen::arbitrary<bool>();
  duty.duty.split_break_minutes = *rc::gen::element(0, 180, 240);
  if (*rc::gen::arbitrary<bool>()) duty.members.push_back(crew_member("P3", "FO"));
  Situation situation = crew_day(duty);
  situation.aircraft->value.rest_facility = *rc::gen::inRange(0, 4);
  situation.aircraft->value.turnaround_minutes_min = *rc::gen::element(0, 30, 60, 90);
  situation.airline->value.country = *rc::gen::element<std::string>("DE", "US", "GB");
  return situation;
}

RC_GTEST_PROP(CrewComplianceProperty, ALongerDelayNeverBringsALargerMarginOrABetterVerdict, ()) {
  const Situation situation = any_situation();
  const ops::CrewDuty relief = standby_crew("2026-06-15T03:00Z", "2026-06-16T18:00Z");
  const bool relieve = *rc::gen::arbitrary<bool>();
  const auto plan_at = [&](std::int32_t delay) { return relieve ? relieved(relief, delay) : delayed(delay); };
  const std::int32_t delay = *rc::gen::inRange(0, 900);
  const std::int32_t longer = delay + *rc::gen::inRange(0, 900);
  const CrewTimes before = crew_times(situation, plan_at(delay));
  const CrewTimes after = crew_times(situation, plan_at(longer));
  RC_ASSERT(before.margin_minutes.has_value() && after.margin_minutes.has_value());
  RC_ASSERT(*after.margin_minutes <= *before.margin_minutes);
  // A relief crew that is not there yet is a matter of its own.
  if (!relieve) {
    RC_ASSERT(assess_crew_compliance(situation, plan_at(delay)).status <=
              assess_crew_compliance(situation, plan_at(longer)).status);
  }
}

RC_GTEST_PROP(CrewComplianceProperty, DiscretionNeverTurnsARejectionIntoAnApproval, ()) {
  const Situation situation = any_situation();
  const Plan plan = delayed(*rc::gen::inRange(0, 1200));
  const CrewTimes times = crew_times(situation, plan);
  const Verdict verdict = assess_crew_compliance(situation, plan).status;
  if (*times.margin_minutes < 0) RC_ASSERT(verdict != Verdict::approved);
  if (*times.margin_minutes < -180) RC_ASSERT(verdict == Verdict::rejected);
}

RC_GTEST_PROP(CrewComplianceProperty, TheLatestDepartureIsTheLastThatKeepsTheLimit, ()) {
  const Situation situation = any_situation();
  const auto latest = crew_times(situation, delayed(0)).latest_departure;
  RC_PRE(latest.has_value() && *latest >= situation.departure->value);
  const auto delay = static_cast<std::int32_t>((*latest - situation.departure->value).count());
  RC_ASSERT(*crew_times(situation, delayed(delay)).margin_minutes >= 0);
  RC_ASSERT(*crew_times(situation, delayed(delay + 1)).margin_minutes < 0);
}

RC_GTEST_PROP(CrewComplianceProperty, TheSameInputGivesTheSameAnswerWithEveryNumberExplained, ()) {
  const Situation situation = any_situation();
  const Plan plan = delayed(*rc::gen::inRange(0, 1200));
  const AgentAssessment said = assess_crew_compliance(situation, plan);
  RC_ASSERT(written(said) == written(assess_crew_compliance(situation, plan)));
  RC_ASSERT(unexplained_numbers(said) == std::vector<std::string>{});
}

}  // namespace skymarshal::agents::assessment::crew_compliance_test
