// What an assessment says, in a form that a text can be held against: its words with their senses, its
// numbers with their units and places, its codes. Made once for each text. Pure.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/wording/wording_text.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skymarshal::agents::wording {

using assessment::AgentAssessment;
using assessment::Verdict;

/// Whether a word was seen in statements as they stand, and in negated ones.
struct Senses {
  bool plain = false;
  bool negated = false;
};

/// Unclear: a negation stands before it that may or may not reach it.
enum class Polarity { plain, negated, unclear };
/// Of each token of the sentence.
std::vector<Polarity> polarities(const Sentence& sentence);

/// What stands for a word when senses are compared, and whether it turns the sense round.
std::pair<std::string, bool> sense_of(const Token& token);
/// Neither a function word nor a unit.
bool has_meaning(const Token& token);
/// The stems and codes of a sentence.
std::set<std::string> meanings_of(const Sentence& sentence);

struct NumberUse {
  std::set<std::string> units;
  /// meanings_of() its sentences.
  std::set<std::string> beside;
};

class Given {
 public:
  explicit Given(const AgentAssessment& assessment);

  Verdict status() const { return status_; }
  bool knows_stem(const std::string& stem) const { return stems_.contains(stem); }
  bool knows_word(const std::string& word) const { return words_.contains(word); }
  bool knows_letter(const std::string& letter) const { return letters_.contains(letter); }
  bool knows_code(const std::string& code) const { return codes_.contains(code); }
  bool knows_pair(const std::string& word, const std::string& next) const {
    return pairs_.contains({word, next});
  }
  /// Null if it does not occur.
  const NumberUse* number(const std::string& key) const;
  /// Whether the agent says it in the same words: in its reasoning, its constraints or recommendations.
  bool says(const Sentence& sentence) const;
  /// Nothing if the word does not stand in what the rules wrote: words of the prompt have no say.
  std::optional<Senses> senses(const std::string& key) const;

 private:
  void say(std::string_view text);
  void know(std::string_view text);
  void keep_sentences(std::string_view text);
  void take(const Sentence& sentence);

  Verdict status_;
  std::set<std::string> words_;
  std::set<std::string> stems_;
  /// Single ones, capital or small as they were written: categories.
  std::set<std::string> letters_;
  std::set<std::string> codes_;
  std::set<std::pair<std::string, std::string>> pairs_;
  std::set<std::string> sentences_;
  std::map<std::string, NumberUse> numbers_;
  std::map<std::string, Senses> senses_;
};

}  // namespace skymarshal::agents::wording
