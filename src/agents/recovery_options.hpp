// The ways out of a disruption, ranked: which are open, which are barred and by what, and how each scores.
// Pure. Scores are a transparent rule of thumb over stated facts, not a cost model: each says what it rests
// on.
#pragma once

#include "agents/assessment.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents {

/// Whole points from 0 (worst) to 100 (best).
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

struct RecoveryOption {
  std::string_view name;
  std::string title;
  bool feasible = true;
  /// What bars it, if it is not feasible.
  std::string binding_constraint;
  OptionScores scores;
  std::int32_t score = 0;
  std::string basis;
};

/// Feasible options first, each group by falling score, equal scores by name. `safety` holds the
/// assessments of the safety agents; an option is barred if one rejected, unless the
/// option itself settles that agent's matter.
std::vector<RecoveryOption> rank_recovery_options(const Facts& facts,
                                                  const std::vector<AgentAssessment>& safety,
                                                  const ScoreWeights& weights);

/// An array of {"rank", "option", "title", "feasible", "binding_constraint", "score", "scores", "basis"}.
void write_recovery_options(JsonWriter& json, const std::vector<RecoveryOption>& options);

}  // namespace skymarshal::agents
