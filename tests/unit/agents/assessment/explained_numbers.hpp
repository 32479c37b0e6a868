// For tests: are all numbers of an assessment's sentences in the facts, rules and arithmetic that explain it?
#pragma once

#include "agents/assessment/assessment.hpp"

#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment::test {

inline void add_numbers(std::string_view text, std::set<std::string>& numbers) {
  std::string digits;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      digits += c;
    } else if (!digits.empty()) {
      numbers.insert(std::move(digits));
      digits.clear();
    }
  }
  if (!digits.empty()) numbers.insert(digits);
}

/// The runs of digits in sentences, constraints and recommendations that no part of the explanation holds.
inline std::vector<std::string> unexplained_numbers(const AgentAssessment& said) {
  std::set<std::string> explained;
  for (const auto& fact : said.explanation.facts) add_numbers(fact.value, explained);
  for (const auto& rule : said.explanation.rules) add_numbers(rule.rule, explained);
  for (const auto& step : said.explanation.arithmetic) {
    add_numbers(step.expression, explained);
    add_numbers(step.result, explained);
  }
  std::set<std::string> said_numbers;
  std::string sentences = said.reasoning;
  for (const std::string& text : said.constraints) sentences += ' ' + text;
  for (const std::string& text : said.recommendations) sentences += ' ' + text;
  add_numbers(sentences, said_numbers);
  std::vector<std::string> missing;
  for (const std::string& number : said_numbers) {
    if (!explained.contains(number)) missing.push_back(number);
  }
  return missing;
}

}  // namespace skymarshal::agents::assessment::test
