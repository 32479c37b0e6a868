// Tells words that are taken back ("no fault", "not hydraulic", "sans retard") from those that hold. Pure.
#pragma once

#include "facts/prompt_tokens.hpp"

#include <cstddef>

namespace skymarshal::facts {

/// True if one of the three words before `i` in its clause takes it back.
inline bool is_negated(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
    if (tokens.ends_sentence(i - back) || tokens.is(i - back, ",") || tokens.is(i - back, ":")) return false;
    if (tokens.has(i - back, Term::negation)) return true;
  }
  return false;
}

}  // namespace skymarshal::facts
