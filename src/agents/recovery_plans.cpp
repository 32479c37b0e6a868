#include "agents/recovery_plans.hpp"

#include "agents/flight_match.hpp"
#include "reference/airports.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

constexpr std::size_t swaps_max = 3;
constexpr std::size_t relief_crews_max = 2;
/// From reporting to off-blocks, for a crew that is called out.
constexpr std::int32_t report_before_departure_minutes = 60;
/// Passengers and baggage can still be taken on by road from an airport this near.
constexpr std::int32_t alternate_within_km = 300;

PossiblePlan wait(const Situation& situation) {
  PossiblePlan possible{stated_plan(situation), {}, {}, {}};
  const bool flying = possible.plan.kind == PlanKind::continue_flight;
  possible.title =
      flying
          ? fmt::format("Continue {} to the destination by the commander's decision", flight_text(situation))
      : situation.delay ? fmt::format("Operate {} with {} of delay", flight_text(situation),
                                      facts::delay_text(situation.delay->value))
                        : fmt::format("Operate {} once its conditions are met", flight_text(situation));
  if (!flying && !situation.delay) possible.assumptions.emplace_back("The delay is not known.");
  return possible;
}

PossiblePlan swap_to(const Situation& situation, const SwapCandidate& candidate) {
  PossiblePlan possible{swap_plan(situation, candidate), {}, {}, {}};
  possible.title = fmt::format("Swap {} for {}", aircraft_text(situation), candidate.aircraft.registration);
  const std::int32_t seats = candidate.aircraft.seats();
  if (situation.passengers && situation.passengers->value > seats) {
    possible.assumptions.push_back(fmt::format("{} passengers do not fit its {} seats: {} are rebooked.",
                                               situation.passengers->value, seats,
                                               situation.passengers->value - seats));
  }
  return possible;
}

void add_swaps(const Situation& situation, std::vector<PossiblePlan>& plans) {
  const std::string named = situation.facts.replacement_registration
                                ? situation.facts.replacement_registration->value
                                : std::string();
  const bool named_is_known =
      std::any_of(situation.candidates.begin(), situation.candidates.end(),
                  [&](const SwapCandidate& known) { return known.aircraft.registration == named; });
  for (const SwapCandidate& candidate : situation.candidates) {
    if (plans.size() > swaps_max) break;
    plans.push_back(swap_to(situation, candidate));
  }
  if (!named.empty() && !named_is_known) {
    PossiblePlan possible{plan_in_question(situation), {}, {}, {}};
    possible.title = fmt::format("Swap {} for {}", aircraft_text(situation), named);
    possible.assumptions.push_back(fmt::format("Where {} is and when it is ready is not on file.", named));
    plans.push_back(std::move(possible));
  }
  if (!situation.candidates.empty() || !named.empty()) return;
  PossiblePlan possible;
  possible.plan.kind = PlanKind::swap_aircraft;
  possible.title = "Swap to another serviceable aircraft";
  if (situation.database == DatabaseUse::matched) {
    possible.barred_by = fmt::format(
        "No other aircraft of the operator is at {} within 12 h of the departure.", situation.record->origin);
  } else {
    possible.plan.replacement_registration = "another aircraft";
    possible.assumptions.emplace_back("Which aircraft is free, where and when, is not on file.");
  }
  plans.push_back(std::move(possible));
}

/// The crew is called at the scheduled departure, and leaves when it has come and been briefed.
PossiblePlan relieve_by(const Situation& situation, const ops::CrewDuty& crew) {
  PossiblePlan possible{stated_plan(situation), {}, {}, {}};
  Plan& plan = possible.plan;
  plan.kind = PlanKind::change_crew;
  plan.relief_crew = &crew;
  possible.title = fmt::format("Call out the standby crew {}", crew.duty.id);
  const std::int32_t ready = crew.duty.call_out_minutes + report_before_departure_minutes;
  // Without a defect to mend, nothing but the crew itself is waited for.
  const bool crew_is_the_cause =
      situation.facts.cause_of(facts::CauseKind::crew) != nullptr && situation.facts.causes.size() == 1;
  const Delay stated = plan.departure_delay && !crew_is_the_cause ? *plan.departure_delay : Delay{};
  plan.departure_delay = Delay{std::max(stated.least_minutes, ready), std::max(stated.most_minutes, ready)};
  plan.arrival_delay = plan.departure_delay;
  plan.delay_reason = fmt::format("call-out of {} min and {} min to departure", crew.duty.call_out_minutes,
                                  report_before_departure_minutes);
  return possible;
}

