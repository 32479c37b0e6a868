#include "agents/facts/prompt_durations.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <optional>

namespace skymarshal::agents::facts {
namespace {

/// True if what is named before `i` is a rule rather than this crew's: "maximum", "required", "legal".
bool is_rule(const PromptTokens& tokens, std::size_t i) {
  return i > 0 && tokens.is_any(i - 1, {"max", "maximum", "minimum", "min", "required", "requires", "needs",
                                        "need", "legal", "limit", "maximal", "maximale", "flight"});
}

/// True if a word of sickness stands within three tokens after `i`: those counted are not there.
bool is_absent_crew(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t at = i + 1; at <= i + 3; ++at) {
    if (tokens.at(at).kind == TokenKind::sign) return false;
    if (tokens.has(at, Term::sick)) return true;
  }
  return false;
}

bool is_pilots(const PromptTokens& tokens, std::size_t i) {
  return tokens.is_any(i, {"pilots", "pilot", "piloten", "pilotes", "pilotos"});
}

/// Last token of "cabin crew", "flight attendants" from `i` on.
std::optional<std::size_t> cabin_crew_at(const PromptTokens& tokens, std::size_t i) {
  if (tokens.is_any(i, {"cabin", "flight"}) && (tokens.is_any(i + 1, {"attendants", "attendant"}) ||
                                                (tokens.is(i, "cabin") && tokens.has(i + 1, Term::crew)))) {
    return i + 1;
  }
  return tokens.has(i, Term::cabin_crew) ? std::optional(i) : std::nullopt;
}

void read_rest_facility(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  if (!tokens.is_any(i, {"class", "klasse", "classe", "clase"})) return;
  const std::size_t at = tokens.is(i + 1, "-") ? i + 2 : i + 1;
  const auto number = tokens.number(at, 1);
  if (!number || *number < 1 || *number > 3) return;
  const auto facility = static_cast<RestFacility>(*number);
  for (std::size_t step = 1; step <= 3; ++step) {
    if (tokens.has(at + step, Term::rest) || tokens.is(at + step, "bunk")) {
      return collector.state("rest_facility", &Facts::rest_facility, facility, {i, at + step});
    }
    if (i >= step && (tokens.has(i - step, Term::rest) || tokens.is(i - step, "bunk"))) {
      return collector.state("rest_facility", &Facts::rest_facility, facility, {i - step, at});
    }
  }
}

bool says_split_duty(const PromptTokens& tokens) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.is(i, "split") && (tokens.has(i + 1, Term::duty) || tokens.is(i + 1, "-"))) return true;
  }
  return false;
}

bool is_break(const PromptTokens& tokens, std::size_t i) {
  return tokens.is_any(i, {"break", "pause", "pausa"});
}

/// The word of rest or of a break that belongs to the duration `span`; `is_word` tells them.
template <typename IsWord>
std::optional<TokenSpan> beside(const PromptTokens& tokens, TokenSpan span, IsWord is_word) {
  const std::size_t after = tokens.is_any(span.last + 1, {"of", "de", "-"}) ? span.last + 2 : span.last + 1;
  if (is_word(tokens, after)) return TokenSpan{span.first, after};
  std::size_t i = span.first;
  for (std::size_t skipped = 0; skipped <= 4 && i > 0; ++skipped) {
    --i;
    if (is_word(tokens, i)) return TokenSpan{i, span.last};
    const bool skips = tokens.is_any(i, {"period", "before", "this", "on", "ground", "vor", "dem"});
    if (!skips && !is_between_label_and_value(tokens, i)) break;
  }
  return std::nullopt;
}

/// "10 hours rest", "rest of 10 hours" and, in a split duty, "a break of 4 hours".
void read_rest(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  const bool split = says_split_duty(tokens);
  const auto is_rest = [](const PromptTokens& all, std::size_t i) { return all.has(i, Term::rest); };
  for (const auto& [first, length, last] : collector.durations()) {
    const TokenSpan span{first, last};
    const auto rest = beside(tokens, span, is_rest);
    if (rest && !is_rule(tokens, rest->first) && !tokens.is(rest->last + 1, "facility")) {
      collector.state("rest_minutes", &Facts::rest_minutes, length.least_minutes, *rest);
    }
    const auto pause = split ? beside(tokens, span, is_break) : std::nullopt;
    if (pause && !is_rule(tokens, pause->first)) {
      collector.state("split_duty_break_minutes", &Facts::split_duty_break_minutes, length.least_minutes,
                      *pause);
    }
  }
}

/// "FDP of 11 hours", "on duty for 4h30" at `i`.
void read_duty_period(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const bool fdp = tokens.is(i, "fdp") || tokens.matches(i, {"flight", "duty", "period"});
  const bool duty = tokens.matches(i, {"on", "duty"}) || tokens.matches(i, {"crew", "duty"}) ||
                    tokens.matches(i, {"im", "dienst"}) || tokens.matches(i, {"en", "service"}) ||
                    tokens.matches(i, {"de", "servicio"});
  if ((!fdp && !duty) || is_rule(tokens, i)) return;
  std::size_t at = i + (tokens.is(i, "fdp") ? 1 : fdp ? 3 : 2);
  for (std::size_t skipped = 0;
       skipped < 3 && (is_between_label_and_value(tokens, at) || tokens.is_any(at, {"planned", "seit"}));
       ++skipped) {
    ++at;
  }
  auto duration = read_duration(tokens, at);
  const auto clock = fdp && !duration ? read_time(tokens, at) : std::nullopt;
  if (clock && !clock->time.utc_offset_minutes) {
    duration = DurationSpan{{clock->time.minute, clock->time.minute}, clock->last};
  }
  if (!duration || tokens.has(duration->last + 1, Term::delay)) return;
  collector.state(fdp ? "planned_fdp_minutes" : "crew_on_duty_minutes",
                  fdp ? &Facts::planned_fdp_minutes : &Facts::crew_on_duty_minutes,
                  duration->length.most_minutes, {i, duration->last});
}

}  // namespace

void read_crew_numbers(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    read_rest_facility(collector, i);
    const auto count = tokens.count(i, 2);
    if (!count) continue;
    const std::size_t noun = tokens.is(i + 1, "-") ? i + 2 : i + 1;
    if (*count >= 1 && *count <= 10 && tokens.has(noun, Term::sector)) {
      collector.state("sectors", &Facts::sectors, *count, {i, noun});
    }
    if (*count >= 2 && *count <= 6 && is_pilots(tokens, noun) && !is_absent_crew(tokens, noun)) {
      collector.state("pilots", &Facts::pilots, *count, {i, noun});
    }
    const auto cabin = cabin_crew_at(tokens, noun);
    if (cabin && *count >= 1 && *count <= 40 && !is_absent_crew(tokens, *cabin)) {
      collector.state("cabin_crew", &Facts::cabin_crew, *count, {i, *cabin});
    }
  }
}

void read_crew_duty(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool relief = tokens.is(i, "relief") && is_pilots(tokens, i + 1);
    if (tokens.has(i, Term::augmented) || relief) {
      collector.state("augmented_crew", &Facts::augmented_crew, !is_negated(tokens, i),
                      {i, relief ? i + 1 : i});
    }
    read_duty_period(collector, i);
  }
  read_rest(collector);
}

}  // namespace skymarshal::agents::facts
