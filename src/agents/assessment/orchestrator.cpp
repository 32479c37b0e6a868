#include "agents/assessment/orchestrator.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

Verdict worst_of(const std::vector<AgentAssessment>& results) {
  Verdict worst = Verdict::approved;
  for (const AgentAssessment& result : results) worst = worse(worst, result.status);
  return worst;
}

void add_new(std::vector<std::string>& all, const std::string& text) {
  if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
}

}  // namespace

Orchestrator::Orchestrator(std::vector<Agent> agents, ScoreWeights weights, const Clock& clock)
    : weights_(weights), clock_(clock) {
  for (Agent& agent : agents) {
    (agent.phase == AgentPhase::safety ? safety_ : business_).push_back(std::move(agent));
  }
}

Assessment Orchestrator::begin(Situation situation) const { return Assessment(*this, std::move(situation)); }

Assessment::Assessment(const Orchestrator& orchestrator, Situation situation)
    : orchestrator_(orchestrator),
      situation_(std::move(situation)),
      plan_(plan_in_question(situation_)),
      started_(orchestrator.clock_.steady_now()) {
  for (const FailedLookup& failed : situation_.failed_lookups) {
    keep_failure({fmt::format("look-up of the {}", name_of(failed.lookup)), failed.reason});
  }
  enter(Stage::safety_starts);
}

/// Goes to `stage`, or past it where it has nothing to say.
void Assessment::enter(Stage stage) {
  position_ = 0;
  stage_ = stage;
  if (stage == Stage::safety_starts && orchestrator_.safety_.empty()) stage_ = Stage::business_starts;
  if (stage_ == Stage::business_starts && (orchestrator_.business_.empty() || blocked())) {
    stage_ = Stage::complete;
  }
}

bool Assessment::next(std::string& out) {
  out.clear();
  const auto& safety = orchestrator_.safety_;
  const auto& business = orchestrator_.business_;
  switch (stage_) {
    case Stage::safety_starts:
      write_start(out, safety[position_]);
      if (++position_ == safety.size()) {
        run(safety, safety_);
        enter(Stage::safety_ends);
      }
      return true;
    case Stage::safety_ends:
      write_end(out, safety_[position_]);
      if (++position_ == safety.size()) enter(Stage::business_starts);
      return true;
    case Stage::business_starts:
      write_start(out, business[position_]);
      if (++position_ == business.size()) {
        run(business, business_);
        enter(Stage::business_ends);
      }
      return true;
    case Stage::business_ends:
      write_end(out, business_[position_]);
      if (++position_ == business.size()) enter(Stage::complete);
      return true;
    case Stage::complete:
      write_data();
      JsonWriter(out).begin_object().member("type", "complete").raw_member("data", data_).end_object();
      stage_ = Stage::over;
      return true;
    case Stage::over:
      break;
  }
  return false;
}

void Assessment::run(const std::vector<Agent>& agents, std::vector<AgentAssessment>& results) {
  for (const Agent& agent : agents) {
    results.push_back(ask(agent, situation_, plan_));
    if (results.back().failed()) keep_failure(failure_of(results.back()));
  }
}

void Assessment::keep_failure(Failure failure) {
  if (std::find(failures_.begin(), failures_.end(), failure) == failures_.end())
    failures_.push_back(std::move(failure));
}

std::vector<Failure> Assessment::take_failures() {
  const auto first = failures_.begin() + static_cast<std::ptrdiff_t>(failures_taken_);
  failures_taken_ = failures_.size();
  return {first, failures_.end()};
}

std::vector<AgentAssessment>* Assessment::pending_wording() {
  if (position_ != 0) return nullptr;
  if (stage_ == Stage::safety_ends) return &safety_;
  return stage_ == Stage::business_ends ? &business_ : nullptr;
}

void Assessment::write_start(std::string& out, const Agent& agent) const {
  JsonWriter(out)
      .begin_object()
      .member("type", "chunk")
      .key("data")
      .begin_object()
      .member("agent", std::string_view(agent.name))
      .member("status", "analyzing")
      .raw_member("partial_result", "{}")
      .end_object()
      .end_object();
}

void Assessment::write_end(std::string& out, const AgentAssessment& assessment) const {
  JsonWriter json(out);
  json.begin_object()
      .member("type", "chunk")
      .key("data")
      .begin_object()
      .member("agent", std::string_view(assessment.agent_name))
      .member("status", name_of(assessment.status))
      .key("partial_result");
  write_assessment(json, assessment);
  json.end_object().end_object();
}

bool Assessment::blocked() const {
  return safety_.empty() || safety_.size() < orchestrator_.safety_.size() ||
         worst_of(safety_) == Verdict::rejected;
}

