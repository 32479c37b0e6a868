#include "agents/assessment/orchestrator.hpp"

#include "support/manual_clock.hpp"
#include "unit/agents/assessment/situations.hpp"

#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::assessment::orchestrator_test {

namespace json = boost::json;

constexpr std::string_view demo =
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay, 286 "
    "passengers, 51 "
    "connecting";
const std::set<std::string> safety_names = {"crew_compliance", "maintenance", "regulatory"};

std::vector<std::string> messages_of(const std::vector<Agent>& agents, std::string_view prompt) {
  const skymarshal::test::ManualClock clock;
  const Orchestrator orchestrator(agents, {}, clock);
  Assessment assessment = orchestrator.begin(test::situation_of(prompt));
  std::vector<std::string> messages;
  for (std::string message; assessment.next(message);) messages.push_back(message);
  return messages;
}

json::value data_of(const std::vector<std::string>& messages) {
  return json::parse(messages.back()).at("data");
}

/// How an injected agent behaves: its verdict, or a throw.
enum class Behaviour { approves, conditions, rejects, throws };

std::vector<Agent> behaving(const std::vector<Behaviour>& behaviours) {
  std::vector<Agent> agents = seven_agents();
  for (std::size_t i = 0; i < agents.size(); ++i) {
    agents[i].assess = [behaviour = behaviours.at(i)](const Situation&, const Plan&) {
      if (behaviour == Behaviour::throws) throw std::runtime_error("broken");
      AgentAssessment assessment;
      assessment.status = static_cast<Verdict>(behaviour);
      assessment.reasoning = "As injected.";
      assessment.confidence_percent = 90;
      return assessment;
    };
  }
  return agents;
}

TEST(Orchestrator, AllSevenAnswerTheDemonstration) {
  const auto messages = messages_of(seven_agents(), demo);
  ASSERT_EQ(messages.size(), 15U);
  const json::value data = data_of(messages);
  EXPECT_EQ(data.at("status"), "success");
  EXPECT_EQ(data.at("final_decision"), "conditional");
  EXPECT_EQ(data.at("safety_phase").at("agents").as_object().size(), 3U);
  EXPECT_EQ(data.at("business_phase").at("agents").as_object().size(), 4U);
  EXPECT_EQ(data.at("execution_time_ms"), 0);
  for (const auto* phase : {"safety_phase", "business_phase"}) {
    for (const auto& [name, agent] : data.at(phase).at("agents").as_object()) {
      EXPECT_EQ(agent.at("status"), "conditional") << name;
      EXPECT_FALSE(agent.at("reasoning").as_string().empty()) << name;
    }
  }
  EXPECT_GE(data.at("assessment").at("recovery_options").as_array().size(), 3U);
  EXPECT_FALSE(data.at("recommendations").as_array().empty());
}

TEST(Orchestrator, AgentsOfAPhaseStartBeforeAnyOfThemEnds) {
  const auto messages = messages_of(seven_agents(), demo);
  const std::vector<std::string> order = {"crew_compliance",  "maintenance", "regulatory", "network",
                                          "guest_experience", "cargo",       "finance"};
  const auto at = [&](std::size_t i) { return json::parse(messages[i]).at("data"); };
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(at(i).at("agent").as_string(), order[i]);
    EXPECT_EQ(at(i).at("status"), "analyzing");
    EXPECT_TRUE(at(i).at("partial_result").as_object().empty());
    EXPECT_EQ(at(i + 3).at("agent").as_string(), order[i]);
    EXPECT_EQ(at(i + 3).at("partial_result").at("agent_name").as_string(), order[i]);
    EXPECT_EQ(at(i + 3).at("status"), at(i + 3).at("partial_result").at("status"));
  }
  for (std::size_t i = 6; i < 10; ++i) {
    EXPECT_EQ(at(i).at("agent").as_string(), order[i - 3]);
    EXPECT_EQ(at(i).at("status"), "analyzing");
    EXPECT_EQ(at(i + 4).at("agent").as_string(), order[i - 3]);
  }
}

