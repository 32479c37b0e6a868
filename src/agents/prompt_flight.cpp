#include "agents/prompt_flight.hpp"

#include "agents/airports.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace skymarshal::agents {
namespace {

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_capitals(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_capital);
}
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals;
}

/// One-word type names in small letters, and the designation they stand for.
struct TypeName {
  std::string_view word;
  std::string_view designation;
};
constexpr TypeName type_names[] = {
    {"a220", "A220"},       {"a319", "A319"},       {"a320", "A320"},     {"a321", "A321"},
    {"a330", "A330"},       {"a340", "A340"},       {"a350", "A350"},     {"a380", "A380"},
    {"a320neo", "A320neo"}, {"a321neo", "A321neo"}, {"a20n", "A320neo"},  {"a21n", "A321neo"},
    {"a332", "A330-200"},   {"a333", "A330-300"},   {"a339", "A330-900"}, {"a359", "A350-900"},
    {"a35k", "A350-1000"},  {"a388", "A380-800"},   {"b737", "737"},      {"b738", "737-800"},
    {"b747", "747"},        {"b757", "757"},        {"b767", "767"},      {"b777", "777"},
    {"b77w", "777-300ER"},  {"b787", "787"},        {"b788", "787-8"},    {"b789", "787-9"},
    {"b78x", "787-10"},     {"e190", "E190"},       {"e195", "E195"},     {"q400", "Q400"},
    {"crj900", "CRJ900"},   {"atr72", "ATR 72"},
};
constexpr std::string_view boeing_numbers[] = {"717", "727", "737", "747", "757", "767", "777", "787"};

std::string_view type_of(std::string_view lower_word) {
  const auto found = std::find_if(std::begin(type_names), std::end(type_names),
                                  [&](const TypeName& name) { return name.word == lower_word; });
  return found != std::end(type_names) ? found->designation : std::string_view();
}

/// Digits of a flight number without leading zeros, with an operational suffix letter if there is one.
std::optional<std::string> flight_digits(std::string_view text) {
  std::string digits = in_capitals(text);
  const bool suffix = digits.size() > 1 && is_capital(digits.back());
  const std::string_view number = std::string_view(digits).substr(0, digits.size() - (suffix ? 1 : 0));
  if (!all_digits(number) || number.size() > 4) return std::nullopt;
  const std::size_t zeros = std::min(digits.find_first_not_of('0'), number.size() - 1);
  return digits.substr(zeros);
}

/// "EY283", "ETD283": the designator as IATA writes it and the number.
std::optional<std::string> flight_in_one_word(const PromptTokens& tokens, std::size_t i, bool after_flight) {
  const std::string_view word = tokens.at(i).text;
  const std::string capitals = in_capitals(word);
  if (word.size() < 3 || word.size() > 8 || !type_of(tokens.lower(i)).empty()) return std::nullopt;
  for (const std::size_t length : {std::size_t{3}, std::size_t{2}}) {
    const std::string designator = capitals.substr(0, length);
    const auto digits = flight_digits(word.substr(std::min(length, word.size())));
    if (!digits || (length == 3 && !all_capitals(designator))) continue;
    const Airline* airline = find_airline(designator);
    if (airline != nullptr && (after_flight || designator == word.substr(0, length))) {
      return std::string(airline->iata) + *digits;
    }
    if (after_flight && !all_digits(designator)) return designator + *digits;
  }
  return std::nullopt;
}

bool is_about_connection(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 4; ++back) {
    if (i < back || tokens.at(i - back).kind == TokenKind::sign) return false;
    if (tokens.is_any(i - back, {"connecting", "connection", "connections", "onto", "onward", "rebook",
                                 "rebooked", "reprotect", "reprotected"})) {
      return true;
    }
  }
  return false;
}

void state_flight(FactCollector& collector, std::string flight, TokenSpan span) {
  Facts& facts = collector.facts();
  if (facts.flight && facts.flight->value == flight) return;
  // The first flight named is the one in trouble; others are where its passengers or aircraft go.
  if (facts.flight || is_about_connection(collector.tokens(), span.first)) {
    collector.add(&Facts::other_flights, std::move(flight), span);
  } else {
    collector.state("flight", &Facts::flight, std::move(flight), span);
  }
}

/// Words of three capitals that stand for something else than an airport.
bool is_abbreviation(std::string_view code) {
  static constexpr std::string_view words[] = {"STD", "STA", "ETD", "ETA", "ATC", "AOG", "PAX", "UTC", "GMT",
                                               "FDP", "MEL", "MCT", "VIP", "APU", "THE", "AND", "FOR", "NOT",
                                               "DUE", "ALL", "NEW", "OUR", "TBA", "TBC", "CRS", "DLA"};
  return std::find(std::begin(words), std::end(words), code) != std::end(words);
}

struct AirportCode {
  std::string iata;
  bool known = false;
};

