// What one agent says of a plan, and how it came to it. Plain values.
// Verdicts come from rules alone; an agent that lacks a fact names it and is at best conditional.
#pragma once

#include "agents/assessment/situation.hpp"
#include "agents/rules/citation.hpp"
#include "base/json_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

enum class Verdict { approved, conditional, rejected };
std::string_view name_of(Verdict verdict);
/// The less favourable of two.
Verdict worse(Verdict a, Verdict b);

/// Where each number of an assessment comes from.
struct Explanation {
  struct FactUsed {
    std::string name;
    std::string value;
    std::string source;
  };
  struct RuleUsed {
    /// What the rule says, numbers included.
    std::string rule;
    rules::Citation citation;
  };
  struct Arithmetic {
    std::string what;
    /// "13 h 00 min - 11 h 30 min".
    std::string expression;
    std::string result;
  };
  std::vector<FactUsed> facts;
  std::vector<RuleUsed> rules;
  std::vector<Arithmetic> arithmetic;
};

/// Something that could not be done while a disruption was assessed. For the log: it is no part of an answer.
struct Failure {
  /// "agent maintenance", "look-up of the bookings".
  std::string what;
  /// In the words of a program.
  std::string reason;

  bool operator==(const Failure&) const = default;
};

struct AgentAssessment {
  std::string agent_name;
  Verdict status = Verdict::approved;
  /// Why the agent ended without an opinion, in the words of a program; its status is then the conservative
  /// one of its phase. Empty: it did not fail. For the log: it is no part of an answer.
  std::string failure;
  bool failed() const { return !failure.empty(); }
  /// Hundredths: the share of the facts that the agent wanted and had.
  std::int32_t confidence_percent = 0;
  std::string reasoning;
  std::vector<std::string> constraints;
  std::vector<std::string> recommendations;
  /// In a reader's words; collected over all agents in the final answer.
  std::vector<std::string> missing_facts;
  Explanation explanation;
};

/// The object of the API: agent_name, status, confidence, reasoning, constraints, recommendations,
/// explanation.
void write_assessment(JsonWriter& json, const AgentAssessment& assessment);
void write_strings(JsonWriter& json, const std::vector<std::string>& strings);

/// Builds an assessment sentence by sentence, keeps count of the facts it stands on and of what was reckoned.
/// Every number in a sentence must be in a fact, a rule or an arithmetic of the explanation: a test reads
/// them.
class Opinion {
 public:
  explicit Opinion(std::string_view agent_name) { assessment_.agent_name = agent_name; }

  /// True if the value is known; it is then among the facts of the explanation. If not, it is named as
  /// missing and the verdict is at best conditional.
  template <typename T>
  bool knows(const Maybe<T>& known, std::string_view name) {
    if (known) use(name, value_text(known->value), known->source);
    return wants(known.has_value(), name);
  }
  /// The same for a fact of the prompt.
  template <typename T>
  bool knows(const std::optional<facts::Fact<T>>& fact, std::string_view name) {
    if (fact) use(name, value_text(fact->value), source_text(fact->words));
    return wants(fact.has_value(), name);
  }
  bool wants(bool known, std::string_view name);
  /// Names those of the look-ups that failed as missing, and that of the flight in any case: what they would
  /// have brought might stand against the plan, so the verdict is at best conditional.
  void rely_on(const Situation& situation, std::initializer_list<Lookup> lookups);

  /// A fact that the assessment stands on; the same name is kept once.
  void use(std::string_view name, std::string value, std::string source);
  template <typename T>
  void use(const Maybe<T>& known, std::string_view name) {
    if (known) use(name, value_text(known->value), known->source);
  }
  /// A rule that was applied, in a sentence with its numbers.
  void apply(const rules::Citation& citation, std::string rule);
  void calculate(std::string_view what, std::string expression, std::string result);

  void say(std::string_view sentence);
  /// Makes the verdict no better than `verdict`; it never makes it better.
  void limit(Verdict verdict) { assessment_.status = worse(assessment_.status, verdict); }
  /// A constraint. The first one of a rejected assessment is what binds.
  void require(std::string constraint);
  /// A constraint that limits the verdict to `verdict` by itself; it stands before all that are merely
  /// required.
  void forbid(std::string constraint, Verdict verdict = Verdict::rejected);
  /// The same, before all other constraints: nothing else needs to be looked at then.
  void forbid_first(std::string constraint, Verdict verdict);
  void recommend(std::string recommendation);

  Verdict verdict() const { return assessment_.status; }
  /// Adds the sentence about missing facts and the confidence. Without a sentence of its own the reasoning
  /// is what binds: the first constraint.
  AgentAssessment finish() &&;

 private:
  AgentAssessment assessment_;
  std::int32_t wanted_ = 0;
  /// How many constraints came by forbid(); they are the first.
  std::ptrdiff_t forbidden_ = 0;
};

/// A rule whose sentence names its source, so that the sentences of an answer may name it too: adds
/// "Montreal Convention 1999, Art. 19: Damage by delay …" to the rules that were applied.
void apply_named(Opinion& opinion, const rules::Citation& citation, std::string_view rule);

/// Digits with thousands separated: 1234 is "1,234".
std::string grouped(std::int64_t number);

}  // namespace skymarshal::agents::assessment
