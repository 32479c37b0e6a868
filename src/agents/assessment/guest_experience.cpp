#include "agents/assessment/agent.hpp"
#include "agents/assessment/network.hpp"
#include "agents/assessment/passengers.hpp"

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

/// Who waits in a cabin that flies is not cared for at an airport.
bool waits_at_airport(const Plan& plan) {
  return plan.kind != PlanKind::continue_flight && plan.kind != PlanKind::divert;
}

void add_care(PassengerDues& dues, const Situation& situation, const Plan& plan,
              const rules::RouteRights& rights) {
  const auto wait = wait_of(situation, plan);
  if (!wait || !waits_at_airport(plan)) return;
  const auto care_after = rules::care_after_minutes(rights);
  const auto hotel_after = rules::hotel_after_minutes(rights);
  if (!care_after || !hotel_after) return;
  if (rights.regime == rules::PassengerRegime::appr && rules::outside_control(legal_causes(situation)))
    return;
  dues.meals = !plan.flies() || wait->minutes >= *care_after;
  dues.hotel = dues.meals && wait->minutes >= *hotel_after && wait->overnight.value_or(false);
}

/// "from 3 h"; Thailand's rules speak of more than a number of hours.
std::string threshold_text(rules::PassengerRegime regime, std::int32_t minutes) {
  if (regime == rules::PassengerRegime::thailand) return "over " + facts::duration_text(minutes - 1);
  return "from " + facts::duration_text(minutes);
}

/// What the amount hangs on beside distance and lateness; a carrier in Canada is taken for a large one.
std::string_view scope_text(const rules::RouteRights& rights) {
  if (rights.regime == rules::PassengerRegime::appr) return ", by a large carrier";
  return rights.within_area ? " within the area" : "";
}

/// What the regulation says where compensation is owed, with its numbers.
void require_compensation(Opinion& opinion, const PassengerDues& dues, const Plan& plan,
                          const rules::RouteRights& rights) {
  const std::string each = fmt::format("{} {}", grouped(dues.compensation_per_passenger), dues.currency);
  const std::string distance = fmt::format("{} km", grouped(rights.distance_km));
  const std::string unless =
      dues.may_be_excused ? ", unless the circumstances prove to excuse the carrier" : "";
  if (plan.flies()) {
    const rules::Citation citation = rules::compensation_citation(rights.regime);
    const std::string late = facts::duration_text(plan.arrival_delay->most_minutes);
    apply_named(opinion, citation,
                fmt::format("{} a passenger for an arrival that is {} late over {}{}.", each, late, distance,
                            scope_text(rights)));
    opinion.require(fmt::format("If the arrival is {} late, {} a passenger is owed{} ({}).", late, each,
                                unless, citation.source));
  } else {
    const rules::Citation citation = rules::cancellation_citation(rights.regime);
    apply_named(
        opinion, citation,
        fmt::format("At the most {} a passenger for a cancellation on the day over {}.", each, distance));
    opinion.require(fmt::format("For the cancellation up to {} a passenger is owed{} ({}).", each, unless,
                                citation.source));
  }
  if (dues.passengers == 0) return;
  const std::string total = fmt::format("{} {}", grouped(dues.compensation_total()), dues.currency);
  opinion.calculate("compensation at the most", fmt::format("{} x {}", dues.passengers, each), total);
  opinion.say(fmt::format("Compensation for {} passengers may come to {}.", dues.passengers, total));
}

void require_care(Opinion& opinion, const Situation& situation, const Plan& plan, const PassengerDues& dues,
                  const rules::RouteRights& rights) {
  if (!dues.meals) return;
  const rules::Citation citation = rules::care_citation(rights.regime);
  const std::string from = threshold_text(rights.regime, *rules::care_after_minutes(rights));
  apply_named(opinion, citation,
              fmt::format("Meals, refreshments and means of communication {} of waiting over {} "
                          "km; a hotel and transfers where a night falls between.",
                          from, grouped(rights.distance_km)));
  opinion.require(
      fmt::format("Meals, refreshments and means of communication are owed ({}).", citation.source));
  if (dues.hotel) {
    opinion.require(
        fmt::format("A hotel and transfers are owed, as the wait goes over a night ({}).", citation.source));
    return;
  }
  const auto wait = wait_of(situation, plan);
  if (!wait->overnight) opinion.wants(false, "planned departure (local time)");
}

void require_refund(Opinion& opinion, const Situation& situation, const Plan& plan,
                    const rules::RouteRights& rights) {
  const auto wait = wait_of(situation, plan);
  if (!wait || !waits_at_airport(plan)) return;
  if (const auto after = rules::refund_after_minutes(rights); after) {
    const rules::Citation citation = rules::refund_citation(rights.regime);
    if (!plan.flies() || wait->minutes >= *after) {
      apply_named(opinion, citation,
                  fmt::format("The fare back for who does not travel, {} of delay or on "
                              "cancellation.",
                              threshold_text(rights.regime, *after)));
      opinion.limit(Verdict::conditional);
      opinion.require(fmt::format("Every passenger may choose the fare back instead of the journey ({}).",
                                  citation.source));
    }
  }
  if (!situation.origin || !situation.destination) return;
  const std::string& from = situation.origin->value.country;
  const std::string& to = situation.destination->value.country;
  if (from != united_states && to != united_states) return;
  const std::int32_t us_after =
      from == to ? rules::us_refund_domestic_minutes : rules::us_refund_international_minutes;
  if (plan.flies() && wait->minutes < us_after) return;
  apply_named(
      opinion, rules::us_refund_citation,
      fmt::format("Flights to, from and within the United States: the fare back for who does not travel, "
                  "from {} of delay or on cancellation.",
                  facts::duration_text(us_after)));
  opinion.limit(Verdict::conditional);
  opinion.require(fmt::format("Who does not travel has the fare back without asking ({}).",
                              rules::us_refund_citation.source));
}

