#include "agents/assessment/agent.hpp"

#include "agents/assessment/recovery.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::agent_test {

Agent throwing(AgentPhase phase) {
  return {"maintenance", phase,
          [](const Situation&, const Plan&) -> AgentAssessment { throw std::runtime_error("broken"); }};
}

TEST(Agent, OneThatThrowsFailsConservatively) {
  const AgentAssessment safety = ask(throwing(AgentPhase::safety), {}, {});
  EXPECT_TRUE(safety.failed());
  EXPECT_EQ(safety.agent_name, "maintenance");
  EXPECT_EQ(safety.status, Verdict::rejected);
  EXPECT_EQ(safety.confidence_percent, 0);
  EXPECT_EQ(ask(throwing(AgentPhase::business), {}, {}).status, Verdict::conditional);
}

TEST(Agent, WhatItThrewIsKeptForTheLogAndStaysOutOfTheAnswer) {
  const AgentAssessment failed = ask(throwing(AgentPhase::safety), {}, {});
  EXPECT_EQ(failure_of(failed), (Failure{"agent maintenance", "broken"}));
  std::string answer;
  JsonWriter json(answer);
  write_assessment(json, failed);
  EXPECT_EQ(answer.find("broken"), std::string::npos);

  Agent agent = throwing(AgentPhase::safety);
  agent.assess = [](const Situation&, const Plan&) -> AgentAssessment { throw 1; };
  EXPECT_TRUE(ask(agent, {}, {}).failed());
  agent.assess = [](const Situation&, const Plan&) -> AgentAssessment { throw std::runtime_error(""); };
  EXPECT_TRUE(ask(agent, {}, {}).failed());
}

TEST(Agent, AVerdictWithoutReasoningIsAFailure) {
  const Agent agent{"regulatory", AgentPhase::safety, [](const Situation&, const Plan&) {
                      AgentAssessment silent;
                      silent.status = Verdict::approved;
                      return silent;
                    }};
  const AgentAssessment refused = ask(agent, {}, {});
  EXPECT_TRUE(refused.failed());
  EXPECT_EQ(refused.status, Verdict::rejected);
  EXPECT_FALSE(refused.reasoning.empty());
}

TEST(Agent, TheSevenSpeakInTheirOrder) {
  std::string names;
  for (const Agent& agent : seven_agents())
    names += (agent.phase == AgentPhase::safety ? "safety " : "business ") + agent.name + "\n";
  EXPECT_EQ(names,
            "safety crew_compliance\nsafety maintenance\nsafety regulatory\nbusiness network\n"
            "business guest_experience\nbusiness cargo\nbusiness finance\n");
}

/// A prompt of what people write, a piece of each kind or none.
std::string prompt_of_pieces() {
  using Pieces = std::vector<std::string>;
  static const std::vector<Pieces> kinds = {
      {"EY283", "EY283 on 2026-06-15", "EY424 on 2026-06-15", "EY19 on 2026-06-15 AUH-LHR", "LH400 FRA-JFK",
       "EY9999 BKK-AUH", ""},
      {"hydraulic fault on A6-BNC", "engine failure, A6-BNC is AOG", "fog", "lightning strike", "bird strike",
       "captain sick", "airport closed", "security alert", "ATC strike", "damaged by a truck", ""},
      {"6 hours delay", "3 hours delay", "15 minutes delay", "2 to 3 hours delay", "no delay",
       "30 hours delay", ""},
      {"repair takes 2 hours", "released to service", "MEL 29-11-01 category C", "MEL B open 2 days", ""},
      {"swap to A6-BND", "swap A6-BNC to A6-ZZZ", "airborne", "diverted to DXB", "cancelled", ""},
      {"no cargo", "general cargo", "pharma at 2 to 8 degrees", "live animals, 10 hours on the way",
       "dangerous goods UN3480", "AOG parts on board", ""},
      {"286 passengers, 51 connecting", "286 passengers, no connections", "4 wheelchairs", ""},
      {"crew reported at 05:00 local, 4 sectors", "3 pilots, class 2 rest facility", "crew of 10", ""},
  };
  std::string prompt;
  for (const Pieces& pieces : kinds) {
    const std::string piece = *rc::gen::elementOf(pieces);
    if (!piece.empty()) prompt += piece + ", ";
  }
  return prompt;
}

/// Before ask() has had a look: no agent of the seven needs its refusal.
void expect_reasoning(const Situation& situation, const Plan& plan) {
  for (const Agent& agent : seven_agents()) {
    const AgentAssessment said = agent.assess(situation, plan);
    if (said.reasoning.empty()) RC_LOG() << agent.name << " says nothing of " << name_of(plan.kind);
    RC_ASSERT(!said.reasoning.empty());
  }
}

RC_GTEST_PROP(AgentProperty, EveryOneOfTheSevenGivesItsReasons, ()) {
  static test::SampleDay day;
  const std::string prompt = prompt_of_pieces();
  RC_LOG() << prompt;
  for (const Situation& situation : {test::situation_of(prompt), day.situation_of(prompt)}) {
    expect_reasoning(situation, plan_in_question(situation));
    for (const PossiblePlan& possible : possible_plans(situation)) expect_reasoning(situation, possible.plan);
  }
}

}  // namespace skymarshal::agents::assessment::agent_test