/// The airport code at `i`: three capitals, or four of a known ICAO code; small letters only when asked for.
std::optional<AirportCode> airport_at(const PromptTokens& tokens, std::size_t i, bool any_case = false) {
  const Token& token = tokens.at(i);
  if (token.kind != TokenKind::word || token.text.size() < 3 || token.text.size() > 4) return std::nullopt;
  const std::string code = any_case ? in_capitals(token.text) : std::string(token.text);
  if (!all_capitals(code)) return std::nullopt;
  if (code.size() == 4) {
    const Airport* airport = find_airport_by_icao(code);
    if (airport == nullptr) return std::nullopt;
    return AirportCode{std::string(airport->iata), true};
  }
  return AirportCode{code, find_airport(code) != nullptr};
}

/// What joins two airports of a route: "-", "/", ">", "->", "to", a dash or an arrow. 0 if nothing does.
std::size_t route_separator(const PromptTokens& tokens, std::size_t i) {
  if (tokens.matches(i, {"-", ">"})) return 2;
  if (tokens.is_any(i, {"-", "/", ">", "to"})) return 1;
  const std::string_view text = tokens.at(i).text;
  return text == "\u2013" || text == "\u2014" || text == "\u2192" ? 1 : 0;
}

bool is_divert_word(const PromptTokens& tokens, std::size_t i) {
  return tokens.is_any(i, {"divert", "diverted", "diverting", "diversion", "diverts"});
}

/// A route "A to B" at `i`; states it and returns true if it is one.
bool read_route(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const bool after_from = i > 0 && tokens.is(i - 1, "from");
  const auto from = airport_at(tokens, i, after_from);
  const std::size_t separator = from ? route_separator(tokens, i + 1) : 0;
  if (separator == 0) return false;
  const std::size_t last = i + 1 + separator;
  const auto to = airport_at(tokens, last, after_from);
  if (!to || !(from->known || to->known) || from->iata == to->iata) return false;
  // A code that is not in the table counts only if it was written as codes are.
  const auto plausible = [&](const AirportCode& code, std::size_t at) {
    return code.known || (all_capitals(tokens.at(at).text) && !is_abbreviation(code.iata));
  };
  if (!plausible(*from, i) || !plausible(*to, last)) return false;
  if (after_from && i >= 2 && is_divert_word(tokens, i - 2)) {
    collector.state("destination", &Facts::destination, from->iata, {i, i});
    collector.state("diversion_airport", &Facts::diversion_airport, to->iata, {last, last});
    return true;
  }
  collector.state("origin", &Facts::origin, from->iata, {i, i});
  collector.state("destination", &Facts::destination, to->iata, {last, last});
  return true;
}

/// "from BKK", "bound for AUH", "diverted to MCT" where no whole route is given.
void read_single_airport(FactCollector& collector, std::size_t i, bool route_known) {
  const PromptTokens& tokens = collector.tokens();
  const auto code = airport_at(tokens, i);
  if (i == 0 || !code || !code->known || is_abbreviation(code->iata)) return;
  if (tokens.is(i - 1, "to") && i >= 2 && is_divert_word(tokens, i - 2)) {
    collector.state("diversion_airport", &Facts::diversion_airport, code->iata, {i - 2, i});
    return;
  }
  if (route_known) return;
  if (tokens.is_any(i - 1, {"from", "departing", "leaving", "ex"})) {
    collector.state("origin", &Facts::origin, code->iata, {i, i});
  } else if (tokens.is_any(i - 1, {"to", "into", "destination"}) ||
             (i >= 2 && tokens.matches(i - 2, {"bound", "for"}))) {
    collector.state("destination", &Facts::destination, code->iata, {i, i});
  }
}

/// Nationality marks (ICAO Annex 7) and how many characters follow the hyphen.
struct RegistrationMark {
  std::string_view mark;
  std::size_t suffix_length;
};
constexpr RegistrationMark marks[] = {
    {"A6", 3}, {"A7", 3}, {"A9C", 2}, {"9K", 3}, {"HZ", 3}, {"JY", 3}, {"SU", 3},  {"4X", 3}, {"TC", 3},
    {"G", 4},  {"D", 4},  {"F", 4},   {"I", 4},  {"EI", 3}, {"PH", 3}, {"OO", 3},  {"HB", 3}, {"OE", 3},
    {"EC", 3}, {"CS", 3}, {"SX", 3},  {"SE", 3}, {"LN", 3}, {"OY", 3}, {"OH", 3},  {"SP", 3}, {"9H", 3},
    {"VT", 3}, {"AP", 3}, {"4R", 3},  {"HS", 3}, {"9V", 3}, {"9M", 3}, {"PK", 3},  {"B", 4},  {"VH", 3},
    {"ZK", 3}, {"ZS", 3}, {"ET", 3},  {"5Y", 3}, {"C", 4},  {"S7", 3}, {"A4O", 2}, {"EK", 5},
};

