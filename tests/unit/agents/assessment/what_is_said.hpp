// What an agent says in words, wherever it says it.
#pragma once

#include "agents/assessment/assessment.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

inline bool contains_text(const std::vector<std::string>& texts, std::string_view part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

inline bool says(const AgentAssessment& said, std::string_view part) {
  return said.reasoning.find(part) != std::string::npos || contains_text(said.constraints, part) ||
         contains_text(said.recommendations, part);
}

}  // namespace skymarshal::agents::assessment
