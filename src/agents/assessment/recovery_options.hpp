// The ways out of a disruption, judged, priced, scored and ranked: which are open, which are barred and by
// what. Pure. An option is open only if no safety agent rejects its plan; nothing outvotes a rejection.
#pragma once

#include "agents/assessment/option_scores.hpp"
#include "agents/assessment/recovery_plans.hpp"
#include "agents/assessment/recovery_steps.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

struct RecoveryOption {
  Plan plan;
  std::string title;
  bool feasible = true;
  /// What bars it, if it is not feasible: "crew_compliance: …".
  std::string binding_constraint;
  /// What has to be done or confirmed first, from the safety agents.
  std::vector<std::string> conditions;
  /// What it presumes because nobody stated it.
  std::vector<std::string> assumptions;
  OptionScores scores;
  std::int32_t score = 0;
  /// A sentence for each score, inputs included.
  std::vector<std::string> basis;
  CostEstimate costs;
  NetworkImpact impact;
  std::vector<RecoveryStep> steps;
};

/// Feasible options first, each group by falling score, equal scores by kind and title. `safety` are the
/// agents that judge each plan. The options point into `situation`.
std::vector<RecoveryOption> rank_recovery_options(const Situation& situation,
                                                  const std::vector<Agent>& safety,
                                                  const ScoreWeights& weights);

/// An array of {"rank", "option", "title", "feasible", "binding_constraint", "conditions", "assumptions",
/// "departure_delay_minutes", "score", "scores", "basis", "costs", "knock_on", "recovery_plan"}.
void write_recovery_options(JsonWriter& json, const std::vector<RecoveryOption>& options);

}  // namespace skymarshal::agents::assessment