/// Compensation of those who miss a connection is reckoned by the end of their journey, which is not done
/// here.
void say_final_destination(Opinion& opinion, const Situation& situation, const Plan& plan) {
  const auto rights = rights_of(situation);
  const bool european = rights && (rights->regime == rules::PassengerRegime::eu261 ||
                                   rights->regime == rules::PassengerRegime::uk261);
  if (!european || network_impact(situation, plan).missed.empty()) return;
  apply_named(opinion, rules::final_destination_citation,
              "With a connection on one booking the lateness at the final destination decides.");
  opinion.require(
      fmt::format("Who misses a connection is compensated by the lateness at the final destination, "
                  "beyond what is reckoned here ({}).",
                  rules::final_destination_citation.source));
}

void say_liability(Opinion& opinion, const Situation& situation) {
  if (!situation.origin || !situation.destination) return;
  if (situation.origin->value.country == situation.destination->value.country) return;
  const std::string limit = grouped(rules::montreal_delay_limit_sdr) + " SDR";
  apply_named(opinion, rules::montreal_citation,
              fmt::format("Damage by delay in international carriage up to {} a passenger.", limit));
  opinion.say(
      fmt::format("Where the {} apply, proven damage by the delay is owed up to {} a passenger, unless all "
                  "reasonable measures were taken.",
                  rules::montreal_citation.source, limit));
}

void judge_dues(Opinion& opinion, const Situation& situation, const Plan& plan) {
  const auto rights = rights_of(situation);
  if (!rights) return;
  apply_regime(opinion, *rights);
  const PassengerDues dues = passenger_dues(situation, plan);
  const bool timed = !plan.flies() || plan.arrival_delay;
  if (rights->regime == rules::PassengerRegime::none) {
    opinion.say(fmt::format("No regulation on file makes the carrier owe anything: {}.", rights->ground));
  } else {
    opinion.say(fmt::format("{} binds over {} km, because {}.", rules::name_of(rights->regime),
                            rights->distance_km, rights->ground));
  }
  const bool binds = rights->regime != rules::PassengerRegime::none;
  if (binds && timed && dues.compensation_per_passenger == 0) {
    opinion.say(fmt::format("No compensation is owed under {} for this.", rules::name_of(rights->regime)));
  }
  if (dues.compensation_per_passenger > 0 || dues.meals || dues.hotel) opinion.limit(Verdict::conditional);
  if (dues.compensation_per_passenger > 0) {
    require_compensation(opinion, dues, plan, *rights);
    say_excuses(opinion, situation, *rights);
  }
  require_care(opinion, situation, plan, dues, *rights);
  require_refund(opinion, situation, plan, *rights);
}

}  // namespace

PassengerDues passenger_dues(const Situation& situation, const Plan& plan) {
  PassengerDues dues;
  const auto rights = rights_of(situation);
  const bool timed = !plan.flies() || (plan.arrival_delay && plan.departure_delay);
  if (!rights) return dues;
  if (rights->regime == rules::PassengerRegime::none) {
    dues.known = true;
    if (situation.passengers) dues.passengers = situation.passengers->value;
    return dues;
  }
  if (!timed) return dues;
  const rules::Compensation owed =
      plan.flies() ? rules::compensation_for_delay(*rights, plan.arrival_delay->most_minutes)
                   : rules::compensation_for_cancellation(*rights);
  dues.compensation_per_passenger = owed.per_passenger;
  dues.currency = owed.currency;
  dues.may_be_excused =
      owed.per_passenger > 0 && rules::may_be_excused(legal_causes(situation), rights->regime);
  if (situation.passengers) dues.passengers = situation.passengers->value;
  add_care(dues, situation, plan, *rights);
  const bool nothing = owed.per_passenger == 0 && !dues.meals && !dues.hotel;
  dues.known = nothing || situation.passengers.has_value();
  return dues;
}

AgentAssessment assess_guest_experience(const Situation& situation, const Plan& plan) {
  Opinion opinion("guest_experience");
  use_route(opinion, situation);
  use_delay(opinion, situation, plan);
  opinion.knows(situation.passengers, "number of passengers");
  opinion.wants(situation.bookings_known || !situation.special_passengers.empty(),
                "passengers with special needs");
  opinion.rely_on(situation,
                  {Lookup::operators, Lookup::bookings, Lookup::connections, Lookup::later_flights});
  judge_dues(opinion, situation, plan);
  serve_special_passengers(opinion, situation);
  rebook_connections(opinion, situation, plan);
  say_final_destination(opinion, situation, plan);
  offer_later_flights(opinion, situation, plan);
  say_liability(opinion, situation);
  opinion.recommend("Tell the passengers the cause and the time of the next news now, and keep to it.");
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents::assessment
