#include "agents/facts/prompt_readers.hpp"

#include <optional>
#include <string>

namespace skymarshal::agents::facts {
namespace {

/// True if "released to service" at `i` speaks of what is hoped for rather than done.
bool is_not_yet(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 5 && back <= i; ++back) {
    if (tokens.ends_sentence(i - back) || tokens.is(i - back, ",")) return false;
    if (is_negation(tokens, i - back) ||
        tokens.is_any(i - back,
                      {"until", "before", "if", "when", "once", "after", "pending", "awaiting", "unless",
                       "be", "being", "cannot", "can", "to", "un", "expected", "estimated", "will"})) {
      return true;
    }
  }
  return false;
}

/// "29-11-01", "29-11", "29-11-01A" from `i` on, joined; nullopt if it is none.
struct Reference {
  std::string text;
  std::size_t last = 0;
};
std::optional<Reference> mel_reference_at(const PromptTokens& tokens, std::size_t i) {
  if (tokens.lower(i).size() != 2 || !tokens.number(i, 2)) return std::nullopt;
  Reference found{std::string(tokens.lower(i)), i};
  for (std::size_t groups = 1; groups < 4; ++groups) {
    const std::size_t at = found.last + 2;
    const std::string_view part = tokens.lower(at);
    const bool shaped = part.size() >= 2 && part.size() <= 3 && is_digit(part[0]) && is_digit(part[1]);
    if (!tokens.is(at - 1, "-") || !tokens.joined(at - 1) || !tokens.joined(at) || !shaped) break;
    found.text += "-" + in_capitals(part);
    found.last = at;
  }
  return found.last > i ? std::optional(found) : std::nullopt;
}

/// The category letter at `i`, A to D in capitals, not the first word of a sentence such as "A leak".
std::optional<char> category_at(const PromptTokens& tokens, std::size_t i) {
  const std::string_view letter = tokens.at(i).text;
  if (letter.size() != 1 || letter[0] < 'A' || letter[0] > 'D') return std::nullopt;
  return letter[0];
}

/// Skips what may stand between "MEL" and its category or reference.
std::size_t after_mel_words(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t skipped = 0; skipped < 4; ++skipped) {
    const bool small =
        tokens.has(i, Term::category) ||
        tokens.is_any(i, {"item", "ref", "reference", ":", ".", "no", "number", "interval", "is", "("});
    if (!small) break;
    ++i;
  }
  return i;
}

/// "open for 4 days", "deferred 4 days ago", "seit 3 Tagen offen" around the word of deferral at `i`.
void read_open_days(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const std::size_t at = tokens.is_any(i + 1, {"for", "since", "seit", "depuis", "desde"}) ? i + 2 : i + 1;
  const std::size_t number = tokens.is(at, "hace") ? at + 1 : at;
  const auto days = tokens.count(number, 3);
  if (days && tokens.has(number + 1, Term::day)) {
    collector.state("mel_open_days", &Facts::mel_open_days, *days, {i, number + 1});
  } else if (i >= 3 && tokens.is(i - 3, "seit") && tokens.count(i - 2, 3) && tokens.has(i - 1, Term::day)) {
    collector.state("mel_open_days", &Facts::mel_open_days, *tokens.count(i - 2, 3), {i - 2, i});
  }
}

}  // namespace

void read_maintenance(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  const auto state = [&](MaintenanceState value, std::size_t first, std::size_t last) {
    collector.state("maintenance_state", &Facts::maintenance_state, value, {first, last});
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool released = tokens.matches(i, {"released", "to", "service"});
    const bool certified = tokens.is(i, "crs") && tokens.is_any(i + 1, {"issued", "signed"});
    if ((released || certified) && !is_not_yet(tokens, i)) {
      state(MaintenanceState::released, i, released ? i + 2 : i + 1);
    }
    const bool part =
        tokens.is(i, "aog") && tokens.is_any(i + 1, {"part", "parts", "spares", "spare", "desk"});
    if (tokens.has(i, Term::grounded) && !part && !is_negated(tokens, i))
      state(MaintenanceState::grounded, i, i);
    if (tokens.matches(i, {"not", "airworthy"})) state(MaintenanceState::grounded, i, i + 1);
    if (tokens.matches(i, {"no", "-", "go"})) state(MaintenanceState::grounded, i, i + 2);
  }
}

void read_mel(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  bool in_mel = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    in_mel = in_mel || tokens.has(i, Term::mel);
    if (tokens.has(i, Term::mel)) {
      const std::size_t at = after_mel_words(tokens, i + 1);
      const auto reference = mel_reference_at(tokens, at);
      if (reference) {
        collector.state("mel_reference", &Facts::mel_reference, reference->text, {i, reference->last});
      }
      const std::size_t next = reference ? after_mel_words(tokens, reference->last + 1) : at;
      if (const auto letter = category_at(tokens, next)) {
        collector.state("mel_category", &Facts::mel_category, *letter, {i, next});
      }
    } else if (tokens.has(i, Term::category) && (in_mel || tokens.is(i + 2, "item"))) {
      const auto letter = category_at(tokens, i + 1);
      if (letter) collector.state("mel_category", &Facts::mel_category, *letter, {i, i + 1});
    }
    if (tokens.has(i, Term::mel_open)) read_open_days(collector, i);
  }
}

}  // namespace skymarshal::agents::facts
