#include "agents/assessment/crew.hpp"
#include "unit/agents/assessment/crew_day.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::crew_duty_test {

using namespace test;

DutyRun run_of_the_day(std::optional<std::int32_t> turnaround, std::int32_t delay) {
  DutyRun run;
  run.flights = crew_duty().flights;
  run.turnaround_minutes = turnaround;
  run.departure_delay_minutes = delay;
  run.arrival_delay_minutes = delay;
  return run;
}

TEST(CrewDuty, AKnownTurnaroundAbsorbsDelayAndAnUnknownOneNothing) {
  EXPECT_EQ(run_of_the_day(std::nullopt, 30).end(), at("2026-06-15T12:30Z"));
  EXPECT_EQ(run_of_the_day(40, 20).end(), at("2026-06-15T12:00Z"));
  EXPECT_EQ(run_of_the_day(40, 30).end(), at("2026-06-15T12:10Z"));
}

TEST(CrewDuty, NoDepartureHelpsADutyThatEndsTooLateByItsTimetable) {
  EXPECT_EQ(run_of_the_day(40, 0).latest_departure(at("2026-06-15T11:59Z")), std::nullopt);
  EXPECT_EQ(run_of_the_day(40, 0).latest_departure(at("2026-06-15T12:00Z")), at("2026-06-15T05:20Z"));
}

TEST(CrewDuty, FlightTimeIsTheSumOfBlockTimes) {
  EXPECT_EQ(run_of_the_day(40, 30).flight_minutes(), 360);
  EXPECT_EQ(run_of_the_day(40, 30).longest_minutes(), 180);
  DutyRun slower = run_of_the_day(40, 30);
  slower.arrival_delay_minutes = 50;
  EXPECT_EQ(slower.flight_minutes(), 380);
}

TEST(CrewDuty, TheReportingPointWithinTwoHoursOfTheCrewsClockGivesTheReferenceTime) {
  ops::CrewDuty duty = crew_duty();
  duty.duty.report_airport = "ATH";
  const DutyOutlook near = outlook_of(crew_day(duty), delayed(0));
  EXPECT_EQ(near.start_minute, 7 * 60);
  EXPECT_EQ(near.clock_airport, "ATH");
  duty.duty.acclimatised_to = "JFK";
  const DutyOutlook far = outlook_of(crew_day(duty), delayed(0));
  EXPECT_EQ(far.start_minute, 0);
  EXPECT_EQ(far.clock_airport, "JFK");
  EXPECT_EQ(far.acclimatised, true);
}

TEST(CrewDuty, WithoutAKnownClockTheReportingPointStandsInAndTheStateIsUnknown) {
  ops::CrewDuty duty = crew_duty();
  duty.duty.acclimatised_to.clear();
  const DutyOutlook outlook = outlook_of(crew_day(duty), delayed(0));
  EXPECT_EQ(outlook.start_minute, 6 * 60);
  EXPECT_EQ(outlook.acclimatised, false);
}

TEST(CrewDuty, OnTheSecondFlightTheFirstIsFlown) {
  Situation situation = crew_day();
  situation.record = situation.duty->value.flights[1];
  situation.departure = {situation.record->scheduled_departure, "test"};
  situation.arrival = {situation.record->scheduled_arrival, "test"};
  const DutyOutlook outlook = outlook_of(situation, delayed(60));
  EXPECT_EQ(outlook.sectors, 2);
  EXPECT_EQ(outlook.fdp_minutes, 9 * 60);
  EXPECT_EQ(outlook.run->index, 1U);
}

TEST(CrewDuty, AReliefCrewTakesOverFromTheFlightInQuestion) {
  Situation situation = crew_day();
  situation.record = situation.duty->value.flights[1];
  situation.departure = {situation.record->scheduled_departure, "test"};
  situation.arrival = {situation.record->scheduled_arrival, "test"};
  const ops::CrewDuty relief = standby_crew("2026-06-15T06:00Z", "2026-06-15T18:00Z");
  const DutyOutlook outlook = outlook_of(situation, relieved(relief, 60));
  EXPECT_EQ(outlook.sectors, 1);
  EXPECT_EQ(outlook.report, at("2026-06-15T09:00Z"));
  EXPECT_EQ(outlook.fdp_minutes, 4 * 60);
  EXPECT_EQ(outlook.standby_minutes, 3 * 60);
}

