#include "agents/assessment/network.hpp"

#include "agents/assessment/agent.hpp"
#include "agents/rules/turnaround.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using std::chrono::minutes;

constexpr std::string_view from_flights = "operations database, flights";
constexpr std::string_view from_bookings = "operations database, bookings";

bool same_flight(const ops::Flight& a, const ops::Flight& b) {
  return a.number == b.number && a.date == b.date;
}

/// The aircraft that the plan would fly, where the database knows it.
const ops::Aircraft* flown_by(const Situation& situation, const Plan& plan) {
  if (plan.replacement != nullptr) return &plan.replacement->aircraft;
  if (plan.swaps() || !situation.aircraft) return nullptr;
  return &situation.aircraft->value;
}

const reference::AircraftType* type_of(const Situation& situation, const ops::Aircraft* aircraft) {
  if (aircraft != nullptr) return reference::find_aircraft_type(aircraft->type);
  return situation.aircraft_type ? situation.aircraft_type->value : nullptr;
}

std::int32_t turnaround_of(const Situation& situation, const ops::Aircraft* aircraft) {
  if (aircraft != nullptr && aircraft->turnaround_minutes_min > 0) return aircraft->turnaround_minutes_min;
  return rules::assumed_turnaround_minutes(type_of(situation, aircraft));
}

/// An aircraft on its way along its flights.
struct Walk {
  std::string place;
  /// When it would be there by the timetable, and when it is there.
  UtcMinutes planned;
  UtcMinutes actual;
  std::int32_t turnaround_minutes = 0;
  /// It stands there made ready: its first flight needs no turnaround.
  bool is_ready = false;
};

/// Adds what leaves late; returns where the delay is absorbed, or nothing if the known flights do not do it.
std::string follow(Walk walk, const std::vector<ops::Flight>& flights, std::vector<KnockOn>& delayed) {
  for (const ops::Flight& flight : flights) {
    // A flight that is not on file lies between.
    if (flight.origin != walk.place) return {};
    // Who plans less than the minimum is held to what he plans.
    const std::int32_t ground = minutes_between(walk.planned, flight.scheduled_departure);
    const minutes turnaround(walk.is_ready ? 0 : std::clamp(ground, 0, walk.turnaround_minutes));
    const std::int32_t late = minutes_between(flight.scheduled_departure, walk.actual + turnaround);
    if (late <= 0) return walk.place;
    delayed.push_back({&flight, late, walk.actual, static_cast<std::int32_t>(turnaround.count())});
    walk = {flight.destination, flight.scheduled_arrival, flight.scheduled_arrival + minutes(late),
            walk.turnaround_minutes};
  }
  return flights.empty() ? walk.place : std::string();
}

/// Nobody knows when the planned aircraft can leave: it has a defect or is grounded, and no time is stated.
bool is_out_of_order(const Situation& situation) {
  const facts::Facts& facts = situation.facts;
  const bool grounded =
      facts.maintenance_state && facts.maintenance_state->value == facts::MaintenanceState::grounded;
  return grounded || facts.cause_of(facts::CauseKind::technical) != nullptr ||
         facts.cause_of(facts::CauseKind::bird_strike) != nullptr ||
         std::any_of(situation.items.begin(), situation.items.end(),
                     [](const ops::MaintenanceItem& item) { return item.grounding; });
}

/// The planned aircraft flies what its replacement was to fly, once it can leave.
void follow_exchanged(const Situation& situation, const SwapCandidate& candidate, NetworkImpact& impact) {
  if (candidate.own_flights.empty()) return;
  const Maybe<Delay>& unfit = situation.repair ? situation.repair : situation.delay;
  if (!situation.departure || !situation.origin) return;
  if (!unfit && is_out_of_order(situation)) {
    impact.without_aircraft = &candidate.own_flights.front();
    return;
  }
  const ops::Aircraft* planned = situation.aircraft ? &situation.aircraft->value : nullptr;
  // It stands at the origin, made ready for the flight that it does not fly: nothing but the repair takes
  // time.
  const UtcMinutes planned_ready = situation.departure->value;
  const Walk walk{situation.origin->value.iata, planned_ready,
                  planned_ready + minutes(unfit ? unfit->value.most_minutes : 0),
                  turnaround_of(situation, planned), true};
  follow(walk, candidate.own_flights, impact.delayed);
}

/// A connection also waits as long as its own aircraft is late because of the plan.
std::int32_t knock_on_of(const std::vector<KnockOn>& delayed, const ops::Flight& onward) {
  std::int32_t late = 0;
  for (const KnockOn& knock_on : delayed) {
    if (same_flight(*knock_on.flight, onward)) late = std::max(late, knock_on.delay_minutes);
  }
  return late;
}

