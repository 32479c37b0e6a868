#include "agents/facts/prompt_durations.hpp"

#include <algorithm>
#include <string_view>

namespace skymarshal::agents::facts {
namespace {

constexpr std::int32_t minutes_a_day = 24 * 60;
constexpr std::int32_t minutes_max = 7 * minutes_a_day;

/// An amount in hundredths, so that "1.5 hours" stays exact.
struct Amount {
  std::int32_t hundredths = 0;
  std::size_t last = 0;
};

/// "and a half", "et demie", "y media" from `i` on: how many tokens, or 0.
std::size_t and_a_half(const PromptTokens& tokens, std::size_t i) {
  if (!tokens.has(i, Term::conjunction)) return 0;
  if (tokens.has(i + 1, Term::half)) return 2;
  return tokens.has(i + 1, Term::one_of) && tokens.has(i + 2, Term::half) ? 3 : 0;
}

/// "3", "1.5", "three", "2 and a half".
std::optional<Amount> read_amount(const PromptTokens& tokens, std::size_t i) {
  const auto whole = tokens.count(i);
  if (!whole) return std::nullopt;
  Amount amount{*whole * 100, i};
  const std::string_view separator = tokens.at(i + 1).text;
  const auto decimals = tokens.number(i + 2, 2);
  if ((separator == "." || separator == ",") && tokens.joined(i + 1) && tokens.joined(i + 2) && decimals) {
    amount.hundredths += *decimals * (tokens.lower(i + 2).size() == 1 ? 10 : 1);
    amount.last = i + 2;
  } else if (const std::size_t half = and_a_half(tokens, i + 1)) {
    amount.hundredths += 50;
    amount.last = i + half;
  }
  return amount;
}

/// Minutes that a unit stands for.
std::int32_t unit_minutes(const PromptTokens& tokens, std::size_t i) {
  if (tokens.has(i, Term::day)) return minutes_a_day;
  if (tokens.has(i, Term::hour)) return 60;
  return tokens.has(i, Term::minute) ? 1 : 0;
}

/// Minutes that one unit at `i` stands for, hyphens skipped ("3-hour"); `last` is set to the unit.
std::int32_t read_unit(const PromptTokens& tokens, std::size_t i, std::size_t& last) {
  last = tokens.at(i).text == "-" ? i + 1 : i;
  return unit_minutes(tokens, last);
}

/// Digits at the start of a word, and what comes after them.
struct Prefix {
  std::int32_t value = 0;
  std::size_t digits = 0;
  std::string_view rest;
};
Prefix number_prefix(std::string_view word) {
  Prefix prefix;
  while (prefix.digits < word.size() && prefix.digits < 5 && is_digit(word[prefix.digits])) {
    prefix.value = prefix.value * 10 + (word[prefix.digits++] - '0');
  }
  prefix.rest = word.substr(prefix.digits);
  return prefix;
}

bool is_short_minutes(std::string_view unit) {
  return unit == "m" || unit == "min" || unit == "mins" || unit == "mn";
}
bool is_short_hours(std::string_view unit) {
  return unit == "h" || unit == "hr" || unit == "hrs" || unit == "hour" || unit == "hours" || unit == "std";
}

/// "30 minutes", "30min", "and 30 min" after whole hours. Minutes, or 0; moves `last` on.
std::int32_t read_minutes_after_hours(const PromptTokens& tokens, std::size_t& last) {
  std::size_t i = last + 1;
  if (tokens.has(i, Term::conjunction)) ++i;
  const auto minutes = tokens.number(i, 2);
  if (minutes && *minutes < 60 && tokens.has(i + 1, Term::minute)) {
    last = i + 1;
    return *minutes;
  }
  const Prefix prefix = number_prefix(tokens.lower(i));
  if (prefix.digits == 0 || prefix.digits > 2 || !is_short_minutes(prefix.rest)) return 0;
  if (prefix.value < 60) last = i;
  return prefix.value < 60 ? prefix.value : 0;
}

/// "3 hours", "and 3 hours" after whole days. Minutes, or 0; moves `last` on.
std::int32_t read_hours_after_days(const PromptTokens& tokens, std::size_t& last) {
  const std::size_t i = tokens.has(last + 1, Term::conjunction) ? last + 2 : last + 1;
  const auto hours = tokens.number(i, 2);
  if (!hours || *hours >= 24 || !tokens.has(i + 1, Term::hour)) return 0;
  last = i + 1;
  return *hours * 60;
}

/// "2h30", "2h", "3hrs", "90min" written as one word.
std::optional<DurationSpan> read_compact_duration(const PromptTokens& tokens, std::size_t i) {
  const Prefix prefix = number_prefix(tokens.lower(i));
  if (prefix.digits == 0 || prefix.digits > 4 || prefix.rest.empty()) return std::nullopt;
  std::string_view unit = prefix.rest;
  std::size_t last = i;
  if (is_short_minutes(unit) && unit != "m") return DurationSpan{{prefix.value, prefix.value}, last};
  std::int32_t minutes = prefix.value * 60;
  if (is_short_hours(unit)) {
    minutes += read_minutes_after_hours(tokens, last);
    return DurationSpan{{minutes, minutes}, last};
  }
  if (unit.size() < 3 || unit[0] != 'h') return std::nullopt;
  const std::string_view tail = unit.substr(3);
  if (!tail.empty() && !is_short_minutes(tail)) return std::nullopt;
  if (unit[1] < '0' || unit[1] > '5' || !is_digit(unit[2])) return std::nullopt;
  minutes += (unit[1] - '0') * 10 + (unit[2] - '0');
  return DurationSpan{{minutes, minutes}, last};
}

/// "an hour", "half an hour", "an hour and a half", "eine halbe Stunde", "media hora", "anderthalb Stunden".
std::optional<DurationSpan> read_worded_duration(const PromptTokens& tokens, std::size_t i) {
  if (tokens.has(i, Term::half)) {
    std::size_t unit = i + 1;
    while (unit < i + 3 && (tokens.has(unit, Term::one_of) || tokens.is(unit, "-"))) ++unit;
    if (tokens.has(unit, Term::hour)) return DurationSpan{{30, 30}, unit};
    return std::nullopt;
  }
  if (tokens.is_any(i, {"anderthalb", "eineinhalb"}) && tokens.has(i + 1, Term::hour)) {
    return DurationSpan{{90, 90}, i + 1};
  }
  if (!tokens.has(i, Term::one_of) && tokens.value(i, Term::number) != 1) return std::nullopt;
  if (tokens.has(i + 1, Term::half) && tokens.has(i + 2, Term::hour)) return DurationSpan{{30, 30}, i + 2};
  if (!tokens.has(i + 1, Term::hour)) return std::nullopt;
  if (const std::size_t half = and_a_half(tokens, i + 2)) return DurationSpan{{90, 90}, i + 1 + half};
  std::size_t last = i + 1;
  const std::int32_t minutes = 60 + read_minutes_after_hours(tokens, last);
  return DurationSpan{{minutes, minutes}, last};
}

/// The upper end of a range after its lower end: "to 3", "-3", "bis 3".
std::optional<Amount> read_range_end(const PromptTokens& tokens, std::size_t i, bool between) {
  const bool ranged = tokens.is(i, "-") || tokens.has(i, Term::range) || tokens.at(i).text == "\u2013" ||
                      (between && tokens.has(i, Term::conjunction));
  return ranged ? read_amount(tokens, i + 1) : std::nullopt;
}

std::optional<DurationSpan> read_any_duration(const PromptTokens& tokens, std::size_t i) {
  if (auto compact = read_compact_duration(tokens, i)) {
    // "2h-3h"
    const std::size_t joint = compact->last + 1;
    const bool ranged = tokens.is(joint, "-") || tokens.has(joint, Term::range);
    const auto end = ranged ? read_compact_duration(tokens, joint + 1) : std::nullopt;
    if (!end || end->length.most_minutes < compact->length.least_minutes) return compact;
    return DurationSpan{{compact->length.least_minutes, end->length.most_minutes}, end->last};
  }
  if (auto worded = read_worded_duration(tokens, i)) return worded;
  const auto first = read_amount(tokens, i);
  if (!first) return std::nullopt;
  const bool between = i > 0 && tokens.has(i - 1, Term::between);
  // "2 to 3 hours", "2-3 hours", "90 - 120 minutes"
  const auto second = read_range_end(tokens, first->last + 1, between);
  const Amount upper = second ? *second : *first;
  std::size_t last = upper.last;
  const std::int32_t unit = read_unit(tokens, upper.last + 1, last);
  if (unit == 0) return std::nullopt;
  Delay length{first->hundredths * unit / 100, upper.hundredths * unit / 100};
  if (length.least_minutes > length.most_minutes) return std::nullopt;
  if (second) return DurationSpan{length, last};
  std::int32_t extra = unit == minutes_a_day ? read_hours_after_days(tokens, last)
                       : unit == 60          ? read_minutes_after_hours(tokens, last)
                                             : 0;
  if (const std::size_t half = unit == 60 && extra == 0 ? and_a_half(tokens, last + 1) : 0) {
    extra = 30;
    last += half;
  }
  length = {length.least_minutes + extra, length.most_minutes + extra};
  // "2 hours to 3 hours", "between 90 minutes and 2 hours"
  const auto end = read_range_end(tokens, last + 1, between);
  std::size_t end_last = end ? end->last : 0;
  const std::int32_t end_unit = end ? read_unit(tokens, end->last + 1, end_last) : 0;
  const std::int32_t most = end_unit == 0 ? 0 : end->hundredths * end_unit / 100;
  if (most >= length.least_minutes && most > 0) return DurationSpan{{length.least_minutes, most}, end_last};
  return DurationSpan{length, last};
}

}  // namespace

std::optional<DurationSpan> read_duration(const PromptTokens& tokens, std::size_t i) {
  const Token& token = tokens.at(i);
  if (token.kind == TokenKind::sign || token.kind == TokenKind::other) return std::nullopt;
  const bool starts = token.kind == TokenKind::number ||
                      (token.folded_size > 0 && is_digit(tokens.lower(i)[0])) ||
                      tokens.has_any(i, {Term::number, Term::one_of, Term::half}) ||
                      tokens.is_any(i, {"anderthalb", "eineinhalb"});
  if (!starts) return std::nullopt;
  const auto found = read_any_duration(tokens, i);
  return found && found->length.most_minutes <= minutes_max ? found : std::nullopt;
}

std::vector<DurationMention> read_durations(const PromptTokens& tokens) {
  std::vector<DurationMention> mentions;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto duration = read_duration(tokens, i);
    if (!duration) continue;
    mentions.push_back({i, duration->length, duration->last});
    i = duration->last;
  }
  return mentions;
}

bool is_between_label_and_value(const PromptTokens& tokens, std::size_t i) {
  return tokens.has(i, Term::filler) || tokens.has_any(i, {Term::between, Term::until}) ||
         tokens.is_any(i, {":", "=", "~", "'", "+", "zu"});
}

std::optional<DurationSpan> duration_after(const PromptTokens& tokens, std::size_t i, std::size_t words_max) {
  for (std::size_t skipped = 0; skipped <= words_max; ++skipped, ++i) {
    if (auto duration = read_duration(tokens, i)) return duration;
    if (!is_between_label_and_value(tokens, i)) return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace skymarshal::agents::facts
