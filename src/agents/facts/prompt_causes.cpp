#include "agents/facts/prompt_readers.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace skymarshal::agents::facts {
namespace {

/// The word of failure within five tokens of `i` and in its sentence that is nearest to it.
std::optional<std::size_t> failure_near(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t step = 1; step <= 5; ++step) {
    if (tokens.ends_sentence(i + step)) break;
    if (tokens.has(i + step, Term::failure) && !is_negated(tokens, i + step)) return i + step;
  }
  for (std::size_t step = 1; step <= 5 && step <= i; ++step) {
    if (tokens.ends_sentence(i - step)) break;
    if (tokens.has(i - step, Term::failure) && !is_negated(tokens, i - step)) return i - step;
  }
  return std::nullopt;
}

void add_cause(FactCollector& collector, Cause cause, std::size_t first, std::size_t last) {
  const PromptTokens& tokens = collector.tokens();
  if (is_negated(tokens, first) || is_negated(tokens, last)) return;
  collector.add(&Facts::causes, cause, {first, last});
}

/// Where a cause that stands at `span` is: "Bangkok airport closed", "fog at Frankfurt", "LHR closed".
std::string place_of(const PromptTokens& tokens, TokenSpan span) {
  std::string place = airport_before(tokens, span.first);
  // The end of a route is no place of what follows it.
  const bool in_route = span.first >= 2 && tokens.is_any(span.first - 2, {"-", "/", ">"});
  if (!place.empty() && !in_route) return place;
  std::size_t at = span.last + 1;
  if (tokens.has(at, Term::airport)) ++at;
  if (!tokens.is_any(at, {"at", "in", "over", "near", "bei", "uber", "a", "en", "sur", "sobre"})) return {};
  return airport_at(tokens, at + 1);
}

Cause technical_cause(std::int32_t system) {
  const System& entry = systems[static_cast<std::size_t>(system)];
  return {CauseKind::technical, entry.name, entry.ata_chapter};
}

/// The system of a German compound of system and failure ("Hydraulikfehler", "Triebwerksschaden").
std::optional<std::int32_t> system_of_compound(std::string_view word) {
  static constexpr std::string_view failures[] = {"fehler", "problem", "probleme", "schaden", "ausfall",
                                                  "defekt", "storung", "stoerung", "leck",    "panne"};
  for (const std::string_view failure : failures) {
    if (word.size() <= failure.size() + 3 || !word.ends_with(failure)) continue;
    const std::string_view stem = word.substr(0, word.size() - failure.size());
    for (const WordMeaning& meaning : meanings_of(stem)) {
      if (meaning.term == Term::system) return meaning.value;
    }
  }
  return std::nullopt;
}

void read_technical_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  if (const auto system = tokens.value(i, Term::system)) {
    if (const auto failure = failure_near(tokens, i)) {
      add_cause(collector, technical_cause(*system), std::min(i, *failure), std::max(i, *failure));
    }
  } else if (tokens.at(i).folded_size >= 10 && tokens.at(i).meanings.empty()) {
    if (const auto compound = system_of_compound(tokens.lower(i))) {
      add_cause(collector, technical_cause(*compound), i, i);
    }
  }
}

/// True if something that drives on the apron is named within four tokens after `i`.
bool names_vehicle(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t at = i + 1; at <= i + 4 && !tokens.ends_sentence(at); ++at) {
    if (tokens.is_any(at, {"truck", "loader", "vehicle", "tug", "car", "bus", "stairs", "jetbridge", "van"}))
      return true;
  }
  return false;
}

/// Damage to the aircraft as a whole: "aircraft damaged by a truck", "tail strike", "hard landing".
void read_damage_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const auto add = [&](std::size_t first, std::size_t last) {
    add_cause(collector, technical_cause(static_cast<std::int32_t>(SystemIndex::airframe)), first, last);
  };
  if (tokens.matches(i, {"tail", "strike"}) || tokens.matches(i, {"hard", "landing"}) ||
      tokens.matches(i, {"heavy", "landing"}) || tokens.matches(i, {"ground", "damage"}) ||
      (tokens.matches(i, {"hit", "by"}) && names_vehicle(tokens, i))) {
    return add(i, i + 1);
  }
  if (!tokens.is_any(i, {"aircraft", "airplane", "aeroplane", "plane"})) return;
  for (std::size_t at = i + 1; at <= i + 4 && !tokens.ends_sentence(at); ++at) {
    if (tokens.has(at, Term::system)) return;
    if (tokens.is_any(at, {"damaged", "damage", "dented"})) return add(i, at);
  }
}

