// Where the numbers of an InvokeResponse come from, as people read it: per agent the facts, the rules with
// their citations and the arithmetic; per recovery option the costs, the scores and the steps. Pure.
#pragma once

#include "cli/terminal.hpp"

#include <string>
#include <string_view>

namespace skymarshal::cli {

/// `response` is the JSON of an InvokeResponse. Says so where a runtime explains nothing.
std::string explanation_text(std::string_view response, const Terminal& terminal);

}  // namespace skymarshal::cli
