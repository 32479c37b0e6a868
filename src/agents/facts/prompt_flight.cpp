#include "agents/facts/names.hpp"
#include "agents/facts/prompt_readers.hpp"
#include "agents/reference/airports.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::agents::facts {
namespace {

/// A flight as the prompt names it.
struct FlightMention {
  std::string flight;
  TokenSpan span;
};

/// Digits of a flight number without leading zeros, with an operational suffix letter if there is one.
std::optional<std::string> flight_digits(std::string_view text) {
  std::string digits = in_capitals(text);
  const bool suffix = digits.size() > 1 && is_capital(digits.back());
  const std::string_view number = std::string_view(digits).substr(0, digits.size() - (suffix ? 1 : 0));
  if (!is_digits(number) || number.size() > 4) return std::nullopt;
  const std::size_t zeros = std::min(digits.find_first_not_of('0'), number.size() - 1);
  return digits.substr(zeros);
}

/// "EY283", "ETD283": the designator as IATA writes it and the number.
std::optional<std::string> flight_in_one_word(const PromptTokens& tokens, std::size_t i, bool after_flight) {
  const std::string_view word = tokens.at(i).text;
  // Designators have two or three characters, and then comes a digit.
  const bool numbered = word.size() >= 3 && (is_digit(word[2]) || (word.size() > 3 && is_digit(word[3])));
  if (!numbered || word.size() > 8) return std::nullopt;
  if (!type_designation(tokens, i).empty()) return std::nullopt;
  const std::string capitals = in_capitals(word);
  for (const std::size_t length : {std::size_t{3}, std::size_t{2}}) {
    const std::string designator = capitals.substr(0, length);
    const auto digits = flight_digits(word.substr(std::min(length, word.size())));
    if (!digits || (length == 3 && !all_capitals(designator))) continue;
    const reference::Airline* airline = reference::find_airline(designator);
    if (airline != nullptr && (after_flight || designator == word.substr(0, length))) {
      return std::string(airline->iata) + *digits;
    }
    if (after_flight && !is_digits(designator)) return designator + *digits;
  }
  return std::nullopt;
}

/// True if what follows makes the number before it an amount: "3 hours", "286 passengers", "08:30", "5 June".
bool is_amount_before(const PromptTokens& tokens, std::size_t i) {
  const bool unit = tokens.has_any(
      i, {Term::hour, Term::minute, Term::day, Term::passenger, Term::cabin, Term::connecting, Term::sector,
          Term::pilot, Term::month, Term::range, Term::special_need, Term::adjective_of_passengers});
  const std::string_view sign = tokens.joined(i) ? tokens.at(i).text : std::string_view();
  return unit || sign == ":" || sign == "-" || (sign == "." && tokens.joined(i + 1)) || sign == "/";
}

/// "Etihad 283", "Etihad flight 283", "flight 283 of Etihad" around the number at `i`.
std::optional<FlightMention> flight_of_named_airline(const PromptTokens& tokens, std::size_t i) {
  if (!tokens.number(i) || i == 0 || is_amount_before(tokens, i + 1)) return std::nullopt;
  const auto digits = flight_digits(tokens.lower(i));
  const bool labelled = tokens.has(i - 1, Term::flight);
  const std::size_t behind_name = labelled ? i - 1 : i;
  for (std::size_t words = 1; words <= 3 && words <= behind_name; ++words) {
    const auto airline = find_airline_name(tokens, behind_name - words);
    if (airline && airline->last + 1 == behind_name) {
      return FlightMention{std::string(airline->code) + *digits, {behind_name - words, i}};
    }
  }
  if (!labelled) return std::nullopt;
  const bool of = tokens.has(i + 1, Term::of) || tokens.is(i + 1, "by");
  const std::size_t name = i + (of ? 2 : 1) + (of && tokens.is_any(i + 2, {"the", "'"}) ? 1 : 0);
  const auto airline = of ? find_airline_name(tokens, name) : std::nullopt;
  if (!airline) return std::nullopt;
  return FlightMention{std::string(airline->code) + *digits, {i - 1, airline->last}};
}

std::optional<FlightMention> flight_at(const PromptTokens& tokens, std::size_t i) {
  if (tokens.at(i).kind == TokenKind::number) return flight_of_named_airline(tokens, i);
  if (tokens.at(i).kind != TokenKind::word) return std::nullopt;
  const bool after_flight = i > 0 && tokens.has(i - 1, Term::flight);
  if (auto flight = flight_in_one_word(tokens, i, after_flight)) {
    return FlightMention{*std::move(flight), {i, i}};
  }
  // "EY 283": two words only where nothing else can be meant.
  const std::string_view word = tokens.at(i).text;
  if (word.size() > 3 || !(after_flight || i == 0) || !tokens.number(i + 1)) return std::nullopt;
  const reference::Airline* airline = reference::find_airline(word);
  if (airline == nullptr || is_amount_before(tokens, i + 2)) return std::nullopt;
  return FlightMention{std::string(airline->iata) + *flight_digits(tokens.lower(i + 1)), {i, i + 1}};
}

/// True if another flight named at `i` only says where something goes or what else the flight is called:
/// "onto EY11", "swap with EY11", "(AF1234)", "EY11/EY19".
bool is_mere_reference(const PromptTokens& tokens, std::size_t i) {
  std::size_t before = i;
  if (before > 0 && tokens.has(before - 1, Term::flight)) --before;
  if (before == 0) return false;
  return tokens.is_any(before - 1, {"on",   "onto", "to",  "with",      "by",    "for",  "via",    "of",
                                    "from", "as",   "(",   "/",         "the",   "auf",  "mit",    "in",
                                    "sur",  "avec", "con", "codeshare", "after", "than", "before", "nach"}) ||
         is_about_connection(tokens, i);
}

bool joins_list(const PromptTokens& tokens, std::size_t i) {
  return tokens.has_any(i, {Term::conjunction, Term::range, Term::flight}) ||
         tokens.is_any(i, {",", "/", "&"});
}

/// Sets clauses aside whose subject is not `main`.
void set_other_clauses_aside(FactCollector& collector, const std::vector<FlightMention>& mentions,
                             std::string_view main) {
  const PromptTokens& tokens = collector.tokens();
  bool reference = false;
  for (std::size_t n = 0; n < mentions.size(); ++n) {
    const auto& [flight, span] = mentions[n];
    if (flight == main) {
      reference = false;
      continue;
    }
    // One of a list ("EY11, EY15 and EY19") is what the first of the list is.
    std::size_t after_previous = n == 0 ? 0 : mentions[n - 1].span.last + 1;
    while (n > 0 && after_previous < span.first && joins_list(tokens, after_previous)) ++after_previous;
    const bool listed = n > 0 && mentions[n - 1].flight != main && after_previous == span.first;
    reference = (listed && reference) || is_mere_reference(tokens, span.first);
    if (reference || main.empty()) continue;
    const std::size_t limit = n + 1 < mentions.size() ? mentions[n + 1].span.first : tokens.size();
    std::size_t end = span.last + 1;
    while (end < limit && !tokens.ends_sentence(end)) ++end;
    collector.set_aside({span.first, end - 1});
  }
}

}  // namespace

bool is_about_connection(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 4; ++back) {
    if (i < back || tokens.at(i - back).kind == TokenKind::sign) return false;
    if (tokens.has_any(i - back, {Term::connecting, Term::rebook})) return true;
  }
  return false;
}

void read_flight_numbers(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  std::vector<FlightMention> mentions;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    auto mention = flight_at(tokens, i);
    if (!mention) continue;
    i = mention->span.last;
    mentions.push_back(*std::move(mention));
  }
  Facts& facts = collector.facts();
  for (const auto& [flight, span] : mentions) {
    if (facts.flight && facts.flight->value == flight) continue;
    // The first flight named is the one in trouble; others are where its passengers or aircraft go.
    if (facts.flight || is_about_connection(tokens, span.first)) {
      collector.add(&Facts::other_flights, flight, span);
    } else {
      collector.state("flight", &Facts::flight, flight, span);
    }
  }
  set_other_clauses_aside(collector, mentions, facts.flight ? facts.flight->value : std::string());
}

}  // namespace skymarshal::agents::facts
