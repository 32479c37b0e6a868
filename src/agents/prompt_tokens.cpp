#include "agents/prompt_tokens.hpp"

#include <algorithm>

namespace skymarshal::agents {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_sign(char c) { return c > ' ' && c <= '~' && !is_letter(c) && !is_digit(c); }
bool is_other(char c) { return !is_letter(c) && !is_digit(c) && !is_space(c) && !is_sign(c); }

/// Where the token that starts at `begin` ends. "2h30" stays one word; its readers take it apart.
std::size_t token_end(std::string_view text, std::size_t begin) {
  std::size_t end = begin + 1;
  if (is_sign(text[begin])) return end;
  if (is_other(text[begin])) {
    while (end < text.size() && is_other(text[end])) ++end;
    return end;
  }
  while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) ++end;
  return end;
}

TokenKind kind_of(std::string_view token) {
  if (is_sign(token[0])) return TokenKind::sign;
  if (is_other(token[0])) return TokenKind::other;
  return std::all_of(token.begin(), token.end(), is_digit) ? TokenKind::number : TokenKind::word;
}

}  // namespace

PromptTokens::PromptTokens(std::string_view prompt) : prompt_(prompt), lowered_(prompt) {
  for (char& c : lowered_) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  tokens_.reserve(prompt.size() / 4);
  bool after_space = true;
  for (std::size_t i = 0; i < prompt.size();) {
    if (is_space(prompt[i])) {
      after_space = true;
      ++i;
      continue;
    }
    const std::size_t end = token_end(prompt, i);
    const std::string_view text = prompt.substr(i, end - i);
    tokens_.push_back(Token{kind_of(text), i, text, after_space});
    after_space = false;
    i = end;
  }
}

std::string_view PromptTokens::lower(std::size_t index) const {
  const Token& token = at(index);
  if (token.text.empty() || token.text.size() > token_bytes_max) return {};
  return std::string_view(lowered_).substr(token.offset, token.text.size());
}

bool PromptTokens::is_any(std::size_t index, std::initializer_list<std::string_view> lower_words) const {
  const std::string_view word = lower(index);
  return !word.empty() && std::find(lower_words.begin(), lower_words.end(), word) != lower_words.end();
}

bool PromptTokens::matches(std::size_t index, std::initializer_list<std::string_view> lower_words) const {
  for (const std::string_view word : lower_words) {
    if (lower(index++) != word) return false;
  }
  return true;
}

std::optional<std::int32_t> PromptTokens::number(std::size_t index, std::size_t digits_max) const {
  const Token& token = at(index);
  if (token.kind != TokenKind::number || token.text.size() > digits_max) return std::nullopt;
  std::int32_t value = 0;
  for (const char digit : token.text) value = value * 10 + (digit - '0');
  return value;
}

}  // namespace skymarshal::agents