/// The minimum connecting time, or what the timetable allows where that is less.
std::int32_t needed_minutes(const Situation& situation, const Connection& connection) {
  const std::int32_t planned =
      minutes_between(situation.arrival->value, connection.onward.scheduled_departure);
  return std::min(connection.connecting_minutes_min, std::max(0, planned));
}

void find_missed(const Situation& situation, UtcMinutes arrival, NetworkImpact& impact) {
  for (const Connection& connection : situation.connections) {
    const UtcMinutes leaves = connection.onward.scheduled_departure;
    const std::int32_t needed = needed_minutes(situation, connection);
    const std::int32_t have =
        minutes_between(arrival, leaves) + knock_on_of(impact.delayed, connection.onward);
    if (have < needed) impact.missed.push_back({&connection, needed - have});
  }
}

std::string leg_text(const ops::Flight& flight) {
  return fmt::format("{} {}-{} at {}", flight.number, flight.origin, flight.destination,
                     reference::instant_text(flight.scheduled_departure));
}

void use_turnaround(Opinion& opinion, const Situation& situation, const ops::Aircraft* aircraft) {
  const std::int32_t needed = turnaround_of(situation, aircraft);
  const bool own = aircraft != nullptr && aircraft->turnaround_minutes_min > 0;
  apply_named(opinion, own ? rules::own_turnaround_citation : rules::assumed_turnaround_citation,
              fmt::format("At least {} min between two flights.", needed));
}

/// Facts and arithmetic of one knock-on; its sentence.
std::string knock_on_text(Opinion& opinion, const KnockOn& knock_on) {
  const ops::Flight& flight = *knock_on.flight;
  opinion.use(fmt::format("flight {}", flight.number), leg_text(flight), std::string(from_flights));
  opinion.calculate(fmt::format("delay of {}", flight.number),
                    fmt::format("{} (its aircraft is there) + {} min - {}",
                                reference::instant_text(knock_on.aircraft_there), knock_on.turnaround_minutes,
                                reference::instant_text(flight.scheduled_departure)),
                    fmt::format("{} min", knock_on.delay_minutes));
  return fmt::format("{} from {} by {} min", flight.number, flight.origin, knock_on.delay_minutes);
}

void speak_of_rotation(Opinion& opinion, const Situation& situation, const Plan& plan,
                       const NetworkImpact& impact) {
  const ops::Aircraft* aircraft = flown_by(situation, plan);
  use_turnaround(opinion, situation, aircraft);
  std::string flights;
  for (const KnockOn& knock_on : impact.delayed)
    flights += (flights.empty() ? "" : ", ") + knock_on_text(opinion, knock_on);
  if (!flights.empty()) {
    opinion.limit(Verdict::conditional);
    opinion.calculate("knock-on delay", fmt::format("sum over {} flights", impact.delayed.size()),
                      fmt::format("{} min", impact.knock_on_minutes()));
    opinion.say(
        fmt::format("Later flights leave late: {}; {} min in all.", flights, impact.knock_on_minutes()));
    opinion.recommend(fmt::format("Tell {} of the late flights, or give them another aircraft.",
                                  impact.delayed.size() == 1 ? "the station" : "the stations"));
  }
  if (!impact.absorbed_at.empty()) {
    const bool late = plan.arrival_delay && plan.arrival_delay->most_minutes > 0;
    opinion.say(late ? fmt::format("The delay is absorbed on the ground at {}.", impact.absorbed_at)
                     : fmt::format("The flights after {} begin on time.", impact.absorbed_at));
  } else {
    opinion.limit(Verdict::conditional);
    opinion.say("The delay is not absorbed within the flights of the aircraft that are on file.");
  }
  if (!plan.swaps()) return;
  if (plan.replacement == nullptr) {
    opinion.wants(false, fmt::format("flights that {} is planned to fly", plan.replacement_registration));
    return;
  }
  const SwapCandidate& candidate = *plan.replacement;
  if (candidate.own_flights.empty()) {
    opinion.say(
        fmt::format("{} is planned for no other flight in this time.", candidate.aircraft.registration));
    return;
  }
  const ops::Flight& first = candidate.own_flights.front();
  opinion.use(fmt::format("flight {}", first.number), leg_text(first), std::string(from_flights));
  if (impact.without_aircraft != nullptr) {
    opinion.limit(Verdict::conditional);
    opinion.say(fmt::format("{} loses its aircraft, and when {} can take over is not known.", first.number,
                            aircraft_text(situation)));
    opinion.require(fmt::format("{} has no aircraft.", leg_text(first)));
  } else {
    opinion.say(fmt::format("{} takes over the flights of {} from {} on.", aircraft_text(situation),
                            candidate.aircraft.registration, first.number));
  }
  const bool known = situation.repair || situation.delay || impact.without_aircraft == nullptr;
  if (opinion.wants(known, "time to repair the planned aircraft"))
    opinion.use(situation.repair ? situation.repair : situation.delay,
                "until the planned aircraft can leave");
}

