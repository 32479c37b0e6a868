#include "agents/facts/prompt_tokens.hpp"

#include "base/text.hpp"

namespace skymarshal::agents::facts {
namespace {

enum class CharacterKind { letter, digit, space, sign, other };

/// One character: what it is, how many bytes it takes, and how it is written when folded (empty: as it is).
struct Character {
  CharacterKind kind = CharacterKind::other;
  std::size_t bytes = 1;
  std::string_view folded = {};
};

/// U+00C0 to U+017F without accents; empty for the two that are no letters.
constexpr std::string_view latin_letters[] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",   // U+00C0
    "d", "n", "o",  "o",  "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "ss",  // U+00D0
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",   // U+00E0
    "d", "n", "o",  "o",  "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y",   // U+00F0
    "a", "a", "a",  "a",  "a", "a", "c",  "c", "c", "c", "c", "c", "c", "c", "d",  "d",   // U+0100
    "d", "d", "e",  "e",  "e", "e", "e",  "e", "e", "e", "e", "e", "g", "g", "g",  "g",   // U+0110
    "g", "g", "g",  "g",  "h", "h", "h",  "h", "i", "i", "i", "i", "i", "i", "i",  "i",   // U+0120
    "i", "i", "ij", "ij", "j", "j", "k",  "k", "k", "l", "l", "l", "l", "l", "l",  "l",   // U+0130
    "l", "l", "l",  "n",  "n", "n", "n",  "n", "n", "n", "n", "n", "o", "o", "o",  "o",   // U+0140
    "o", "o", "oe", "oe", "r", "r", "r",  "r", "r", "r", "s", "s", "s", "s", "s",  "s",   // U+0150
    "s", "s", "t",  "t",  "t", "t", "t",  "t", "u", "u", "u", "u", "u", "u", "u",  "u",   // U+0160
    "u", "u", "u",  "u",  "w", "w", "y",  "y", "y", "z", "z", "z", "z", "z", "z",  "s",   // U+0170
};

constexpr std::string_view digit_texts = "0123456789";

Character ascii(char c) {
  if (is_letter(c)) return {CharacterKind::letter};
  if (is_digit(c)) return {CharacterKind::digit};
  if (c == ' ' || (c >= '\t' && c <= '\r')) return {CharacterKind::space};
  return {c > ' ' && c <= '~' ? CharacterKind::sign : CharacterKind::other};
}

/// The character that starts at `i`. Bytes that are no character known here are `other`, one by one.
Character character_at(std::string_view text, std::size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  if (lead < 0x80) return ascii(text[i]);
  const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
  if ((next & 0xC0U) != 0x80U) return {};
  const unsigned scalar = ((lead & 0x1FU) << 6U) | (next & 0x3FU);
  if (lead >= 0xC3 && lead <= 0xC5) {
    const std::string_view folded = latin_letters[scalar - 0xC0];
    return folded.empty() ? Character{} : Character{CharacterKind::letter, 2, folded};
  }
  if (lead == 0xC2 && next == 0xA0) return {CharacterKind::space, 2};
  // U+0660 and U+06F0: Arabic-Indic digits and their eastern forms.
  const bool arabic = lead == 0xD9 && next >= 0xA0 && next <= 0xA9;
  const bool eastern = lead == 0xDB && next >= 0xB0 && next <= 0xB9;
  if (arabic || eastern) return {CharacterKind::digit, 2, digit_texts.substr(scalar & 0xFU, 1)};
  const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0U;
  if (lead == 0xE2 && next == 0x80 && third == 0xAF) return {CharacterKind::space, 3};
  return {};
}

bool is_word_part(CharacterKind kind) {
  return kind == CharacterKind::letter || kind == CharacterKind::digit;
}

}  // namespace

PromptTokens::PromptTokens(std::string_view prompt) : prompt_(prompt) {
  folded_.reserve(prompt.size());
  tokens_.reserve(prompt.size() / 4);
  bool after_space = true;
  for (std::size_t i = 0; i < prompt.size();) {
    const Character first = character_at(prompt, i);
    std::size_t end = i + first.bytes;
    if (first.kind == CharacterKind::space) {
      after_space = true;
      i = end;
      continue;
    }
    TokenKind kind = TokenKind::sign;
    if (first.kind != CharacterKind::sign) {
      bool digits = first.kind == CharacterKind::digit;
      while (end < prompt.size()) {
        const Character next = character_at(prompt, end);
        if (is_word_part(next.kind) != is_word_part(first.kind)) break;
        if (!is_word_part(first.kind) && next.kind != CharacterKind::other) break;
        digits = digits && next.kind == CharacterKind::digit;
        end += next.bytes;
      }
      kind = !is_word_part(first.kind) ? TokenKind::other : digits ? TokenKind::number : TokenKind::word;
    }
    add(kind, i, end, after_space);
    after_space = false;
    i = end;
  }
}

void PromptTokens::add(TokenKind kind, std::size_t offset, std::size_t end, bool after_space) {
  Token token{kind, offset, prompt_.substr(offset, end - offset), after_space};
  token.folded_offset = folded_.size();
  if (token.text.size() <= token_bytes_max) {
    for (std::size_t i = offset; i < end;) {
      const Character character = character_at(prompt_, i);
      if (!character.folded.empty()) {
        folded_ += character.folded;
      } else if (is_capital(prompt_[i])) {
        folded_ += ascii_lower(prompt_[i]);
      } else {
        folded_.append(prompt_.substr(i, character.bytes));
      }
      i += character.bytes;
    }
    token.folded_size = folded_.size() - token.folded_offset;
    if (kind == TokenKind::word || kind == TokenKind::other) {
      token.meanings = meanings_of(std::string_view(folded_).substr(token.folded_offset));
    }
  }
  tokens_.push_back(token);
}

std::optional<std::int32_t> PromptTokens::value(std::size_t index, Term term) const {
  for (const WordMeaning& meaning : at(index).meanings) {
    if (meaning.term == term) return meaning.value;
  }
  return std::nullopt;
}

std::optional<std::int32_t> PromptTokens::number_of(const Token& token) const {
  if (token.folded_size == 0) return std::nullopt;
  std::int32_t value = 0;
  for (const char digit : std::string_view(folded_).substr(token.folded_offset, token.folded_size)) {
    value = value * 10 + (digit - '0');
  }
  return value;
}

bool PromptTokens::ends_sentence(std::size_t index) const {
  const std::string_view text = at(index).text;
  if (text == "." || text == "!" || text == "?" || text == ";") {
    // Inside "1.5" and "14.30" nothing stands between the dot and the digits.
    return !(text == "." && joined(index) && joined(index + 1) && number(index + 1, 9));
  }
  return index >= size();
}

}  // namespace skymarshal::agents::facts