TEST(CrewDuty, AReliefCrewReportsForTheLatestDepartureAndAbsorbsNothing) {
  Situation situation = crew_day();
  situation.aircraft->value.turnaround_minutes_min = 30;
  const ops::CrewDuty relief = standby_crew("2026-06-15T01:00Z", "2026-06-15T18:00Z");
  Plan plan = relieved(relief, 60);
  plan.departure_delay->least_minutes = 0;
  const DutyOutlook outlook = outlook_of(situation, plan);
  EXPECT_EQ(outlook.report, at("2026-06-15T05:00Z"));
  EXPECT_EQ(outlook.fdp_minutes, 8 * 60);
}

TEST(CrewDuty, AnotherDestinationLeavesTheEndOpen) {
  Plan plan = delayed(60);
  plan.kind = PlanKind::reroute;
  plan.destination = airport("MUC");
  EXPECT_EQ(outlook_of(crew_day(), plan).fdp_minutes, std::nullopt);
}

TEST(CrewDuty, WithoutADelayTheDutyIsOnlyKnownToBeNoShorter) {
  const DutyOutlook outlook = outlook_of(crew_day(), Plan{});
  EXPECT_EQ(outlook.fdp_minutes, 8 * 60);
  EXPECT_TRUE(outlook.fdp_is_least);
}

TEST(CrewDuty, ThePromptsReportGoesBeforeTheRosters) {
  Situation situation = crew_day();
  situation.facts.crew_report = {{5 * 60, std::nullopt, 0}, {}};
  const DutyOutlook local = outlook_of(situation, delayed(0));
  EXPECT_EQ(local.report, at("2026-06-15T03:00Z"));
  EXPECT_EQ(local.start_minute, 5 * 60);
  situation.facts.crew_report = {{5 * 60, 0, 0}, {}};
  EXPECT_EQ(outlook_of(situation, delayed(0)).report, at("2026-06-15T05:00Z"));
}

TEST(CrewDuty, AReportLaterOnTheClockThanTheDepartureWasTheDayBefore) {
  Situation situation = crew_day();
  situation.facts.crew_report = {{23 * 60, std::nullopt, 0}, {}};
  EXPECT_EQ(outlook_of(situation, delayed(0)).report, at("2026-06-14T21:00Z"));
}

TEST(CrewDuty, AStatedAugmentedCrewOfUnknownNumberLeavesThePilotsOpen) {
  Situation situation = crew_day();
  situation.facts.augmented_crew = {true, {}};
  EXPECT_EQ(outlook_of(situation, delayed(0)).pilots, std::nullopt);
  situation.facts.pilots = {4, {}};
  EXPECT_EQ(outlook_of(situation, delayed(0)).pilots, 4);
}

TEST(CrewDuty, TimeOnDutySoFarCountsWithTheDelayAndTheFlightAhead) {
  Situation situation = crew_day();
  situation.facts.crew_on_duty_minutes = {120, {}};
  situation.facts.sectors = {1, {}};
  const DutyOutlook outlook = outlook_of(situation, delayed(60));
  EXPECT_EQ(outlook.fdp_minutes, 120 + 60 + 180);
  EXPECT_FALSE(outlook.fdp_is_least);
}

RC_GTEST_PROP(CrewDutyProperty, TheEndIsNeverEarlierForALongerDelay, ()) {
  const std::int32_t turnaround = *rc::gen::inRange(0, 120);
  const std::int32_t delay = *rc::gen::inRange(0, 600);
  const std::int32_t longer = delay + *rc::gen::inRange(0, 600);
  RC_ASSERT(run_of_the_day(turnaround, delay).end() <= run_of_the_day(turnaround, longer).end());
}

}  // namespace skymarshal::agents::assessment::crew_duty_test
