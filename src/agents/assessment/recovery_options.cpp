#include "agents/assessment/recovery.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

RecoveryOption judge(const Situation& situation, PossiblePlan possible, const std::vector<Agent>& safety) {
  RecoveryOption option;
  option.plan = std::move(possible.plan);
  option.title = std::move(possible.title);
  option.assumptions = std::move(possible.assumptions);
  option.binding_constraint = std::move(possible.barred_by);
  option.impact = network_impact(situation, option.plan);
  option.costs = cost_of(situation, option.plan);
  option.steps = recovery_steps(situation, option.plan);
  std::vector<Verdict> verdicts;
  // What stays on the ground is no matter of the safety agents.
  if (!option.plan.flies()) verdicts.assign(std::max<std::size_t>(safety.size(), 1), Verdict::approved);
  for (const Agent& agent : safety) {
    if (!option.plan.flies()) break;
    AgentAssessment judged = ask(agent, situation, option.plan);
    verdicts.push_back(judged.status);
    if (judged.failed()) option.failures.push_back(failure_of(judged));
    if (judged.status == Verdict::rejected && option.binding_constraint.empty()) {
      option.binding_constraint =
          fmt::format("{}: {}", agent.name,
                      judged.constraints.empty() ? std::string("rejected") : judged.constraints.front());
    }
    for (std::string& constraint : judged.constraints) option.conditions.push_back(std::move(constraint));
  }
  option.feasible = option.binding_constraint.empty();
  std::string basis;
  option.scores.safety = safety_score(verdicts, basis);
  option.basis.push_back(std::move(basis));
  return option;
}

void write_text_or_null(JsonWriter& json, const std::string& text) {
  if (text.empty()) {
    json.null();
  } else {
    json.string(text);
  }
}

void write_delay(JsonWriter& json, const std::optional<Delay>& delay) {
  if (delay) {
    json.number(static_cast<std::int64_t>(delay->most_minutes));
  } else {
    json.null();
  }
}

void write_scores(JsonWriter& json, const RecoveryOption& option) {
  json.member("score", option.score)
      .key("scores")
      .begin_object()
      .member("safety", option.scores.safety)
      .member("cost", option.scores.cost)
      .member("passenger", option.scores.passenger)
      .member("network", option.scores.network)
      .end_object()
      .key("basis");
  write_strings(json, option.basis);
}

/// Whole cents stay exact as decimal euros.
double in_euros(std::int64_t cents) { return static_cast<double>(cents) / 100.0; }

void write_costs(JsonWriter& json, const CostEstimate& costs) {
  json.begin_object().member("currency", "EUR").key("lines").begin_array();
  for (const CostLine& line : costs.lines) {
    json.begin_object()
        .member("item", line.item)
        .member("amount", in_euros(line.eur_cents))
        .member("expression", std::string_view(line.expression))
        .end_object();
  }
  json.end_array().member("total", in_euros(costs.total_eur_cents())).key("unknown");
  write_strings(json, costs.unknown);
  json.end_object();
}

void write_impact(JsonWriter& json, const NetworkImpact& impact) {
  json.begin_object().member("rotation_known", impact.rotation_known).key("delayed_flights").begin_array();
  for (const KnockOn& knock_on : impact.delayed) {
    json.begin_object()
        .member("flight", std::string_view(knock_on.flight->number))
        .member("delay_minutes", knock_on.delay_minutes)
        .end_object();
  }
  json.end_array().member("minutes", impact.knock_on_minutes()).key("absorbed_at");
  write_text_or_null(json, impact.absorbed_at);
  json.member("missed_connections", impact.missed_passengers()).end_object();
}

void write_steps(JsonWriter& json, const std::vector<RecoveryStep>& steps) {
  json.begin_array();
  for (const RecoveryStep& step : steps) {
    json.begin_object()
        .member("step", step.step)
        .member("who", step.who)
        .member("what", std::string_view(step.what))
        .key("depends_on")
        .begin_array();
    for (const std::int32_t before : step.depends_on) json.number(static_cast<std::int64_t>(before));
    json.end_array()
        .member("minutes", step.minutes)
        .member("success_criterion", std::string_view(step.success_criterion))
        .end_object();
  }
  json.end_array();
}

}  // namespace

std::vector<RecoveryOption> rank_recovery_options(const Situation& situation,
                                                  const std::vector<Agent>& safety,
                                                  const ScoreWeights& weights) {
  std::vector<RecoveryOption> options;
  for (PossiblePlan& possible : possible_plans(situation)) {
    options.push_back(judge(situation, std::move(possible), safety));
  }
  std::int64_t dearest = 0;
  for (const RecoveryOption& option : options) dearest = std::max(dearest, option.costs.total_eur_cents());
  for (RecoveryOption& option : options) {
    std::string basis;
    option.scores.cost = cost_score(option.plan, option.costs, dearest, basis);
    option.basis.push_back(std::move(basis));
    option.scores.passenger = passenger_score(situation, option.plan, option.impact, basis);
    option.basis.push_back(std::move(basis));
    option.scores.network = network_score(situation, option.plan, option.impact, basis);
    option.basis.push_back(std::move(basis));
    option.score = weighted_score(option.scores, weights, basis);
    option.basis.push_back(std::move(basis));
  }
  std::stable_sort(options.begin(), options.end(), [](const RecoveryOption& a, const RecoveryOption& b) {
    return std::tuple(!a.feasible, -a.score, a.plan.kind, std::string_view(a.title)) <
           std::tuple(!b.feasible, -b.score, b.plan.kind, std::string_view(b.title));
  });
  return options;
}

void write_recovery_options(JsonWriter& json, const std::vector<RecoveryOption>& options) {
  json.begin_array();
  std::int32_t rank = 0;
  for (const RecoveryOption& option : options) {
    json.begin_object()
        .member("rank", ++rank)
        .member("option", name_of(option.plan.kind))
        .member("title", std::string_view(option.title))
        .member("feasible", option.feasible)
        .key("binding_constraint");
    write_text_or_null(json, option.binding_constraint);
    json.key("conditions");
    write_strings(json, option.conditions);
    json.key("assumptions");
    write_strings(json, option.assumptions);
    json.key("departure_delay_minutes");
    write_delay(json, option.plan.departure_delay);
    write_scores(json, option);
    json.key("costs");
    write_costs(json, option.costs);
    json.key("knock_on");
    write_impact(json, option.impact);
    json.member("recovery_plan_minutes", critical_path_minutes(option.steps)).key("recovery_plan");
    write_steps(json, option.steps);
    json.end_object();
  }
  json.end_array();
}

}  // namespace skymarshal::agents::assessment
