#include "agents/assessment/passenger_law.hpp"

#include "agents/assessment/named_rule.hpp"

#include <algorithm>

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

std::int32_t minutes_between(UtcMinutes from, UtcMinutes to) {
  return static_cast<std::int32_t>(std::max<std::int64_t>(0, (to - from).count()));
}

/// Until all passengers have a seat on a later flight: who finds none waits a day at the least.
PassengerWait wait_for_later_flights(const Situation& situation) {
  PassengerWait wait;
  std::int32_t waiting = situation.passengers ? situation.passengers->value : 0;
  const bool timetable = situation.departure && situation.origin;
  for (const Connection::Seats& offer : situation.later_flights) {
    if (waiting <= 0 || !timetable) break;
    waiting -= std::min(waiting, std::max(0, offer.free));
    wait.minutes = minutes_between(situation.departure->value, offer.flight.scheduled_departure);
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

}  // namespace skymarshal::agents::assessment
