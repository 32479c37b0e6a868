// The crew_compliance agent (safety): may this crew still fly this duty under the flight time limitations?
// Knows EASA's basic daily flight duty period; for operators under other rules it says that their scheme
// binds.
#pragma once

#include "agents/assessment.hpp"

namespace skymarshal::agents {

/// Pure: the same facts give the same assessment.
AgentAssessment assess_crew_compliance(const Facts& facts);

}  // namespace skymarshal::agents
