#include "agents/wording/wording_check.hpp"

#include "agents/reference/airports.hpp"
#include "agents/wording/wording_given.hpp"
#include "agents/wording/wording_text.hpp"
#include "agents/wording/wording_words.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace skymarshal::agents::wording {

using Kind = Token::Kind;

namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

// Each check gives what is wrong, or nothing.

using Fault = std::optional<std::string_view>;

// -- numbers ----------------------------------------------------------------------------------------

Fault check_numbers(const Given& given, const Sentence& sentence) {
  const std::set<std::string> beside = meanings_of(sentence);
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const Token& token = sentence[i];
    if (token.kind == Kind::number) {
      const NumberUse* const known = given.number(token.key);
      if (known == nullptr) return "a number that was not given";
      const bool never_with_one = known->units.size() == 1 && known->units.contains("");
      if (!token.unit.empty() && !never_with_one && !known->units.contains(token.unit))
        return "a number with another unit";
      const bool in_its_place = std::ranges::any_of(
          beside, [known](const std::string& word) { return known->beside.contains(word); });
      if (!in_its_place) return "a number in another place";
    } else if (token.kind == Kind::word && is_number_word(token.key)) {
      const bool said = i + 1 < sentence.size() && given.knows_pair(token.key, sentence[i + 1].key);
      const bool beside_digits = i > 0 && sentence[i - 1].kind == Kind::number;
      if (!said || beside_digits) return "a number in words";
    }
  }
  return std::nullopt;
}

// -- names ------------------------------------------------------------------------------------------

/// "lhr" for LHR.
bool is_small_code(const std::string& word) {
  const std::string code = upper(word);
  if (word.size() == 4) return reference::find_airport_by_icao(code) != nullptr;
  return word.size() == 3 &&
         (reference::find_airport(code) != nullptr || reference::find_airline(code) != nullptr);
}

/// Letters by themselves are categories, units, or words taken apart.
bool is_lone_letter(const Given& given, const Sentence& sentence, std::size_t at) {
  const Token& token = sentence[at];
  const bool article = token.text == "a" || (token.text == "A" && token.begins_sentence);
  const bool unit = at > 0 && sentence[at - 1].kind == Kind::number && !unit_of(token.key).empty();
  return token.text.size() == 1 && !article && !unit && !given.knows_letter(token.text);
}

Fault check_names(const Given& given, const Sentence& sentence) {
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const Token& token = sentence[i];
    if (token.kind == Kind::code && !given.knows_code(token.key)) return "a code that was not given";
    if (token.kind != Kind::word) continue;
    if (is_lone_letter(given, sentence, i)) return "a letter that was not given";
    if (given.knows_word(token.key)) continue;
    const bool ascii = std::ranges::all_of(token.key, [](char c) { return c >= 0; });
    if (!ascii) return "a foreign word that was not given";
    const bool capital = is_capital(token.text[0]);
    const bool common = is_function_word(token.key) || is_negator(token.key) || group_of(token.key);
    const bool starts = token.begins_sentence && (common || given.knows_stem(stem_of(token.key)));
    if (capital && !starts) return "a name that was not given";
    if (!common && is_small_code(token.key)) return "a code that was not given";
  }
  return std::nullopt;
}

// -- verdicts ---------------------------------------------------------------------------------------

struct VerdictWord {
  std::string_view part;
  Verdict verdict;
  std::array<std::string_view, 4> forms;
};
constexpr std::array verdict_words = {
    VerdictWord{"approv", Verdict::approved, {"approved", "approve", "approves", "approval"}},
    VerdictWord{"reject", Verdict::rejected, {"rejected", "reject", "rejects", "rejection"}},
    VerdictWord{"conditional", Verdict::conditional, {"conditional", "conditionally", "", ""}},
};

bool is_own_verdict(const Given& given, const std::string& word) {
  return std::ranges::any_of(verdict_words, [&](const VerdictWord& known) {
    return known.verdict == given.status() && std::ranges::find(known.forms, word) != known.forms.end();
  });
}

