#include "agents/facts/names.hpp"
#include "agents/facts/prompt_readers.hpp"
#include "agents/reference/airports.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

namespace skymarshal::agents::facts {
namespace {

/// Words of three capitals that stand for something else than an airport.
bool is_abbreviation(std::string_view code) {
  static constexpr std::string_view words[] = {"STD", "STA", "ETD", "ETA", "ATC", "AOG", "PAX", "UTC", "GMT",
                                               "FDP", "MEL", "MCT", "VIP", "APU", "THE", "AND", "FOR", "NOT",
                                               "DUE", "ALL", "NEW", "OUR", "TBA", "TBC", "CRS", "DLA"};
  return std::find(std::begin(words), std::end(words), code) != std::end(words);
}

/// An airport as the prompt names it.
struct Place {
  /// Empty for a city with several airports.
  std::string iata;
  /// It is in the table of airports.
  bool known = false;
  /// It is named, not written as a code.
  bool named = false;
  std::size_t last = 0;
};

/// The airport code at `i`: three capitals, or four of a known ICAO code; small letters only when asked for.
std::optional<Place> code_at(const PromptTokens& tokens, std::size_t i, bool any_case = false) {
  const Token& token = tokens.at(i);
  if (token.kind != TokenKind::word || token.text.size() < 3 || token.text.size() > 4) return std::nullopt;
  const std::string code = any_case ? in_capitals(token.text) : std::string(token.text);
  if (!all_capitals(code)) return std::nullopt;
  if (code.size() == 4) {
    const reference::Airport* airport = reference::find_airport_by_icao(code);
    if (airport == nullptr) return std::nullopt;
    return Place{std::string(airport->iata), true, false, i};
  }
  return Place{code, reference::find_airport(code) != nullptr, false, i};
}

/// "BKK", "Bangkok", "London Heathrow", "Bangkok (BKK)", "London LHR".
std::optional<Place> place_at(const PromptTokens& tokens, std::size_t i, bool any_case = false) {
  const auto name = find_place(tokens, i);
  if (!name) return code_at(tokens, i, any_case);
  Place place{std::string(name->code), !name->code.empty(), true, name->last};
  const bool bracket = tokens.is(name->last + 1, "(");
  const auto code = code_at(tokens, name->last + (bracket ? 2 : 1));
  if (code && code->known && !is_abbreviation(code->iata)) {
    place.iata = code->iata;
    place.known = true;
    place.last = code->last + (bracket && tokens.is(code->last + 1, ")") ? 1 : 0);
  }
  return place;
}

/// How many tokens join two airports of a route: "-", "/", ">", "->", "to", "nach", a dash or an arrow.
std::size_t route_separator(const PromptTokens& tokens, std::size_t i) {
  if (tokens.matches(i, {"-", ">"})) return 2;
  if (tokens.is_any(i, {"-", "/", ">"}) || tokens.has(i, Term::to)) return 1;
  const std::string_view text = tokens.at(i).text;
  return text == "\u2013" || text == "\u2014" || text == "\u2192" ? 1 : 0;
}

struct Route {
  Place from;
  Place to;
  TokenSpan from_span;
  TokenSpan to_span;
};

/// The route "A to B" at `i`.
std::optional<Route> route_at(const PromptTokens& tokens, std::size_t i) {
  if (tokens.at(i).kind != TokenKind::word) return std::nullopt;
  const bool after_from = i > 0 && tokens.has(i - 1, Term::from);
  const auto from = place_at(tokens, i, after_from);
  const std::size_t separator = from ? route_separator(tokens, from->last + 1) : 0;
  if (separator == 0) return std::nullopt;
  const std::size_t at = from->last + 1 + separator;
  const auto to = place_at(tokens, at, after_from);
  if (!to || !(from->known || to->known) || from->iata == to->iata) return std::nullopt;
  // A code that is not in the table counts only if it was written as codes are.
  const auto plausible = [&](const Place& place, std::size_t token) {
    if (place.named) return true;
    return place.known || (all_capitals(tokens.at(token).text) && !is_abbreviation(place.iata));
  };
  if (!plausible(*from, i) || !plausible(*to, at)) return std::nullopt;
  return Route{*from, *to, {i, from->last}, {at, to->last}};
}

void state_airport(FactCollector& collector, std::string_view name, Facts::Maybe<std::string> Facts::* member,
                   const Place& place, TokenSpan span) {
  if (!place.iata.empty()) collector.state(name, member, place.iata, span);
}

/// States a route, unless it is the way of somebody else: of connecting passengers, or on from the
/// destination.
void state_route(FactCollector& collector, const Route& route) {
  const PromptTokens& tokens = collector.tokens();
  const Facts& facts = collector.facts();
  const std::size_t i = route.from_span.first;
  if (i >= 2 && tokens.has(i - 1, Term::from) && tokens.has(i - 2, Term::diverted)) {
    state_airport(collector, "destination", &Facts::destination, route.from, route.from_span);
    state_airport(collector, "diversion_airport", &Facts::diversion_airport, route.to, route.to_span);
    return;
  }
  if (is_about_connection(tokens, i)) return;
  if (facts.destination && facts.destination->value == route.from.iata) return;
  state_airport(collector, "origin", &Facts::origin, route.from, route.from_span);
  state_airport(collector, "destination", &Facts::destination, route.to, route.to_span);
}

/// "from BKK", "bound for AUH", "diverted to MCT" where no whole route is given.
void read_single_airport(FactCollector& collector, std::size_t i, bool route_known) {
  const PromptTokens& tokens = collector.tokens();
  const auto place = place_at(tokens, i);
  if (!place || !place->known) return;
  const TokenSpan span{i, place->last};
  if (i >= 2 && tokens.has(i - 2, Term::diverted) &&
      (tokens.has(i - 1, Term::to) || tokens.is_any(i - 1, {"sur", "at"}))) {
    state_airport(collector, "diversion_airport", &Facts::diversion_airport, *place, {i - 2, place->last});
    return;
  }
  if (route_known || (!place->named && is_abbreviation(place->iata)) || is_about_connection(tokens, i))
    return;
  if (tokens.is_any(i - 1, {"from", "departing", "leaving", "ex", "ab", "aus", "depuis", "desde"})) {
    state_airport(collector, "origin", &Facts::origin, *place, span);
  } else if (tokens.is_any(i - 1, {"to", "into", "destination", "nach", "vers", "hacia"}) ||
             (i >= 2 && tokens.matches(i - 2, {"bound", "for"}))) {
    state_airport(collector, "destination", &Facts::destination, *place, span);
  }
}

}  // namespace

std::string airport_at(const PromptTokens& tokens, std::size_t i) {
  if (tokens.at(i).kind != TokenKind::word) return {};
  const auto place = place_at(tokens, i);
  return place && place->known && (place->named || !is_abbreviation(place->iata)) ? place->iata
                                                                                  : std::string();
}

std::string airport_before(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t words = 1; words <= 3 && words <= i; ++words) {
    const auto place = place_at(tokens, i - words);
    if (place && place->last + 1 == i) return airport_at(tokens, i - words);
  }
  return {};
}

void read_airports(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  bool route_known = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto route = route_at(tokens, i);
    if (!route) continue;
    state_route(collector, *route);
    route_known = true;
    // The end of one leg may be the start of the next: "BKK-AUH-LHR".
    i = route->to_span.first - 1;
  }
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const bool after_preposition =
        tokens.has_any(i - 1, {Term::from, Term::to}) || tokens.is_any(i - 1, {"for", "sur", "at"});
    if (after_preposition) read_single_airport(collector, i, route_known);
  }
}

}  // namespace skymarshal::agents::facts
