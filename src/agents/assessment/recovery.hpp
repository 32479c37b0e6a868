// The ways out of a disruption: which plans are worth judging (recovery_plans.cpp), how each is carried out
// (recovery_steps.cpp), how it scores (option_scores.cpp), and all of them judged, priced and ranked
// (recovery_options.cpp). Pure; options and plans point into the situation they are for.
// An option is open only if no safety agent rejects its plan; nothing outvotes a rejection.
#pragma once

#include "agents/assessment/agent.hpp"
#include "agents/assessment/costs.hpp"
#include "agents/assessment/network.hpp"
#include "agents/assessment/plan.hpp"
#include "base/json_writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
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

// Minutes of steps are planning values of this program unless the data gives better ones; see docs/agents.md.

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

// Scores are whole points from 0 (worst) to 100 (best): a rule of thumb for ranking, not a forecast. `basis`
// becomes a sentence with the inputs.

struct OptionScores {
  std::int32_t safety = 0;
  std::int32_t cost = 0;
  std::int32_t passenger = 0;
  std::int32_t network = 0;
};

/// Parts in a hundred; they add up to 100.
struct ScoreWeights {
  std::int32_t safety = 40;
  std::int32_t cost = 20;
  std::int32_t passenger = 25;
  std::int32_t network = 15;
};

/// The mean over the agents of 100 for approved, 60 for conditional; 0 if one rejected or nobody was asked.
std::int32_t safety_score(const std::vector<Verdict>& verdicts, std::string& basis);
/// 100 less the cost's share of the dearest option; where nothing could be reckoned 50, and 0 for a
/// cancellation, which is dear as a rule.
std::int32_t cost_score(const Plan& plan, const CostEstimate& costs, std::int64_t dearest_eur_cents,
                        std::string& basis);
/// 100 at no mean delay of arrival down to 0 at 10 h; who misses a connection waits for the next seat.
std::int32_t passenger_score(const Situation& situation, const Plan& plan, const NetworkImpact& impact,
                             std::string& basis);
/// 100 at no knock-on delay down to 0 at 10 h of it over all later flights.
std::int32_t network_score(const Situation& situation, const Plan& plan, const NetworkImpact& impact,
                           std::string& basis);
/// (40 x safety + 20 x cost + …) / 100, rounded down.
std::int32_t weighted_score(const OptionScores& scores, const ScoreWeights& weights, std::string& basis);

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
  /// Agents that failed on it.
  std::vector<Failure> failures;
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