std::string alternative_text(Opinion& opinion, const MissedConnection& missed) {
  const Connection& connection = *missed.connection;
  const auto seats = std::find_if(connection.later.begin(), connection.later.end(),
                                  [](const Connection::Seats& later) { return later.free > 0; });
  if (seats == connection.later.end())
    return fmt::format("no later flight with seats to {} is on file", connection.onward.destination);
  const std::string text = fmt::format("{}, {} seats free", leg_text(seats->flight), seats->free);
  opinion.use(fmt::format("seats on {}", seats->flight.number), text, std::string(from_bookings));
  return text;
}

void speak_of_missed(Opinion& opinion, const Situation& situation, const MissedConnection& missed) {
  const Connection& connection = *missed.connection;
  const ops::Flight& onward = connection.onward;
  opinion.use(fmt::format("connection to {}", onward.number),
              fmt::format("{} passengers for {}", connection.passengers, leg_text(onward)),
              std::string(from_bookings));
  const std::string later = alternative_text(opinion, missed);
  if (missed.short_minutes == 0) {
    opinion.say(fmt::format("{} passengers do not get to {}.", connection.passengers, leg_text(onward)));
    opinion.recommend(fmt::format("For those of {}: {}.", onward.number, later));
    return;
  }
  const std::int32_t needed = needed_minutes(situation, connection);
  const std::int32_t between = needed - missed.short_minutes;
  opinion.calculate(
      fmt::format("connection to {}", onward.number),
      between < 0 ? fmt::format("{} min needed + {} min of arrival after the departure", needed, -between)
                  : fmt::format("{} min needed - {} min between arrival and departure", needed, between),
      fmt::format("{} min short", missed.short_minutes));
  opinion.say(fmt::format("{} passengers miss {} by {} min.", connection.passengers, leg_text(onward),
                          missed.short_minutes));
  opinion.recommend(fmt::format("For those who miss {}: {}; or hold {} by {} min.", onward.number, later,
                                onward.number, missed.short_minutes));
}

void speak_of_connections(Opinion& opinion, const Situation& situation, const NetworkImpact& impact) {
  std::int32_t connecting = 0;
  for (const Connection& connection : situation.connections) connecting += connection.passengers;
  opinion.calculate("connecting passengers", "sum over the bookings with an onward flight",
                    std::to_string(connecting));
  if (connecting == 0) {
    opinion.say("No passenger connects.");
    return;
  }
  opinion.calculate(
      "passengers who miss their connection",
      fmt::format("sum over {} of {} onward flights", impact.missed.size(), situation.connections.size()),
      std::to_string(impact.missed_passengers()));
  if (impact.missed.empty()) {
    opinion.say(fmt::format("All {} connecting passengers reach their onward flights.", connecting));
    return;
  }
  opinion.limit(Verdict::conditional);
  const Connection& first = *impact.missed.front().connection;
  apply_named(
      opinion, rules::connecting_time_citation,
      fmt::format("{} min between flights at {}.", first.connecting_minutes_min, first.onward.origin));
  opinion.say(fmt::format("{} of {} connecting passengers miss their onward flight.",
                          impact.missed_passengers(), connecting));
  for (const MissedConnection& missed : impact.missed) speak_of_missed(opinion, situation, missed);
}

/// Connections of which only a number and perhaps a time are stated.
void speak_of_stated_connections(Opinion& opinion, const Situation& situation, const Plan& plan) {
  if (!opinion.knows(situation.connecting_passengers, "number of connecting passengers")) return;
  if (situation.connecting_passengers->value == 0) return;
  if (!opinion.knows(situation.facts.connection_minutes, "onward flights of the connecting passengers"))
    return;
  if (!plan.arrival_delay) return;
  const std::int32_t by_timetable = situation.facts.connection_minutes->value;
  const std::int32_t left = by_timetable - plan.arrival_delay->most_minutes;
  opinion.calculate("time left to connect",
                    fmt::format("{} min - {} min of delay", by_timetable, plan.arrival_delay->most_minutes),
                    fmt::format("{} min", left));
  const auto minimum =
      situation.destination ? situation.destination->value.connecting_minutes_min : std::nullopt;
  if (left < minimum.value_or(0)) {
    opinion.limit(Verdict::conditional);
    opinion.say(fmt::format("With {} min left, the {} connecting passengers miss their onward flights.", left,
                            situation.connecting_passengers->value));
    opinion.recommend(fmt::format("Protect seats on later flights for the {} connecting passengers.",
                                  situation.connecting_passengers->value));
  } else if (minimum) {
    apply_named(opinion, rules::connecting_time_citation, fmt::format("{} min between flights.", *minimum));
    opinion.say(fmt::format("With {} min left, the connecting passengers reach their onward flights.", left));
  } else {
    opinion.wants(false, "minimum connecting time of the airport");
  }
}

