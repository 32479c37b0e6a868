#include "agents/assessment/agent.hpp"
#include "agents/assessment/airport_movement.hpp"
#include "agents/assessment/crew.hpp"
#include "agents/assessment/recovery.hpp"
#include "agents/assessment/understanding.hpp"
#include "agents/reference/airports.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

constexpr std::size_t swaps_max = 3;
constexpr std::size_t relief_crews_max = 2;
/// From reporting to off-blocks, for a crew that is called out.
constexpr std::int32_t report_before_departure_minutes = 60;
/// Passengers and baggage can still be taken on by road from an airport this near.
constexpr std::int32_t alternate_within_km = 300;

bool has_cause(const Situation& situation, facts::CauseKind kind) {
  return situation.facts.cause_of(kind) != nullptr;
}

bool has_diverted(const Situation& situation) {
  return situation.phase && situation.phase->value == facts::FlightPhase::diverted;
}

/// True if the database was asked and answered: what it did not bring is then not there.
bool was_looked_up(const Situation& situation, Lookup lookup) {
  return situation.database == DatabaseUse::matched && !situation.failed(lookup);
}

/// "Which aircraft is free is not on file.", or that it could not be looked up.
std::string unknown_text(const Situation& situation, Lookup lookup, std::string_view what) {
  const bool failed = situation.failed(lookup) || situation.failed(Lookup::flights);
  return fmt::format("{} {}.", what, failed ? "could not be looked up" : "is not on file");
}

/// True if every member may operate the type.
bool may_fly(const ops::CrewDuty& crew, std::string_view type) {
  return std::all_of(crew.members.begin(), crew.members.end(), [&](const ops::CrewMember& member) {
    return member.types.find(type) != std::string::npos;
  });
}

/// Why another aircraft is no help; empty if it may be one.
std::string swap_bar(const Situation& situation) {
  if (has_diverted(situation)) {
    return fmt::format("{} has left: another aircraft at the airport of departure cannot take it over.",
                       flight_text(situation));
  }
  const bool nothing_stated =
      situation.facts.causes.empty() && !situation.delay && !situation.facts.replacement_registration;
  if (!nothing_stated && !holds_any_aircraft(situation)) return {};
  const Verdict airworthy = assess_maintenance(situation, stated_plan(situation)).status;
  if (nothing_stated) {
    return airworthy == Verdict::approved
               ? fmt::format("Nothing that is known stands against {}.", aircraft_text(situation))
               : std::string();
  }
  if (airworthy == Verdict::rejected) return {};
  std::vector<std::string> causes;
  for (const auto& cause : situation.facts.causes) causes.push_back(facts::cause_text(cause.value));
  return fmt::format("The aircraft is not the cause ({}): another one waits as long.",
                     fmt::join(causes, ", "));
}

/// Why another crew is no help; empty if it may be one.
std::string relief_bar(const Situation& situation) {
  if (has_diverted(situation)) {
    return fmt::format("{} has left: a crew at the airport of departure cannot take it over.",
                       flight_text(situation));
  }
  if (!situation.delay || has_cause(situation, facts::CauseKind::crew)) return {};
  const bool legal = assess_crew_compliance(situation, stated_plan(situation)).status == Verdict::approved;
  return legal ? "The planned crew stays within its limits: another one changes nothing." : "";
}

PossiblePlan wait(const Situation& situation) {
  PossiblePlan possible{stated_plan(situation), {}, {}, {}};
  const bool flying = possible.plan.kind == PlanKind::continue_flight;
  possible.title =
      flying
          ? fmt::format("Continue {} to the destination by the commander's decision", flight_text(situation))
      : has_diverted(situation) ? fmt::format("Fly {} on from where it diverted to", flight_text(situation))
      : situation.delay && situation.delay->value.most_minutes == 0
          ? fmt::format("Operate {} as planned", flight_text(situation))
      : situation.delay ? fmt::format("Operate {} with {} of delay", flight_text(situation),
                                      facts::delay_text(situation.delay->value))
                        : fmt::format("Operate {} once its conditions are met", flight_text(situation));
  if (!flying && !situation.delay) possible.assumptions.emplace_back("The delay is not known.");
  return possible;
}

