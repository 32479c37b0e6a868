#include "agents/regulatory.hpp"

#include "agents/rules.hpp"

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

constexpr std::int32_t minutes_a_day = 24 * 60;

/// A curfew at one end of the flight against the scheduled time there and the delay.
void judge_curfew(Opinion& opinion, const Facts& facts, const Airport& airport,
                  const std::optional<Fact<TimeOfDay>>& scheduled, std::string_view what) {
  const rules::Curfew* curfew = rules::find_curfew(airport.iata);
  if (curfew == nullptr) return;
  const std::string hours =
      fmt::format("{}-{}", time_text({curfew->begin_minute, false}), time_text({curfew->end_minute, false}));
  opinion.say(fmt::format("{} has a curfew {} local ({}).", airport.iata, hours, curfew->citation));
  if (!opinion.wants(scheduled && !scheduled->value.utc, fmt::format("scheduled {} (local)", what))) return;
  if (!facts.delay) return;
  const Delay& delay = facts.delay->value;
  // A range is inside the curfew if any minute of it is.
  for (std::int32_t late = delay.least_minutes; late <= delay.most_minutes; ++late) {
    const std::int32_t minute = (scheduled->value.minute + late) % minutes_a_day;
    if (!rules::in_curfew(*curfew, minute)) continue;
    opinion.limit(Verdict::rejected);
    opinion.require(
        fmt::format("The {} at {} would be {} local, inside the curfew {}; only a dispensation under "
                    "the {} would allow it.",
                    what, airport.iata, time_text({minute, false}), hours, curfew->citation));
    return;
  }
  opinion.say(fmt::format("The delayed {} stays clear of it.", what));
}

void say_passenger_rights(Opinion& opinion, const Facts& facts, const Airport& from, const Airport& to) {
  const Airline* airline = airline_of(facts);
  const rules::RouteRights rights =
      rules::passenger_rights(from.iata, to.iata, airline != nullptr ? airline->country : "");
  switch (rights.regime) {
    case rules::PassengerRegime::eu261:
      opinion.say(fmt::format("{} binds this flight (Art. 3(1)).", rules::eu261_citation));
      break;
    case rules::PassengerRegime::uk261:
      opinion.say(fmt::format("{} binds this flight (Art. 3(1)).", rules::uk261_citation));
      break;
    case rules::PassengerRegime::none:
      if (airline == nullptr) break;
      opinion.say(
          fmt::format("{} does not bind it: {} is no airport of the EU, EEA or Switzerland and {} no carrier "
                      "of theirs flying there (Art. 3(1)).",
                      rules::eu261_citation, from.iata, airline->name));
      return;
  }
  for (const Fact<Cause>& fact : facts.causes) {
    const rules::CauseInLaw law = rules::extraordinary_circumstances(fact.value);
    const std::string_view verdict = law.extraordinary == rules::Extraordinary::no ? "is not"
                                     : law.extraordinary == rules::Extraordinary::may_be
                                         ? "may be"
                                         : "is not settled as";
    if (rights.regime != rules::PassengerRegime::none && !law.citation.empty()) {
      opinion.say(fmt::format("The cause {} {} an extraordinary circumstance ({}).", cause_text(fact.value),
                              verdict, law.citation));
    }
  }
}

}  // namespace

AgentAssessment assess_regulatory(const Facts& facts) {
  Opinion opinion("regulatory");
  const Airport* from = origin_of(facts);
  const Airport* to = destination_of(facts);
  opinion.wants(from != nullptr, "airport of departure (a known IATA code)");
  opinion.wants(to != nullptr, "airport of destination (a known IATA code)");
  opinion.wants(airline_of(facts) != nullptr, "operator (a flight number of a known airline)");
  opinion.knows(facts.delay, "delay");
  if (from != nullptr && to != nullptr) {
    opinion.say(fmt::format("Route {} ({}, {}) to {} ({}, {}).", from->iata, from->city, from->country,
                            to->iata, to->city, to->country));
    judge_curfew(opinion, facts, *from, facts.scheduled_departure, "departure");
    judge_curfew(opinion, facts, *to, facts.scheduled_arrival, "arrival");
    if (rules::find_curfew(from->iata) == nullptr && rules::find_curfew(to->iata) == nullptr) {
      opinion.say(
          "No curfew is on file here for either airport; night restrictions and slots are to be checked "
          "against the AIP.");
    }
    say_passenger_rights(opinion, facts, *from, *to);
  }
  const bool on_ground = !facts.phase || facts.phase->value != FlightPhase::in_flight;
  if (facts.delay && on_ground && facts.delay->value.most_minutes > rules::flight_plan_amend_minutes) {
    opinion.limit(Verdict::conditional);
    opinion.require(fmt::format(
        "The flight plan must be delayed or filed anew: {} is more than the {} min beyond "
        "the off-block time that are allowed ({}).",
        delay_text(facts.delay->value), rules::flight_plan_amend_minutes, rules::flight_plan_citation));
    opinion.recommend(
        "Send the delay message and ask for new departure and arrival slots where the airports are "
        "coordinated.");
  }
  if (facts.cause_of(CauseKind::airport_closure) != nullptr) {
    opinion.limit(Verdict::conditional);
    opinion.require(
        "No departure towards a closed airport without a NOTAM that reopens it or an open alternate.");
  }
  if (facts.cause_of(CauseKind::security) != nullptr) {
    opinion.limit(Verdict::conditional);
    opinion.require("The authority in charge must clear the security event before departure.");
  }
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents
