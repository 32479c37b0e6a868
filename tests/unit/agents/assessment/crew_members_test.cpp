#include "agents/assessment/crew.hpp"
#include "unit/agents/assessment/crew_day.hpp"
#include "unit/agents/assessment/explained_numbers.hpp"

#include <utility>

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::crew_members_test {

using namespace test;

constexpr std::int32_t hours(std::int32_t count) { return count * 60; }

AgentAssessment judge(const Situation& situation, DutyRegime regime = DutyRegime::easa,
                      Plan plan = delayed(0)) {
  Opinion opinion("crew_compliance");
  judge_members(opinion, situation, plan, outlook_of(situation, plan), regime, Verdict::rejected);
  return std::move(opinion).finish();
}

Situation day_with(const ops::CrewMember& member) {
  ops::CrewDuty duty = crew_duty();
  duty.members[1] = member;
  return crew_day(duty);
}

TEST(CrewMembers, ACrewWithinAllLimitsIsFree) {
  EXPECT_EQ(judge(crew_day()).status, Verdict::approved);
  EXPECT_EQ(judge(crew_day(), DutyRegime::faa117).status, Verdict::approved);
}

TEST(CrewMembers, EachCumulativeLimitHoldsToTheMinuteForEachMember) {
  struct Sum {
    std::int32_t ops::CrewMember::* field;
    std::int32_t limit;
    std::int32_t added;
  };
  // The duty lasts 8 hours and holds 6 of flight.
  const Sum sums[] = {
      {&ops::CrewMember::duty_7_days, hours(60), hours(8)},
      {&ops::CrewMember::duty_14_days, hours(110), hours(8)},
      {&ops::CrewMember::duty_28_days, hours(190), hours(8)},
      {&ops::CrewMember::flight_28_days, hours(100), hours(6)},
      {&ops::CrewMember::flight_calendar_year, hours(900), hours(6)},
      {&ops::CrewMember::flight_12_months, hours(1000), hours(6)},
  };
  for (const Sum& sum : sums) {
    ops::CrewMember member = crew_member("P2", "FO");
    member.*sum.field = sum.limit - sum.added;
    EXPECT_EQ(judge(day_with(member)).status, Verdict::approved) << sum.limit;
    member.*sum.field += 1;
    const AgentAssessment said = judge(day_with(member));
    EXPECT_EQ(said.status, Verdict::rejected) << sum.limit;
    ASSERT_EQ(said.constraints.size(), 1U);
    EXPECT_EQ(said.constraints[0].substr(0, 15), "FO P2 would rea");
    EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
  }
}

TEST(CrewMembers, ALongerDutyCountsInFull) {
  ops::CrewMember member = crew_member("P2", "FO");
  member.duty_7_days = hours(50);
  EXPECT_EQ(judge(day_with(member), DutyRegime::easa, delayed(120)).status, Verdict::approved);
  EXPECT_EQ(judge(day_with(member), DutyRegime::easa, delayed(121)).status, Verdict::rejected);
}

TEST(CrewMembers, RestIsTwelveHoursAtHomeBaseAndTenAway) {
  ops::CrewMember member = crew_member("P2", "FO");
  member.previous_duty_end = at("2026-06-14T16:00Z");
  EXPECT_EQ(judge(day_with(member)).status, Verdict::approved);
  member.previous_duty_end = at("2026-06-14T16:01Z");
  const AgentAssessment said = judge(day_with(member));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_EQ(said.constraints[0],
            "FO P2 has had 11 h 59 min of rest; at least 12 h are due before this duty.");
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
  member.base = "ATH";
  EXPECT_EQ(judge(day_with(member)).status, Verdict::approved);
  member.previous_duty_end = at("2026-06-14T18:01Z");
  EXPECT_EQ(judge(day_with(member)).status, Verdict::rejected);
}

TEST(CrewMembers, RestIsAsLongAsTheDutyBeforeIt) {
  ops::CrewMember member = crew_member("P2", "FO");
  member.previous_duty = hours(13);
  member.previous_duty_end = at("2026-06-14T15:30Z");
  EXPECT_EQ(judge(day_with(member)).status, Verdict::rejected);
  EXPECT_EQ(judge(day_with(member), DutyRegime::faa117).status, Verdict::approved);
}

TEST(CrewMembers, TheEndOfThePrecedingDutyIsMissedOnlyIfThereWasOne) {
  ops::CrewMember member = crew_member("P2", "FO");
  member.previous_duty_end = std::nullopt;
  EXPECT_EQ(judge(day_with(member)).missing_facts.size(), 1U);
  member.previous_duty = 0;
  EXPECT_EQ(judge(day_with(member)).status, Verdict::approved);
}

TEST(CrewMembers, NobodyOperatesATypeThatTheyDoNotHold) {
  ops::CrewMember member = crew_member("P2", "FO");
  member.types = "A20NX B738";
  const AgentAssessment said = judge(day_with(member));
  EXPECT_EQ(said.status, Verdict::rejected);
  EXPECT_EQ(said.constraints[0], "These crew members may not operate type A20N: FO P2 (A20NX B738).");
}

TEST(CrewMembers, MembersOfAnotherTypeAreNamedInOneConstraint) {
  ops::CrewDuty duty = crew_duty();
  for (ops::CrewMember& member : duty.members) member.types = "B789";
  const AgentAssessment said = judge(crew_day(duty));
  EXPECT_EQ(said.constraints.size(), 1U);
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

TEST(CrewMembers, ASwapCountsByTheTypeOfTheReplacement) {
  SwapCandidate candidate;
  candidate.aircraft.registration = "D-ABCD";
  candidate.aircraft.type = "B738";
  Plan plan = delayed(0);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  EXPECT_EQ(judge(crew_day(), DutyRegime::easa, plan).status, Verdict::rejected);
  candidate.aircraft.type = "A320";
  EXPECT_EQ(judge(crew_day(), DutyRegime::easa, plan).status, Verdict::approved);
}

TEST(CrewMembers, Part117BindsThePilotsAlone) {
  ops::CrewDuty duty = crew_duty();
  duty.members[2].duty_7_days = hours(60);
  EXPECT_EQ(judge(crew_day(duty)).status, Verdict::rejected);
  const AgentAssessment said = judge(crew_day(duty), DutyRegime::faa117);
  EXPECT_EQ(said.status, Verdict::approved);
  EXPECT_NE(said.reasoning.find("cabin crew are not on file"), std::string::npos);
}

TEST(CrewMembers, StandbyCountsAsDutyByAQuarter) {
  ops::CrewDuty relief = standby_crew("2026-06-14T23:00Z", "2026-06-15T18:00Z");
  for (ops::CrewMember& member : relief.members) member.previous_duty_end = at("2026-06-14T05:00Z");
  // On standby from 23:00Z to the report at 04:00Z: 75 minutes count.
  relief.members[0].duty_7_days = hours(60) - hours(8) - 75;
  EXPECT_EQ(judge(crew_day(), DutyRegime::easa, relieved(relief, 0)).status, Verdict::approved);
  relief.members[0].duty_7_days += 1;
  EXPECT_EQ(judge(crew_day(), DutyRegime::easa, relieved(relief, 0)).status, Verdict::rejected);
}

TEST(CrewMembers, RestThatThePromptStatesGoesBeforeTheRosters) {
  Situation situation = crew_day();
  situation.facts.rest_minutes = {hours(9), {}};
  EXPECT_EQ(judge(situation).status, Verdict::rejected);
  situation.facts.rest_minutes->value = hours(11);
  EXPECT_EQ(judge(situation).status, Verdict::conditional);
}

TEST(CrewMembers, WithoutMembersTheirHoursAreMissing) {
  Situation situation = crew_day();
  situation.duty = std::nullopt;
  EXPECT_EQ(judge(situation).missing_facts.size(), 2U);
}

TEST(CrewMembers, OfManyOverALimitAFewAreNamedAndTheRestCounted) {
  ops::CrewDuty duty = crew_duty();
  duty.members.resize(1);
  for (int i = 0; i < 5; ++i) {
    ops::CrewMember member = crew_member(fmt::format("C{}", i), "CC");
    member.duty_7_days = hours(60);
    duty.members.push_back(member);
  }
  const AgentAssessment said = judge(crew_day(duty));
  ASSERT_EQ(said.constraints.size(), 4U);
  EXPECT_EQ(said.constraints[3], "2 more of the crew would exceed duty in 7 consecutive days.");
  EXPECT_EQ(said.recommendations.size(), 1U);
  EXPECT_EQ(unexplained_numbers(said), std::vector<std::string>{});
}

}  // namespace skymarshal::agents::assessment::crew_members_test
