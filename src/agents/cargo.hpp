// The cargo agent (business): what does the delay or a swap mean for the freight on board?
// Knows which kinds of freight need what checked again; temperatures and hold times must be stated.
#pragma once

#include "agents/assessment.hpp"

namespace skymarshal::agents {

/// Pure: the same facts give the same assessment.
AgentAssessment assess_cargo(const Facts& facts);

}  // namespace skymarshal::agents
