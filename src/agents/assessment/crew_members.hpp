// The members of a crew one by one: rest before the duty, hours over days and months, types they may operate.
// Part of the crew_compliance agent: says what it finds through the agent's Opinion.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/crew_duty.hpp"
#include "agents/assessment/crew_limit.hpp"

namespace skymarshal::agents::assessment {

/// Checks every member of the outlook's crew (under Part 117 the flight crew, whom alone it
/// binds) and limits the verdict to `worst` where a rule is broken. Facts that are missing are named.
void judge_members(Opinion& opinion, const Situation& situation, const Plan& plan, const DutyOutlook& outlook,
                   DutyRegime regime, Verdict worst);

}  // namespace skymarshal::agents::assessment
