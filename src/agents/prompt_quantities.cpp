#include "agents/prompt_quantities.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace skymarshal::agents {
namespace {

constexpr std::int32_t minutes_max = 7 * 24 * 60;

bool is_hour_word(std::string_view word) {
  return word == "hours" || word == "hour" || word == "hrs" || word == "hr" || word == "h";
}
bool is_minute_word(std::string_view word) {
  return word == "minutes" || word == "minute" || word == "mins" || word == "min";
}

/// "three" is 3.
std::optional<std::int32_t> spelled_number(std::string_view word) {
  static constexpr std::string_view names[] = {"one",   "two",   "three", "four", "five",   "six",
                                               "seven", "eight", "nine",  "ten",  "eleven", "twelve"};
  const auto found = std::find(std::begin(names), std::end(names), word);
  if (found == std::end(names)) return std::nullopt;
  return static_cast<std::int32_t>(found - std::begin(names)) + 1;
}

/// An amount in hundredths, so that "1.5 hours" stays exact.
struct Amount {
  std::int32_t hundredths = 0;
  std::size_t last = 0;
};

/// "3", "1.5", "three", "2 and a half".
std::optional<Amount> read_amount(const PromptTokens& tokens, std::size_t i) {
  const auto whole = tokens.number(i) ? tokens.number(i) : spelled_number(tokens.lower(i));
  if (!whole) return std::nullopt;
  Amount amount{*whole * 100, i};
  const std::string_view separator = tokens.at(i + 1).text;
  const auto decimals = tokens.number(i + 2, 2);
  if ((separator == "." || separator == ",") && tokens.joined(i + 1) && tokens.joined(i + 2) && decimals) {
    amount.hundredths += *decimals * (tokens.at(i + 2).text.size() == 1 ? 10 : 1);
    amount.last = i + 2;
  } else if (tokens.matches(i + 1, {"and", "a", "half"})) {
    amount.hundredths += 50;
    amount.last = i + 3;
  }
  return amount;
}

/// Minutes that one unit at `i` stands for, hyphens skipped ("3-hour"); `last` is set to the unit.
std::int32_t read_unit(const PromptTokens& tokens, std::size_t i, std::size_t& last) {
  const std::size_t at = tokens.at(i).text == "-" ? i + 1 : i;
  const std::string_view word = tokens.lower(at);
  last = at;
  if (is_hour_word(word)) return 60;
  return is_minute_word(word) ? 1 : 0;
}

/// "30 minutes", "30min", "and 30 min" after whole hours. Minutes, or 0; moves `last` on.
std::int32_t read_minutes_after_hours(const PromptTokens& tokens, std::size_t& last) {
  std::size_t i = last + 1;
  if (tokens.is(i, "and")) ++i;
  const auto minutes = tokens.number(i, 2);
  if (minutes && *minutes < 60 && is_minute_word(tokens.lower(i + 1))) {
    last = i + 1;
    return *minutes;
  }
  const std::string_view word = tokens.lower(i);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  const std::string_view unit = word.substr(digits);
  if (digits == 0 || digits > 2 || (unit != "m" && !is_minute_word(unit))) return 0;
  std::int32_t value = 0;
  for (const char c : word.substr(0, digits)) value = value * 10 + (c - '0');
  if (value < 60) last = i;
  return value < 60 ? value : 0;
}

/// "2h30", "2h", "3hrs", "90min" written as one word.
std::optional<DurationSpan> read_compact_duration(const PromptTokens& tokens, std::size_t i) {
  const std::string_view word = tokens.lower(i);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  if (digits == 0 || digits > 4 || digits == word.size()) return std::nullopt;
  std::int32_t value = 0;
  for (const char c : word.substr(0, digits)) value = value * 10 + (c - '0');
  std::string_view unit = word.substr(digits);
  std::size_t last = i;
  if (is_minute_word(unit)) return DurationSpan{{value, value}, last};
  std::int32_t minutes = value * 60;
  if (is_hour_word(unit)) {
    minutes += read_minutes_after_hours(tokens, last);
    return DurationSpan{{minutes, minutes}, last};
  }
  if (unit.size() < 3 || unit[0] != 'h') return std::nullopt;
  const std::string_view tail = unit.substr(3);
  if (!tail.empty() && tail != "m" && tail != "min") return std::nullopt;
  if (unit[1] < '0' || unit[1] > '5' || unit[2] < '0' || unit[2] > '9') return std::nullopt;
  minutes += (unit[1] - '0') * 10 + (unit[2] - '0');
  return DurationSpan{{minutes, minutes}, last};
}

/// "an hour", "half an hour", "an hour and a half".
std::optional<DurationSpan> read_worded_duration(const PromptTokens& tokens, std::size_t i) {
  if (tokens.matches(i, {"half", "an", "hour"})) return DurationSpan{{30, 30}, i + 2};
  if (!tokens.is_any(i, {"an", "one"}) || !tokens.is(i + 1, "hour")) return std::nullopt;
  if (tokens.matches(i + 2, {"and", "a", "half"})) return DurationSpan{{90, 90}, i + 4};
  return std::nullopt;
}

std::optional<DurationSpan> read_any_duration(const PromptTokens& tokens, std::size_t i) {
  if (auto compact = read_compact_duration(tokens, i)) return compact;
  if (auto worded = read_worded_duration(tokens, i)) return worded;
  if (tokens.matches(i, {"an", "hour"})) return DurationSpan{{60, 60}, i + 1};
  const auto first = read_amount(tokens, i);
  if (!first) return std::nullopt;
  // "2 to 3 hours", "2-3 hours", "90 - 120 minutes"
  const std::string_view separator = tokens.lower(first->last + 1);
  const bool ranged = separator == "-" || separator == "to" || separator == "or" ||
                      tokens.at(first->last + 1).text == "\u2013" ||
                      (separator == "and" && i > 0 && tokens.is(i - 1, "between"));
  const auto second = ranged ? read_amount(tokens, first->last + 2) : std::nullopt;
  const Amount upper = second ? *second : *first;
  std::size_t last = upper.last;
  const std::int32_t unit = read_unit(tokens, upper.last + 1, last);
  if (unit == 0) return std::nullopt;
  Delay length{first->hundredths * unit / 100, upper.hundredths * unit / 100};
  if (length.least_minutes > length.most_minutes) return std::nullopt;
  if (unit == 60 && !second) {
    const std::int32_t extra = read_minutes_after_hours(tokens, last);
    length = {length.least_minutes + extra, length.most_minutes + extra};
  }
  return DurationSpan{length, last};
}

bool is_delay_word(const PromptTokens& tokens, std::size_t i) {
  return tokens.is_any(i, {"delay", "delayed", "delays", "late", "behind"});
}

/// The delay word that belongs to the duration `span`, after it or before it; nullopt if none does.
std::optional<std::size_t> delay_word_of(const PromptTokens& tokens, TokenSpan span) {
  std::size_t i = span.last + 1;
  for (std::size_t skipped = 0; skipped <= 2; ++skipped, ++i) {
    if (is_delay_word(tokens, i)) return i;
    if (!tokens.is_any(i, {"-", "of", "the", "departure", "arrival", "total", "expected", "rolling",
                           "technical", "ground", "estimated"})) {
      break;
    }
  }
  i = span.first;
  for (std::size_t skipped = 0; skipped <= 5 && i > 0; ++skipped) {
    --i;
    if (tokens.is_any(i, {"delay", "delayed", "delays"})) return i;
    if (!tokens.is_any(i, {"of",     "by",        "for",      "about",     "approximately",
                           "approx", "around",    "roughly",  "some",      "at",
                           "least",  "a",         "is",       "was",       "now",
                           "up",     "to",        "nearly",   "over",      "than",
                           "more",   "currently", "between",  ":",         "=",
                           "~",      "estimated", "expected", "departure", "will",
                           "be"})) {
      break;
    }
  }
  return std::nullopt;
}

bool is_passenger_word(const PromptTokens& tokens, std::size_t i) {
  return tokens.is_any(i, {"passengers", "passenger", "pax", "guests", "travellers", "travelers"});
}
bool is_connection_word(const PromptTokens& tokens, std::size_t i) {
  return tokens.is_any(i, {"connecting", "connections", "connection", "transfer", "transfers", "transferring",
                           "onward", "connect"});
}

/// "passengers connecting", "of them are connecting", "pax with connections": after the number at `i`.
std::optional<std::size_t> connection_after(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t at = i + 1; at <= i + 5; ++at) {
    if (is_connection_word(tokens, at)) return at;
    if (!is_passenger_word(tokens, at) && !tokens.is_any(at, {"of", "them", "whom", "which", "are", "have",
                                                              "with", "is", "tight", "short", "on"})) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// Minute of the day of the time that starts at `i` ("08:30", "0830Z", "8:30 pm", "8am").
struct TimeSpan {
  TimeOfDay time;
  std::size_t last = 0;
};

std::optional<TimeSpan> read_time(const PromptTokens& tokens, std::size_t i) {
  const std::string_view word = tokens.lower(i);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  if (digits == 0 || digits > 4 || digits == 3) return std::nullopt;
  std::int32_t number = 0;
  for (const char c : word.substr(0, digits)) number = number * 10 + (c - '0');
  std::string_view suffix = word.substr(digits);
  std::int32_t hour = digits == 4 ? number / 100 : number;
  std::int32_t minute = digits == 4 ? number % 100 : -1;
  std::size_t last = i;
  if (digits <= 2 && suffix.empty() && tokens.at(i + 1).text == ":" && tokens.joined(i + 1)) {
    const std::string_view tail = tokens.lower(i + 2);
    if (tail.size() < 2 || tail[0] < '0' || tail[0] > '5' || tail[1] < '0' || tail[1] > '9')
      return std::nullopt;
    minute = (tail[0] - '0') * 10 + (tail[1] - '0');
    suffix = tail.substr(2);
    last = i + 2;
  }
  if (suffix.empty() && tokens.is_any(last + 1, {"am", "pm", "z", "utc", "gmt", "local", "lt", "hrs"})) {
    suffix = tokens.lower(++last);
  }
  const bool twelve_hour = suffix == "am" || suffix == "pm";
  if (twelve_hour && (hour < 1 || hour > 12)) return std::nullopt;
  if (twelve_hour) hour = hour % 12 + (suffix == "pm" ? 12 : 0);
  const bool utc = suffix == "z" || suffix == "utc" || suffix == "gmt";
  const bool clear = twelve_hour || utc || suffix.empty() || suffix == "local" || suffix == "lt" ||
                     suffix == "hrs" || suffix == "h";
  if (minute < 0 && twelve_hour) minute = 0;
  if (!clear || minute < 0 || minute > 59 || hour > 23) return std::nullopt;
  return TimeSpan{{hour * 60 + minute, utc}, last};
}

/// The time after a label that ends before `i`, small words between them skipped.
std::optional<TimeSpan> time_after_label(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t skipped = 0; skipped <= 3; ++skipped, ++i) {
    if (auto time = read_time(tokens, i)) return time;
    if (!tokens.is_any(i, {"at", "time", "is", "was", "of", ":", "=", "for", "duty", "the"}))
      return std::nullopt;
  }
  return std::nullopt;
}

/// A label of a scheduled time at `i`: which fact it names, and where it ends.
enum class TimeLabel { none, departure, arrival, report };
TimeLabel time_label(const PromptTokens& tokens, std::size_t i, std::size_t& next) {
  next = i + 1;
  if (tokens.is(i, "std")) return TimeLabel::departure;
  if (tokens.is(i, "sta")) return TimeLabel::arrival;
  if (tokens.is_any(i, {"scheduled", "planned", "due"})) {
    if (tokens.is(next, "to")) ++next;
    const std::size_t verb = next++;
    if (tokens.is_any(verb, {"depart", "departure"})) return TimeLabel::departure;
    return tokens.is_any(verb, {"arrive", "arrival", "land", "landing"}) ? TimeLabel::arrival
                                                                         : TimeLabel::none;
  }
  const bool reports = tokens.is_any(i, {"report", "reported", "reports", "reporting"});
  const bool of_crew = tokens.is(i + 1, "time") || tokens.matches(i + 1, {"for", "duty"}) ||
                       (i > 0 && tokens.is(i - 1, "crew")) || (i > 1 && tokens.is(i - 2, "crew"));
  return reports && of_crew ? TimeLabel::report : TimeLabel::none;
}

}  // namespace

