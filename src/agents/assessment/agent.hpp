// An agent and how it is asked; the seven agents of SkyMarshal.
// Plain values and pure functions. Who asks in which order, and what follows: orchestrator.hpp.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/plan.hpp"
#include "agents/assessment/situation.hpp"

#include <functional>
#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

/// Which phase an agent belongs to: safety agents speak first and may block.
enum class AgentPhase { safety, business };

struct Agent {
  std::string name;
  AgentPhase phase = AgentPhase::safety;
  /// Pure: the same situation and plan give the same assessment.
  std::function<AgentAssessment(const Situation&, const Plan&)> assess;
};

/// What the agent says of the plan. One that throws, or gives a verdict without reasoning, has failed: its
/// verdict is then the conservative one of its phase, `failure` says why, and the others' answers are not
/// lost with it. So every assessment that comes from here has reasoning.
AgentAssessment ask(const Agent& agent, const Situation& situation, const Plan& plan);

/// Of an assessment that failed().
Failure failure_of(const AgentAssessment& assessment);

// The seven, each in the file of its name. All are pure: the same situation and plan give the same
// assessment.

/// Safety: may this crew still fly this duty under the flight time limitations? Knows EASA Subpart FTL and
/// 14 CFR Part 117; the operator and its state decide which of them binds.
AgentAssessment assess_crew_compliance(const Situation& situation, const Plan& plan);

/// Safety: may this aircraft be dispatched with what is known of its defects? Knows the minimum equipment
/// list's intervals, groundings, ETOPS relevance and repair times.
AgentAssessment assess_maintenance(const Situation& situation, const Plan& plan);

/// Safety: what do airports and authorities demand of the new times? Knows curfews, night quotas, slots,
/// overflight windows, and which passenger rights regulation binds and why.
AgentAssessment assess_regulatory(const Situation& situation, const Plan& plan);

/// Business: what does a plan do to the aircraft's next flights and to connections? Knock-on delay along the
/// rotation with minimum turnarounds, connections missed by minimum connecting time.
AgentAssessment assess_network(const Situation& situation, const Plan& plan);

/// Business: what are the passengers owed, where can they go, who comes first? Knows the compensation and
/// care of the passenger rights regulations; liability is never decided.
AgentAssessment assess_guest_experience(const Situation& situation, const Plan& plan);

/// Business: does what is on board bear the new times, and the new aircraft? Knows time and temperature
/// limits, dangerous goods on a swap, and what to offload first.
AgentAssessment assess_cargo(const Situation& situation, const Plan& plan);

/// Business: what does a plan cost, item by item, and how does it compare with the others? Published
/// reference values, each cited; an airline's own figures are not known here and the answer says so.
AgentAssessment assess_finance(const Situation& situation, const Plan& plan);

/// All of them, in their order of speaking.
std::vector<Agent> seven_agents();

}  // namespace skymarshal::agents::assessment
