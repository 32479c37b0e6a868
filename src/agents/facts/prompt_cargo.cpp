#include "agents/facts/prompt_durations.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <optional>
#include <string>

namespace skymarshal::agents::facts {
namespace {

/// How many tokens of words of more than one token that name a kind of cargo start at `i`, or 0.
std::size_t dangerous_goods_words(const PromptTokens& tokens, std::size_t i) {
  if (tokens.matches(i, {"dangerous", "goods"}) || tokens.is(i, "marchandises") ||
      tokens.is(i, "mercancias")) {
    const bool french = tokens.is_any(i + 1, {"dangereuses", "peligrosas", "goods"});
    return french ? 2 : 0;
  }
  if (tokens.is(i, "lithium") && tokens.is_any(i + 1, {"battery", "batteries", "ion", "metal"})) return 2;
  return 0;
}

void read_kind(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const auto add = [&](CargoKind kind, std::size_t last) {
    if (!is_negated(tokens, i)) collector.add(&Facts::cargo, kind, {i, last});
  };
  if (const auto kind = tokens.value(i, Term::cargo)) add(static_cast<CargoKind>(*kind), i);
  if (const std::size_t count = dangerous_goods_words(tokens, i))
    add(CargoKind::dangerous_goods, i + count - 1);
  const bool live = tokens.is_any(i, {"live", "lebende", "animaux", "animales"});
  if (live && tokens.is_any(i + 1, {"animals", "animal", "tiere", "vivants", "vivos"})) {
    add(CargoKind::live_animals, i + 1);
  }
  if (tokens.is(i, "aog") && tokens.is_any(i + 1, {"part", "parts", "spares"}))
    add(CargoKind::aog_parts, i + 1);
  if (tokens.matches(i, {"general", "cargo"})) add(CargoKind::general, i + 1);
  if (tokens.has(i, Term::negation) && tokens.has(i + 1, Term::cargo_in_general)) {
    collector.add(&Facts::cargo, CargoKind::none, {i, i + 1});
  }
}

/// "UN3480", "UN 3480", not "UN" of the nations. A UN number makes dangerous goods of what has it.
void read_un_number(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const std::string_view text = tokens.at(i).text;
  if (!text.starts_with("UN")) return;
  const bool one_word = text.size() == 6 && is_digits(text.substr(2));
  const bool two_words = text.size() == 2 && tokens.number(i + 1) && tokens.lower(i + 1).size() == 4;
  if ((!one_word && !two_words) || is_negated(tokens, i)) return;
  const std::string digits(one_word ? text.substr(2) : tokens.lower(i + 1));
  const TokenSpan span{i, one_word ? i : i + 1};
  collector.add(&Facts::un_numbers, "UN" + digits, span);
  collector.add(&Facts::cargo, CargoKind::dangerous_goods, span);
}

/// Signed whole degrees that start at `i` and their last token.
struct Degrees {
  std::int32_t value = 0;
  std::size_t last = 0;
};
std::optional<Degrees> degrees_at(const PromptTokens& tokens, std::size_t i) {
  const bool negative = tokens.is_any(i, {"-", "minus"}) || tokens.at(i).text == "\u2212";
  const std::size_t at = negative || tokens.is(i, "+") ? i + 1 : i;
  if (const auto number = tokens.number(at, 2)) return Degrees{negative ? -*number : *number, at};
  // "25C" is one word.
  const std::string_view word = tokens.lower(at);
  const std::size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  if (digits == 0 || digits > 2 || word.substr(digits) != "c") return std::nullopt;
  std::int32_t value = 0;
  for (const char c : word.substr(0, digits)) value = value * 10 + (c - '0');
  return Degrees{negative ? -value : value, at};
}

/// The last token of a unit of temperature after the token `i`: "°C", "C", "degrees Celsius", or of `i`
/// itself.
std::optional<std::size_t> celsius_after(const PromptTokens& tokens, std::size_t i) {
  if (tokens.lower(i).ends_with('c') && tokens.at(i).kind == TokenKind::word) return i;
  const std::string_view sign = tokens.at(i + 1).text;
  if (sign == "\u2103") return i + 1;
  if (sign == "\u00B0") return tokens.is(i + 2, "c") ? std::optional(i + 2) : std::nullopt;
  if (tokens.at(i + 1).text == "C") return i + 1;
  if (!tokens.is_any(i + 1, {"degrees", "degree", "grad", "degres", "grados"})) return std::nullopt;
  const bool celsius = tokens.is_any(i + 2, {"celsius", "c"});
  return tokens.is_any(i + 2, {"fahrenheit", "f"}) ? std::nullopt : std::optional(celsius ? i + 2 : i + 1);
}

/// True if words of cargo stand within twelve tokens of `i` in its sentence.
bool is_about_cargo(const PromptTokens& tokens, std::size_t i) {
  const auto about = [&](std::size_t at) {
    return tokens.has_any(at, {Term::cargo, Term::cargo_in_general, Term::temperature});
  };
  for (std::size_t step = 1; step <= 12 && step <= i && !tokens.ends_sentence(i - step); ++step) {
    if (about(i - step)) return true;
  }
  for (std::size_t step = 1; step <= 12 && !tokens.ends_sentence(i + step); ++step) {
    if (about(i + step)) return true;
  }
  return false;
}

/// "2-8 °C", "15 to 25C", "-20 °C" at `i`; returns the last token of what was read, or `i`.
std::size_t read_temperature(FactCollector& collector, std::size_t i) {
  const PromptTokens& tokens = collector.tokens();
  const auto first = degrees_at(tokens, i);
  if (!first) return i;
  Degrees upper = *first;
  const auto first_unit = celsius_after(tokens, first->last);
  const std::size_t joint = (first_unit ? *first_unit : first->last) + 1;
  const bool ranged = tokens.is_any(joint, {"-", "/"}) ||
                      tokens.has_any(joint, {Term::range, Term::conjunction}) ||
                      tokens.at(joint).text == "\u2013";
  const auto second = ranged ? degrees_at(tokens, joint + 1) : std::nullopt;
  const auto second_unit = second ? celsius_after(tokens, second->last) : std::nullopt;
  if (second_unit) upper = *second;
  const auto unit = second_unit ? second_unit : first_unit;
  if (!unit || upper.value < first->value || !is_about_cargo(tokens, i)) return i;
  collector.state("cargo_temperature", &Facts::cargo_temperature, TemperatureRange{first->value, upper.value},
                  {i, *unit});
  return *unit;
}

/// "max 24 hours transit", "8 h of dry ice", "shelf life of 36 hours" around the duration from `i` to `last`.
std::optional<TokenSpan> hold_words(const PromptTokens& tokens, std::size_t i, std::size_t last) {
  std::size_t after = last + 1;
  for (std::size_t skipped = 0; skipped < 2 && tokens.is_any(after, {"of", "in", "total", "left"}); ++skipped)
    ++after;
  if (tokens.matches(after, {"dry", "ice"})) return TokenSpan{i, after + 1};
  if (tokens.matches(after, {"hold", "time"}) || tokens.matches(after, {"shelf", "life"}))
    return TokenSpan{i, after + 1};
  if (tokens.is(after, "transit") || tokens.is(after, "haltbar")) return TokenSpan{i, after};
  std::size_t before = i;
  for (std::size_t skipped = 0; skipped <= 5 && before > 0; ++skipped) {
    --before;
    const bool named = tokens.is_any(before, {"transit", "haltbarkeit"}) ||
                       tokens.matches(before, {"dry", "ice"}) || tokens.matches(before, {"hold", "time"}) ||
                       tokens.matches(before, {"shelf", "life"});
    if (named) return TokenSpan{before, last};
    const bool skips =
        tokens.is_any(before, {"max", "maximum", "lasts", "last", "life", "ice", "limit", "time"});
    if (!skips && !is_between_label_and_value(tokens, before)) break;
  }
  return std::nullopt;
}

}  // namespace

void read_cargo(FactCollector& collector) {
  const PromptTokens& tokens = collector.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens.at(i).kind == TokenKind::word) {
      read_kind(collector, i);
      read_un_number(collector, i);
    }
    const std::size_t temperature = read_temperature(collector, i);
    if (temperature > i) i = temperature;
  }
  for (const auto& [first, length, last] : collector.durations()) {
    const auto words = hold_words(tokens, first, last);
    if (words && !tokens.has(last + 1, Term::delay)) {
      collector.state("cargo_hold_minutes", &Facts::cargo_hold_minutes, length.least_minutes, *words);
    }
  }
}

}  // namespace skymarshal::agents::facts