/// Whether one letter added, left out, replaced or swapped makes `a` of `b`.
bool nearly_equal(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t at = 0;
  while (at < a.size() && a[at] == b[at]) ++at;
  if (a.size() < b.size()) return a.substr(at) == b.substr(at + 1);
  if (at == a.size() || a.substr(at + 1) == b.substr(at + 1)) return true;
  return at + 1 < a.size() && a[at] == b[at + 1] && a[at + 1] == b[at] &&
         a.substr(at + 2) == b.substr(at + 2);
}

std::size_t count_in(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

Fault check_verdict_word(const Given& given, const Sentence& sentence, const Token& token) {
  const std::string& word = token.key;
  if (is_foreign_verdict(word) && !given.knows_word(word)) return "a verdict in another language";
  for (const VerdictWord& known : verdict_words) {
    if (word.find(known.part) == std::string::npos) {
      const bool misspelt = std::ranges::any_of(known.forms, [&word](std::string_view form) {
        return form.size() > 6 && nearly_equal(word, form);
      });
      if (misspelt) return "a misspelt verdict";
      continue;
    }
    if (known.verdict != given.status()) return "another verdict";
    // One agent's approval is of its own matter; the flight's is only made by all seven.
    if (known.verdict == Verdict::approved) return "an approval";
    if (std::ranges::find(known.forms, word) == known.forms.end()) return "another verdict";
    const bool doubtful = std::ranges::any_of(
        sentence, [](const Token& other) { return is_negator(other.key) || is_hedge(other.key); });
    if (doubtful) return "a verdict in doubt";
  }
  return std::nullopt;
}

/// Verdicts written in pieces: "app roved", "re-jected".
Fault check_joined(std::string_view plain, const std::vector<Sentence>& sentences) {
  std::string letters;
  for (const char c : upper(plain)) {
    if (is_capital(c)) letters += ascii_lower(c);
  }
  for (const VerdictWord& known : verdict_words) {
    std::size_t whole = 0;
    for (const Sentence& sentence : sentences) {
      for (const Token& token : sentence) whole += count_in(token.key, known.part);
    }
    if (count_in(letters, known.part) != whole) return "a verdict in pieces";
  }
  return std::nullopt;
}

// -- what the sentences say -------------------------------------------------------------------------

/// "unserviceable" where "serviceable" was given, or the other way round.
bool is_turned_word(const Given& given, const std::string& word) {
  constexpr std::size_t base_min = 4;
  for (const std::string_view prefix : {"un", "in", "im", "il", "ir", "dis", "non", "mis"}) {
    if (given.knows_stem(stem_of(std::string(prefix) + word))) return true;
    if (word.starts_with(prefix) && word.size() >= prefix.size() + base_min &&
        given.knows_stem(stem_of(word.substr(prefix.size())))) {
      return true;
    }
  }
  return false;
}

Fault check_senses(const Given& given, const Sentence& sentence) {
  const std::vector<Polarity> polarity = polarities(sentence);
  bool negates = false;
  bool negates_something = false;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const Token& token = sentence[i];
    if (token.kind != Kind::word) continue;
    negates = negates || is_negator(token.key);
    const bool grouped = group_of(token.key).has_value();
    if (!grouped && !has_meaning(token)) continue;
    const auto [key, turned] = sense_of(token);
    const auto known = given.senses(key);
    if (!known) {
      const bool own_condition = key == "#condition" && given.status() == Verdict::conditional;
      if (own_condition) continue;
      if (grouped || is_judgement(token.key)) return "a judgement that was not given";
      if (!given.knows_stem(key) && is_turned_word(given, token.key)) return "a word turned round";
      continue;
    }
    negates_something = negates_something || polarity[i] != Polarity::plain;
    const bool plain = polarity[i] == Polarity::unclear || (polarity[i] == Polarity::plain) != turned;
    const bool negated = polarity[i] == Polarity::unclear || !plain;
    if ((plain && !known->plain) || (negated && !known->negated)) return "a statement turned round";
  }
  if (negates && !negates_something) return "a denial of nothing that was given";
  return std::nullopt;
}