std::optional<DurationSpan> read_duration(const PromptTokens& tokens, std::size_t i) {
  const auto found = read_any_duration(tokens, i);
  return found && found->length.most_minutes <= minutes_max ? found : std::nullopt;
}

void read_delay(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto duration = read_duration(tokens, i);
    if (!duration) continue;
    if (const auto word = delay_word_of(tokens, {i, duration->last})) {
      collector.state("delay_minutes", &Facts::delay, duration->length,
                      {std::min(i, *word), std::max(duration->last, *word)});
    }
    i = duration->last;
  }
}

void read_passengers(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  const auto plausible = [](std::optional<std::int32_t> count) {
    return count && *count >= 1 && *count <= 1000;
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (const auto count = tokens.number(i); plausible(count)) {
      if (const auto last = connection_after(tokens, i)) {
        collector.state("connecting_passengers", &Facts::connecting_passengers, *count, {i, *last});
        continue;
      }
      const bool qualified = tokens.is_any(i + 1, {"booked", "affected", "total", "stranded", "delayed"});
      const std::size_t noun = qualified ? i + 2 : i + 1;
      if (is_passenger_word(tokens, noun)) {
        collector.state("passengers", &Facts::passengers, *count, {i, noun});
      }
      continue;
    }
    // "passengers: 286", "pax 286", "connecting: 51"
    const bool passengers = is_passenger_word(tokens, i);
    if (!passengers && !is_connection_word(tokens, i)) continue;
    const bool sign = tokens.is_any(i + 1, {":", "="});
    const std::size_t at = sign ? i + 2 : i + 1;
    const auto count = tokens.number(at);
    const bool labelled_twice = tokens.number(i == 0 ? tokens.size() : i - 1).has_value();
    const bool other_use = connection_after(tokens, at) || is_passenger_word(tokens, at + 1) ||
                           read_duration(tokens, at) || tokens.is_any(at + 1, {"of", ":"});
    if (!plausible(count) || labelled_twice || other_use || (!passengers && !sign)) continue;
    if (passengers && !(i > 0 && is_connection_word(tokens, i - 1))) {
      collector.state("passengers", &Facts::passengers, *count, {i, at});
    } else if (sign) {
      collector.state("connecting_passengers", &Facts::connecting_passengers, *count, {i, at});
    }
  }
}

