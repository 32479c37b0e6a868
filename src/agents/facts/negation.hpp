// Tells words that are taken back ("no fault", "not hydraulic", "sans retard") from those that hold. Pure.
#pragma once

#include "agents/facts/letters.hpp"
#include "agents/facts/prompt_tokens.hpp"

#include <cstddef>

namespace skymarshal::agents::facts {

/// True for a word that takes back what follows. "SIN" in a route is Singapore, and not Spanish "sin".
inline bool is_negation(const PromptTokens& tokens, std::size_t i) {
  if (!tokens.has(i, Term::negation)) return false;
  const auto joins = [&](std::size_t at) {
    return tokens.is_any(at, {"-", "/", ">"}) || tokens.has_any(at, {Term::from, Term::to});
  };
  const bool code = tokens.at(i).text.size() == 3 && all_capitals(tokens.at(i).text);
  return !code || !(joins(i + 1) || (i > 0 && joins(i - 1)));
}

/// True if one of the three words before `i` in its clause takes it back.
inline bool is_negated(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
    if (tokens.ends_sentence(i - back) || tokens.is(i - back, ",") || tokens.is(i - back, ":")) return false;
    if (is_negation(tokens, i - back)) return true;
  }
  return false;
}

}  // namespace skymarshal::agents::facts
