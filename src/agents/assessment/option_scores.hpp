// How an option scores against the others, each number with the inputs it was made from. Pure.
// Whole points from 0 (worst) to 100 (best); a rule of thumb for ranking, not a forecast.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/finance.hpp"
#include "agents/assessment/network.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

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

/// "safety=40,cost=20,passenger=25,network=15", in any order, all four, adding up to 100.
/// Fails with Errc::invalid_request and a message that says what to write.
Result<ScoreWeights> parse_score_weights(std::string_view text);

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

}  // namespace skymarshal::agents::assessment
