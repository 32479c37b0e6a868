#include "agents/assessment/agent.hpp"

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

AgentAssessment failed_assessment(const Agent& agent) {
  AgentAssessment failed;
  failed.failed = true;
  failed.status = agent.phase == AgentPhase::safety ? Verdict::rejected : Verdict::conditional;
  failed.reasoning =
      agent.phase == AgentPhase::safety
          ? "The agent failed before it reached a verdict. Without it the flight counts as unsafe."
          : "The agent failed before it reached a verdict.";
  failed.constraints.push_back(fmt::format("The {} assessment must be repeated.", agent.name));
  return failed;
}

}  // namespace

AgentAssessment ask(const Agent& agent, const Situation& situation, const Plan& plan) {
  AgentAssessment assessment;
  // What an agent throws is a bug of ours, not the caller's matter.
  try {
    assessment = agent.assess(situation, plan);
  } catch (...) {
    assessment = failed_assessment(agent);
  }
  assessment.agent_name = agent.name;
  return assessment;
}

std::vector<Agent> seven_agents() {
  return {
      {"crew_compliance", AgentPhase::safety, assess_crew_compliance},
      {"maintenance", AgentPhase::safety, assess_maintenance},
      {"regulatory", AgentPhase::safety, assess_regulatory},
      {"network", AgentPhase::business, assess_network},
      {"guest_experience", AgentPhase::business, assess_guest_experience},
      {"cargo", AgentPhase::business, assess_cargo},
      {"finance", AgentPhase::business, assess_finance},
  };
}

}  // namespace skymarshal::agents::assessment
