// The words that the check of a language model's text knows: which carry no meaning of their own, which turn
// a sentence round, which judge, which count. Constant tables of English words in small letters, and what
// other languages call a verdict. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::agents::wording {

/// Articles, prepositions, pronouns, auxiliaries: said of anything, so they say nothing.
bool is_function_word(std::string_view word);
/// "not", "without", "isn't": turns round what its clause says.
bool is_negator(std::string_view word);
/// "because", "but": what stands behind it is a statement of its own.
bool begins_statement(std::string_view word);
/// "and", "or": a negation before it may or may not reach over it.
bool is_coordinator(std::string_view word);
/// "seven", "dozen", "half", also as a part of a longer word.
bool is_number_word(std::string_view word);
/// Takes a verdict back without denying it: "would", "almost".
bool is_hedge(std::string_view word);
/// Judges, decides or recommends: only the rules may do so, a text only in their words.
bool is_judgement(std::string_view word);
/// A verdict in German, French, Spanish, Italian, Portuguese or Dutch.
bool is_foreign_verdict(std::string_view word);

/// Words that say the same or its opposite: "may", "able", "forbidden".
struct WordGroup {
  std::string_view name;
  bool opposite = false;
};
std::optional<WordGroup> group_of(std::string_view word);

/// "h" for "hours", "EUR" for "euros"; empty if it is no unit.
std::string_view unit_of(std::string_view word);

/// The part that "delay", "delays", "delayed" and "delaying" share; a rough cut that is only good to compare.
std::string stem_of(std::string_view word);

}  // namespace skymarshal::agents::wording
