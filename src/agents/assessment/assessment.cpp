#include "agents/assessment/assessment.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

void write_explanation(JsonWriter& json, const Explanation& explanation) {
  json.begin_object().key("facts").begin_array();
  for (const Explanation::FactUsed& fact : explanation.facts) {
    json.begin_object()
        .member("name", std::string_view(fact.name))
        .member("value", std::string_view(fact.value))
        .member("source", std::string_view(fact.source))
        .end_object();
  }
  json.end_array().key("rules").begin_array();
  for (const Explanation::RuleUsed& rule : explanation.rules) {
    json.begin_object()
        .member("rule", std::string_view(rule.rule))
        .member("citation", rule.citation.source)
        .member("effective", rule.citation.effective)
        .end_object();
  }
  json.end_array().key("arithmetic").begin_array();
  for (const Explanation::Arithmetic& step : explanation.arithmetic) {
    json.begin_object()
        .member("what", std::string_view(step.what))
        .member("expression", std::string_view(step.expression))
        .member("result", std::string_view(step.result))
        .end_object();
  }
  json.end_array().end_object();
}

bool contains(const std::vector<std::string>& all, std::string_view text) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// Names such as "the aircraft" may begin a sentence.
std::string as_sentence(std::string text) {
  if (text.starts_with("the ")) text[0] = 'T';
  return text;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::approved:
      return "approved";
    case Verdict::conditional:
      return "conditional";
    case Verdict::rejected:
      return "rejected";
  }
  return {};
}

Verdict worse(Verdict a, Verdict b) { return std::max(a, b); }

void write_strings(JsonWriter& json, const std::vector<std::string>& strings) {
  json.begin_array();
  for (const std::string& text : strings) json.string(text);
  json.end_array();
}

void write_assessment(JsonWriter& json, const AgentAssessment& assessment) {
  json.begin_object()
      .member("agent_name", std::string_view(assessment.agent_name))
      .member("status", name_of(assessment.status))
      .member("confidence", assessment.confidence_percent / 100.0)
      .member("reasoning", std::string_view(assessment.reasoning))
      .key("constraints");
  write_strings(json, assessment.constraints);
  json.key("recommendations");
  write_strings(json, assessment.recommendations);
  json.key("explanation");
  write_explanation(json, assessment.explanation);
  json.end_object();
}

bool Opinion::wants(bool known, std::string_view name) {
  ++wanted_;
  if (known) return true;
  assessment_.missing_facts.emplace_back(name);
  limit(Verdict::conditional);
  return false;
}

void Opinion::rely_on(const Situation& situation, std::initializer_list<Lookup> lookups) {
  const auto require_answer = [&](Lookup lookup) {
    if (situation.failed(lookup)) wants(false, fmt::format("{} (the look-up failed)", name_of(lookup)));
  };
  require_answer(Lookup::flights);
  for (const Lookup lookup : lookups) require_answer(lookup);
}

void Opinion::use(std::string_view name, std::string value, std::string source) {
  auto& used = assessment_.explanation.facts;
  const bool known = std::any_of(used.begin(), used.end(),
                                 [&](const Explanation::FactUsed& fact) { return fact.name == name; });
  if (!known) used.push_back({std::string(name), std::move(value), std::move(source)});
}

void Opinion::apply(const rules::Citation& citation, std::string rule) {
  assessment_.explanation.rules.push_back({std::move(rule), citation});
}

void Opinion::calculate(std::string_view what, std::string expression, std::string result) {
  assessment_.explanation.arithmetic.push_back({std::string(what), std::move(expression), std::move(result)});
}

void Opinion::say(std::string_view sentence) {
  if (!assessment_.reasoning.empty()) assessment_.reasoning += ' ';
  assessment_.reasoning += as_sentence(std::string(sentence));
}

void Opinion::require(std::string constraint) {
  constraint = as_sentence(std::move(constraint));
  if (!contains(assessment_.constraints, constraint))
    assessment_.constraints.push_back(std::move(constraint));
}

void Opinion::forbid(std::string constraint, Verdict verdict) {
  limit(verdict);
  constraint = as_sentence(std::move(constraint));
  if (contains(assessment_.constraints, constraint)) return;
  assessment_.constraints.insert(assessment_.constraints.begin() + forbidden_++, std::move(constraint));
}

void Opinion::forbid_first(std::string constraint, Verdict verdict) {
  limit(verdict);
  assessment_.constraints.insert(assessment_.constraints.begin(), as_sentence(std::move(constraint)));
  ++forbidden_;
}

void Opinion::recommend(std::string recommendation) {
  recommendation = as_sentence(std::move(recommendation));
  if (contains(assessment_.recommendations, recommendation)) return;
  assessment_.recommendations.push_back(std::move(recommendation));
}

AgentAssessment Opinion::finish() && {
  const auto missing = static_cast<std::int32_t>(assessment_.missing_facts.size());
  if (assessment_.reasoning.empty() && !assessment_.constraints.empty()) say(assessment_.constraints.front());
  if (missing > 0) say(fmt::format("Missing: {}.", fmt::join(assessment_.missing_facts, "; ")));
  if (assessment_.reasoning.empty() && assessment_.status == Verdict::approved) {
    say("Nothing that is known stands against the plan.");
  }
  // Never certain, as plans and papers may be out of date; never nothing, as a verdict was found.
  const std::int32_t share = wanted_ == 0 ? 100 : 100 * (wanted_ - missing) / wanted_;
  assessment_.confidence_percent = std::clamp(share, 10, 95);
  return std::move(assessment_);
}

void apply_named(Opinion& opinion, const rules::Citation& citation, std::string_view rule) {
  opinion.apply(citation, fmt::format("{}: {}", citation.source, rule));
}

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3;) text.insert(i -= 3, 1, ',');
  return text;
}

}  // namespace skymarshal::agents::assessment
