#include "agents/facts/prompt_durations.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <optional>
#include <string_view>

namespace skymarshal::agents::facts {
namespace {

constexpr std::int32_t passengers_max = 1000;

bool is_plausible(std::optional<std::int32_t> count) {
  return count && *count >= 1 && *count <= passengers_max;
}

/// "passengers connecting", "of them are connecting", "pax with connections": after the number at `i`.
std::optional<std::size_t> connection_after(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t at = i + 1; at <= i + 5; ++at) {
    if (tokens.has(at, Term::connecting)) return at;
    const bool skips =
        tokens.has(at, Term::passenger) ||
        tokens.is_any(at, {"of", "them", "whom", "which", "are", "have", "with", "is", "tight", "short", "on",
                           "mit", "davon", "en", "avec", "con", "dont", "de", "in"});
    if (!skips) return std::nullopt;
  }
  return std::nullopt;
}

/// The cabin named at `i`, and its last token.
struct CabinSpan {
  Cabin cabin;
  std::size_t last;
};
std::optional<CabinSpan> cabin_at(const PromptTokens& tokens, std::size_t i) {
  const bool premium = tokens.is(i, "premium");
  const auto value = tokens.value(premium ? i + 1 : i, Term::cabin);
  if (!value || tokens.is_any(i + 1, {"officer", "officers", "day", "days"})) return std::nullopt;
  const auto cabin = static_cast<Cabin>(*value);
  if (premium && cabin != Cabin::economy) return std::nullopt;
  std::size_t last = premium ? i + 1 : i;
  if (tokens.is_any(last + 1, {"class", "klasse", "classe", "clase"})) ++last;
  // "First" counts things more often than it names a cabin.
  const std::string_view after = tokens.at(last + 1).text;
  const bool alone =
      after.empty() || after == "," || after == "/" || after == ")" || after == ";" || after == ".";
  const bool clear = cabin != Cabin::first || last > i || alone || tokens.has(last + 1, Term::conjunction) ||
                     tokens.has(last + 1, Term::passenger) || tokens.is(last + 1, ":");
  if (!clear || tokens.is_any(last + 1, {"seats", "seat"})) return std::nullopt;
  return CabinSpan{premium ? Cabin::premium_economy : cabin, last};
}

/// The cabin that the number at `i` counts: "32 business", "246 passengers in economy class".
std::optional<CabinSpan> cabin_after(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t at = i + 1; at <= i + 4; ++at) {
    if (auto cabin = cabin_at(tokens, at)) return cabin;
    if (!tokens.has(at, Term::passenger) &&
        !tokens.is_any(at, {"in", "en", "the", "der", "are", "of", "them"})) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

/// True if the passengers counted at `noun` are some of those on board: sick, in wheelchairs, in a cabin.
bool counts_some_only(const PromptTokens& tokens, std::size_t noun) {
  for (std::size_t at = noun + 1; at <= noun + 4; ++at) {
    if (tokens.has_any(at, {Term::special_need, Term::sick})) return true;
    if (cabin_at(tokens, at)) return true;
    if (!tokens.is_any(at, {"in", "with", "a", "is", "are", "the", "on", "en", "im", "mit"})) return false;
  }
  return false;
}

/// "286 passengers", "51 connecting" at the number `i`.
void read_counted(FactCollector& collector, std::size_t i, std::int32_t count) {
  const PromptTokens& tokens = collector.tokens();
  const bool duration = tokens.has_any(i + 1, {Term::hour, Term::minute});
  if (const auto last = duration ? std::nullopt : connection_after(tokens, i)) {
    collector.state("connecting_passengers", &Facts::connecting_passengers, count, {i, *last});
    return;
  }
  const std::size_t noun = tokens.has(i + 1, Term::adjective_of_passengers) ? i + 2 : i + 1;
  // "Connections for 51 passengers"
  const bool of_connections =
      i >= 2 && tokens.is_any(i - 1, {"for", "of"}) && tokens.has(i - 2, Term::connecting);
  if (of_connections && tokens.has(noun, Term::passenger)) {
    collector.state("connecting_passengers", &Facts::connecting_passengers, count, {i - 2, noun});
    return;
  }
  if (tokens.has(noun, Term::passenger) && !counts_some_only(tokens, noun)) {
    collector.state("passengers", &Facts::passengers, count, {i, noun});
  }
}

/// "passengers: 286", "pax 286", "connecting: 51" at the label `i`.
void read_labelled(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const bool passengers = tokens.has(i, Term::passenger);
  if (!passengers && !tokens.has(i, Term::connecting)) return;
  const bool sign = tokens.is_any(i + 1, {":", "="});
  const std::size_t at = sign ? i + 2 : i + 1;
  const auto count = tokens.number(at);
  if (!is_plausible(count)) return;
  const bool labelled_twice = i > 0 && tokens.number(i - 1).has_value();
  const bool other_use = connection_after(tokens, at) || tokens.has(at + 1, Term::passenger) ||
                         read_duration(tokens, at) || tokens.is_any(at + 1, {"of", ":", "-"}) ||
                         cabin_after(tokens, at);
  if (labelled_twice || other_use || (!passengers && !sign)) return;
  if (passengers && !(i > 0 && tokens.has(i - 1, Term::connecting))) {
    collector.state("passengers", &Facts::passengers, *count, {i, at});
  } else if (sign) {
    collector.state("connecting_passengers", &Facts::connecting_passengers, *count, {i, at});
  }
}

/// "J32", "246Y": the cabin code and the number of one word, as load sheets write them.
std::optional<CabinCount> cabin_code(std::string_view word) {
  if (word.size() < 2 || word.size() > 4) return std::nullopt;
  const bool leading = is_capital(word.front());
  const char code = leading ? word.front() : word.back();
  const std::string_view digits = leading ? word.substr(1) : word.substr(0, word.size() - 1);
  if (!is_digits(digits)) return std::nullopt;
  std::int32_t count = 0;
  for (const char c : digits) count = count * 10 + (c - '0');
  if (code == 'F') return CabinCount{Cabin::first, count};
  if (code == 'J' || code == 'C') return CabinCount{Cabin::business, count};
  if (code == 'W') return CabinCount{Cabin::premium_economy, count};
  return code == 'Y' ? std::optional(CabinCount{Cabin::economy, count}) : std::nullopt;
}

void state_cabin(FactCollector& collector, CabinCount cabin, TokenSpan span) {
  if (!is_plausible(cabin.passengers)) return;
  collector.add_counted(&Facts::cabins, &CabinCount::cabin, &CabinCount::passengers, cabin, span);
}

/// The need named at `i`, and its last token.
struct NeedSpan {
  SpecialNeed need;
  std::size_t last;
};
std::optional<NeedSpan> need_at(const PromptTokens& tokens, std::size_t i) {
  if (const auto value = tokens.value(i, Term::special_need)) {
    // "um" and "inf" are ordinary words and units elsewhere.
    const bool code = tokens.is_any(i, {"um", "ums", "inf"});
    if (code && !all_capitals(tokens.at(i).text)) return std::nullopt;
    const bool noun = tokens.has(i + 1, Term::passenger) || tokens.is_any(i + 1, {"roulant", "roulants"});
    return NeedSpan{static_cast<SpecialNeed>(*value), noun ? i + 1 : i};
  }
  if (tokens.is(i, "unaccompanied") && tokens.is_any(i + 1, {"minor", "minors", "child", "children"})) {
    return NeedSpan{SpecialNeed::unaccompanied_minor, i + 1};
  }
  if (tokens.is_any(i, {"unbegleitete", "unbegleitetes"}))
    return NeedSpan{SpecialNeed::unaccompanied_minor, i + 1};
  if (tokens.is_any(i, {"mineurs", "mineur", "menores", "menor"}) && tokens.is_any(i + 1, {"non", "no"})) {
    return NeedSpan{SpecialNeed::unaccompanied_minor, i + 2};
  }
  if (tokens.matches(i, {"silla", "de", "ruedas"}) || tokens.matches(i, {"sillas", "de", "ruedas"})) {
    return NeedSpan{SpecialNeed::wheelchair, i + 2};
  }
  if (tokens.is(i, "medical") && tokens.has(i + 1, Term::passenger))
    return NeedSpan{SpecialNeed::medical, i + 1};
  return std::nullopt;
}

/// The token that counts the need at `i`: "3 wheelchairs", "2 passengers in wheelchairs".
std::optional<std::size_t> count_before(const PromptTokens& tokens, std::size_t i) {
  std::size_t at = i;
  for (std::size_t skipped = 0; skipped <= 3 && at > 0; ++skipped) {
    --at;
    if (tokens.count(at, 3)) return at;
    if (!tokens.has(at, Term::passenger) && !tokens.is_any(at, {"in", "with", "a", "en", "im", "x"})) break;
  }
  return std::nullopt;
}

}  // namespace

void read_passengers(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (const auto count = tokens.number(i); is_plausible(count)) {
      read_counted(collector, i, *count);
    } else {
      read_labelled(collector, i);
    }
  }
}

