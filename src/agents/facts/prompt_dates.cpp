#include "agents/facts/prompt_readers.hpp"

#include <optional>
#include <string_view>

namespace skymarshal::agents::facts {
namespace {

struct DateSpan {
  reference::Date date;
  std::size_t last = 0;
};

struct YearSpan {
  std::int32_t year = 0;
  std::size_t last = 0;
};

std::optional<DateSpan> make_date(YearSpan year, std::int32_t month, std::int32_t day) {
  if (year.year < 2000 || year.year > 2099 || month < 1 || day < 1) return std::nullopt;
  const reference::Date date(std::chrono::year(year.year), std::chrono::month(static_cast<unsigned>(month)),
                             std::chrono::day(static_cast<unsigned>(day)));
  return date.ok() ? std::optional(DateSpan{date, year.last}) : std::nullopt;
}

/// The month that the three letters of "15JUN26" mean.
std::optional<std::int32_t> month_of(std::string_view letters) {
  for (const WordMeaning& meaning : meanings_of(letters)) {
    if (meaning.term == Term::month) return meaning.value;
  }
  return std::nullopt;
}

/// A year of four digits at `i`, a comma or a small word skipped.
std::optional<YearSpan> year_at(const PromptTokens& tokens, std::size_t i) {
  if (tokens.is(i, ",") || tokens.is(i, ".") || tokens.has(i, Term::of)) ++i;
  const auto year = tokens.number(i);
  if (!year || tokens.lower(i).size() != 4) return std::nullopt;
  return YearSpan{*year, i};
}

/// "15", "15th", "1er": a day of the month.
std::optional<std::int32_t> day_at(const PromptTokens& tokens, std::size_t i) {
  if (const auto number = tokens.number(i, 2)) return number;
  const std::string_view word = tokens.lower(i);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  const std::string_view ending = word.substr(digits);
  const bool ordinal = ending == "th" || ending == "st" || ending == "nd" || ending == "rd" || ending == "er";
  if (digits == 0 || digits > 2 || !ordinal) return std::nullopt;
  return digits == 2 ? (word[0] - '0') * 10 + (word[1] - '0') : word[0] - '0';
}

/// "15 June 2026", "15. Juni 2026", "15 de junio de 2026", "June 15, 2026".
std::optional<DateSpan> worded_date(const PromptTokens& tokens, std::size_t i) {
  if (const auto month = tokens.value(i, Term::month)) {
    const auto day = day_at(tokens, i + 1);
    const auto year = day ? year_at(tokens, i + 2) : std::nullopt;
    return year ? make_date(*year, *month, *day) : std::nullopt;
  }
  const auto day = day_at(tokens, i);
  if (!day) return std::nullopt;
  std::size_t at = i + 1;
  if (tokens.is(at, ".") || tokens.is(at, "-") || tokens.has(at, Term::of)) ++at;
  const auto month = tokens.value(at, Term::month);
  const auto year = month ? year_at(tokens, tokens.is(at + 1, "-") ? at + 2 : at + 1) : std::nullopt;
  return year ? make_date(*year, *month, *day) : std::nullopt;
}

/// "15JUN26", "15JUN2026", "15JUN 2026".
std::optional<DateSpan> compact_date(const PromptTokens& tokens, std::size_t i) {
  const std::string_view word = tokens.lower(i);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  if (digits == 0 || digits > 2 || word.size() < digits + 3) return std::nullopt;
  const auto month = month_of(word.substr(digits, 3));
  const std::string_view tail = word.substr(digits + 3);
  if (!month || (!tail.empty() && (!is_digits(tail) || (tail.size() != 2 && tail.size() != 4)))) {
    return std::nullopt;
  }
  const std::int32_t day = digits == 2 ? (word[0] - '0') * 10 + (word[1] - '0') : word[0] - '0';
  if (tail.empty()) {
    const auto year = year_at(tokens, i + 1);
    return year ? make_date(*year, *month, day) : std::nullopt;
  }
  std::int32_t year = tail.size() == 2 ? 2000 : 0;
  std::int32_t figures = 0;
  for (const char c : tail) figures = figures * 10 + (c - '0');
  year += figures;
  return make_date({year, i}, *month, day);
}

/// "2026-06-15", also with a time behind it ("2026-06-15T05:30Z"); "15.06.2026", "15/06/2026".
std::optional<DateSpan> figure_date(const PromptTokens& tokens, std::size_t i) {
  const std::string_view sign = tokens.at(i + 1).text;
  if ((sign != "-" && sign != "." && sign != "/") || tokens.at(i + 3).text != sign) return std::nullopt;
  for (std::size_t at = i + 1; at <= i + 4; ++at) {
    if (!tokens.joined(at)) return std::nullopt;
  }
  const auto first = tokens.number(i);
  const auto second = tokens.number(i + 2, 2);
  if (!first || !second) return std::nullopt;
  if (sign == "-") {
    const std::string_view last = tokens.lower(i + 4);
    const bool shaped = tokens.lower(i).size() == 4 && last.size() >= 2 && is_digit(last[0]) &&
                        is_digit(last[1]) && (last.size() == 2 || last[2] == 't');
    if (!shaped) return std::nullopt;
    return make_date({*first, i + 4}, *second, (last[0] - '0') * 10 + (last[1] - '0'));
  }
  const auto year = tokens.number(i + 4);
  if (!year || tokens.lower(i + 4).size() != 4 || tokens.lower(i).size() > 2) return std::nullopt;
  // With dots the day comes first everywhere; with slashes only a number above twelve tells it from the
  // month.
  if (sign == "." || (*first > 12 && *second <= 12)) return make_date({*year, i + 4}, *second, *first);
  if (*second > 12 && *first <= 12) return make_date({*year, i + 4}, *first, *second);
  return *first == *second ? make_date({*year, i + 4}, *first, *second) : std::nullopt;
}

/// True if the date at `i` is that of something else: of a defect, of a permit.
bool is_of_something_else(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
    if (tokens.ends_sentence(i - back) || tokens.is(i - back, ",")) return false;
    if (tokens.has(i - back, Term::mel_open) ||
        tokens.is_any(i - back,
                      {"since", "until", "expires", "expiry", "expiring", "valid", "dated", "seit", "depuis",
                       "desde", "discovered", "found", "rectified", "born", "manufactured"})) {
      return true;
    }
  }
  return false;
}

}  // namespace

void read_date(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool starts =
        (tokens.at(i).folded_size > 0 && is_digit(tokens.lower(i)[0])) || tokens.has(i, Term::month);
    if (!starts) continue;
    auto date = figure_date(tokens, i);
    if (!date) date = worded_date(tokens, i);
    if (!date) date = compact_date(tokens, i);
    if (!date) continue;
    if (!is_of_something_else(tokens, i)) collector.state("date", &Facts::date, date->date, {i, date->last});
    i = date->last;
  }
}

}  // namespace skymarshal::agents::facts