Verdict Assessment::decision() const {
  if (blocked()) return Verdict::rejected;
  const bool all_approved = worst_of(safety_) == Verdict::approved &&
                            worst_of(business_) == Verdict::approved &&
                            business_.size() == orchestrator_.business_.size();
  return all_approved ? Verdict::approved : Verdict::conditional;
}

void Assessment::write_data() {
  const Verdict verdict = decision();
  const std::vector<RecoveryOption> options =
      rank_recovery_options(situation_, orchestrator_.safety_, orchestrator_.weights_);
  for (const RecoveryOption& option : options) {
    for (const Failure& failure : option.failures) keep_failure(failure);
  }
  data_.reserve(std::size_t{48} * 1024);
  JsonWriter json(data_);
  json.begin_object().member("status", "success").key("assessment").begin_object();
  json.member("summary", std::string_view(summary(verdict)))
      .member("plan_in_question", name_of(plan_.kind))
      .key("facts");
  write_facts(json, situation_.facts);
  json.key("notes");
  write_strings(json, situation_.notes);
  json.key("missing_facts");
  write_strings(json, missing_facts());
  json.key("recovery_options");
  write_recovery_options(json, options);
  json.end_object().key("safety_phase");
  write_phase(json, safety_, true);
  json.key("business_phase");
  write_phase(json, business_, !blocked());
  json.member("final_decision", name_of(verdict)).key("recommendations");
  write_strings(json, recommendations(options));
  const auto elapsed = std::chrono::duration_cast<Milliseconds>(orchestrator_.clock_.steady_now() - started_);
  json.member("execution_time_ms", elapsed.count()).end_object();
}

void Assessment::write_phase(JsonWriter& json, const std::vector<AgentAssessment>& results, bool ran) const {
  json.begin_object().key("agents").begin_object();
  for (const AgentAssessment& result : results) {
    json.key(result.agent_name);
    write_assessment(json, result);
  }
  const bool blocks = &results == &safety_ && blocked();
  json.end_object()
      .member("phase_status", blocks || !ran ? std::string_view("blocked") : name_of(worst_of(results)))
      .key("constraints")
      .begin_array();
  for (const AgentAssessment& result : results) {
    for (const std::string& constraint : result.constraints) json.string(constraint);
  }
  if (!ran) json.string("The safety phase blocked the flight, so the business agents were not asked.");
  json.end_array().end_object();
}

std::string Assessment::summary(Verdict verdict) const {
  std::string text = situation_.flight ? situation_.flight->value : "The flight";
  if (situation_.origin && situation_.destination) {
    text += fmt::format(" {}-{}", situation_.origin->value.iata, situation_.destination->value.iata);
  }
  if (plan_.swaps()) {
    text += fmt::format(" with {}", plan_.replacement_registration);
  } else if (situation_.registration) {
    text += fmt::format(" with {}", situation_.registration->value);
  }
  text += fmt::format(": {}.", name_of(verdict));
  for (const auto& cause : situation_.facts.causes)
    text += fmt::format(" Cause: {}.", cause_text(cause.value));
  if (plan_.departure_delay) {
    text += fmt::format(" Delay: {} ({}).", facts::delay_text(*plan_.departure_delay), plan_.delay_reason);
  }
  for (const AgentAssessment& result : safety_) {
    text += fmt::format(" {}: {}.", result.agent_name, name_of(result.status));
  }
  if (blocked()) text += " The safety phase blocks the flight.";
  return text;
}

std::vector<std::string> Assessment::missing_facts() const {
  std::vector<std::string> missing;
  for (const facts::Contradiction& contradiction : situation_.facts.contradictions) {
    std::string text = fmt::format("{} (contradictory:", contradiction.fact);
    for (const facts::Words& words : contradiction.statements) text += fmt::format(" \"{}\"", words.text);
    missing.push_back(text + ")");
  }
  for (const auto* results : {&safety_, &business_}) {
    for (const AgentAssessment& result : *results) {
      for (const std::string& fact : result.missing_facts) add_new(missing, fact);
    }
  }
  return missing;
}

std::vector<std::string> Assessment::recommendations(const std::vector<RecoveryOption>& options) const {
  std::vector<std::string> all;
  const auto best = std::find_if(options.begin(), options.end(),
                                 [](const RecoveryOption& option) { return option.feasible; });
  if (best != options.end() &&
      (best->plan.kind == PlanKind::continue_flight || best->plan.kind == PlanKind::divert)) {
    all.emplace_back("The commander decides whether to go on or to divert; prepare for both.");
  } else if (best != options.end()) {
    all.push_back(fmt::format("Best option on what is known: {} (score {}).", best->title, best->score));
  }
  for (const auto* results : {&safety_, &business_}) {
    for (const AgentAssessment& result : *results) {
      for (const std::string& recommendation : result.recommendations) add_new(all, recommendation);
    }
  }
  return all;
}

}  // namespace skymarshal::agents::assessment
