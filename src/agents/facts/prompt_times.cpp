#include "agents/facts/prompt_durations.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <algorithm>
#include <string_view>

namespace skymarshal::agents::facts {
namespace {

/// Hour and minute as written, and what is glued to them ("z", "am"); `minute` is -1 if there is none.
struct Clock {
  std::int32_t hour = 0;
  std::int32_t minute = -1;
  std::string_view suffix;
  std::size_t last = 0;
};

/// Two digits at the start of `text`, 0 to 59; -1 if there are none.
std::int32_t minute_digits(std::string_view text) {
  if (text.size() < 2 || text[0] < '0' || text[0] > '5' || !is_digit(text[1])) return -1;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

std::optional<Clock> read_clock(const PromptTokens& tokens, std::size_t i) {
  const std::string_view word = tokens.lower(i);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  if (digits == 0 || digits > 4 || digits == 3) return std::nullopt;
  // "2026-06-15" and "15/06" are no times.
  const bool dated = tokens.is_any(i + 1, {"-", "/"}) && tokens.joined(i + 1) && tokens.number(i + 2, 4);
  if (dated && digits == word.size()) return std::nullopt;
  std::int32_t number = 0;
  for (const char c : word.substr(0, digits)) number = number * 10 + (c - '0');
  Clock clock{digits == 4 ? number / 100 : number, digits == 4 ? number % 100 : -1, word.substr(digits), i};
  if (digits == 4) return clock;
  const bool dot = tokens.is(i + 1, ".") && (tokens.is_any(i + 3, {"uhr", "am", "pm"}));
  if (clock.suffix.empty() && (tokens.is(i + 1, ":") || dot) && tokens.joined(i + 1)) {
    clock.minute = minute_digits(tokens.lower(i + 2));
    if (clock.minute < 0) return std::nullopt;
    clock.suffix = tokens.lower(i + 2).substr(2);
    clock.last = i + 2;
  } else if (clock.suffix.size() == 3 && clock.suffix[0] == 'h') {
    clock.minute = minute_digits(clock.suffix.substr(1));
    clock.suffix = {};
  } else if (clock.suffix.empty() && tokens.is_any(i + 1, {"uhr", "h"})) {
    const bool minutes = tokens.number(i + 2, 2) && tokens.lower(i + 2).size() == 2;
    clock.minute = minutes ? minute_digits(tokens.lower(i + 2)) : 0;
    clock.last = minutes ? i + 2 : i + 1;
  } else if (clock.suffix == "h") {
    clock.minute = 0;
  }
  return clock;
}

/// "+4", "-03", "+5:30", "+0530" from `i` on, as minutes; nullopt if it is none or lies beyond 14 hours.
std::optional<TimeSpan> read_offset(const PromptTokens& tokens, std::size_t i) {
  const auto hours = tokens.number(i + 1);
  if (!tokens.is_any(i, {"+", "-"}) || !hours || !tokens.joined(i + 1)) return std::nullopt;
  const bool colon = tokens.is(i + 2, ":") && tokens.joined(i + 2) && tokens.joined(i + 3);
  const std::int32_t tail = colon ? minute_digits(tokens.lower(i + 3)) : 0;
  const bool four = tokens.lower(i + 1).size() > 2;
  const std::int32_t minutes = (four ? *hours / 100 * 60 + *hours % 100 : *hours * 60) + tail;
  if (tail < 0 || minutes > 14 * 60) return std::nullopt;
  return TimeSpan{{tokens.is(i, "-") ? -minutes : minutes, {}, 0}, colon ? i + 3 : i + 1};
}

/// The zone behind a time. Returns false if it cannot be told which one is meant.
bool read_zone(const PromptTokens& tokens, std::string_view suffix, TimeSpan& span) {
  const bool glued = suffix == "z" || suffix == "utc" || suffix == "gmt";
  const std::size_t next = span.last + 1;
  const std::string_view text = tokens.at(next).text;
  // Abbreviations are written in capitals; "est" and "ist" are ordinary words elsewhere.
  const bool zulu = tokens.is_any(next, {"z", "utc", "gmt", "zulu"});
  if (!glued && suffix.empty() && all_capitals(text) && tokens.has(next, Term::ambiguous_zone)) return false;
  const auto zone = zulu || all_capitals(text) ? tokens.value(next, Term::zone) : std::nullopt;
  if (!glued && (!zone || !suffix.empty())) return true;
  span.time.utc_offset_minutes = glued ? 0 : *zone;
  if (!glued) span.last = next;
  const bool universal = glued ? suffix != "z" : tokens.is_any(next, {"utc", "gmt"});
  const std::size_t sign = span.last + 1;
  const auto offset = universal ? read_offset(tokens, sign) : std::nullopt;
  if (!offset) return !(universal && tokens.is_any(sign, {"+", "-"}) && tokens.joined(sign));
  // "14:00 UTC +1" may be a zone or the next day.
  if (!tokens.joined(sign) && tokens.is(sign, "+") && offset->time.minute <= 120) return false;
  span.time.utc_offset_minutes = offset->time.minute;
  span.last = offset->last;
  return true;
}

/// "+1", "(+1)", "next day" behind a time.
void read_days_later(const PromptTokens& tokens, TimeSpan& span) {
  std::size_t i = span.last + 1;
  const bool bracket = tokens.is(i, "(");
  if (bracket) ++i;
  const auto days = tokens.is(i, "+") && tokens.joined(i + 1) ? tokens.number(i + 1, 1) : std::nullopt;
  if (days && *days >= 1 && *days <= 2 && !tokens.has_any(i + 2, {Term::hour, Term::minute})) {
    const bool closed = bracket && tokens.is(i + 2, ")");
    span.time.days_later = *days;
    span.last = closed || (!bracket && tokens.has(i + 2, Term::day)) ? i + 2 : i + 1;
    return;
  }
  if (tokens.is_any(i, {"the", "am", "al", "le", "on"})) ++i;
  const bool two_words = tokens.matches(i, {"next", "day"}) || tokens.matches(i, {"following", "day"}) ||
                         tokens.matches(i, {"nachsten", "tag"}) || tokens.matches(i, {"dia", "siguiente"});
  if (!two_words && !tokens.is_any(i, {"lendemain", "folgetag"})) return;
  span.time.days_later = 1;
  span.last = two_words ? i + 1 : i;
}

/// The time after a label that ends before `i`, small words and one airport code between them skipped.
std::optional<TimeSpan> time_after_label(const PromptTokens& tokens, std::size_t i) {
  bool code_seen = false;
  for (std::size_t skipped = 0; skipped <= 4; ++skipped, ++i) {
    if (auto time = read_time(tokens, i)) return time;
    const bool code = !code_seen && tokens.at(i).text.size() == 3 && all_capitals(tokens.at(i).text);
    code_seen = code_seen || code;
    if (!code && !is_between_label_and_value(tokens, i) &&
        !tokens.has_any(i, {Term::scheduled, Term::estimated}) && !tokens.is_any(i, {"in", "slot"})) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

enum class TimeLabel { none, departure, arrival, estimated_departure, estimated_arrival, report };

struct LabelSpan {
  TimeLabel label = TimeLabel::none;
  std::size_t first = 0;
};

/// A label in words at `i`: "scheduled departure", "new departure time", "départ prévu".
LabelSpan worded_label(const PromptTokens& tokens, std::size_t i) {
  const bool departs = tokens.has(i, Term::departure);
  std::size_t first = i;
  bool scheduled = false;
  bool estimated = false;
  for (std::size_t back = 1; back <= 2 && back <= i; ++back) {
    const std::size_t at = i - back;
    scheduled = scheduled || tokens.has(at, Term::scheduled);
    estimated = estimated || (!scheduled && tokens.has_any(at, {Term::estimated, Term::delay}));
    if (!scheduled && !estimated && !tokens.is_any(at, {"to", "time", "of"})) break;
    if (scheduled || estimated) {
      first = at;
      break;
    }
  }
  if (!scheduled && !estimated) {
    const bool vague =
        i > 0 && tokens.is_any(i - 1, {"will", "can", "could", "would", "should", "may", "might", "to",
                                       "must", "cannot", "last", "latest", "earliest", "first", "next", "no",
                                       "before", "after", "until"});
    // "Land at 14:30" may be what is planned or what is hoped.
    if (vague || tokens.is_any(i, {"land", "lands", "landing", "leaving"})) return {};
    estimated = tokens.has(i + 1, Term::estimated) && !tokens.has(i + 1, Term::scheduled);
  }
  if (estimated) return {departs ? TimeLabel::estimated_departure : TimeLabel::estimated_arrival, first};
  return {departs ? TimeLabel::departure : TimeLabel::arrival, first};
}

/// True if the crew or its pilots are spoken of shortly before `i`, in its sentence.
bool speaks_of_crew(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 8 && back <= i; ++back) {
    if (tokens.ends_sentence(i - back)) return false;
    if (tokens.has_any(i - back, {Term::crew, Term::pilot})) return true;
  }
  return false;
}

/// The label of a time at `i`.
LabelSpan label_at(const PromptTokens& tokens, std::size_t i) {
  if (tokens.at(i).meanings.empty()) return {};
  if (tokens.has(i, Term::scheduled_departure)) return {TimeLabel::departure, i};
  if (tokens.has(i, Term::scheduled_arrival)) return {TimeLabel::arrival, i};
  if (tokens.has(i, Term::estimated_departure)) return {TimeLabel::estimated_departure, i};
  if (tokens.has(i, Term::estimated_arrival)) return {TimeLabel::estimated_arrival, i};
  if (tokens.has_any(i, {Term::delay, Term::postponed}) && tokens.value(i, Term::delay) != 1) {
    const std::size_t until = tokens.is(i + 1, "back") ? i + 2 : i + 1;
    if (!tokens.has(until, Term::until) && !tokens.is(until, "to")) return {};
    const bool arrival = i > 0 && tokens.has(i - 1, Term::arrival);
    return {arrival ? TimeLabel::estimated_arrival : TimeLabel::estimated_departure, i};
  }
  if (tokens.has_any(i, {Term::departure, Term::arrival})) return worded_label(tokens, i);
  if (!tokens.has(i, Term::report)) return {};
  const bool of_crew = tokens.is(i + 1, "time") || tokens.matches(i + 1, {"for", "duty"}) ||
                       (i > 0 && tokens.has(i - 1, Term::crew)) || (i > 1 && tokens.has(i - 2, Term::crew));
  if (!of_crew && tokens.is_any(i, {"report", "reported", "reporting"}) && speaks_of_crew(tokens, i)) {
    return {TimeLabel::report, i};
  }
  // Only in English may anything be reported.
  const bool english = tokens.is_any(i, {"report", "reported", "reports", "reporting"});
  return {of_crew || !english ? TimeLabel::report : TimeLabel::none, i};
}

}  // namespace

std::optional<TimeSpan> read_time(const PromptTokens& tokens, std::size_t i) {
  if (tokens.at(i).folded_size == 0 || !is_digit(tokens.lower(i)[0])) return std::nullopt;
  const auto clock = read_clock(tokens, i);
  if (!clock) return std::nullopt;
  std::int32_t hour = clock->hour;
  std::int32_t minute = clock->minute;
  std::string_view suffix = clock->suffix;
  TimeSpan span{{}, clock->last};
  if (suffix.empty() && tokens.is_any(span.last + 1, {"am", "pm"}) && hour <= 12) {
    suffix = tokens.lower(++span.last);
    // German "am nächsten Tag" is no forenoon.
    if (tokens.is_any(span.last + 1, {"nachsten", "folgetag"})) {
      suffix = {};
      --span.last;
    }
  }
  const bool twelve_hour = suffix == "am" || suffix == "pm";
  if (twelve_hour && (hour < 1 || hour > 12)) return std::nullopt;
  if (twelve_hour) hour = hour % 12 + (suffix == "pm" ? 12 : 0);
  if (twelve_hour && minute < 0) minute = 0;
  static constexpr std::string_view known[] = {"", "z", "utc", "gmt", "am", "pm", "local", "lt", "hrs", "h"};
  const bool clear = std::find(std::begin(known), std::end(known), suffix) != std::end(known);
  if (!clear || minute < 0 || minute > 59 || hour > 23) return std::nullopt;
  span.time.minute = hour * 60 + minute;
  if (suffix.empty() && tokens.has(span.last + 1, Term::local_time)) {
    ++span.last;
  } else if (!read_zone(tokens, twelve_hour ? std::string_view() : suffix, span)) {
    return std::nullopt;
  }
  read_days_later(tokens, span);
  return span;
}

void read_times(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  const auto state = [&](std::string_view name, Facts::Maybe<TimeOfDay> Facts::* member, const TimeSpan& time,
                         std::size_t first) { collector.state(name, member, time.time, {first, time.last}); };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto [label, first] = label_at(tokens, i);
    const auto time = label == TimeLabel::none ? std::nullopt : time_after_label(tokens, i + 1);
    if (!time) continue;
    if (label == TimeLabel::departure) {
      state("scheduled_departure", &Facts::scheduled_departure, *time, first);
    } else if (label == TimeLabel::arrival) {
      state("scheduled_arrival", &Facts::scheduled_arrival, *time, first);
    } else if (label == TimeLabel::estimated_departure) {
      state("estimated_departure", &Facts::estimated_departure, *time, first);
    } else if (label == TimeLabel::estimated_arrival) {
      state("estimated_arrival", &Facts::estimated_arrival, *time, first);
    } else {
      state("crew_report", &Facts::crew_report, *time, first);
    }
  }
}

}  // namespace skymarshal::agents::facts
