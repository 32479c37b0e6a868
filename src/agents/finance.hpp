// The finance agent (business): what does the disruption cost, as far as it can be reckoned?
// Adds only amounts that have a source; an airline's own costs are facts that it asks for.
#pragma once

#include "agents/assessment.hpp"

namespace skymarshal::agents {

/// Pure: the same facts give the same assessment.
AgentAssessment assess_finance(const Facts& facts);

}  // namespace skymarshal::agents