PossiblePlan swap_to(const Situation& situation, const SwapCandidate& candidate) {
  PossiblePlan possible{swap_plan(situation, candidate), {}, {}, {}};
  possible.title = fmt::format("Swap {} for {}", aircraft_text(situation), candidate.aircraft.registration);
  possible.barred_by = swap_bar(situation);
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
  // Aircraft that the crew may fly first, after the one that was asked for: others are only named to say why
  // they cannot help.
  for (const bool fits : {true, false}) {
    for (const SwapCandidate& candidate : situation.candidates) {
      const bool rated = !situation.duty || candidate.aircraft.registration == named ||
                         may_fly(situation.duty->value, candidate.aircraft.type);
      if (rated != fits || plans.size() > swaps_max) continue;
      plans.push_back(swap_to(situation, candidate));
    }
  }
  if (!named.empty() && !named_is_known) {
    PossiblePlan possible{plan_in_question(situation), {}, {}, {}};
    possible.title = fmt::format("Swap {} for {}", aircraft_text(situation), named);
    possible.barred_by = swap_bar(situation);
    possible.assumptions.push_back(fmt::format("Where {} is and when it is ready is not on file.", named));
    plans.push_back(std::move(possible));
  }
  if (!situation.candidates.empty() || !named.empty()) return;
  PossiblePlan possible;
  possible.plan.kind = PlanKind::swap_aircraft;
  possible.title = "Swap to another serviceable aircraft";
  possible.barred_by = swap_bar(situation);
  if (was_looked_up(situation, Lookup::candidates)) {
    possible.barred_by = fmt::format(
        "No other aircraft of the operator is at {} within 12 h of the departure.", situation.record->origin);
  } else {
    possible.plan.replacement_registration = "another aircraft";
    possible.assumptions.push_back(
        unknown_text(situation, Lookup::candidates, "Which aircraft is free, where and when,"));
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
      has_cause(situation, facts::CauseKind::crew) && situation.facts.causes.size() == 1;
  possible.barred_by = relief_bar(situation);
  // Nobody knows how long the rest of the cause lasts.
  if (!plan.departure_delay && !crew_is_the_cause) return possible;
  const Delay stated = plan.departure_delay && !crew_is_the_cause ? *plan.departure_delay : Delay{};
  plan.departure_delay = Delay{std::max(stated.least_minutes, ready), std::max(stated.most_minutes, ready)};
  plan.arrival_delay = plan.departure_delay;
  plan.delay_reason = fmt::format("call-out of {} min and {} min to departure", crew.duty.call_out_minutes,
                                  report_before_departure_minutes);
  return possible;
}

/// True if every member may operate the aircraft's type, or nobody knows the type.
bool is_rated(const Situation& situation, const ops::CrewDuty& crew) {
  return !situation.aircraft_type || may_fly(crew, situation.aircraft_type->value->icao);
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
  possible.barred_by = relief_bar(situation);
  if (was_looked_up(situation, Lookup::standbys)) {
    possible.barred_by =
        fmt::format("No standby crew is rostered at {} at the time of departure.", situation.record->origin);
  } else {
    possible.assumptions.push_back(
        unknown_text(situation, Lookup::standbys, "That a rested crew is on standby, and where,"));
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

/// True if a cause is stated that bars an airport, and not that it is another one than the destination.
bool may_be_at_destination(const Situation& situation) {
  using enum facts::CauseKind;
  const std::string& destination = situation.destination->value.iata;
  const auto bars = [&](const facts::Fact<facts::Cause>& cause) {
    const facts::CauseKind kind = cause.value.kind;
    const bool of_airports = kind == airport_closure || kind == weather || kind == security || kind == atc;
    return of_airports && (cause.value.place.empty() || cause.value.place == destination);
  };
  return std::any_of(situation.facts.causes.begin(), situation.facts.causes.end(), bars);
}

/// True if curfew or night quota of the destination stand against the arrival as stated.
bool night_is_against_it(const Situation& situation) {
  const Movement arrival{
      MovementKind::arrival,
      &situation.destination->value,
      {},
      situation.local_arrival ? std::optional(situation.local_arrival->value) : std::nullopt,
      local_arrival_of(situation, stated_plan(situation))};
  Opinion opinion("regulatory");
  judge_movement(opinion, arrival);
  return arrival.moved && std::move(opinion).finish().status != Verdict::approved;
}

PossiblePlan rerouting_plan(const Situation& situation) {
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
  if (has_diverted(situation)) {
    possible.barred_by = fmt::format("{} has diverted already.", flight_text(situation));
  } else if (!may_be_at_destination(situation) && !night_is_against_it(situation)) {
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
  if (!was_looked_up(situation, Lookup::later_flights)) {
    possible.assumptions.push_back(
        unknown_text(situation, Lookup::later_flights, "Which later flights have seats"));
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
  plans.push_back(rerouting_plan(situation));
  plans.push_back(cancel(situation));
  return plans;
}

}  // namespace skymarshal::agents::assessment