void read_weather_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const auto add = [&](PhenomenonIndex phenomenon, std::size_t last) {
    add_cause(
        collector,
        {CauseKind::weather, phenomena[static_cast<std::size_t>(phenomenon)], 0, place_of(tokens, {i, last})},
        i, last);
  };
  if (tokens.matches(i, {"lightning", "strike"})) return add(PhenomenonIndex::lightning, i + 1);
  if (tokens.matches(i, {"low", "visibility"})) return add(PhenomenonIndex::low_visibility, i + 1);
  if (tokens.matches(i, {"volcanic", "ash"})) return add(PhenomenonIndex::volcanic_ash, i + 1);
  const auto weather = tokens.value(i, Term::weather);
  if (!weather || tokens.is(i + 1, "radar")) return;
  add(static_cast<PhenomenonIndex>(*weather), i);
}

/// "The crew reported late", "crew is late": the word of lateness at `at` is about the crew at `crew`.
bool is_late_crew(const PromptTokens& tokens, std::size_t crew, std::size_t at) {
  if (!tokens.is(at, "late") || tokens.has_any(at + 1, {Term::departure, Term::arrival})) return false;
  for (std::size_t i = crew + 1; i < at; ++i) {
    if (!tokens.has(i, Term::report) && !tokens.is_any(i, {"is", "was", "are", "has", "arrived", "arrives"}))
      return false;
  }
  return true;
}

void read_crew_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const bool crew = tokens.has_any(i, {Term::crew, Term::pilot, Term::cabin_crew}) ||
                    tokens.matches(i, {"first", "officer"});
  if (!crew) return;
  for (std::size_t at = i + 1; at <= i + 4; ++at) {
    if (tokens.at(at).kind == TokenKind::sign) break;
    const bool out_of_hours =
        tokens.matches(at, {"out", "of", "hours"}) || tokens.matches(at, {"out", "of", "duty"});
    if (is_late_crew(tokens, i, at)) return add_cause(collector, {CauseKind::crew, {}}, i, at);
    if (out_of_hours || tokens.has(at, Term::sick)) {
      return add_cause(collector, {CauseKind::crew, {}}, i, out_of_hours ? at + 2 : at);
    }
  }
  if (i > 0 && tokens.has(i - 1, Term::sick)) add_cause(collector, {CauseKind::crew, {}}, i - 1, i);
}

/// The token of `term` within three tokens after or before `i`, articles and forms of "be" between them.
std::optional<TokenSpan> pair_near(const PromptTokens& tokens, std::size_t i, Term term) {
  const auto small = [&](std::size_t at) {
    return tokens.has_any(at, {Term::filler, Term::of}) ||
           tokens.is_any(at, {"ist", "wurde", "wegen", "temporarily"});
  };
  for (std::size_t at = i + 1; at <= i + 3; ++at) {
    if (tokens.has(at, term)) return TokenSpan{i, at};
    if (!small(at)) break;
  }
  for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
    if (tokens.has(i - back, term)) return TokenSpan{i - back, i};
    if (!small(i - back)) break;
  }
  return std::nullopt;
}

/// "LHR closed", "Heathrow is closed": the word of closing at `i` and what is between; nullopt if it closes
/// something else.
std::optional<TokenSpan> closed_airport(const PromptTokens& tokens, std::size_t i) {
  std::size_t first = i;
  while (first > 0 && i - first < 3 && tokens.is_any(first - 1, {"is", "was", "are", "now", "temporarily"})) {
    --first;
  }
  if (airport_before(tokens, first).empty()) return std::nullopt;
  return TokenSpan{first, i};
}

/// Causes that a word of their own or a pair of words names.
void read_named_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  if (tokens.at(i).meanings.empty() &&
      !tokens.is_any(i, {"air", "bomb", "bombe", "bomba", "industrial", "unattended", "heart"})) {
    return;
  }
  const auto add = [&](CauseKind kind, std::optional<TokenSpan> span) {
    if (!span) return;
    std::string place = kind == CauseKind::airport_closure ? place_of(tokens, *span) : std::string();
    add_cause(collector, {kind, {}, 0, std::move(place)}, span->first, span->last);
  };
  const TokenSpan alone{i, i};
  const TokenSpan two{i, i + 1};
  if (tokens.has(i, Term::atc)) {
    if (tokens.value(i, Term::atc) != 1) add(CauseKind::atc, alone);
    if (tokens.is_any(i + 1, {"aerien", "aereo"})) add(CauseKind::atc, two);
  }
  if (tokens.matches(i, {"air", "traffic", "control"})) add(CauseKind::atc, TokenSpan{i, i + 2});
  if (tokens.has(i, Term::airport)) add(CauseKind::airport_closure, pair_near(tokens, i, Term::closed));
  if (tokens.has(i, Term::closed)) add(CauseKind::airport_closure, closed_airport(tokens, i));
  if (tokens.has(i, Term::security)) {
    add(CauseKind::security,
        tokens.value(i, Term::security) == 1 ? std::optional(alone) : pair_near(tokens, i, Term::threat));
  }
  if (tokens.is_any(i, {"bomb", "bombe", "bomba"}))
    add(CauseKind::security, pair_near(tokens, i, Term::threat));
  if (tokens.matches(i, {"unattended", "bag"})) add(CauseKind::security, two);
  if (tokens.has(i, Term::medical)) add(CauseKind::medical, pair_near(tokens, i, Term::emergency));
  if (tokens.has(i, Term::sick) && tokens.has(i + 1, Term::passenger)) add(CauseKind::medical, two);
  if (tokens.matches(i, {"heart", "attack"})) add(CauseKind::medical, two);
  if (tokens.has(i, Term::bird_strike)) add(CauseKind::bird_strike, alone);
  const auto strike_of_bird = pair_near(tokens, i, Term::strike);
  if (tokens.has(i, Term::bird)) {
    add(CauseKind::bird_strike, strike_of_bird ? strike_of_bird : pair_near(tokens, i, Term::impact));
  }
  if (tokens.has(i, Term::labour_strike)) add(CauseKind::strike, alone);
  const bool of_something_else =
      i > 0 && (tokens.has(i - 1, Term::bird) || tokens.is_any(i - 1, {"lightning", "tail"}));
  if (tokens.has(i, Term::strike) && !of_something_else) add(CauseKind::strike, alone);
  if (tokens.matches(i, {"industrial", "action"})) add(CauseKind::strike, two);
}

/// "technical fault", "panne technique": something is broken, but nobody says what.
void read_unnamed_technical_cause(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  if (collector.facts().cause_of(CauseKind::technical) != nullptr) return;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens.has(i, Term::technical)) continue;
    const bool follows = tokens.has(i + 1, Term::failure) || tokens.is_any(i + 1, {"reason", "reasons"});
    const bool precedes = i > 0 && !tokens.is(i - 1, "technical") && tokens.has(i - 1, Term::failure);
    // "Delayed 3 hours, technical": nothing but the kind of the cause.
    const bool alone = tokens.is_any(i, {"technical", "tech"}) &&
                       (tokens.at(i + 1).folded_size == 0 || tokens.is_any(i + 1, {",", ".", ";", ")"}));
    if (follows) {
      add_cause(collector, {CauseKind::technical, {}}, i, i + 1);
    } else if (alone) {
      add_cause(collector, {CauseKind::technical, {}}, i, i);
    } else if (precedes) {
      add_cause(collector, {CauseKind::technical, {}}, i - 1, i);
    }
  }
}

/// A phase that two or three fixed words name.
struct PhaseWords {
  std::initializer_list<std::string_view> words;
  FlightPhase phase;
};

/// The last token of the words of a phase that begin at `i`.
std::optional<std::pair<FlightPhase, std::size_t>> phase_at(const PromptTokens& tokens, std::size_t i) {
  using enum FlightPhase;
  if (tokens.has(i, Term::airborne)) return std::pair(in_flight, i);
  if (tokens.has(i, Term::on_ground)) return std::pair(before_departure, i);
  static constexpr std::string_view first_words[] = {"before", "at", "prior", "on",  "pre",
                                                     "during", "in", "en",    "vor", "am",
                                                     "avant",  "au", "antes", "mid", "im"};
  const std::string_view word = tokens.lower(i);
  if (std::find(std::begin(first_words), std::end(first_words), word) == std::end(first_words)) {
    return std::nullopt;
  }
  static const PhaseWords phases[] = {
      {{"before", "departure"}, before_departure},
      {{"at", "the", "gate"}, before_departure},
      {{"at", "gate"}, before_departure},
      {{"prior", "to", "departure"}, before_departure},
      {{"on", "the", "ground"}, before_departure},
      {{"pre", "-", "departure"}, before_departure},
      {{"on", "stand"}, before_departure},
      {{"at", "the", "stand"}, before_departure},
      {{"during", "boarding"}, before_departure},
      {{"before", "takeoff"}, before_departure},
      {{"vor", "dem", "abflug"}, before_departure},
      {{"vor", "abflug"}, before_departure},
      {{"am", "boden"}, before_departure},
      {{"am", "gate"}, before_departure},
      {{"avant", "le", "depart"}, before_departure},
      {{"avant", "le", "decollage"}, before_departure},
      {{"au", "sol"}, before_departure},
      {{"antes", "de", "la", "salida"}, before_departure},
      {{"antes", "del", "despegue"}, before_departure},
      {{"en", "tierra"}, before_departure},
      {{"in", "flight"}, in_flight},
      {{"in", "-", "flight"}, in_flight},
      {{"en", "route"}, in_flight},
      {{"mid", "-", "flight"}, in_flight},
      {{"in", "der", "luft"}, in_flight},
      {{"im", "flug"}, in_flight},
      {{"en", "vol"}, in_flight},
      {{"en", "vuelo"}, in_flight},
      {{"in", "the", "air"}, in_flight},
  };
  for (const PhaseWords& entry : phases) {
    if (!tokens.matches(i, entry.words)) continue;
    const std::size_t last = i + entry.words.size() - 1;
    const auto of_the_cabin = [&](std::size_t at) {
      return tokens.is_any(at, {"entertainment", "rest", "meal", "meals", "crew", "service"});
    };
    const bool cabin = tokens.is(last, "flight") && (of_the_cabin(last + 1) || of_the_cabin(last + 2));
    if (!cabin && !(tokens.matches(i, {"in", "flight"}) && tokens.number(last + 1)))
      return std::pair(entry.phase, last);
  }
  return std::nullopt;
}

}  // namespace

void read_causes(FactCollector& collector) {
  for (std::size_t i = 0; i < collector.tokens().size(); ++i) {
    if (collector.tokens().at(i).kind == TokenKind::sign) continue;
    read_technical_cause(collector, i);
    read_damage_cause(collector, i);
    read_weather_cause(collector, i);
    read_crew_cause(collector, i);
    read_named_cause(collector, i);
  }
  read_unnamed_technical_cause(collector);
}

void read_phase(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  // An aircraft that diverted was in flight before: that is no contradiction.
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool done = tokens.has(i, Term::diverted) && !tokens.is_any(i, {"divert", "diverts", "diversion"});
    if (done && !is_negated(tokens, i) && !collector.is_aside(i)) {
      return collector.state("phase", &Facts::phase, FlightPhase::diverted, {i, i});
    }
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto phase = phase_at(tokens, i);
    if (phase && !is_negated(tokens, i)) {
      collector.state("phase", &Facts::phase, phase->first, {i, phase->second});
    }
  }
}

}  // namespace skymarshal::agents::facts
