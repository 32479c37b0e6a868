// How a plan is carried out: who does what, after what, how long it takes, and how one sees that it is done.
// Pure. Minutes are planning values of this program unless the data gives better ones; see docs/agents.md.
#pragma once

#include "agents/assessment/plan.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

struct RecoveryStep {
  /// 1, 2, 3, …
  std::int32_t step = 0;
  std::string_view who;
  std::string what;
  /// Steps that must be done before; each smaller than `step`.
  std::vector<std::int32_t> depends_on;
  std::int32_t minutes = 0;
  std::string success_criterion;
};

/// In an order in which they can be done; the last one is that the plan is complete.
std::vector<RecoveryStep> recovery_steps(const Situation& situation, const Plan& plan);

/// Minutes from the first step to the last when steps that do not depend on each other are done side by side.
std::int32_t critical_path_minutes(const std::vector<RecoveryStep>& steps);

}  // namespace skymarshal::agents::assessment
