// May this crew still fly this duty? The parts of the crew_compliance agent, each in the file of its name:
// the duty that a plan asks of a crew (crew_duty.cpp), the limit that binds it (crew_limit.cpp), its hours
// against that limit (crew_hours.cpp), its members one by one (crew_members.cpp).
// Plain values and pure functions; what points into a situation or a plan must not outlive it.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/plan.hpp"
#include "agents/assessment/situation.hpp"
#include "agents/rules/duty_limit.hpp"
#include "agents/rules/flight_duty_easa.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

// crew_duty.cpp: who serves the duty, from when, for how long, on how many sectors. Knows no limits.

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

// crew_limit.cpp: whose flight time limitations bind a crew, and which limit follows for its duty. Where
// facts are missing, the limit is a range.

enum class DutyRegime { easa, faa117, not_on_file };

/// EASA for the European Union, the states bound like it, Switzerland and the United Kingdom (retained law);
/// Part 117 for the United States; others by the operator's approved scheme, if it is known.
DutyRegime duty_regime_of(const ops::Operator& airline);
/// "Regulation (EU) No 965/2012, Subpart FTL": as sentences name it.
std::string_view regime_text(DutyRegime regime, const ops::Operator& airline);

struct LimitRange {
  /// The smallest and the largest limit that may hold, by what is not known.
  rules::DutyLimit least;
  rules::DutyLimit most;
  /// The start that `least` is read for, 0 to 1439, and what time on standby has taken off it.
  std::int32_t start_minute = 0;
  std::int32_t standby_off_minutes = 0;

  bool exact() const {
    return least.minutes == most.minutes && least.stretched_minutes == most.stretched_minutes;
  }
};
/// nullopt for a regime that is not on file. A crew whose state of acclimatisation is not known counts as
/// acclimatised (the caller names the missing fact). Of a relief crew the tightest start from its earliest
/// report to its report holds, so that a later departure never brings a larger limit.
std::optional<LimitRange> limit_of(DutyRegime regime, const DutyOutlook& outlook);

/// The duty as the EASA rules want it; nullopt if start, sectors, pilots or rest facility are not known.
std::optional<rules::EasaDuty> easa_duty_of(const DutyOutlook& outlook);

// crew_hours.cpp: flight duty period, flight time and standby against the limits, said through the agent's
// Opinion.

/// Everything that the steps of the assessment share; points at what must outlive it.
struct CrewCase {
  const Situation& situation;
  const Plan& plan;
  const DutyOutlook& outlook;
  DutyRegime regime;
  /// In flight nobody stops a duty for its hours: the commander brings it to its end.
  bool in_flight;
  Verdict worst() const { return in_flight ? Verdict::conditional : Verdict::rejected; }
};

/// The last departure with which the duty ends within `limit_minutes`; nullopt if it is not known, or if
/// there is none.
std::optional<UtcMinutes> latest_departure_of(const Situation& situation, const Plan& plan,
                                              const DutyOutlook& outlook, std::int32_t limit_minutes);

/// The flight duty period; past the limit by what may be added on the day, and past that by the case's worst
/// verdict.
void judge_duty(Opinion& opinion, const CrewCase& of, const LimitRange& range);
/// Part 117 limits flight time too, and knows no extension of it before take-off.
void judge_flight_time(Opinion& opinion, const CrewCase& of);
/// Can the relief crew be there? Needs a relief crew.
void judge_relief(Opinion& opinion, const CrewCase& of);
/// A regime that is not on file: conditional, with EASA for orientation. Needs a known operator.
void judge_without_limits(Opinion& opinion, const CrewCase& of);

// crew_members.cpp: rest before the duty, hours over days and months, types they may operate.

/// Checks every member of the outlook's crew (under Part 117 the flight crew, whom alone it
/// binds) and limits the verdict to `worst` where a rule is broken. Facts that are missing are named.
void judge_members(Opinion& opinion, const Situation& situation, const Plan& plan, const DutyOutlook& outlook,
                   DutyRegime regime, Verdict worst);

// crew_compliance.cpp: what other parts ask of the agent.

/// The duty of the crew that flies a plan, in minutes; absent is what is not known. Delays count at their
/// most.
struct CrewTimes {
  std::optional<std::int32_t> fdp_minutes;
  /// Maximum flight duty period without the commander's discretion.
  std::optional<std::int32_t> limit_minutes;
  /// Limit less flight duty period; negative: over the limit.
  std::optional<std::int32_t> margin_minutes;
  /// The last departure with which the duty ends within the limit.
  std::optional<UtcMinutes> latest_departure;
};
/// Margin and latest departure never grow with the delay of the plan. Pure.
CrewTimes crew_times(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
