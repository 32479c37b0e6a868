// The hours of one duty against the limits that bind it: flight duty period, flight time, standby of a relief
// crew. Part of the crew_compliance agent: says what it finds through the agent's Opinion.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/crew_duty.hpp"
#include "agents/assessment/crew_limit.hpp"

#include <cstdint>
#include <optional>

namespace skymarshal::agents::assessment {

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

}  // namespace skymarshal::agents::assessment