Fault check_vocabulary(const Given& given, const std::vector<Sentence>& sentences) {
  // A short text has room for none: two words of its own make a statement.
  constexpr std::size_t strange_share = 10;
  std::size_t words = 0;
  std::size_t strange = 0;
  for (const Sentence& sentence : sentences) {
    for (const Token& token : sentence) {
      if (token.kind != Kind::word) continue;
      ++words;
      const bool known = is_function_word(token.key) || is_negator(token.key) || group_of(token.key) ||
                         given.knows_stem(stem_of(token.key)) || !unit_of(token.key).empty() ||
                         is_own_verdict(given, token.key);
      if (!known) ++strange;
    }
  }
  if (words == 0) return "no words";
  if (strange > words / strange_share) return "too many words of its own";
  return std::nullopt;
}

Fault check_sentence(const Given& given, const Sentence& sentence) {
  if (given.says(sentence)) return std::nullopt;
  if (const Fault fault = check_numbers(given, sentence)) return fault;
  if (const Fault fault = check_names(given, sentence)) return fault;
  for (const Token& token : sentence) {
    if (token.kind != Kind::word) continue;
    if (const Fault fault = check_verdict_word(given, sentence, token)) return fault;
  }
  return check_senses(given, sentence);
}

Fault check_text(const AgentAssessment& assessment, std::string_view plain) {
  const Given given(assessment);
  const std::vector<Sentence> sentences = read_sentences(plain);
  for (const Sentence& sentence : sentences) {
    if (const Fault fault = check_sentence(given, sentence)) return fault;
  }
  if (const Fault fault = check_joined(plain, sentences)) return fault;
  return check_vocabulary(given, sentences);
}

// -- what they leave out ----------------------------------------------------------------------------

/// What a text is about: its numbers and codes as they are, its words by their senses.
struct Content {
  std::set<std::string> numbers;
  std::set<std::string> codes;
  std::set<std::string> senses;
};

Content content_of(std::string_view text) {
  Content content;
  for (const Sentence& sentence : read_sentences(plain_part(text))) {
    for (const Token& token : sentence) {
      if (token.kind == Kind::number) content.numbers.insert(token.key);
      if (token.kind == Kind::code) content.codes.insert(token.key);
      if (has_meaning(token)) content.senses.insert(sense_of(token).first);
    }
  }
  return content;
}

Fault check_content(const Content& own, const Content& said) {
  if (!std::ranges::includes(said.numbers, own.numbers)) return "a number left out";
  if (!std::ranges::includes(said.codes, own.codes)) return "a code left out";
  const auto kept = std::ranges::count_if(
      own.senses, [&said](const std::string& sense) { return said.senses.contains(sense); });
  if (2 * static_cast<std::size_t>(kept) < own.senses.size()) return "most of it left out";
  return std::nullopt;
}

Error wording_refused(std::string_view why) {
  return make_error(Errc::runtime_protocol_error, std::string(why));
}

}  // namespace

Result<void> check_nothing_left_out(const AgentAssessment& assessment, std::string_view text) {
  const Fault fault = check_content(content_of(assessment.reasoning), content_of(text));
  return fault ? Result<void>(wording_refused(*fault)) : Result<void>();
}

Result<std::string> check_wording(const AgentAssessment& assessment, std::string_view text) {
  constexpr std::size_t bytes_always_allowed = 600;
  const std::size_t bytes_max =
      std::min(wording_bytes_max, std::max(bytes_always_allowed, 2 * assessment.reasoning.size()));
  if (text.size() > bytes_max) return wording_refused("a text that is too long");
  if (!is_utf8(text)) return wording_refused("no valid UTF-8");
  const auto plain = plain_text(text, assessment.reasoning);
  if (!plain) return wording_refused("a character that is no part of plain English");
  if (const Fault fault = check_text(assessment, *plain)) return wording_refused(*fault);
  return fold_blanks(text);
}

}  // namespace skymarshal::agents::wording
