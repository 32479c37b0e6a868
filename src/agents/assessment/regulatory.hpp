// The regulatory agent (safety): what do airports and authorities demand of the new times?
// Knows curfews, night quotas, slots, overflight windows, and which passenger rights regulation binds and
// why.
#pragma once

#include "agents/assessment/assessment.hpp"

namespace skymarshal::agents::assessment {

/// Pure: the same situation and plan give the same assessment.
AgentAssessment assess_regulatory(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
