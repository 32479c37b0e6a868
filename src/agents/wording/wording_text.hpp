// Takes an English text apart into sentences, clauses, words, numbers and codes, so that two texts can be
// compared by what they say. Knows nothing of agents. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::wording {

struct Token {
  enum class Kind {
    word,
    /// Digits, and what belongs to them.
    number,
    /// Letters with digits, or more than one capital: EY283, A6-BND, LHR.
    code,
  };
  Kind kind = Kind::word;
  /// As it was written.
  std::string text;
  /// A word in small letters. A number in one spelling: "1,234", "1 234" and "1234.0" are "1234", "3,5" is
  /// "3.5"; times, dates and ranges as they were written. A code as it was written.
  std::string key;
  /// Of a number: see unit_of(). Empty if none stands beside it.
  std::string unit;
  /// Counted through the whole text.
  std::size_t clause = 0;
  /// Counted through the whole text: nothing said before a new statement reaches into it.
  std::size_t statement = 0;
  bool begins_sentence = false;
};

using Sentence = std::vector<Token>;

/// White space of ASCII folded to single blanks, none at the ends.
std::string fold_blanks(std::string_view text);

/// As fold_blanks(); typographic quotes, dashes and blanks as ASCII has
/// them, currency signs as their codes, no degree signs. nullopt if something stands in the text that a plain
/// English sentence does not need: control or invisible characters, markup, letters beyond Latin, digits
/// beyond 0 to 9. Printable ASCII that stands in `also` becomes a blank instead. `text` must be valid UTF-8.
std::optional<std::string> plain_text(std::string_view text, std::string_view also = {});

/// `plain` as plain_text() gives it.
std::vector<Sentence> read_sentences(std::string_view plain);

/// The part of `text` that plain_text() accepts, for texts that are trusted: all else becomes a blank.
std::string plain_part(std::string_view text);

}  // namespace skymarshal::agents::wording