/// True if every member may operate the aircraft's type, or nobody knows the type.
bool is_rated(const Situation& situation, const ops::CrewDuty& crew) {
  if (!situation.aircraft_type) return true;
  return std::all_of(crew.members.begin(), crew.members.end(), [&](const ops::CrewMember& member) {
    return member.types.find(situation.aircraft_type->value->icao) != std::string::npos;
  });
}

/// Crews of the type first: another one is only named to say why it cannot help.
void add_relief_crews(const Situation& situation, std::vector<PossiblePlan>& plans) {
  std::size_t added = 0;
  for (const bool rated : {true, false}) {
    for (const ops::CrewDuty& crew : situation.standbys) {
      if (is_rated(situation, crew) != rated || added == relief_crews_max) continue;
      plans.push_back(relieve_by(situation, crew));
      ++added;
    }
  }
  if (added > 0) return;
  PossiblePlan possible{stated_plan(situation), "Call out a fresh crew", {}, {}};
  possible.plan.kind = PlanKind::change_crew;
  if (situation.database == DatabaseUse::matched) {
    possible.barred_by =
        fmt::format("No standby crew is rostered at {} at the time of departure.", situation.record->origin);
  } else {
    possible.assumptions.emplace_back("That a rested crew is on standby, and where, is not on file.");
  }
  plans.push_back(std::move(possible));
}

/// The nearest other airport of the table within reach by road; nullptr if there is none.
const reference::Airport* alternate_of(const ops::Airport& destination, std::int32_t& distance_km) {
  const reference::Airport* nearest = nullptr;
  distance_km = alternate_within_km + 1;
  for (const reference::Airport& airport : reference::all_airports()) {
    if (airport.iata == destination.iata) continue;
    const std::int32_t km = reference::great_circle_km({airport.latitude_deg, airport.longitude_deg},
                                                       {destination.latitude_deg, destination.longitude_deg});
    if (km >= distance_km) continue;
    distance_km = km;
    nearest = &airport;
  }
  return nearest;
}

PossiblePlan reroute(const Situation& situation) {
  PossiblePlan possible{stated_plan(situation), "Reroute to another airport", {}, {}};
  possible.plan.kind = PlanKind::reroute;
  if (!situation.destination) {
    possible.barred_by = "The destination is not known.";
    return possible;
  }
  const ops::Airport& destination = situation.destination->value;
  std::int32_t km = 0;
  const reference::Airport* alternate = alternate_of(destination, km);
  if (alternate == nullptr) {
    possible.barred_by = fmt::format("No other airport on file lies within {} km of {}.", alternate_within_km,
                                     destination.iata);
    return possible;
  }
  possible.plan.destination = airport_row(*alternate);
  possible.title =
      fmt::format("Reroute to {} and carry on to {} by road ({} km)", alternate->iata, destination.iata, km);
  const bool helps = situation.facts.cause_of(facts::CauseKind::airport_closure) != nullptr ||
                     situation.facts.cause_of(facts::CauseKind::weather) != nullptr ||
                     situation.facts.cause_of(facts::CauseKind::security) != nullptr ||
                     situation.facts.cause_of(facts::CauseKind::atc) != nullptr;
  const bool has_curfew = destination.curfew_begin_minute.has_value();
  if (!helps && !has_curfew) {
    possible.barred_by = fmt::format(
        "Nothing that is known bars {} itself: another airport removes no cause.", destination.iata);
  }
  possible.assumptions.push_back(
      fmt::format("Slot, handling and customs at {} are not on file.", alternate->iata));
  return possible;
}

PossiblePlan divert(const Situation& situation) {
  PossiblePlan possible;
  possible.plan.kind = PlanKind::divert;
  possible.title = "Divert to the nearest suitable airport";
  if (situation.facts.diversion_airport) {
    possible.title = fmt::format("Divert to {}", situation.facts.diversion_airport->value);
  }
  possible.assumptions.emplace_back("The commander decides where; handling there is not on file.");
  return possible;
}

PossiblePlan cancel(const Situation& situation) {
  PossiblePlan possible;
  possible.plan.kind = PlanKind::cancel_and_rebook;
  possible.title = fmt::format("Cancel {} and rebook everybody", flight_text(situation));
  if (situation.database != DatabaseUse::matched) {
    possible.assumptions.emplace_back("Seats on later flights are not on file.");
  }
  return possible;
}

}  // namespace

std::vector<PossiblePlan> possible_plans(const Situation& situation) {
  std::vector<PossiblePlan> plans;
  plans.push_back(wait(situation));
  if (plans.front().plan.kind == PlanKind::continue_flight) {
    plans.push_back(divert(situation));
    return plans;
  }
  add_swaps(situation, plans);
  add_relief_crews(situation, plans);
  plans.push_back(reroute(situation));
  plans.push_back(cancel(situation));
  return plans;
}

}  // namespace skymarshal::agents
