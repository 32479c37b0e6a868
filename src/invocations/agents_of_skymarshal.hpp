// The seven agents, by the names the runtime gives them, and the phase each belongs to.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace skymarshal::invocations {

inline constexpr std::array<std::string_view, 3> safety_agents = {"crew_compliance", "maintenance",
                                                                  "regulatory"};
inline constexpr std::array<std::string_view, 4> business_agents = {"network", "guest_experience", "cargo",
                                                                    "finance"};

inline bool is_safety_agent(std::string_view name) { return std::ranges::count(safety_agents, name) > 0; }
inline bool is_business_agent(std::string_view name) { return std::ranges::count(business_agents, name) > 0; }

}  // namespace skymarshal::invocations