TEST(Orchestrator, ASafetyBlockIsReportedAsSuch) {
  const auto messages =
      messages_of(seven_agents(), "EY283 BKK-AUH engine failure, A6-BNC is AOG, 3 hours delay");
  EXPECT_EQ(messages.size(), 7U);
  const json::value data = data_of(messages);
  EXPECT_EQ(data.at("final_decision"), "rejected");
  EXPECT_EQ(data.at("safety_phase").at("phase_status"), "blocked");
  EXPECT_EQ(data.at("business_phase").at("phase_status"), "blocked");
  EXPECT_TRUE(data.at("business_phase").at("agents").as_object().empty());
  EXPECT_EQ(data.at("business_phase").at("constraints").as_array().size(), 1U);
}

TEST(Orchestrator, AFailedSafetyAgentBlocks) {
  std::vector<Behaviour> behaviours(7, Behaviour::approves);
  behaviours[1] = Behaviour::throws;
  const json::value data = data_of(messages_of(behaving(behaviours), demo));
  EXPECT_EQ(data.at("final_decision"), "rejected");
  const auto& failed = data.at("safety_phase").at("agents").at("maintenance");
  EXPECT_EQ(failed.at("status"), "rejected");
  EXPECT_EQ(failed.at("confidence").to_number<double>(), 0.0);
}

TEST(Orchestrator, AFailedBusinessAgentOnlyConditions) {
  std::vector<Behaviour> behaviours(7, Behaviour::approves);
  behaviours[5] = Behaviour::throws;
  const json::value data = data_of(messages_of(behaving(behaviours), demo));
  EXPECT_EQ(data.at("final_decision"), "conditional");
  EXPECT_EQ(data.at("business_phase").at("agents").at("cargo").at("status"), "conditional");
}

TEST(Orchestrator, WhatFailedIsToldToItsDriverOnce) {
  const skymarshal::test::ManualClock clock;
  std::vector<Behaviour> behaviours(7, Behaviour::approves);
  behaviours[1] = Behaviour::throws;
  behaviours[2] = Behaviour::throws;
  Situation situation = test::situation_of(demo);
  situation.failed_lookups.push_back({Lookup::bookings, "disk I/O error"});
  const Orchestrator orchestrator(behaving(behaviours), {}, clock);
  Assessment assessment = orchestrator.begin(std::move(situation));
  std::vector<Failure> failures;
  for (std::string message; assessment.next(message);) {
    for (Failure& failure : assessment.take_failures()) failures.push_back(std::move(failure));
  }
  // Both agents are asked about every option as well, and fail on each in the same way.
  EXPECT_EQ(failures, (std::vector<Failure>{{"look-up of the bookings", "disk I/O error"},
                                            {"agent maintenance", "broken"},
                                            {"agent regulatory", "broken"}}));
}

TEST(Orchestrator, AnAgentThatFailsOnAnOptionAloneIsToldToo) {
  const skymarshal::test::ManualClock clock;
  std::vector<Agent> agents = behaving(std::vector<Behaviour>(7, Behaviour::approves));
  agents[0].assess = [](const Situation&, const Plan& plan) {
    if (plan.kind == PlanKind::change_crew) throw std::runtime_error("broken");
    AgentAssessment assessment;
    assessment.reasoning = "As injected.";
    return assessment;
  };
  const Orchestrator orchestrator(agents, {}, clock);
  Assessment assessment = orchestrator.begin(test::situation_of(demo));
  for (std::string message; assessment.next(message);) continue;
  EXPECT_EQ(assessment.take_failures(), (std::vector<Failure>{{"agent crew_compliance", "broken"}}));
  EXPECT_TRUE(assessment.take_failures().empty());
}

TEST(Orchestrator, WithoutSafetyAgentsNothingIsApproved) {
  std::vector<Agent> agents = behaving(std::vector<Behaviour>(7, Behaviour::approves));
  agents.erase(agents.begin(), agents.begin() + 3);
  EXPECT_EQ(data_of(messages_of(agents, demo)).at("final_decision"), "rejected");
}

TEST(Orchestrator, WordingIsPendingOnceAPhaseAndOnlyItsWordsChange) {
  const skymarshal::test::ManualClock clock;
  const Orchestrator orchestrator(behaving(std::vector<Behaviour>(7, Behaviour::approves)), {}, clock);
  Assessment assessment = orchestrator.begin(test::situation_of(demo));
  std::vector<std::size_t> pending;
  std::size_t sent = 0;
  for (std::string message; assessment.next(message); ++sent) {
    if (auto* results = assessment.pending_wording()) {
      pending.push_back(sent + 1);
      for (AgentAssessment& result : *results) result.reasoning = "in other words";
    }
  }
  EXPECT_EQ(pending, (std::vector<std::size_t>{3, 10})) << "after the last start, before the first end";
  const json::value data = json::parse(assessment.data());
  EXPECT_EQ(data.at("safety_phase").at("agents").at("maintenance").at("reasoning"), "in other words");
  EXPECT_EQ(data.at("final_decision"), "approved");
}

