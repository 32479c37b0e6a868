#include "agents/assessment/passengers.hpp"

#include "agents/assessment/network.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

rules::LegalCause legal_cause(facts::CauseKind kind) {
  switch (kind) {
    case facts::CauseKind::technical:
      return rules::LegalCause::technical;
    case facts::CauseKind::weather:
      return rules::LegalCause::weather;
    case facts::CauseKind::crew:
      return rules::LegalCause::crew;
    case facts::CauseKind::atc:
      return rules::LegalCause::atc;
    case facts::CauseKind::airport_closure:
      return rules::LegalCause::airport_closure;
    case facts::CauseKind::security:
      return rules::LegalCause::security;
    case facts::CauseKind::medical:
      return rules::LegalCause::medical;
    case facts::CauseKind::bird_strike:
      return rules::LegalCause::bird_strike;
    case facts::CauseKind::strike:
      return rules::LegalCause::strike;
  }
  return rules::LegalCause::technical;
}

std::string_view words_for(rules::Excuse excuse) {
  switch (excuse) {
    case rules::Excuse::no:
      return "does not excuse the carrier";
    case rules::Excuse::unsettled:
      return "is not settled as an excuse";
    case rules::Excuse::may_be:
      return "may excuse the carrier if it caused the disruption and all reasonable measures were taken";
  }
  return {};
}

/// Until all passengers have a seat on a later flight: who finds none waits a day at the least.
PassengerWait wait_for_later_flights(const Situation& situation) {
  PassengerWait wait;
  std::int32_t waiting = situation.passengers ? situation.passengers->value : 0;
  const bool timetable = situation.departure && situation.origin;
  for (const Connection::Seats& offer : situation.later_flights) {
    if (waiting <= 0 || !timetable) break;
    waiting -= std::min(waiting, std::max(0, offer.free));
    wait.minutes = std::max(0, minutes_between(situation.departure->value, offer.flight.scheduled_departure));
  }
  wait.without_seat = situation.later_flights.empty() ? 0 : waiting;
  if (waiting > 0 || !situation.passengers || situation.later_flights.empty() || !timetable) {
    wait.minutes = std::max(wait.minutes, reference::minutes_a_day);
    wait.overnight = true;
    return wait;
  }
  const auto planned = reference::to_local(situation.origin->value.time_zone, situation.departure->value);
  const auto leaves = reference::to_local(situation.origin->value.time_zone,
                                          situation.departure->value + std::chrono::minutes(wait.minutes));
  if (planned && leaves) wait.overnight = reference::date_of(*planned) < reference::date_of(*leaves);
  return wait;
}

constexpr std::string_view from_database = "operations database, flights and bookings";

struct Precedence {
  facts::SpecialNeed need;
  std::string_view one;
  std::string_view several;
  std::string_view why;
};
/// Art. 11 of Regulation (EC) No 261/2004 puts reduced mobility and children who travel alone before all
/// others; within them whoever could least help himself comes first.
constexpr std::array<Precedence, 8> precedence{{
    {facts::SpecialNeed::medical, "medical passenger", "medical passengers",
     "their condition may not bear the wait"},
    {facts::SpecialNeed::stretcher, "stretcher passenger", "stretcher passengers",
     "they need the aircraft's fittings and an escort"},
    {facts::SpecialNeed::unaccompanied_minor, "unaccompanied minor", "unaccompanied minors",
     "nobody looks after them but the carrier"},
    {facts::SpecialNeed::wheelchair, "wheelchair passenger", "wheelchair passengers",
     "they need assistance at every step"},
    {facts::SpecialNeed::sensory, "passenger with impaired sight or hearing",
     "passengers with impaired sight or hearing", "announcements do not reach them"},
    {facts::SpecialNeed::infant, "family with an infant", "families with infants",
     "they need food and rest sooner"},
    {facts::SpecialNeed::deportee, "deportee with escort", "deportees with their escort",
     "the authorities must be told"},
    {facts::SpecialNeed::vip, "guest of honour", "guests of honour",
     "by courtesy only, after all with a right"},
}};

std::string with_count(std::int32_t count, const Precedence& row) {
  if (count <= 0) return std::string(row.several);
  return fmt::format("{} {}", count, count == 1 ? row.one : row.several);
}

bool binds_priority(const Situation& situation) {
  const auto rights = rights_of(situation);
  return rights &&
         (rights->regime == rules::PassengerRegime::eu261 || rights->regime == rules::PassengerRegime::uk261);
}

