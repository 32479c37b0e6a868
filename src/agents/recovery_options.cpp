#include "agents/recovery_options.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

/// The score of what nobody stated anything about: neither good nor bad.
constexpr std::int32_t neutral = 50;
/// A delay of this length or more scores 0.
constexpr std::int32_t worst_delay_minutes = 600;

/// What the safety agents leave of an option.
struct SafetyView {
  std::int32_t points = 0;
  /// Empty if no agent rejected it.
  std::string binding_constraint;
};

/// The mean over the safety agents of 100 for approved and 60 for conditional; 0 and the reason where one
/// rejected. `settled` is the agent whose matter the option itself settles, as by a serviceable aircraft.
SafetyView view_safety(const std::vector<AgentAssessment>& safety, std::string_view settled) {
  SafetyView view;
  std::int32_t sum = 0;
  for (const AgentAssessment& assessment : safety) {
    const bool is_settled = assessment.agent_name == settled && !assessment.failed;
    if (assessment.status == Verdict::rejected && !is_settled) {
      const std::string_view reason =
          assessment.constraints.empty() ? std::string_view("rejected") : assessment.constraints.front();
      return {0, fmt::format("{}: {}", assessment.agent_name, reason)};
    }
    sum += is_settled || assessment.status == Verdict::approved ? 100 : 60;
  }
  if (!safety.empty()) view.points = sum / static_cast<std::int32_t>(safety.size());
  return view;
}

bool rejected_by(const std::vector<AgentAssessment>& safety, std::string_view agent) {
  return std::any_of(safety.begin(), safety.end(), [&](const AgentAssessment& assessment) {
    return assessment.agent_name == agent && assessment.status == Verdict::rejected;
  });
}

std::int32_t delay_points(const Facts& facts) {
  if (!facts.delay) return neutral;
  const std::int32_t minutes = std::min(facts.delay->value.most_minutes, worst_delay_minutes);
  return 100 - 100 * minutes / worst_delay_minutes;
}

/// Like delay_points, less up to a half for the share of passengers whose connections are at stake.
std::int32_t network_points(const Facts& facts) {
  const std::int32_t points = delay_points(facts);
  if (!facts.passengers || !facts.connecting_passengers) return points;
  const std::int32_t connecting = std::min(facts.connecting_passengers->value, facts.passengers->value);
  return points - points * connecting / (2 * facts.passengers->value);
}

RecoveryOption wait_option(const Facts& facts, const std::vector<AgentAssessment>& safety) {
  SafetyView view = view_safety(safety, {});
  const bool flying = facts.phase && facts.phase->value == FlightPhase::in_flight;
  RecoveryOption option;
  option.name = flying ? "continue_flight" : "operate_with_delay";
  option.title = fmt::format("Operate {} once its conditions are met", flight_text(facts));
  if (facts.delay) {
    option.title =
        fmt::format("Operate {} with {} of delay", flight_text(facts), delay_text(facts.delay->value));
  }
  if (flying) option.title = "Continue to the destination by the commander's decision";
  option.binding_constraint = std::move(view.binding_constraint);
  option.scores = {view.points, delay_points(facts), delay_points(facts), network_points(facts)};
  option.basis = facts.delay ? fmt::format("cost, passenger and network fall with the delay to 0 at {}",
                                           duration_text(worst_delay_minutes))
                             : "no delay stated: cost, passenger and network are neutral";
  return option;
}

RecoveryOption swap_option(const Facts& facts, const std::vector<AgentAssessment>& safety) {
  SafetyView view = view_safety(safety, "maintenance");
  RecoveryOption option;
  option.name = "swap_aircraft";
  option.title = facts.replacement_registration ? fmt::format("Swap {} for {}", aircraft_text(facts),
                                                              facts.replacement_registration->value)
                                                : "Swap to another serviceable aircraft";
  option.binding_constraint = std::move(view.binding_constraint);
  option.scores = {view.points, neutral, neutral, neutral};
  option.basis =
      "presumes a serviceable aircraft; where it is, when and at what price nobody stated, so all but "
      "safety is neutral";
  return option;
}

