// The maintenance agent (safety): may this aircraft be dispatched with what is known of its defects?
// Knows the minimum equipment list's intervals, groundings, ETOPS relevance and repair times.
#pragma once

#include "agents/assessment/assessment.hpp"

namespace skymarshal::agents::assessment {

/// Pure: the same situation and plan give the same assessment.
AgentAssessment assess_maintenance(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