/// "EY407 on 2026-06-15 at 2026-06-15T14:00Z".
std::string flight_and_time(const ops::Flight& flight) {
  return fmt::format("{} at {}", flight.number, reference::instant_text(flight.scheduled_departure));
}

void use_offer(Opinion& opinion, const Connection::Seats& offer) {
  opinion.use(fmt::format("seats on {}", flight_and_time(offer.flight)),
              fmt::format("{} free on {}", offer.free, flight_and_time(offer.flight)),
              std::string(from_database));
}

/// "120 on EY407 at …, 30 on EY409 at …" for as many as find a seat; `left` is who does not.
std::string seat(Opinion& opinion, const std::vector<Connection::Seats>& offers, std::int32_t count,
                 std::int32_t& left) {
  std::string text;
  left = count;
  for (const Connection::Seats& offer : offers) {
    const std::int32_t taken = std::min(left, std::max(0, offer.free));
    if (taken == 0) continue;
    use_offer(opinion, offer);
    opinion.calculate(fmt::format("passengers for {}", offer.flight.number),
                      fmt::format("the smaller of {} waiting and {} free", left, offer.free),
                      std::to_string(taken));
    text += fmt::format("{}{} on {}", text.empty() ? "" : ", ", taken, flight_and_time(offer.flight));
    left -= taken;
  }
  return text;
}

}  // namespace

std::optional<rules::RouteRights> rights_of(const Situation& situation) {
  if (!situation.origin || !situation.destination || !situation.distance_km) return std::nullopt;
  rules::Route route{situation.origin->value.country, situation.destination->value.country, std::nullopt,
                     situation.distance_km->value};
  if (situation.airline) route.carrier_state = situation.airline->value.country;
  return rules::passenger_rights(route);
}

std::vector<rules::LegalCause> legal_causes(const Situation& situation) {
  std::vector<rules::LegalCause> causes;
  for (const auto& cause : situation.facts.causes) causes.push_back(legal_cause(cause.value.kind));
  return causes;
}

std::optional<PassengerWait> wait_of(const Situation& situation, const Plan& plan) {
  if (!plan.flies()) return wait_for_later_flights(situation);
  if (!plan.departure_delay) return std::nullopt;
  PassengerWait wait;
  wait.minutes = std::max(0, plan.departure_delay->most_minutes);
  if (wait.minutes >= reference::minutes_a_day) wait.overnight = true;
  const auto leaves = local_departure_of(situation, plan);
  if (!leaves || !situation.local_departure) return wait;
  wait.overnight = reference::date_of(situation.local_departure->value) < reference::date_of(leaves->latest);
  return wait;
}

void use_route(Opinion& opinion, const Situation& situation) {
  opinion.knows(situation.origin, "airport of departure");
  opinion.knows(situation.destination, "airport of destination");
  opinion.knows(situation.airline, "operator");
  opinion.use(situation.distance_km, "distance in km");
}

void use_delay(Opinion& opinion, const Situation& situation, const Plan& plan) {
  if (!plan.flies()) return;
  if (!opinion.wants(plan.departure_delay.has_value(), "delay")) return;
  if (situation.delay && situation.delay->value == *plan.departure_delay) {
    opinion.use(situation.delay, "delay");
  } else {
    opinion.use("delay", facts::delay_text(*plan.departure_delay), "plan: " + plan.delay_reason);
  }
  opinion.use("delay in minutes", std::to_string(plan.departure_delay->most_minutes),
              "the delay at the most");
}

void apply_regime(Opinion& opinion, const rules::RouteRights& rights) {
  if (rights.regime == rules::PassengerRegime::none) return;
  apply_named(opinion, rules::citation_of(rights.regime),
              fmt::format("{} binds because {}.", rules::name_of(rights.regime), rights.ground));
  if (rights.also == rules::PassengerRegime::none) return;
  apply_named(opinion, rules::citation_of(rights.also),
              fmt::format("{} binds this flight too, but what was given under the other counts.",
                          rules::name_of(rights.also)));
}

void say_excuses(Opinion& opinion, const Situation& situation, const rules::RouteRights& rights) {
  if (rights.regime == rules::PassengerRegime::none) return;
  bool carriers_own = false;
  bool other = false;
  for (const auto& fact : situation.facts.causes) {
    const rules::CauseInLaw law = rules::cause_in_law(legal_cause(fact.value.kind), rights.regime);
    (law.excuse == rules::Excuse::no ? carriers_own : other) = true;
    opinion.use(fmt::format("cause: {}", name_of(fact.value.kind)), facts::cause_text(fact.value),
                source_text(fact.words));
    apply_named(opinion, law.citation, fmt::format("{}.", law.reason));
    opinion.say(fmt::format("The cause {} {}: {} ({}).", facts::cause_text(fact.value), words_for(law.excuse),
                            law.reason, law.citation.source));
  }
  const bool european =
      rights.regime == rules::PassengerRegime::eu261 || rights.regime == rules::PassengerRegime::uk261;
  if (!carriers_own || !other || !european) return;
  apply_named(opinion, rules::mixed_causes_citation,
              "Of a delay with several causes only the part by extraordinary circumstances is excused.");
  opinion.say(fmt::format(
      "One cause is the carrier's own: what it adds to the delay is not excused by the other ({}).",
      rules::mixed_causes_citation.source));
}

