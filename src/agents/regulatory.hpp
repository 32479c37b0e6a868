// The regulatory agent (safety): what do airports and authorities demand of the new times?
// Knows curfews on file, flight plan amendment, and which passenger rights regulation binds the route.
#pragma once

#include "agents/assessment.hpp"

namespace skymarshal::agents {

/// Pure: the same facts give the same assessment.
AgentAssessment assess_regulatory(const Facts& facts);

}  // namespace skymarshal::agents
