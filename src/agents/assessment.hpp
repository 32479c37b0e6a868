// What one agent says of a disruption, and what it needs for saying it. Plain values.
// Verdicts come from rules alone; an agent that lacks a fact names it and is at best conditional.
#pragma once

#include "agents/airports.hpp"
#include "agents/facts.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents {

enum class Verdict { approved, conditional, rejected };
std::string_view name_of(Verdict verdict);
/// The less favourable of two.
Verdict worse(Verdict a, Verdict b);

struct AgentAssessment {
  std::string agent_name;
  Verdict status = Verdict::approved;
  /// The agent ended without an opinion; its status is the conservative one.
  bool failed = false;
  /// Hundredths: the share of the facts that the agent wanted and had.
  std::int32_t confidence_percent = 0;
  std::string reasoning;
  std::vector<std::string> constraints;
  std::vector<std::string> recommendations;
  /// In a reader's words; collected over all agents in the final answer.
  std::vector<std::string> missing_facts;
};

/// The object of the API: agent_name, status, confidence, reasoning, constraints, recommendations.
void write_assessment(JsonWriter& json, const AgentAssessment& assessment);
void write_strings(JsonWriter& json, const std::vector<std::string>& strings);

/// Which phase an agent belongs to: safety agents speak first and may block.
enum class AgentPhase { safety, business };

struct Agent {
  std::string name;
  AgentPhase phase = AgentPhase::safety;
  std::function<AgentAssessment(const Facts&)> assess;
};

/// Builds an assessment sentence by sentence and keeps count of the facts it stands on.
class Opinion {
 public:
  explicit Opinion(std::string_view agent_name) { assessment_.agent_name = agent_name; }

  /// True if the fact is known. If not, it is named as missing and the verdict is at best conditional.
  template <typename T>
  bool knows(const std::optional<Fact<T>>& fact, std::string_view what) {
    return wants(fact.has_value(), what);
  }
  bool wants(bool known, std::string_view what);

  void say(std::string_view sentence);
  /// Makes the verdict no better than `verdict`; it never makes it better.
  void limit(Verdict verdict) { assessment_.status = worse(assessment_.status, verdict); }
  void require(std::string constraint) { assessment_.constraints.push_back(std::move(constraint)); }
  void recommend(std::string recommendation) {
    assessment_.recommendations.push_back(std::move(recommendation));
  }

  /// Adds the sentence about missing facts and the confidence.
  AgentAssessment finish() &&;

 private:
  AgentAssessment assessment_;
  std::int32_t wanted_ = 0;
};

/// How sentences name the flight and the aircraft: "EY283", "the flight"; "A6-BNC", "the aircraft".
std::string flight_text(const Facts& facts);
std::string aircraft_text(const Facts& facts);
/// The airline of the flight number, if the flight is stated and its designator is in the table.
const Airline* airline_of(const Facts& facts);
/// The airports of the route, where they are stated and in the table.
const Airport* origin_of(const Facts& facts);
const Airport* destination_of(const Facts& facts);
/// Digits with thousands separated: 1234 is "1,234".
std::string grouped(std::int64_t number);

}  // namespace skymarshal::agents
