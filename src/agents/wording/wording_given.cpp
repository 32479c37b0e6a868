#include "agents/wording/wording_given.hpp"

#include "agents/wording/wording_words.hpp"

namespace skymarshal::agents::wording {

using Kind = Token::Kind;

namespace {

/// Equal for sentences of the same words, numbers and codes with the same commas.
std::string words_of(const Sentence& sentence) {
  std::string words;
  for (const Token& token : sentence) {
    words += std::to_string(token.clause - sentence.front().clause) + ' ' + token.key + token.unit + ' ';
  }
  return words;
}

}  // namespace

bool has_meaning(const Token& token) {
  return token.kind == Kind::word && token.key.size() > 1 && !is_function_word(token.key) &&
         !is_negator(token.key) && unit_of(token.key).empty();
}

std::pair<std::string, bool> sense_of(const Token& token) {
  const auto group = group_of(token.key);
  if (group) return {std::string(group->name), group->opposite};
  return {stem_of(token.key), false};
}

std::set<std::string> meanings_of(const Sentence& sentence) {
  std::set<std::string> meanings;
  for (const Token& token : sentence) {
    if (has_meaning(token)) meanings.insert(stem_of(token.key));
    if (token.kind == Kind::code) meanings.insert(token.key);
  }
  return meanings;
}

std::vector<Polarity> polarities(const Sentence& sentence) {
  std::map<std::size_t, int> in_clause;
  for (const Token& token : sentence) in_clause[token.clause] += is_negator(token.key) ? 1 : 0;
  std::vector<Polarity> all;
  std::size_t statement = 0;
  bool negated_before = false;
  for (const Token& token : sentence) {
    if (all.empty() || token.statement != statement) negated_before = false;
    statement = token.statement;
    const int count = in_clause[token.clause];
    negated_before = negated_before || count > 0;
    if (count > 1 || (count == 0 && negated_before)) {
      all.push_back(Polarity::unclear);
    } else {
      all.push_back(count == 1 ? Polarity::negated : Polarity::plain);
    }
  }
  return all;
}

Given::Given(const AgentAssessment& assessment) : status_(assessment.status) {
  say(assessment.agent_name);
  say(assessment.reasoning);
  keep_sentences(assessment.reasoning);
  for (const auto* lines : {&assessment.constraints, &assessment.recommendations}) {
    for (const std::string& line : *lines) {
      say(line);
      keep_sentences(line);
    }
  }
  for (const std::string& fact : assessment.missing_facts) say(fact);
  for (const auto& rule : assessment.explanation.rules) {
    say(rule.rule);
    know(rule.citation.source);
  }
  for (const auto& step : assessment.explanation.arithmetic) {
    say(step.what);
    know(step.what + " " + step.expression + " " + step.result);
  }
  // Values may be words of the prompt.
  for (const auto& fact : assessment.explanation.facts) know(fact.name + " " + fact.value);
}

const NumberUse* Given::number(const std::string& key) const {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? nullptr : &found->second;
}

bool Given::says(const Sentence& sentence) const { return sentences_.contains(words_of(sentence)); }

std::optional<Senses> Given::senses(const std::string& key) const {
  const auto found = senses_.find(key);
  return found == senses_.end() ? std::nullopt : std::optional(found->second);
}

/// Words of the rules.
void Given::say(std::string_view text) {
  for (const Sentence& sentence : read_sentences(plain_part(text))) {
    take(sentence);
    const std::vector<Polarity> polarity = polarities(sentence);
    for (std::size_t i = 0; i < sentence.size(); ++i) {
      if (sentence[i].kind != Kind::word) continue;
      const auto [key, turned] = sense_of(sentence[i]);
      Senses& seen = senses_[key];
      if (polarity[i] == Polarity::unclear) continue;
      ((polarity[i] == Polarity::negated) != turned ? seen.negated : seen.plain) = true;
    }
  }
}

void Given::keep_sentences(std::string_view text) {
  for (const Sentence& sentence : read_sentences(plain_part(text))) sentences_.insert(words_of(sentence));
}

void Given::know(std::string_view text) {
  for (const Sentence& sentence : read_sentences(plain_part(text))) take(sentence);
}

void Given::take(const Sentence& sentence) {
  const std::set<std::string> beside = meanings_of(sentence);
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const Token& token = sentence[i];
    if (i + 1 < sentence.size()) pairs_.insert({token.key, sentence[i + 1].key});
    switch (token.kind) {
      case Kind::word:
        words_.insert(token.key);
        stems_.insert(stem_of(token.key));
        if (token.text.size() == 1) letters_.insert(token.text);
        break;
      case Kind::code:
        codes_.insert(token.key);
        break;
      case Kind::number:
        numbers_[token.key].units.insert(token.unit);
        numbers_[token.key].beside.insert(beside.begin(), beside.end());
        break;
    }
  }
}

}  // namespace skymarshal::agents::wording
