// The crew_compliance agent (safety): may this crew still fly this duty under the flight time limitations?
// Knows EASA Subpart FTL and 14 CFR Part 117; the operator and its state decide which of them binds.
#pragma once

#include "agents/assessment/assessment.hpp"

#include <cstdint>
#include <optional>

namespace skymarshal::agents::assessment {

/// The duty of the crew that flies a plan, in minutes; absent is what is not known. Delays count at their
/// most.
struct CrewTimes {
  std::optional<std::int32_t> fdp_minutes;
  /// Maximum flight duty period without the commander's discretion.
  std::optional<std::int32_t> limit_minutes;
  /// Limit less flight duty period; negative: over the limit.
  std::optional<std::int32_t> margin_minutes;
  /// The last departure with which the duty ends within the limit.
  std::optional<UtcMinutes> latest_departure;
};
/// Margin and latest departure never grow with the delay of the plan. Pure.
CrewTimes crew_times(const Situation& situation, const Plan& plan);

/// Pure: the same situation and plan give the same assessment.
AgentAssessment assess_crew_compliance(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
