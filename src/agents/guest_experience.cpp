#include "agents/guest_experience.hpp"

#include "agents/rules.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

bool has_excuse(const Facts& facts) {
  return std::any_of(facts.causes.begin(), facts.causes.end(), [](const Fact<Cause>& fact) {
    return rules::extraordinary_circumstances(fact.value).extraordinary != rules::Extraordinary::no;
  });
}

/// What EU261 or UK261 owes for the stated delay.
void apply_regulation(Opinion& opinion, const Facts& facts, const rules::RouteRights& rights) {
  const std::string_view citation =
      rights.regime == rules::PassengerRegime::eu261 ? rules::eu261_citation : rules::uk261_citation;
  const std::int32_t delay = facts.delay->value.most_minutes;
  const std::int32_t care = rules::care_after_minutes(rights);
  opinion.say(fmt::format("{} applies over {} km.", citation, grouped(rights.distance_km)));
  if (delay >= care) {
    opinion.limit(Verdict::conditional);
    opinion.require(fmt::format("Meals, refreshments and two messages are owed from {} of delay (Art. 6, 9).",
                                duration_text(care)));
  }
  if (delay >= rules::reimbursement_after_minutes) {
    opinion.require(
        "From 5 h every passenger may choose the fare back instead of the journey (Art. 6(1)(iii), 8).");
  }
  const rules::Compensation owed = rules::compensation_for_delay(rights, delay);
  if (owed.per_passenger == 0) {
    opinion.say("No compensation is owed for an arrival delay under 3 h (CJEU C-402/07 Sturgeon).");
    return;
  }
  opinion.limit(Verdict::conditional);
  const std::string_view unless =
      has_excuse(facts) ? " unless the circumstances prove extraordinary (Art. 5(3))" : "";
  opinion.require(
      fmt::format("If the arrival is as late as stated, {} {} a passenger is owed{} (Art. 7; CJEU "
                  "C-402/07 Sturgeon).",
                  owed.per_passenger, owed.currency, unless));
  if (facts.passengers) {
    const std::int64_t total = static_cast<std::int64_t>(owed.per_passenger) * facts.passengers->value;
    opinion.say(fmt::format("For {} passengers that is up to {} {}.", facts.passengers->value, grouped(total),
                            owed.currency));
  }
}

/// Flights out of Thailand under its own rules.
void apply_thai_rules(Opinion& opinion, const Facts& facts) {
  const std::int32_t delay = facts.delay->value.most_minutes;
  if (delay <= rules::thai_care_minutes) return;
  opinion.limit(Verdict::conditional);
  opinion.require(
      fmt::format("Departing Thailand: meals or vouchers and means of communication over 2 h of delay "
                  "({}; confirm that it binds this carrier).",
                  rules::thai_citation));
  opinion.say(delay > rules::thai_compensation_minutes
                  ? "Over 5 h Thailand's own rules add 1,500 baht a passenger "
                    "or its equal, and a hotel where a night falls."
                  : "Thailand's own rules pay cash only over 5 h.");
}

}  // namespace

AgentAssessment assess_guest_experience(const Facts& facts) {
  Opinion opinion("guest_experience");
  const Airport* from = origin_of(facts);
  const Airport* to = destination_of(facts);
  const Airline* airline = airline_of(facts);
  const bool route = opinion.wants(from != nullptr && to != nullptr, "route (two known IATA codes)");
  opinion.wants(airline != nullptr, "operator (a flight number of a known airline)");
  opinion.knows(facts.delay, "delay");
  opinion.knows(facts.passengers, "number of passengers");
  opinion.wants(false, "passengers with special needs (wheelchair, unaccompanied minors, medical)");
  if (route && airline != nullptr && facts.delay) {
    const rules::RouteRights rights = rules::passenger_rights(from->iata, to->iata, airline->country);
    if (rights.regime != rules::PassengerRegime::none) {
      apply_regulation(opinion, facts, rights);
    } else {
      opinion.say(
          fmt::format("{} owes nothing here: {} is outside the EU, EEA and Switzerland and {} is not their "
                      "carrier.",
                      rules::eu261_citation, from->iata, airline->name));
      if (from->country == "TH" && to->country != "TH") apply_thai_rules(opinion, facts);
    }
    if (from->country != to->country) {
      opinion.say(
          fmt::format("Where the {} apply, proven damage from delay is owed up to {} SDR a passenger unless "
                      "all reasonable measures were taken.",
                      rules::montreal_citation, grouped(rules::montreal_delay_limit_sdr)));
    }
  }
  opinion.recommend(
      "Tell the passengers the cause and the next time of news now, and repeat it every 30 minutes.");
  if (facts.connecting_passengers) {
    opinion.recommend(
        fmt::format("Rebook the {} connecting passengers before they arrive and send the new boarding "
                    "passes by message.",
                    facts.connecting_passengers->value));
  }
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents
