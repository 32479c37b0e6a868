#include "agents/finance.hpp"

#include "agents/rules.hpp"

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

std::string dollars(std::int64_t cents) { return fmt::format("{} USD", grouped((cents + 50) / 100)); }

/// What a published average would make of the delay. Never part of a sum: it is another airline's money.
void say_reference_cost(Opinion& opinion, const Facts& facts) {
  const bool in_flight = facts.phase && facts.phase->value == FlightPhase::in_flight;
  const std::int64_t per_minute =
      rules::block_minute_us_cents - (in_flight ? 0 : rules::block_minute_fuel_us_cents);
  const std::int64_t cents = per_minute * facts.delay->value.most_minutes;
  opinion.say(fmt::format(
      "For scale only: at the average direct cost of US carriers, {}.{:02} USD a minute of block "
      "time{}, {} cost about {} ({}).",
      per_minute / 100, per_minute % 100, in_flight ? "" : " without fuel",
      duration_text(facts.delay->value.most_minutes), dollars(cents), rules::block_cost_citation));
}

/// Money owed by regulation for the stated delay; 0 where nothing is.
void say_compensation(Opinion& opinion, const Facts& facts) {
  const Airline* airline = airline_of(facts);
  const Airport* from = origin_of(facts);
  const Airport* to = destination_of(facts);
  if (airline == nullptr || from == nullptr || to == nullptr || !facts.delay) {
    opinion.wants(false, "flight, route and delay (they decide on compensation)");
    return;
  }
  const rules::RouteRights rights = rules::passenger_rights(from->iata, to->iata, airline->country);
  const rules::Compensation owed = rules::compensation_for_delay(rights, facts.delay->value.most_minutes);
  if (owed.per_passenger == 0) {
    opinion.say(fmt::format("Compensation by EU261 or UK261: 0 ({}).",
                            rights.regime == rules::PassengerRegime::none ? "neither binds this flight"
                                                                          : "the delay is under 3 h"));
    return;
  }
  opinion.limit(Verdict::conditional);
  if (!opinion.knows(facts.passengers, "number of passengers")) return;
  const std::int64_t total = static_cast<std::int64_t>(owed.per_passenger) * facts.passengers->value;
  opinion.say(fmt::format("Compensation exposure: {} passengers x {} {} = {} {}.", facts.passengers->value,
                          owed.per_passenger, owed.currency, grouped(total), owed.currency));
  opinion.recommend(fmt::format("Set {} {} aside for claims.", grouped(total), owed.currency));
}

}  // namespace

AgentAssessment assess_finance(const Facts& facts) {
  Opinion opinion("finance");
  opinion.knows(facts.delay, "delay");
  if (facts.delay) say_reference_cost(opinion, facts);
  say_compensation(opinion, facts);
  opinion.wants(false, "the operator's own cost of a minute for this aircraft");
  opinion.wants(false, "price of care, rebooking and a replacement aircraft or crew");
  opinion.recommend(
      "Decide between waiting and swapping with the operator's own figures; the reference above only "
      "tells the order of magnitude.");
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents
