#include "agents/prompt_causes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace skymarshal::agents {
namespace {

/// A word for a system, what it is called in answers, and its chapter of ATA iSpec 2200.
struct SystemWord {
  std::string_view word;
  std::string_view system;
  std::int32_t ata_chapter;
};
constexpr SystemWord system_words[] = {
    {"hydraulic", "hydraulic", 29},
    {"hydraulics", "hydraulic", 29},
    {"engine", "engine", 72},
    {"engines", "engine", 72},
    {"avionics", "avionics", 0},
    {"electrical", "electrical", 24},
    {"generator", "electrical", 24},
    {"brake", "brakes", 32},
    {"brakes", "brakes", 32},
    {"tyre", "tyres", 32},
    {"tire", "tyres", 32},
    {"gear", "landing gear", 32},
    {"flap", "flight controls", 27},
    {"flaps", "flight controls", 27},
    {"slat", "flight controls", 27},
    {"slats", "flight controls", 27},
    {"rudder", "flight controls", 27},
    {"elevator", "flight controls", 27},
    {"fuel", "fuel", 28},
    {"apu", "APU", 49},
    {"bleed", "pneumatic", 36},
    {"pneumatic", "pneumatic", 36},
    {"pack", "air conditioning", 21},
    {"pressurisation", "pressurisation", 21},
    {"pressurization", "pressurisation", 21},
    {"door", "doors", 52},
    {"navigation", "navigation", 34},
    {"radar", "weather radar", 34},
    {"radio", "communications", 23},
    {"oxygen", "oxygen", 35},
    {"windshield", "windows", 56},
    {"windscreen", "windows", 56},
    {"lavatory", "water and waste", 38},
};

struct WeatherWord {
  std::string_view word;
  std::string_view phenomenon;
};
constexpr WeatherWord weather_words[] = {
    {"weather", ""},
    {"thunderstorm", "thunderstorm"},
    {"thunderstorms", "thunderstorm"},
    {"storm", "storm"},
    {"storms", "storm"},
    {"fog", "fog"},
    {"snow", "snow"},
    {"snowstorm", "snow"},
    {"typhoon", "typhoon"},
    {"hurricane", "hurricane"},
    {"cyclone", "cyclone"},
    {"icing", "icing"},
    {"sandstorm", "sandstorm"},
    {"crosswind", "wind"},
    {"crosswinds", "wind"},
    {"winds", "wind"},
    {"blizzard", "snow"},
};

bool is_failure_word(const PromptTokens& tokens, std::size_t i) {
  return tokens.is_any(
      i, {"fault",     "faults",      "failure",   "failed",      "failing",  "fails",         "leak",
          "leaking",   "leakage",     "problem",   "problems",    "issue",    "issues",        "defect",
          "defective", "malfunction", "inop",      "inoperative", "warning",  "unserviceable", "broken",
          "damage",    "damaged",     "vibration", "overheat",    "shutdown", "loss",          "technical",
          "aog",       "snag",        "caution",   "burst",       "stuck",    "contamination"});
}

bool ends_sentence(const Token& token) { return token.text == "." || token.text == ";" || token.text == "?"; }

/// True if one of the three words before `i` in its sentence takes it back: "no fault", "not hydraulic".
bool is_negated(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
    if (ends_sentence(tokens.at(i - back)) || tokens.at(i - back).text == ",") return false;
    if (tokens.is_any(i - back, {"no", "not", "without", "never", "isn", "wasn", "nor", "excluded"}))
      return true;
  }
  return false;
}

/// The word of failure within five tokens of `i` and in its sentence that is nearest to it.
std::optional<std::size_t> failure_near(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t step = 1; step <= 5; ++step) {
    if (ends_sentence(tokens.at(i + step))) break;
    if (is_failure_word(tokens, i + step) && !is_negated(tokens, i + step)) return i + step;
  }
  for (std::size_t step = 1; step <= 5 && step <= i; ++step) {
    if (ends_sentence(tokens.at(i - step))) break;
    if (is_failure_word(tokens, i - step) && !is_negated(tokens, i - step)) return i - step;
  }
  return std::nullopt;
}

void add_cause(FactCollector& collector, Cause cause, std::size_t first, std::size_t last) {
  if (is_negated(collector.tokens(), first)) return;
  collector.add(&Facts::causes, cause, {first, last});
}

void read_technical_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const std::string_view word = tokens.lower(i);
  const auto system = std::find_if(std::begin(system_words), std::end(system_words),
                                   [&](const SystemWord& entry) { return entry.word == word; });
  if (system == std::end(system_words)) return;
  const auto failure = failure_near(tokens, i);
  if (!failure) return;
  const Cause cause{CauseKind::technical, system->system, system->ata_chapter};
  add_cause(collector, cause, std::min(i, *failure), std::max(i, *failure));
}

void read_weather_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  if (tokens.matches(i, {"lightning", "strike"})) {
    add_cause(collector, {CauseKind::weather, "lightning strike"}, i, i + 1);
    return;
  }
  if (tokens.matches(i, {"low", "visibility"})) {
    add_cause(collector, {CauseKind::weather, "low visibility"}, i, i + 1);
    return;
  }
  if (tokens.matches(i, {"volcanic", "ash"})) {
    add_cause(collector, {CauseKind::weather, "volcanic ash"}, i, i + 1);
    return;
  }
  const std::string_view word = tokens.lower(i);
  const auto weather = std::find_if(std::begin(weather_words), std::end(weather_words),
                                    [&](const WeatherWord& entry) { return entry.word == word; });
  if (weather == std::end(weather_words) || tokens.is(i + 1, "radar")) return;
  add_cause(collector, {CauseKind::weather, weather->phenomenon}, i, i);
}

void read_crew_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  if (!tokens.is_any(i, {"crew", "captain", "pilot", "pilots"})) return;
  for (std::size_t at = i + 1; at <= i + 3; ++at) {
    if (tokens.at(at).kind == TokenKind::sign) break;
    const bool out_of_hours = tokens.matches(at, {"out", "of", "hours"});
    if (out_of_hours || tokens.is_any(at, {"sick", "ill", "illness", "sickness", "shortage", "unavailable",
                                           "incapacitated", "timeout", "missing"})) {
      add_cause(collector, {CauseKind::crew, {}}, i, out_of_hours ? at + 2 : at);
      return;
    }
  }
  if (i > 0 && tokens.is_any(i - 1, {"sick", "ill"})) add_cause(collector, {CauseKind::crew, {}}, i - 1, i);
}

/// Causes that two or three fixed words name.
void read_named_cause(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const auto add = [&](CauseKind kind, std::size_t last) { add_cause(collector, {kind, {}}, i, last); };
  if (tokens.is(i, "atc")) add(CauseKind::atc, i);
  if (tokens.matches(i, {"air", "traffic", "control"})) add(CauseKind::atc, i + 2);
  if (tokens.is_any(i, {"airport", "runway", "airspace"}) &&
      tokens.is_any(i + 1, {"closed", "closure", "closing", "shutdown"})) {
    add(CauseKind::airport_closure, i + 1);
  }
  if (tokens.is(i, "security") && tokens.is_any(i + 1, {"alert", "threat", "incident", "breach", "scare"})) {
    add(CauseKind::security, i + 1);
  }
  if (tokens.matches(i, {"bomb", "threat"})) add(CauseKind::security, i + 1);
  if (tokens.is(i, "medical") && tokens.is_any(i + 1, {"emergency", "diversion", "case", "incident"})) {
    add(CauseKind::medical, i + 1);
  }
  if (tokens.is_any(i, {"birdstrike", "birdstrikes"})) add(CauseKind::bird_strike, i);
  if (tokens.is(i, "bird") && tokens.is_any(i + 1, {"strike", "strikes", "ingestion"})) {
    add(CauseKind::bird_strike, i + 1);
  }
  const bool of_something_else = i > 0 && tokens.is_any(i - 1, {"bird", "lightning", "tail"});
  if (tokens.is_any(i, {"strike", "strikes", "walkout"}) && !of_something_else) add(CauseKind::strike, i);
  if (tokens.matches(i, {"industrial", "action"})) add(CauseKind::strike, i + 1);
}

/// "technical fault", "AOG": something is broken, but nobody says what.
void read_unnamed_technical_cause(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  if (collector.facts().cause_of(CauseKind::technical) != nullptr) return;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool technical = tokens.is_any(i, {"technical", "tech", "mechanical"}) &&
                           (is_failure_word(tokens, i + 1) || tokens.is_any(i + 1, {"reason", "reasons"}));
    if (technical) add_cause(collector, {CauseKind::technical, {}}, i, i + 1);
  }
}

/// True if "released to service" at `i` speaks of what is hoped for rather than done.
bool is_not_yet(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 5 && back <= i; ++back) {
    if (ends_sentence(tokens.at(i - back)) || tokens.at(i - back).text == ",") return false;
    if (tokens.is_any(i - back,
                      {"not", "until", "before", "if", "when", "once", "after", "pending", "awaiting",
                       "unless", "be", "being", "cannot", "can", "to", "never", "isn", "un"})) {
      return true;
    }
  }
  return false;
}

}  // namespace

void read_causes(FactCollector& collector) {
  for (std::size_t i = 0; i < collector.tokens().size(); ++i) {
    read_technical_cause(collector, i);
    read_weather_cause(collector, i);
    read_crew_cause(collector, i);
    read_named_cause(collector, i);
  }
  read_unnamed_technical_cause(collector);
}

void read_phase(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  const auto state = [&](FlightPhase phase, std::size_t first, std::size_t last) {
    collector.state("phase", &Facts::phase, phase, {first, last});
  };
  bool diverted = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    // An aircraft that diverted was in flight before: that is no contradiction.
    if (!diverted && tokens.is_any(i, {"diverted", "diverting"}) && !is_negated(tokens, i)) {
      collector.facts().phase.reset();
      state(FlightPhase::diverted, i, i);
      diverted = true;
    }
    if (diverted) continue;
    if (tokens.matches(i, {"before", "departure"}) || tokens.matches(i, {"at", "the", "gate"})) {
      state(FlightPhase::before_departure, i, tokens.is(i, "before") ? i + 1 : i + 2);
    }
    if (tokens.matches(i, {"prior", "to", "departure"}) || tokens.matches(i, {"on", "the", "ground"})) {
      state(FlightPhase::before_departure, i, i + 2);
    }
    if (tokens.matches(i, {"pre", "-", "departure"})) state(FlightPhase::before_departure, i, i + 2);
    if (tokens.matches(i, {"on", "stand"}) || tokens.matches(i, {"during", "boarding"})) {
      state(FlightPhase::before_departure, i, i + 1);
    }
    const bool of_the_cabin = tokens.is_any(i + 2, {"entertainment", "rest", "meal", "crew", "service"}) ||
                              tokens.is_any(i + 3, {"entertainment", "rest", "meal", "crew", "service"});
    if (tokens.is_any(i, {"airborne", "inflight", "midair"})) state(FlightPhase::in_flight, i, i);
    if (tokens.matches(i, {"in", "flight"}) && !of_the_cabin) state(FlightPhase::in_flight, i, i + 1);
    if (tokens.matches(i, {"in", "-", "flight"}) && !of_the_cabin) state(FlightPhase::in_flight, i, i + 2);
    if (tokens.matches(i, {"en", "route"})) state(FlightPhase::in_flight, i, i + 1);
  }
}

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
    const bool aog =
        tokens.is(i, "aog") && !tokens.is_any(i + 1, {"part", "parts", "spares", "spare", "desk"});
    if ((aog || tokens.is(i, "grounded")) && !is_negated(tokens, i)) {
      state(MaintenanceState::grounded, i, i);
    }
    if (tokens.matches(i, {"not", "airworthy"})) state(MaintenanceState::grounded, i, i + 1);
    if (tokens.matches(i, {"no", "-", "go"})) state(MaintenanceState::grounded, i, i + 2);
    if (tokens.is(i, "mel")) {
      const std::size_t at = tokens.is_any(i + 1, {"category", "cat"}) ? i + 2 : i + 1;
      const std::string_view letter = tokens.at(at).text;
      if (letter.size() == 1 && letter[0] >= 'A' && letter[0] <= 'D') {
        collector.state("mel_category", &Facts::mel_category, letter[0], {i, at});
      }
    }
    if (tokens.is_any(i, {"open", "deferred"})) {
      const std::size_t at = tokens.is(i + 1, "for") ? i + 2 : i + 1;
      const auto days = tokens.number(at, 3);
      if (days && tokens.is_any(at + 1, {"days", "day"})) {
        collector.state("mel_open_days", &Facts::mel_open_days, *days, {i, at + 1});
      }
    }
  }
}

void read_cargo(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  const auto add = [&](CargoKind kind, std::size_t first, std::size_t last) {
    if (!is_negated(tokens, first)) collector.add(&Facts::cargo, kind, {first, last});
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.is_any(i, {"pharma", "pharmaceutical", "pharmaceuticals", "vaccine", "vaccines"})) {
      add(CargoKind::pharma, i, i);
    }
    if (tokens.is_any(i, {"perishable", "perishables"})) add(CargoKind::perishables, i, i);
    if (tokens.matches(i, {"live", "animals"}) || tokens.matches(i, {"live", "animal"})) {
      add(CargoKind::live_animals, i, i + 1);
    }
    if (tokens.matches(i, {"dangerous", "goods"})) add(CargoKind::dangerous_goods, i, i + 1);
    if (tokens.is(i, "hazmat")) add(CargoKind::dangerous_goods, i, i);
    if (tokens.is(i, "aog") && tokens.is_any(i + 1, {"part", "parts", "spares"})) {
      add(CargoKind::aog_parts, i, i + 1);
    }
    if (tokens.matches(i, {"general", "cargo"})) add(CargoKind::general, i, i + 1);
    if (tokens.matches(i, {"no", "cargo"})) collector.add(&Facts::cargo, CargoKind::none, {i, i + 1});
  }
}

}  // namespace skymarshal::agents
