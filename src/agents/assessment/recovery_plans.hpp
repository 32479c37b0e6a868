// The ways out of a disruption that are worth judging, each as a plan. Pure.
// Every kind of plan is named: one that cannot be made says what bars it before any agent is asked.
#pragma once

#include "agents/assessment/plan.hpp"

#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

struct PossiblePlan {
  Plan plan;
  /// "Swap A6-BNC for A6-BND".
  std::string title;
  /// What bars it whatever the agents say; empty: nothing does.
  std::string barred_by;
  /// What it presumes because nobody stated it.
  std::vector<std::string> assumptions;
};

/// On the ground: delay, swap (one a candidate, at most 3), crew change (one a standby crew, at most 2),
/// reroute, cancellation. In flight: on, or divert. The plans point into `situation`.
std::vector<PossiblePlan> possible_plans(const Situation& situation);

}  // namespace skymarshal::agents::assessment
