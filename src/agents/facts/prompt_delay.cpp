#include "agents/facts/prompt_durations.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <algorithm>
#include <optional>

namespace skymarshal::agents::facts {
namespace {

/// The delay word that belongs to the duration `span`, after it or before it; nullopt if none does.
std::optional<std::size_t> delay_word_of(const PromptTokens& tokens, TokenSpan span) {
  std::size_t i = span.last + 1;
  for (std::size_t skipped = 0; skipped <= 2; ++skipped, ++i) {
    if (tokens.has_any(i, {Term::delay, Term::postponed})) return i;
    const bool skips = tokens.has_any(i, {Term::technical, Term::atc, Term::weather}) ||
                       tokens.is_any(i, {"-", "of", "the", "departure", "arrival", "total", "expected", "an",
                                         "rolling", "ground", "estimated", "de", "d", "'", "slot"});
    if (!skips) break;
  }
  i = span.first;
  for (std::size_t skipped = 0; skipped <= 6 && i > 0; ++skipped) {
    --i;
    const bool only_after = tokens.value(i, Term::delay) == 1 && !tokens.is(i + 1, "by");
    if (tokens.has_any(i, {Term::delay, Term::postponed}) && !only_after) return i;
    if (!is_between_label_and_value(tokens, i) && !tokens.is(i, "back")) break;
  }
  return std::nullopt;
}

/// Where "up to", "bis zu", "jusqu'à", "hasta" before `first` begins; nullopt if nothing of the kind stands
/// there.
std::optional<std::size_t> up_to(const PromptTokens& tokens, std::size_t first) {
  if (first >= 2 && (tokens.matches(first - 2, {"up", "to"}) || tokens.matches(first - 2, {"bis", "zu"}))) {
    return first - 2;
  }
  if (first >= 3 && tokens.matches(first - 3, {"jusqu", "'", "a"})) return first - 3;
  return first >= 1 && tokens.is(first - 1, "hasta") ? std::optional(first - 1) : std::nullopt;
}

bool is_repair_word(const PromptTokens& tokens, std::size_t i) {
  return tokens.has(i, Term::repair) ||
         (tokens.is(i, "service") && i > 0 && tokens.is_any(i - 1, {"in", "into", "to"}));
}

/// The repair word that belongs to the duration `span`.
std::optional<std::size_t> repair_word_of(const PromptTokens& tokens, TokenSpan span) {
  std::size_t i = span.last + 1;
  for (std::size_t skipped = 0; skipped <= 2; ++skipped, ++i) {
    if (is_repair_word(tokens, i)) return i;
    if (!tokens.is_any(i, {"to", "of", "for", "the", "zur", "fur", "de", "para", "pour", "la", "-"})) break;
  }
  i = span.first;
  for (std::size_t skipped = 0; skipped <= 6 && i > 0; ++skipped) {
    --i;
    if (is_repair_word(tokens, i)) return i;
    const bool skips = tokens.is_any(
        i, {"in", "takes", "take", "needs", "need", "requires", "estimates", "estimate", "within", "work",
            "done", "completed", "dauert", "braucht", "benotigt", "dans", "en"});
    if (!skips && !is_between_label_and_value(tokens, i)) break;
  }
  return std::nullopt;
}

}  // namespace

void read_delay_and_repair(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (const DurationMention& duration : collector.durations()) {
    const std::size_t first = duration.first;
    const auto limit = up_to(tokens, first);
    const Delay length{limit ? 0 : duration.length.least_minutes, duration.length.most_minutes};
    const TokenSpan span{limit ? *limit : first, duration.last};
    const auto spanning = [&](std::size_t word) {
      return TokenSpan{std::min(span.first, word), std::max(span.last, word)};
    };
    const bool negated = first > 0 && is_negation(tokens, first - 1);
    if (negated) {
      // "5 hours, not 3 hours": what is taken back is no fact.
    } else if (const auto late = delay_word_of(tokens, span)) {
      if (!is_negated(tokens, *late))
        collector.state("delay_minutes", &Facts::delay, length, spanning(*late));
    } else if (const auto repair = repair_word_of(tokens, span)) {
      collector.state("repair_minutes", &Facts::repair_minutes, length, spanning(*repair));
    }
  }
}

}  // namespace skymarshal::agents::facts
