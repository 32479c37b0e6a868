// The finance agent (business): what does a plan cost, item by item, and how does it compare with the others?
// Published reference values, each cited; an airline's own figures are not known here and the answer says so.
#pragma once

#include "agents/assessment/assessment.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

struct CostLine {
  /// "delay", "compensation", "care", "hotel", "crew", "swap", "knock_on", "rebooking", "diversion",
  /// "cancellation"; constant text.
  std::string_view item;
  /// Euro cents, always whole euros: so a table of rounded lines adds up to its total.
  std::int64_t eur_cents = 0;
  /// "180 min x 54.32 EUR".
  std::string expression;
};

struct CostEstimate {
  /// Items of a plan that could be reckoned, in a fixed order.
  std::vector<CostLine> lines;
  /// Items that could not, and which fact they lack: "compensation: number of passengers".
  std::vector<std::string> unknown;

  /// The sum of the lines.
  std::int64_t total_eur_cents() const;
};

/// Never falls when the delay of the plan grows. Pure.
CostEstimate cost_of(const Situation& situation, const Plan& plan);

/// "12,345 EUR", rounded half up.
std::string euros(std::int64_t eur_cents);

/// Pure: the same situation and plan give the same assessment.
AgentAssessment assess_finance(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
