// What each agent said last, gathered from the chunks of a journal and from the phases of an answer, and what
// follows from it where the runtime itself drew no conclusion. Pure; values stay slices of the runtime's own
// text.
#pragma once

#include "base/json_value.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::invocations {

class AgentTable {
 public:
  struct Agent {
    std::string name;
    /// Of the newest chunk.
    std::string status;
    /// JSON; empty if no chunk carried any.
    std::string_view partial_result;
    JsonObject members;
  };

  /// The `data` of a chunk; one that names no agent is passed over.
  void add_chunk(std::string_view data);
  /// A phase of the answer: its `agents` say more than their chunks did.
  void add_phase(std::string_view phase);

  /// {agents, phase_status, constraints} as JSON for these agents.
  std::string phase(std::span<const std::string_view> names) const;
  /// The agents that are none of the seven, as a JSON object; empty if there are none.
  std::string others() const;
  /// rejected if a safety agent rejected, approved if all seven approved, else conditional.
  std::string_view decision() const;
  /// All agents' recommendations, in the order of the agents' first words.
  std::string recommendations() const;

 private:
  Agent& agent(std::string name);
  const Agent* find(std::string_view name) const;
  std::string_view verdict(std::string_view name) const;
  std::string assessment(const Agent& agent) const;
  void append_elements(std::string& list, const Agent& agent, std::string_view key) const;

  std::vector<Agent> agents_;
};

}  // namespace skymarshal::invocations