bool connections_known(const Situation& situation) {
  return situation.bookings_known && !situation.failed(Lookup::connections);
}

void speak_of_rest(Opinion& opinion, const Situation& situation, const Plan& plan) {
  if (!plan.flies()) {
    opinion.limit(Verdict::conditional);
    opinion.say(
        fmt::format("{} stays where it is: its later flights need another aircraft, or a flight without "
                    "passengers to where they begin.",
                    aircraft_text(situation)));
    for (const ops::Flight& flight : situation.onward_flights)
      opinion.use(fmt::format("flight {}", flight.number), leg_text(flight), std::string(from_flights));
    if (!situation.onward_flights.empty())
      opinion.require(fmt::format("{} has no aircraft.", leg_text(situation.onward_flights.front())));
  } else if (plan.destination) {
    opinion.limit(Verdict::conditional);
    opinion.say(
        fmt::format("{} lands at {}: its later flights begin elsewhere, and whoever connects is not there.",
                    aircraft_text(situation), plan.destination->iata));
  }
}

}  // namespace

std::int32_t NetworkImpact::knock_on_minutes() const {
  std::int32_t sum = 0;
  for (const KnockOn& knock_on : delayed) sum += knock_on.delay_minutes;
  return sum;
}

std::int32_t NetworkImpact::missed_passengers() const {
  std::int32_t sum = 0;
  for (const MissedConnection& missed_one : missed) sum += missed_one.connection->passengers;
  return sum;
}

NetworkImpact network_impact(const Situation& situation, const Plan& plan) {
  NetworkImpact impact;
  const auto arrival = arrival_of(situation, plan);
  if (!plan.flies() || !arrival || !situation.arrival) return impact;
  impact.connections_known = connections_known(situation);
  if (plan.destination) {
    // Nobody and nothing gets to where the timetable goes on.
    for (const Connection& connection : situation.connections) impact.missed.push_back({&connection, 0});
    return impact;
  }
  impact.rotation_known = situation.database == DatabaseUse::matched && situation.aircraft &&
                          situation.destination && !situation.failed(Lookup::rotation);
  if (impact.rotation_known) {
    impact.absorbed_at = follow({situation.destination->value.iata, situation.arrival->value, arrival->latest,
                                 turnaround_of(situation, flown_by(situation, plan))},
                                situation.onward_flights, impact.delayed);
    if (plan.replacement != nullptr) follow_exchanged(situation, *plan.replacement, impact);
  }
  find_missed(situation, arrival->latest, impact);
  return impact;
}

AgentAssessment assess_network(const Situation& situation, const Plan& plan) {
  Opinion opinion("network");
  opinion.knows(situation.flight, "flight");
  if (opinion.wants(!plan.flies() || plan.arrival_delay, "delay") && plan.arrival_delay)
    opinion.use("delay at arrival", facts::delay_text(*plan.arrival_delay), plan.delay_reason);
  opinion.use(situation.arrival, "arrival by the timetable");
  opinion.use(situation.registration, "aircraft");
  if (!plan.replacement_registration.empty())
    opinion.use("aircraft of the plan", plan.replacement_registration, "the plan");
  opinion.rely_on(situation,
                  {Lookup::fleet, Lookup::rotation, Lookup::bookings, Lookup::connections, Lookup::airports});
  if (plan.swaps()) opinion.rely_on(situation, {Lookup::candidates});
  const NetworkImpact impact = network_impact(situation, plan);
  if (impact.rotation_known) {
    speak_of_rotation(opinion, situation, plan, impact);
  } else if (plan.flies() && plan.arrival_delay && !plan.destination) {
    opinion.wants(false, fmt::format("next flights of {} and its ground times", aircraft_text(situation)));
  }
  speak_of_rest(opinion, situation, plan);
  if (plan.flies() && impact.connections_known) {
    speak_of_connections(opinion, situation, impact);
  } else if (plan.flies() && !connections_known(situation)) {
    speak_of_stated_connections(opinion, situation, plan);
  }
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents::assessment
