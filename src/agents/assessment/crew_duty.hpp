// The duty that a plan asks of a crew: who serves it, from when, for how long, on how many sectors.
// Plain values for the crew_compliance agent, made of a situation and a plan that must outlive them. Holds no
// limits.
#pragma once

#include "agents/assessment/plan.hpp"
#include "agents/assessment/situation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

/// A duty's flights that the plan moves, and what they leave of its time.
struct DutyRun {
  /// In order of departure.
  std::vector<ops::Flight> flights;
  /// Which of them is the flight in question.
  std::size_t index = 0;
  /// The aircraft's minimum time on the ground; absent: every delay is carried on in full.
  std::optional<std::int32_t> turnaround_minutes = {};
  std::int32_t departure_delay_minutes = 0;
  std::int32_t arrival_delay_minutes = 0;

  /// Arrival of the last flight.
  UtcMinutes end() const;
  /// The flight in question may leave until then, for the duty to end by `latest_end`; nullopt if no
  /// departure of it could help.
  std::optional<UtcMinutes> latest_departure(UtcMinutes latest_end) const;
  /// Sum and longest of the flights' block times.
  std::int32_t flight_minutes() const;
  std::int32_t longest_minutes() const;

 private:
  std::int32_t block_minutes(std::size_t flight) const;
};

/// What is known of the duty under the plan. Minutes; delays at their most.
struct DutyOutlook {
  /// The crew of the database that serves it; nullptr: none is known.
  const ops::CrewDuty* crew = nullptr;
  /// It is called from standby instead of the planned one.
  bool relief = false;
  std::optional<DutyRun> run = {};
  std::optional<UtcMinutes> report = {};
  /// Relief: the start of the standby and the call-out after it.
  std::optional<UtcMinutes> earliest_report = {};
  /// 0 to 1439, at reference time (the clock that the limits go by). Of a relief crew also that of the
  /// earliest report.
  std::optional<std::int32_t> start_minute = {};
  std::optional<std::int32_t> earliest_start_minute = {};
  /// IATA code of the airport whose clock that is; empty: local where the crew reported.
  std::string clock_airport = {};
  /// Relief: time on standby before the report, and whether it is served at the airport.
  std::int32_t standby_minutes = 0;
  bool airport_standby = false;
  std::optional<bool> acclimatised = {};
  std::optional<std::int32_t> sectors = {};
  /// Two unless stated otherwise; absent: augmented, by an unknown number.
  std::optional<std::int32_t> pilots = 2;
  /// Class 1 to 3, 0: none; absent: nobody said.
  std::optional<std::int32_t> rest_facility = {};
  std::int32_t split_break_minutes = 0;
  bool planned_extension = false;
  /// Flight duty period from the report to the end of the last flight.
  std::optional<std::int32_t> fdp_minutes = {};
  /// It is only known to be no shorter.
  bool fdp_is_least = false;
  /// "21:30 - 06:00": how it was reckoned.
  std::string fdp_expression = {};
  /// Flight time in it.
  std::optional<std::int32_t> flight_minutes = {};
  std::int32_t longest_sector_minutes = 0;
};

/// Pure. What the prompt states goes before the database, except for a relief crew, of which no prompt
/// speaks.
DutyOutlook outlook_of(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
