// Cuts a prompt into words, numbers and signs, each with its place, so that facts can point at their words.
// Pure and linear in the length of the prompt; takes any bytes. Tokens look into the prompt they came from.
// For comparing, words are folded: small letters, Latin letters without accents, Arabic digits as 0 to 9.
#pragma once

#include "agents/facts/lexicon.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::facts {

enum class TokenKind { word, number, sign, other };

struct Token {
  /// `word`: starts with a Latin letter, or mixes letters and digits. `number`: digits only. `sign`: one
  /// printable ASCII character. `other`: a run of anything else but white space, such as Arabic letters.
  TokenKind kind = TokenKind::other;
  std::size_t offset = 0;
  /// As written.
  std::string_view text;
  /// True if white space or the start of the prompt stands before it.
  bool after_space = false;
  /// What the folded word means; looks into constant tables.
  std::span<const WordMeaning> meanings = {};
  /// Where the folded word stands among all folded words.
  std::size_t folded_offset = 0;
  std::size_t folded_size = 0;

  std::size_t end() const { return offset + text.size(); }
};

/// A prompt and its tokens. Places beyond the ends read as an empty token, so readers need no bounds checks.
/// For one thread, as it counts its looks.
class PromptTokens {
 public:
  /// Tokens longer than this are noise and never compared with anything.
  static constexpr std::size_t token_bytes_max = 24;

  /// `prompt` must outlive this.
  explicit PromptTokens(std::string_view prompt);

  std::string_view prompt() const { return prompt_; }
  std::size_t size() const { return tokens_.size(); }
  const Token& at(std::size_t index) const {
    ++looks_;
    return index < tokens_.size() ? tokens_[index] : nothing_;
  }
  /// How often a token was looked at so far: what reading has cost, in steps that are the same on every
  /// machine.
  std::size_t looks() const { return looks_; }
  /// `steps` places before `index`.
  const Token& before(std::size_t index, std::size_t steps) const {
    return index >= steps ? at(index - steps) : nothing_;
  }
  /// Folded, empty for tokens that are too long.
  std::string_view lower(std::size_t index) const {
    const Token& token = at(index);
    return {folded_.data() + token.folded_offset, token.folded_size};
  }
  bool is(std::size_t index, std::string_view folded_word) const { return same(lower(index), folded_word); }
  // These are asked about every token by every reader, so they are here, where the compiler sees their words.
  bool is_any(std::size_t index, std::initializer_list<std::string_view> folded_words) const {
    const std::string_view word = lower(index);
    for (const std::string_view each : folded_words) {
      if (same(word, each)) return true;
    }
    return false;
  }
  /// True if tokens from `index` on are these words.
  bool matches(std::size_t index, std::initializer_list<std::string_view> folded_words) const {
    for (const std::string_view word : folded_words) {
      if (!same(lower(index++), word)) return false;
    }
    return true;
  }
  /// True if the token may mean `term`.
  bool has(std::size_t index, Term term) const {
    for (const WordMeaning& meaning : at(index).meanings) {
      if (meaning.term == term) return true;
    }
    return false;
  }
  bool has_any(std::size_t index, std::initializer_list<Term> terms) const {
    for (const WordMeaning& meaning : at(index).meanings) {
      for (const Term term : terms) {
        if (meaning.term == term) return true;
      }
    }
    return false;
  }
  /// The value that goes with `term`, if the token may mean it.
  std::optional<std::int32_t> value(std::size_t index, Term term) const;
  /// The number that token `index` is, if it has at most `digits_max` digits.
  std::optional<std::int32_t> number(std::size_t index, std::size_t digits_max = 4) const {
    const Token& token = at(index);
    if (token.kind != TokenKind::number || token.folded_size > digits_max) return std::nullopt;
    return number_of(token);
  }
  /// The same, or a number in words ("three").
  std::optional<std::int32_t> count(std::size_t index, std::size_t digits_max = 4) const {
    const auto digits = number(index, digits_max);
    return digits ? digits : value(index, Term::number);
  }
  /// True if nothing, not even a space, stands between `index` and the token before it.
  bool joined(std::size_t index) const { return index < size() && !tokens_[index].after_space; }
  /// True for full stop (not inside a number), question mark, exclamation mark, semicolon and before the end.
  bool ends_sentence(std::size_t index) const;

 private:
  /// Most words differ in their length or first letter. No word is the same as an empty one.
  static bool same(std::string_view word, std::string_view wanted) {
    return word.size() == wanted.size() && !word.empty() && word[0] == wanted[0] && word == wanted;
  }
  std::optional<std::int32_t> number_of(const Token& token) const;
  void add(TokenKind kind, std::size_t offset, std::size_t end, bool after_space);

  std::string_view prompt_;
  std::string folded_;
  std::vector<Token> tokens_;
  Token nothing_;
  mutable std::size_t looks_ = 0;
};

// Questions that readers of codes ask of a token.

inline bool all_capitals(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_capital);
}
inline std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals;
}

// Words that are taken back ("no fault", "not hydraulic", "sans retard") do not hold.

/// True for a word that takes back what follows. "SIN" in a route is Singapore, and not Spanish "sin".
inline bool is_negation(const PromptTokens& tokens, std::size_t i) {
  if (!tokens.has(i, Term::negation)) return false;
  const auto joins = [&](std::size_t at) {
    return tokens.is_any(at, {"-", "/", ">"}) || tokens.has_any(at, {Term::from, Term::to});
  };
  const bool code = tokens.at(i).text.size() == 3 && all_capitals(tokens.at(i).text);
  return !code || !(joins(i + 1) || (i > 0 && joins(i - 1)));
}

/// True if one of the three words before `i` in its clause takes it back.
inline bool is_negated(const PromptTokens& tokens, std::size_t i) {
  for (std::size_t back = 1; back <= 3 && back <= i; ++back) {
    if (tokens.ends_sentence(i - back) || tokens.is(i - back, ",") || tokens.is(i - back, ":")) return false;
    if (is_negation(tokens, i - back)) return true;
  }
  return false;
}

}  // namespace skymarshal::agents::facts