void serve_special_passengers(Opinion& opinion, const Situation& situation) {
  std::string order;
  for (const Precedence& row : precedence) {
    for (const auto& special : situation.special_passengers) {
      if (special.value.need != row.need) continue;
      opinion.use(fmt::format("special passengers: {}", name_of(row.need)),
                  special.value.count > 0 ? std::to_string(special.value.count) : "some", special.source);
      order += fmt::format("{}{} ({})", order.empty() ? "" : ", then ", with_count(special.value.count, row),
                           row.why);
    }
  }
  if (order.empty()) return;
  if (!binds_priority(situation)) {
    opinion.recommend(fmt::format("Serve first, by need: {}.", order));
    return;
  }
  apply_named(
      opinion, rules::priority_citation,
      "Persons with reduced mobility, who accompanies them and unaccompanied children are carried first and "
      "cared for as soon as possible, whatever the delay.");
  opinion.recommend(fmt::format("Serve first: {} ({}).", order, rules::priority_citation.source));
}

void offer_later_flights(Opinion& opinion, const Situation& situation, const Plan& plan) {
  if (situation.later_flights.empty()) {
    if (!plan.flies()) {
      opinion.recommend(situation.failed(Lookup::later_flights)
                            ? "Look for seats on later flights: they could not be looked up."
                            : "Look for seats of other carriers: no later flight with seats is on file.");
    }
    return;
  }
  if (!plan.flies()) {
    if (!situation.passengers) return;
    std::int32_t left = 0;
    const std::string seats = seat(opinion, situation.later_flights, situation.passengers->value, left);
    if (!seats.empty()) opinion.recommend(fmt::format("Rebook {}.", seats));
    if (left == 0) return;
    opinion.calculate("passengers without a seat", "passengers less the seats of later flights",
                      std::to_string(left));
    opinion.require(
        fmt::format("{} passengers find no seat on later flights that are on file: other carriers or "
                    "another day.",
                    left));
    return;
  }
  const auto leaves = departure_of(situation, plan);
  if (!leaves) return;
  for (const Connection::Seats& offer : situation.later_flights) {
    if (offer.free <= 0 || offer.flight.scheduled_departure >= leaves->latest) continue;
    use_offer(opinion, offer);
    opinion.recommend(fmt::format("Offer {} seats on {}, which leaves before the delayed flight.", offer.free,
                                  flight_and_time(offer.flight)));
  }
}

void rebook_connections(Opinion& opinion, const Situation& situation, const Plan& plan) {
  const NetworkImpact impact = network_impact(situation, plan);
  for (const MissedConnection& missed : impact.missed) {
    const Connection& connection = *missed.connection;
    const std::string onward = flight_and_time(connection.onward);
    opinion.limit(Verdict::conditional);
    opinion.use(fmt::format("connection to {}", onward),
                fmt::format("{} passengers for {}", connection.passengers, onward),
                std::string(from_database));
    std::int32_t left = 0;
    const std::string seats = seat(opinion, connection.later, connection.passengers, left);
    if (!seats.empty()) {
      opinion.recommend(fmt::format("Rebook those who miss {} to {}: {}.", connection.onward.number,
                                    connection.final_destination, seats));
    }
    if (left == 0) continue;
    opinion.calculate(fmt::format("passengers of {} without a seat", connection.onward.number),
                      "passengers less the seats of later flights", std::to_string(left));
    opinion.require(fmt::format("{} passengers miss {} and find no later seat to {} that is on file.", left,
                                connection.onward.number, connection.final_destination));
  }
  if (!impact.connections_known && situation.connecting_passengers &&
      situation.connecting_passengers->value > 0) {
    opinion.use(situation.connecting_passengers, "connecting passengers");
    opinion.recommend(
        fmt::format("Check the connections of the {} connecting passengers and rebook before they "
                    "arrive.",
                    situation.connecting_passengers->value));
  }
}

}  // namespace skymarshal::agents::assessment
