#include "agents/assessment/agent.hpp"

#include <exception>
#include <string_view>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

AgentAssessment failed_assessment(const Agent& agent, std::string_view why) {
  AgentAssessment failed;
  failed.failure = why.empty() ? "it did not say why" : why;
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
  // A failure is a bug of ours: the caller gets a safe answer, and `failure` brings it to the log.
  try {
    assessment = agent.assess(situation, plan);
    if (assessment.reasoning.empty()) assessment = failed_assessment(agent, "it gave no reasoning");
  } catch (const std::exception& bug) {
    assessment = failed_assessment(agent, bug.what());
  } catch (...) {
    assessment = failed_assessment(agent, "it threw something that is no exception");
  }
  assessment.agent_name = agent.name;
  return assessment;
}

Failure failure_of(const AgentAssessment& assessment) {
  return {fmt::format("agent {}", assessment.agent_name), assessment.failure};
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