void read_times(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    std::size_t next = i;
    const TimeLabel label = time_label(tokens, i, next);
    const auto time = label == TimeLabel::none ? std::nullopt : time_after_label(tokens, next);
    if (!time) continue;
    const TokenSpan span{i, time->last};
    if (label == TimeLabel::departure) {
      collector.state("scheduled_departure", &Facts::scheduled_departure, time->time, span);
    } else if (label == TimeLabel::arrival) {
      collector.state("scheduled_arrival", &Facts::scheduled_arrival, time->time, span);
    } else {
      collector.state("crew_report", &Facts::crew_report, time->time, span);
    }
  }
}

void read_crew_duty(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto sectors = tokens.number(i, 2) ? tokens.number(i, 2) : spelled_number(tokens.lower(i));
    if (sectors && *sectors >= 1 && *sectors <= 10 && tokens.is_any(i + 1, {"sectors", "sector"})) {
      collector.state("sectors", &Facts::sectors, *sectors, {i, i + 1});
    }
    if (tokens.is_any(i, {"augmented", "augmentation"}) || tokens.matches(i, {"relief", "pilot"}) ||
        tokens.matches(i, {"relief", "pilots"})) {
      collector.state("augmented_crew", &Facts::augmented_crew, true, {i, i});
    }
    const bool fdp = tokens.is(i, "fdp") || tokens.matches(i, {"flight", "duty", "period"});
    const bool duty = tokens.matches(i, {"on", "duty"}) || tokens.matches(i, {"crew", "duty"});
    if (!fdp && !duty) continue;
    std::size_t at = i + (tokens.is(i, "fdp") ? 1 : fdp ? 3 : 2);
    for (std::size_t skipped = 0;
         skipped < 3 && tokens.is_any(at, {"of", "for", "is", ":", "=", "planned", "now", "already"});
         ++skipped) {
      ++at;
    }
    auto duration = read_duration(tokens, at);
    const auto clock = fdp && !duration ? read_time(tokens, at) : std::nullopt;
    if (clock && !clock->time.utc)
      duration = DurationSpan{{clock->time.minute, clock->time.minute}, clock->last};
    if (!duration) continue;
    if (fdp) {
      collector.state("planned_fdp_minutes", &Facts::planned_fdp_minutes, duration->length.most_minutes,
                      {i, duration->last});
    } else {
      collector.state("crew_on_duty_minutes", &Facts::crew_on_duty_minutes, duration->length.most_minutes,
                      {i, duration->last});
    }
  }
}

}  // namespace skymarshal::agents