/// "A6-BNC" at `i`: mark, hyphen and suffix without a space.
std::optional<std::string> hyphenated_registration(const PromptTokens& tokens, std::size_t i) {
  if (tokens.at(i + 1).text != "-" || !tokens.joined(i + 1) || !tokens.joined(i + 2)) return std::nullopt;
  const Token& prefix = tokens.at(i);
  const Token& suffix = tokens.at(i + 2);
  const std::string mark = in_capitals(prefix.text);
  const auto known = std::find_if(std::begin(marks), std::end(marks),
                                  [&](const RegistrationMark& entry) { return entry.mark == mark; });
  if (known == std::end(marks) || suffix.text.size() != known->suffix_length) return std::nullopt;
  // Marks of letters alone could be words ("D-DAYS"), so they must be written in capitals.
  const bool has_digit = std::any_of(mark.begin(), mark.end(), is_digit);
  const std::string tail = in_capitals(suffix.text);
  if (!has_digit && (mark != prefix.text || tail != suffix.text)) return std::nullopt;
  if (mark != "B" && mark != "EK" && !all_capitals(tail)) return std::nullopt;
  return mark + "-" + tail;
}

/// "N12345", "N801AA", "JA801A": marks without a hyphen.
bool is_plain_registration(std::string_view word) {
  const bool american =
      word.size() >= 4 && word.size() <= 6 && word[0] == 'N' && word[1] >= '1' && word[1] <= '9';
  const bool japanese = word.size() == 6 && word.starts_with("JA") && is_digit(word[2]) && is_digit(word[3]);
  if (!american && !japanese) return false;
  std::size_t i = american ? 1 : 2;
  while (i < word.size() && is_digit(word[i])) ++i;
  return word.size() - i <= 2 && (i == word.size() || all_capitals(word.substr(i)));
}

bool is_replacement(const PromptTokens& tokens, std::size_t i) {
  if (i == 0) return false;
  if (tokens.is_any(i - 1, {"replacement", "spare", "standby"})) return true;
  if (!tokens.is_any(i - 1, {"to", "with", "by", "for", "onto", "aircraft"})) return false;
  for (std::size_t back = 2; back <= 9 && back <= i; ++back) {
    if (tokens.is_any(i - back, {"swap", "swapped", "swapping", "replace", "replaced", "replacing",
                                 "replacement", "substitute", "substituted"})) {
      return true;
    }
  }
  return false;
}

}  // namespace

void read_flight_numbers(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.at(i).kind != TokenKind::word) continue;
    const bool after_flight = i > 0 && tokens.is_any(i - 1, {"flight", "flt", "flights"});
    if (auto flight = flight_in_one_word(tokens, i, after_flight)) {
      state_flight(collector, *std::move(flight), {i, i});
      continue;
    }
    // "EY 283": two words only where nothing else can be meant.
    const Airline* airline = find_airline(tokens.at(i).text);
    const auto digits = tokens.number(i + 1) ? flight_digits(tokens.at(i + 1).text) : std::nullopt;
    if (airline != nullptr && digits && (after_flight || i == 0)) {
      state_flight(collector, std::string(airline->iata) + *digits, {i, i + 1});
    }
  }
}

void read_airports(FactCollector& collector) {
  const std::size_t size = collector.tokens().size();
  bool route_known = false;
  for (std::size_t i = 0; i < size && !route_known; ++i) route_known = read_route(collector, i);
  for (std::size_t i = 0; i < size; ++i) read_single_airport(collector, i, route_known);
}

void read_registrations(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::optional<std::string> found = hyphenated_registration(tokens, i);
    const std::size_t last = found ? i + 2 : i;
    if (!found && is_plain_registration(tokens.at(i).text)) found = std::string(tokens.at(i).text);
    if (!found) continue;
    if (is_replacement(tokens, i)) {
      collector.state("replacement_registration", &Facts::replacement_registration, *found, {i, last});
    } else {
      collector.state("registration", &Facts::registration, *found, {i, last});
    }
  }
}

void read_aircraft_type(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::string_view word = tokens.lower(i);
    std::string designation(type_of(word));
    const bool number =
        std::find(std::begin(boeing_numbers), std::end(boeing_numbers), word) != std::end(boeing_numbers);
    const bool variant_follows = tokens.at(i + 1).text == "-" && tokens.joined(i + 1) &&
                                 tokens.joined(i + 2) && tokens.at(i + 2).text.size() <= 5 &&
                                 is_digit(tokens.at(i + 2).text[0]);
    // "787" alone may count anything; "787-9" and "Boeing 787" are aircraft.
    if (number && (variant_follows || (i > 0 && tokens.is(i - 1, "boeing")))) designation = word;
    if (designation.empty()) continue;
    std::size_t last = i;
    if (variant_follows && designation.find('-') == std::string::npos) {
      designation += "-" + in_capitals(tokens.at(i + 2).text);
      last = i + 2;
    }
    collector.state("aircraft_type", &Facts::aircraft_type, std::move(designation), {i, last});
  }
}

}  // namespace skymarshal::agents
