// The cargo agent (business): does what is on board bear the new times, and the new aircraft?
// Knows time and temperature limits, dangerous goods on a swap, and what to offload first.
#pragma once

#include "agents/assessment/assessment.hpp"

namespace skymarshal::agents::assessment {

/// Pure: the same situation and plan give the same assessment.
AgentAssessment assess_cargo(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
