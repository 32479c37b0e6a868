#include "agents/assessment/airport_movement.hpp"

#include "unit/agents/assessment/explained_numbers.hpp"
#include "unit/agents/assessment/passenger_flight.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::assessment::airport_movement_test {

LocalMinutes local(std::int32_t day, std::int32_t hour, std::int32_t minute) {
  return LocalMinutes(std::chrono::local_days(std::chrono::year(2026) / 6 / day)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute);
}

struct Judged {
  AgentAssessment said;
  bool on_file = false;
};

Judged judge(const ops::Airport& airport, MovementKind kind, std::optional<LocalMinutes> planned,
             std::optional<Span<LocalMinutes>> moved) {
  Opinion opinion("test");
  const bool on_file = judge_movement(opinion, {kind, &airport, test_source, planned, moved});
  return {std::move(opinion).finish(), on_file};
}

Judged arrive(const ops::Airport& airport, LocalMinutes at) {
  return judge(airport, MovementKind::arrival, local(15, 20, 0), Span<LocalMinutes>{at, at});
}

TEST(AirportMovement, AMinuteDecidesOnACurfew) {
  const ops::Airport sydney = airport_of("SYD");
  EXPECT_EQ(arrive(sydney, local(15, 22, 59)).said.status, Verdict::approved);
  EXPECT_EQ(arrive(sydney, local(15, 23, 0)).said.status, Verdict::rejected);
  EXPECT_EQ(arrive(sydney, local(16, 5, 59)).said.status, Verdict::rejected);
  EXPECT_EQ(arrive(sydney, local(16, 6, 0)).said.status, Verdict::approved);
}

TEST(AirportMovement, ARangeThatTouchesTheCurfewIsRejected) {
  const ops::Airport sydney = airport_of("SYD");
  const auto touches = judge(sydney, MovementKind::arrival, local(15, 20, 0),
                             Span<LocalMinutes>{local(15, 21, 0), local(15, 23, 0)});
  EXPECT_EQ(touches.said.status, Verdict::rejected);
  EXPECT_TRUE(says(touches.said, "23:00 local, inside the curfew 23:00-06:00"));
  EXPECT_NE(touches.said.reasoning.find("falls within the curfew 23:00-06:00"), std::string::npos);
  EXPECT_TRUE(says(touches.said, "before 23:00 or to 06:00 local and later"));
  const auto spans_the_night = judge(sydney, MovementKind::arrival, local(15, 20, 0),
                                     Span<LocalMinutes>{local(15, 21, 0), local(18, 12, 0)});
  EXPECT_EQ(spans_the_night.said.status, Verdict::rejected);
}

TEST(AirportMovement, TheAirportsOwnRowHolds) {
  ops::Airport abu_dhabi = airport_of("AUH");
  EXPECT_FALSE(arrive(abu_dhabi, local(15, 23, 0)).on_file);
  abu_dhabi.curfew_begin_minute = 22 * 60;
  abu_dhabi.curfew_end_minute = 4 * 60;
  EXPECT_EQ(arrive(abu_dhabi, local(15, 21, 59)).said.status, Verdict::approved);
  EXPECT_EQ(arrive(abu_dhabi, local(15, 22, 0)).said.status, Verdict::rejected);
  ops::Airport sydney = airport_of("SYD");
  sydney.curfew_begin_minute = 22 * 60;
  sydney.curfew_end_minute = 5 * 60;
  EXPECT_EQ(arrive(sydney, local(16, 5, 0)).said.status, Verdict::approved);
}

TEST(AirportMovement, ALateFlightMayHaveTheHalfHourThatIsKeptForIt) {
  const ops::Airport zurich = airport_of("ZRH");
  const Judged late = arrive(zurich, local(15, 23, 29));
  EXPECT_EQ(late.said.status, Verdict::conditional);
  EXPECT_TRUE(says(late.said, "only as a late flight before 23:30"));
  EXPECT_EQ(arrive(zurich, local(15, 23, 30)).said.status, Verdict::rejected);
  const ops::Airport frankfurt = airport_of("FRA");
  EXPECT_EQ(arrive(frankfurt, local(15, 23, 30)).said.status, Verdict::conditional);
  EXPECT_EQ(judge(frankfurt, MovementKind::departure, local(15, 22, 0),
                  Span<LocalMinutes>{local(15, 23, 0), local(15, 23, 0)})
                .said.status,
            Verdict::rejected);
}

TEST(AirportMovement, AsksForTheTimeWhereItWouldDecide) {
  const Judged unknown = judge(airport_of("SYD"), MovementKind::arrival, {}, {});
  EXPECT_EQ(unknown.said.status, Verdict::conditional);
  EXPECT_EQ(unknown.said.missing_facts, std::vector<std::string>{"planned arrival (local time)"});
  EXPECT_TRUE(judge(airport_of("AUH"), MovementKind::arrival, {}, {}).said.missing_facts.empty());
}

TEST(AirportMovement, AUsedUpNightQuotaBarsANewNightMovement) {
  ops::Airport heathrow = airport_of("LHR");
  heathrow.night_quota_left = 0;
  EXPECT_EQ(arrive(heathrow, local(15, 22, 59)).said.status, Verdict::approved);
  EXPECT_EQ(arrive(heathrow, local(15, 23, 0)).said.status, Verdict::rejected);
  EXPECT_EQ(arrive(heathrow, local(16, 7, 0)).said.status, Verdict::approved);
  heathrow.night_quota_left = 2;
  const Judged taken = arrive(heathrow, local(15, 23, 0));
  EXPECT_EQ(taken.said.status, Verdict::conditional);
  EXPECT_TRUE(says(taken.said, "one of the 2 night movements"));
}

TEST(AirportMovement, WhatWasPlannedInTheNightHasItsPlaceInTheQuota) {
  ops::Airport heathrow = airport_of("LHR");
  heathrow.night_quota_left = 0;
  const auto planned = judge(heathrow, MovementKind::arrival, local(16, 4, 50),
                             Span<LocalMinutes>{local(16, 5, 30), local(16, 5, 30)});
  EXPECT_EQ(planned.said.status, Verdict::approved);
}

TEST(AirportMovement, EveryNumberIsExplained) {
  for (const auto* iata : {"SYD", "ZRH", "FRA", "BER", "GVA", "WAW", "AUH", "LHR"}) {
    ops::Airport airport = airport_of(iata);
    if (airport.iata == "LHR") airport.night_quota_left = 3;
    for (std::int32_t hour = 0; hour < 24; ++hour) {
      EXPECT_EQ(test::unexplained_numbers(arrive(airport, local(16, hour, 15)).said),
                std::vector<std::string>{})
          << iata << hour;
    }
  }
}

}  // namespace skymarshal::agents::assessment::airport_movement_test