void read_connection_time(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (const auto& [i, length, end] : collector.durations()) {
    std::size_t after = end + 1;
    for (std::size_t skipped = 0; skipped < 2 && tokens.is_any(after, {"-", "to", "of", "de"}); ++skipped)
      ++after;
    std::size_t before = i;
    for (std::size_t skipped = 0; skipped < 3 && before > 0 && !tokens.has(before - 1, Term::connecting);
         ++skipped) {
      if (!is_between_label_and_value(tokens, before - 1) && !tokens.is_any(before - 1, {"within", "in"}))
        break;
      --before;
    }
    const bool follows = tokens.has(after, Term::connecting);
    const bool precedes = before > 0 && tokens.has(before - 1, Term::connecting);
    const std::size_t first = precedes ? before - 1 : i;
    const bool minimum = first > 0 && tokens.is_any(first - 1, {"minimum", "min", "minimal"});
    const bool late = tokens.has(after, Term::delay);
    if ((follows || precedes) && !minimum && !late) {
      const std::size_t last = follows ? after : end;
      collector.state("connection_minutes", &Facts::connection_minutes, length.least_minutes,
                      {follows ? i : first, last});
    }
  }
}

void read_cabins(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto count = tokens.count(i, 3);
    if (const auto cabin = count ? cabin_after(tokens, i) : std::nullopt) {
      state_cabin(collector, {cabin->cabin, *count}, {i, cabin->last});
      continue;
    }
    if (const auto cabin = cabin_at(tokens, i); cabin && tokens.is_any(cabin->last + 1, {":", "="})) {
      const auto labelled = tokens.number(cabin->last + 2, 3);
      if (labelled) state_cabin(collector, {cabin->cabin, *labelled}, {i, cabin->last + 2});
    }
    // Codes count only beside another one: "F8 J32 Y246".
    if (const auto code = cabin_code(tokens.at(i).text)) {
      const bool company = cabin_code(tokens.at(i + 1).text) || cabin_code(tokens.at(i + 2).text) ||
                           cabin_code(tokens.before(i, 1).text) || cabin_code(tokens.before(i, 2).text);
      if (company) state_cabin(collector, *code, {i, i});
    }
  }
}

void read_special_passengers(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto need = need_at(tokens, i);
    if (!need || is_negated(tokens, i)) continue;
    const auto counted = count_before(tokens, i);
    SpecialPassengers passengers{need->need, counted ? *tokens.count(*counted, 3) : 0};
    TokenSpan span{counted ? *counted : i, need->last};
    if (!counted && tokens.is_any(need->last + 1, {":", "="})) {
      if (const auto labelled = tokens.number(need->last + 2, 3)) {
        passengers.count = *labelled;
        span.last = need->last + 2;
      }
    }
    collector.add_counted(&Facts::special_passengers, &SpecialPassengers::need, &SpecialPassengers::count,
                          passengers, span);
    i = need->last;
  }
}

}  // namespace skymarshal::agents::facts
