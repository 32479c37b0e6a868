// Cuts a prompt into words, numbers and signs, each with its place, so that facts can point at their words.
// Pure and linear in the length of the prompt; takes any bytes. Tokens look into the prompt they came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents {

enum class TokenKind { word, number, sign, other };

struct Token {
  /// `word`: starts with an ASCII letter, or mixes letters and digits. `number`: digits only. `sign`: one
  /// printable ASCII character. `other`: a run of anything else but white space.
  TokenKind kind = TokenKind::other;
  std::size_t offset = 0;
  /// As written.
  std::string_view text;
  /// True if white space or the start of the prompt stands before it.
  bool after_space = false;

  std::size_t end() const { return offset + text.size(); }
};

/// A prompt and its tokens. Places beyond the ends read as an empty token, so readers need no bounds checks.
class PromptTokens {
 public:
  /// Tokens longer than this are noise and never compared with anything.
  static constexpr std::size_t token_bytes_max = 24;

  /// `prompt` must outlive this.
  explicit PromptTokens(std::string_view prompt);

  std::string_view prompt() const { return prompt_; }
  std::size_t size() const { return tokens_.size(); }
  const Token& at(std::size_t index) const { return index < tokens_.size() ? tokens_[index] : nothing_; }
  /// `steps` places before `index`.
  const Token& before(std::size_t index, std::size_t steps) const {
    return index >= steps ? at(index - steps) : nothing_;
  }
  /// In small letters, empty for tokens that are too long.
  std::string_view lower(std::size_t index) const;
  bool is(std::size_t index, std::string_view lower_word) const { return lower(index) == lower_word; }
  bool is_any(std::size_t index, std::initializer_list<std::string_view> lower_words) const;
  /// True if tokens from `index` on are these words.
  bool matches(std::size_t index, std::initializer_list<std::string_view> lower_words) const;
  /// The number that token `index` is, if it has at most `digits_max` digits.
  std::optional<std::int32_t> number(std::size_t index, std::size_t digits_max = 4) const;
  /// True if nothing, not even a space, stands between `index` and the token before it.
  bool joined(std::size_t index) const { return index < size() && !tokens_[index].after_space; }

 private:
  std::string_view prompt_;
  std::string lowered_;
  std::vector<Token> tokens_;
  Token nothing_;
};

}  // namespace skymarshal::agents
