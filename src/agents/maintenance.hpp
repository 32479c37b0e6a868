// The maintenance agent (safety): may this aircraft be dispatched with what is known of its defect?
// Knows the minimum equipment list's intervals and that a stated defect needs a release or a deferral.
#pragma once

#include "agents/assessment.hpp"

namespace skymarshal::agents {

/// Pure: the same facts give the same assessment.
AgentAssessment assess_maintenance(const Facts& facts);

}  // namespace skymarshal::agents
