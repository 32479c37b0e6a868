#include "agents/facts/prompt_readers.hpp"
#include "agents/reference/aircraft_types.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

namespace skymarshal::agents::facts {
namespace {

/// Names of families and types that the table of types does not have, in small letters, and what they stand
/// for.
struct TypeName {
  std::string_view word;
  std::string_view designation;
};
constexpr TypeName type_names[] = {
    {"a220", "A220"}, {"a330", "A330"}, {"a340", "A340"}, {"a350", "A350"},
    {"a380", "A380"}, {"b737", "737"},  {"b747", "747"},  {"b757", "757"},
    {"b767", "767"},  {"b777", "777"},  {"b787", "787"},  {"atr72", "ATR 72"},
};
constexpr std::string_view boeing_numbers[] = {"717", "727", "737", "747", "757", "767", "777", "787"};

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
  if (prefix.text.size() > 3 || suffix.text.size() > 5) return std::nullopt;
  const std::string mark = in_capitals(prefix.text);
  const auto known = std::find_if(std::begin(marks), std::end(marks),
                                  [&](const RegistrationMark& entry) { return entry.mark == mark; });
  if (known == std::end(marks) || suffix.text.size() != known->suffix_length) return std::nullopt;
  // Marks of letters alone could be words ("D-DAYS"), so they must be written in capitals.
  const bool has_digit = std::any_of(mark.begin(), mark.end(), is_digit);
  const std::string tail = in_capitals(suffix.text);
  if (!has_digit && (mark != prefix.text || tail != suffix.text)) return std::nullopt;
  if (mark != "B" && mark != "EK" && !all_capitals(tail)) return std::nullopt;
  if (!std::all_of(tail.begin(), tail.end(), [](char c) { return is_capital(c) || is_digit(c); })) {
    return std::nullopt;
  }
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

/// A registration or a type, and where it stands.
struct Mention {
  std::string name;
  std::size_t last = 0;
};

std::optional<Mention> registration_at(const PromptTokens& tokens, std::size_t i) {
  if (tokens.at(i).kind == TokenKind::sign) return std::nullopt;
  if (auto found = hyphenated_registration(tokens, i)) return Mention{*std::move(found), i + 2};
  if (is_plain_registration(tokens.at(i).text)) return Mention{std::string(tokens.at(i).text), i};
  return std::nullopt;
}

std::optional<Mention> type_at(const PromptTokens& tokens, std::size_t i) {
  const std::string_view word = tokens.lower(i);
  if (word.size() < 3 || word.size() > 8) return std::nullopt;
  const bool variant_follows = tokens.at(i + 1).text == "-" && tokens.joined(i + 1) && tokens.joined(i + 2) &&
                               tokens.at(i + 2).text.size() <= 5 && is_digit(tokens.at(i + 2).text[0]);
  const bool number = word.size() == 3 && std::find(std::begin(boeing_numbers), std::end(boeing_numbers),
                                                    word) != std::end(boeing_numbers);
  const bool max = number && tokens.is(i + 1, "max");
  std::string designation = number ? std::string() : type_designation(tokens, i);
  // "787" alone may count anything; "787-9", "737 MAX" and "Boeing 787" are aircraft.
  if (number && (variant_follows || max || (i > 0 && tokens.is(i - 1, "boeing")))) designation = word;
  if (designation.empty()) return std::nullopt;
  if (max) {
    const auto model = tokens.number(i + 2, 2);
    designation += " MAX";
    if (model) designation += " " + std::to_string(*model);
    return Mention{designation, model ? i + 2 : i + 1};
  }
  if (tokens.is(i + 1, "neo") && designation.size() == 4) return Mention{designation + "neo", i + 1};
  if (!variant_follows || designation.find('-') != std::string::npos) return Mention{designation, i};
  return Mention{designation + "-" + in_capitals(tokens.at(i + 2).text), i + 2};
}

/// True if what is named from `first` to `last` is what a swap would bring in.
bool is_replacement(const PromptTokens& tokens, std::size_t first, std::size_t last) {
  if (tokens.is(last + 1, "instead") ||
      (tokens.is_any(last + 1, {"take", "takes"}) && tokens.is(last + 2, "over"))) {
    return true;
  }
  if (first >= 2 && tokens.matches(first - 2, {"cambiar", "a"})) return true;
  std::size_t i = first;
  while (i > 0 && i + 3 > first &&
         tokens.is_any(i - 1, {"a", "an", "the", "another", "ein", "eine", "einen", "un", "une", "una",
                               "airbus", "boeing"})) {
    --i;
  }
  if (i == 0) return false;
  if (tokens.is_any(i - 1, {"spare", "standby"}) || tokens.is(i - 1, "replacement")) return true;
  if (!tokens.is_any(i - 1, {"to", "with", "by", "for", "onto", "aircraft", "durch", "gegen", "auf", "mit",
                             "par", "avec", "por", "con", "a", "use", "using"})) {
    return false;
  }
  for (std::size_t back = 2; back <= 14 && back <= i; ++back) {
    if (tokens.ends_sentence(i - back)) return false;
    if (tokens.has(i - back, Term::swap)) return true;
  }
  return false;
}

void state_type(FactCollector& collector, bool replacement, std::string type, TokenSpan span) {
  Facts& facts = collector.facts();
  const auto member = replacement ? &Facts::replacement_type : &Facts::aircraft_type;
  auto& known = facts.*member;
  if (collector.is_aside(span.first)) return;
  // "787" and "787-9" are no contradiction: the closer one holds.
  if (known && known->value.starts_with(type)) return;
  if (known && type.starts_with(known->value)) known.reset();
  collector.state(replacement ? "replacement_type" : "aircraft_type", member, std::move(type), span);
}

}  // namespace

std::string type_designation(const PromptTokens& tokens, std::size_t i) {
  const std::string_view word = tokens.lower(i);
  const bool shaped = word.size() >= 4 && word.size() <= 8 && !is_digit(word[0]) &&
                      std::any_of(word.begin(), word.end(), is_digit);
  if (!shaped && word != "b77w" && word != "dh8d") return {};
  const auto family = std::find_if(std::begin(type_names), std::end(type_names),
                                   [&](const TypeName& name) { return name.word == word; });
  if (family != std::end(type_names)) return std::string(family->designation);
  const reference::AircraftType* type = reference::find_aircraft_type(word);
  return type != nullptr ? std::string(type->name) : std::string();
}

void read_aircraft(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  // A type beside a registration ("A6-BND (787-9)", "the 787-9 A6-BND") is of that aircraft.
  std::size_t previous_end = 0;
  bool previous_replaces = false;
  bool previous_is_registration = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto registration = registration_at(tokens, i);
    const auto mention = registration ? registration : type_at(tokens, i);
    if (!mention) continue;
    const bool adjacent = i == previous_end || (i == previous_end + 1 && tokens.is(previous_end, "("));
    const bool beside = previous_end > 0 && adjacent && registration.has_value() != previous_is_registration;
    const bool replaces = beside ? previous_replaces : is_replacement(tokens, i, mention->last);
    const TokenSpan span{i, mention->last};
    if (!registration) {
      state_type(collector, replaces, mention->name, span);
    } else if (replaces) {
      collector.state("replacement_registration", &Facts::replacement_registration, mention->name, span);
    } else {
      collector.state("registration", &Facts::registration, mention->name, span);
    }
    previous_end = mention->last + 1;
    previous_replaces = replaces;
    previous_is_registration = registration.has_value();
    i = mention->last;
  }
}

}  // namespace skymarshal::agents::facts
