// Reads lengths of time in words and figures. Pure.
#pragma once

#include "agents/facts/facts.hpp"
#include "agents/facts/prompt_tokens.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace skymarshal::agents::facts {

/// A length of time in words: "3 hours", "2h30", "1.5 h", "two to three hours", "90-minute", "3 Stunden".
struct DurationSpan {
  Delay length;
  /// Its last token.
  std::size_t last = 0;
};

/// The duration that starts at token `i`, if one does. Longer than seven days is noise.
std::optional<DurationSpan> read_duration(const PromptTokens& tokens, std::size_t i);

/// A duration and its first token.
struct DurationMention {
  std::size_t first = 0;
  Delay length;
  std::size_t last = 0;
};

/// All durations of a prompt in order; none overlaps another.
std::vector<DurationMention> read_durations(const PromptTokens& tokens);

/// The duration that follows from `i` on after at most `words_max` small words, in the same sentence.
std::optional<DurationSpan> duration_after(const PromptTokens& tokens, std::size_t i, std::size_t words_max);

/// True if token `i` may stand between a label and its value: small words, ":", "=".
bool is_between_label_and_value(const PromptTokens& tokens, std::size_t i);

}  // namespace skymarshal::agents::facts
