// Leads the agents through one disruption: safety first, then business, then the decision.
// Sans-IO: it yields the messages of the runtime protocol one after the other and leaves sending to its
// driver. One assessment runs on one thread; the orchestrator itself is constant and may serve many.
#pragma once

#include "agents/assessment/agent.hpp"
#include "agents/assessment/assessment.hpp"
#include "agents/assessment/recovery.hpp"
#include "base/clock.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

class Assessment;

class Orchestrator {
 public:
  /// `clock` must outlive this; it only measures how long an assessment took.
  Orchestrator(std::vector<Agent> agents, ScoreWeights weights, const Clock& clock);

  /// Must not outlive this.
  Assessment begin(Situation situation) const;

 private:
  friend class Assessment;

  std::vector<Agent> safety_;
  std::vector<Agent> business_;
  ScoreWeights weights_;
  const Clock& clock_;
};

/// One run. The agents of a phase all start before the first of them ends, and none sees what another said,
/// so that they may as well run at the same time; their results are taken in a fixed order.
class Assessment {
 public:
  Assessment(const Assessment&) = delete;
  Assessment& operator=(const Assessment&) = delete;

  /// Writes the next message into `out` (what it held is gone) and returns true; false after the last, which
  /// is always one "complete". An agent that throws fails alone: a failed safety agent counts as a rejection.
  bool next(std::string& out);

  /// The results of a phase from when all of its agents have started until the first of them is reported;
  /// nullptr at any other time. The driver may put other words into `reasoning`, and nothing else.
  std::vector<AgentAssessment>* pending_wording();

  /// What has failed since the last call, each thing once: look-ups of the situation, agents. An answer says
  /// it in its own words; this is for whoever mends it, so the driver logs it.
  std::vector<Failure> take_failures();

  /// The data of the "complete" message; empty before that.
  const std::string& data() const { return data_; }

 private:
  friend class Orchestrator;
  Assessment(const Orchestrator& orchestrator, Situation situation);

  enum class Stage { safety_starts, safety_ends, business_starts, business_ends, complete, over };

  void write_start(std::string& out, const Agent& agent) const;
  void write_end(std::string& out, const AgentAssessment& assessment) const;
  void run(const std::vector<Agent>& agents, std::vector<AgentAssessment>& results);
  void keep_failure(Failure failure);
  void enter(Stage stage);
  bool blocked() const;
  Verdict decision() const;
  void write_data();
  void write_phase(JsonWriter& json, const std::vector<AgentAssessment>& results, bool ran) const;
  std::string summary(Verdict decision) const;
  std::vector<std::string> missing_facts() const;
  std::vector<std::string> recommendations(const std::vector<RecoveryOption>& options) const;

  const Orchestrator& orchestrator_;
  Situation situation_;
  /// Points into the situation, so an assessment stays where it is.
  Plan plan_;
  SteadyTime started_;
  Stage stage_ = Stage::safety_starts;
  std::size_t position_ = 0;
  std::vector<AgentAssessment> safety_;
  std::vector<AgentAssessment> business_;
  std::string data_;
  std::vector<Failure> failures_;
  /// How many of them were taken.
  std::size_t failures_taken_ = 0;
};

}  // namespace skymarshal::agents::assessment
