// The network agent (business): what does the delay do to connections and to the aircraft's next flights?
// Reckons with great-circle distance and minimum connecting time; the rotation itself must be stated.
#pragma once

#include "agents/assessment.hpp"

namespace skymarshal::agents {

/// Pure: the same facts give the same assessment.
AgentAssessment assess_network(const Facts& facts);

}  // namespace skymarshal::agents
