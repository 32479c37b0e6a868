#include "agents/assessment/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

template <typename Time>
std::optional<Span<Time>> shifted(const Maybe<Time>& planned, const std::optional<Delay>& delay) {
  if (!planned || !delay) return std::nullopt;
  return Span<Time>{planned->value + std::chrono::minutes(delay->least_minutes),
                    planned->value + std::chrono::minutes(delay->most_minutes)};
}

/// The local times of `instants` at `place`, where clocks may change between timetable and plan; `otherwise`
/// if the instants are not known.
std::optional<Span<LocalMinutes>> on_the_wall(const Maybe<ops::Airport>& place,
                                              const std::optional<Span<UtcMinutes>>& instants,
                                              const std::optional<Span<LocalMinutes>>& otherwise) {
  if (!place || !instants) return otherwise;
  const auto earliest = reference::to_local(place->value.time_zone, instants->earliest);
  const auto latest = reference::to_local(place->value.time_zone, instants->latest);
  if (!earliest || !latest) return otherwise;
  return Span<LocalMinutes>{*earliest, *latest};
}

/// The later of the aircraft being there and everything being moved over.
Delay delay_until_ready(const Situation& situation, const SwapCandidate& candidate) {
  const auto wait = static_cast<std::int32_t>((candidate.ready - situation.departure->value).count());
  const std::int32_t late = std::max(swap_minutes, wait);
  return {late, late};
}

}  // namespace

std::string_view name_of(PlanKind kind) {
  switch (kind) {
    case PlanKind::operate_with_delay:
      return "operate_with_delay";
    case PlanKind::swap_aircraft:
      return "swap_aircraft";
    case PlanKind::change_crew:
      return "change_crew";
    case PlanKind::reroute:
      return "reroute";
    case PlanKind::cancel_and_rebook:
      return "cancel_and_rebook";
    case PlanKind::continue_flight:
      return "continue_flight";
    case PlanKind::divert:
      return "divert";
  }
  return {};
}

Plan stated_plan(const Situation& situation) {
  Plan plan;
  const bool flying = situation.phase && situation.phase->value == facts::FlightPhase::in_flight;
  if (flying) plan.kind = PlanKind::continue_flight;
  if (!situation.delay) return plan;
  plan.departure_delay = situation.delay->value;
  plan.arrival_delay = situation.delay->value;
  plan.delay_reason = situation.delay->source;
  return plan;
}

bool holds_any_aircraft(const Situation& situation) {
  const auto is_elsewhere = [](const facts::Fact<facts::Cause>& cause) {
    const facts::CauseKind kind = cause.value.kind;
    const bool lightning = kind == facts::CauseKind::weather && cause.value.detail == "lightning strike";
    return kind != facts::CauseKind::technical && kind != facts::CauseKind::bird_strike && !lightning;
  };
  const auto& causes = situation.facts.causes;
  return !causes.empty() && std::all_of(causes.begin(), causes.end(), is_elsewhere);
}

Plan swap_plan(const Situation& situation, const SwapCandidate& candidate) {
  Plan plan;
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement = &candidate;
  plan.replacement_registration = candidate.aircraft.registration;
  const bool held = holds_any_aircraft(situation);
  if (!situation.departure || (held && !situation.delay)) return plan;
  Delay late = delay_until_ready(situation, candidate);
  if (held) {
    const Delay& stated = situation.delay->value;
    late = {std::max(late.least_minutes, stated.least_minutes),
            std::max(late.most_minutes, stated.most_minutes)};
  }
  plan.departure_delay = late;
  plan.arrival_delay = late;
  plan.delay_reason =
      fmt::format("{} is there at {}, and a swap takes {} min from the scheduled departure",
                  candidate.aircraft.registration, reference::instant_text(candidate.ready), swap_minutes);
  return plan;
}

Plan plan_in_question(const Situation& situation) {
  Plan plan = stated_plan(situation);
  if (!situation.facts.replacement_registration || plan.kind == PlanKind::continue_flight) return plan;
  const std::string& registration = situation.facts.replacement_registration->value;
  const auto candidate =
      std::find_if(situation.candidates.begin(), situation.candidates.end(),
                   [&](const SwapCandidate& known) { return known.aircraft.registration == registration; });
  if (candidate != situation.candidates.end()) return swap_plan(situation, *candidate);
  plan.kind = PlanKind::swap_aircraft;
  plan.replacement_registration = registration;
  return plan;
}

std::optional<Span<UtcMinutes>> departure_of(const Situation& situation, const Plan& plan) {
  return shifted(situation.departure, plan.departure_delay);
}

std::optional<Span<UtcMinutes>> arrival_of(const Situation& situation, const Plan& plan) {
  return shifted(situation.arrival, plan.arrival_delay);
}

std::optional<Span<LocalMinutes>> local_departure_of(const Situation& situation, const Plan& plan) {
  return on_the_wall(situation.origin, departure_of(situation, plan),
                     shifted(situation.local_departure, plan.departure_delay));
}

std::optional<Span<LocalMinutes>> local_arrival_of(const Situation& situation, const Plan& plan) {
  return on_the_wall(situation.destination, arrival_of(situation, plan),
                     shifted(situation.local_arrival, plan.arrival_delay));
}

}  // namespace skymarshal::agents::assessment