RecoveryOption crew_option(const Facts& facts, const std::vector<AgentAssessment>& safety) {
  SafetyView view = view_safety(safety, "crew_compliance");
  RecoveryOption option;
  option.name = "change_crew";
  option.title = "Call out a fresh crew";
  option.binding_constraint = std::move(view.binding_constraint);
  option.scores = {view.points, neutral, delay_points(facts), network_points(facts)};
  option.basis = "presumes a rested crew; its call-out time and price nobody stated, so cost is neutral";
  return option;
}

RecoveryOption divert_option() {
  RecoveryOption option;
  option.name = "divert";
  option.title = "Divert to the nearest suitable airport";
  option.scores = {90, 20, 20, 20};
  option.basis = "the safest way on while flying; costly for everybody on board and for the rotation";
  return option;
}

RecoveryOption cancel_option(const Facts& facts) {
  RecoveryOption option;
  option.name = "cancel_and_rebook";
  option.title = fmt::format("Cancel {} and rebook everybody", flight_text(facts));
  option.scores = {100, 10, 10, 30};
  option.basis =
      "nothing flies, so nothing is unsafe; every passenger is moved and the aircraft stays where it is";
  return option;
}

}  // namespace

std::vector<RecoveryOption> rank_recovery_options(const Facts& facts,
                                                  const std::vector<AgentAssessment>& safety,
                                                  const ScoreWeights& weights) {
  const bool flying = facts.phase && facts.phase->value == FlightPhase::in_flight;
  std::vector<RecoveryOption> options;
  options.push_back(wait_option(facts, safety));
  // An option is listed only where it settles something that is in the way.
  const Cause* weather = facts.cause_of(CauseKind::weather);
  const bool aircraft_matters =
      facts.replacement_registration.has_value() || facts.cause_of(CauseKind::technical) != nullptr ||
      facts.cause_of(CauseKind::bird_strike) != nullptr ||
      (weather != nullptr && weather->detail == "lightning strike") || rejected_by(safety, "maintenance");
  const bool crew_matters =
      facts.cause_of(CauseKind::crew) != nullptr || rejected_by(safety, "crew_compliance");
  if (flying) {
    options.push_back(divert_option());
  } else {
    if (aircraft_matters) options.push_back(swap_option(facts, safety));
    if (crew_matters) options.push_back(crew_option(facts, safety));
    options.push_back(cancel_option(facts));
  }
  for (RecoveryOption& option : options) {
    const OptionScores& scores = option.scores;
    option.feasible = option.binding_constraint.empty();
    option.score = (weights.safety * scores.safety + weights.cost * scores.cost +
                    weights.passenger * scores.passenger + weights.network * scores.network) /
                   100;
  }
  std::sort(options.begin(), options.end(), [](const RecoveryOption& a, const RecoveryOption& b) {
    if (a.feasible != b.feasible) return a.feasible;
    return a.score != b.score ? a.score > b.score : a.name < b.name;
  });
  return options;
}

void write_recovery_options(JsonWriter& json, const std::vector<RecoveryOption>& options) {
  json.begin_array();
  std::int32_t rank = 0;
  for (const RecoveryOption& option : options) {
    json.begin_object()
        .member("rank", ++rank)
        .member("option", option.name)
        .member("title", std::string_view(option.title))
        .member("feasible", option.feasible)
        .key("binding_constraint");
    if (option.feasible) {
      json.null();
    } else {
      json.string(option.binding_constraint);
    }
    json.member("score", option.score)
        .key("scores")
        .begin_object()
        .member("safety", option.scores.safety)
        .member("cost", option.scores.cost)
        .member("passenger", option.scores.passenger)
        .member("network", option.scores.network)
        .end_object()
        .member("basis", std::string_view(option.basis))
        .end_object();
  }
  json.end_array();
}

}  // namespace skymarshal::agents