TEST(Orchestrator, ContradictionsAreNamed) {
  const json::value data =
      data_of(messages_of(seven_agents(), "EY283 3 hours delay or rather 5 hours delay"));
  EXPECT_EQ(data.at("assessment").at("missing_facts").at(0),
            "delay_minutes (contradictory: \"3 hours delay\" \"5 hours delay\")");
}

TEST(Orchestrator, MeasuresItsTime) {
  skymarshal::test::ManualClock clock;
  std::vector<Agent> agents = seven_agents();
  agents[0].assess = [&clock, first = true](const Situation&, const Plan&) mutable {
    if (std::exchange(first, false)) clock.advance(Milliseconds(42));
    AgentAssessment assessment;
    assessment.reasoning = "As injected.";
    return assessment;
  };
  const Orchestrator orchestrator(agents, {}, clock);
  Assessment assessment = orchestrator.begin(test::situation_of(demo));
  for (std::string message; assessment.next(message);) {
  }
  EXPECT_EQ(json::parse(assessment.data()).at("execution_time_ms"), 42);
}

RC_GTEST_PROP(OrchestratorProperty, ASafetyRejectionOrFailureIsNeverOutvoted, ()) {
  std::vector<Behaviour> behaviours;
  for (int i = 0; i < 7; ++i) {
    behaviours.push_back(
        *rc::gen::element(Behaviour::approves, Behaviour::conditions, Behaviour::rejects, Behaviour::throws));
  }
  const auto messages = messages_of(behaving(behaviours), demo);
  const json::value data = data_of(messages);
  const auto bad = [](Behaviour behaviour) {
    return behaviour == Behaviour::rejects || behaviour == Behaviour::throws;
  };
  const bool blocked = bad(behaviours[0]) || bad(behaviours[1]) || bad(behaviours[2]);
  bool all_approve = true;
  for (const Behaviour behaviour : behaviours) all_approve = all_approve && behaviour == Behaviour::approves;
  const std::string expected = blocked ? "rejected" : all_approve ? "approved" : "conditional";
  RC_ASSERT(data.at("final_decision").as_string() == expected);
  RC_ASSERT((data.at("safety_phase").at("phase_status") == "blocked") == blocked);
  for (const std::string& message : messages) {
    const json::value value = json::parse(message);
    if (value.at("type") != "chunk") continue;
    const std::string agent(value.at("data").at("agent").as_string());
    RC_ASSERT(!blocked || safety_names.contains(agent));
  }
  for (const auto& option : data.at("assessment").at("recovery_options").as_array()) {
    if (option.at("option") == "operate_with_delay") RC_ASSERT(option.at("feasible") == !blocked);
  }
}

RC_GTEST_PROP(OrchestratorProperty, SameInputSameBytes, ()) {
  const std::string prompt = std::string(demo) +
                             *rc::gen::element<std::string>("", " fog", " MEL B open 2 days") + " " +
                             *rc::gen::string<std::string>();
  RC_ASSERT(messages_of(seven_agents(), prompt) == messages_of(seven_agents(), prompt));
}

RC_GTEST_PROP(OrchestratorProperty, EveryMessageIsJsonWhateverThePrompt, (const std::string& noise)) {
  for (const std::string& message : messages_of(seven_agents(), noise)) {
    boost::system::error_code failed;
    json::parse(message, failed);
    RC_ASSERT(!failed);
  }
}

TEST(Orchestrator, InFlightTheCommanderDecides) {
  const auto data =
      data_of(messages_of(seven_agents(), "EY283 BKK-AUH is airborne with a hydraulic warning"));
  const auto& first = data.at("recommendations").at(0).as_string();
  EXPECT_NE(first.find("The commander decides"), json::string::npos);
}

}  // namespace skymarshal::agents::assessment::orchestrator_test
