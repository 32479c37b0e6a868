// The guest_experience agent (business): what are the passengers owed, and who comes first?
// Knows EU261 and UK261 bands and care, the Montreal limit and Thailand's rules; liability is never decided.
#pragma once

#include "agents/assessment.hpp"

namespace skymarshal::agents {

/// Pure: the same facts give the same assessment.
AgentAssessment assess_guest_experience(const Facts& facts);

}  // namespace skymarshal::agents
