// Reads the facts of a disruption from what a person wrote. The one entrance to the prompt readers.
// Pure, deterministic, linear in the prompt's length; any bytes are fine, what is not understood is left out.
#pragma once

#include "agents/facts/facts.hpp"
#include "agents/facts/prompt_tokens.hpp"

#include <cstdint>
#include <string_view>

namespace skymarshal::agents::facts {

/// Facts of one prompt; `turn` counts the prompts of the session from 1 and marks the words of each fact.
Facts read_facts(std::string_view prompt, std::int32_t turn = 1);
/// The same for a prompt that is already cut into tokens.
Facts read_facts(const PromptTokens& tokens, std::int32_t turn);

}  // namespace skymarshal::agents::facts
