// A rule whose sentence names its source, so that the sentences of an answer may name it too.
// Header only; for agents that cite the law in what they require.
#pragma once

#include "agents/assessment/assessment.hpp"

#include <string_view>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {

/// Adds "Montreal Convention 1999, Art. 19: Damage by delay …" to the rules that were applied.
inline void apply_named(Opinion& opinion, const rules::Citation& citation, std::string_view rule) {
  opinion.apply(citation, fmt::format("{}: {}", citation.source, rule));
}

}  // namespace skymarshal::agents::assessment
