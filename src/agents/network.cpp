#include "agents/network.hpp"

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

constexpr std::string_view connection_citation = "IATA Resolution 765 (minimum connecting times)";

void judge_connections(Opinion& opinion, const Facts& facts, std::string_view hub) {
  if (!opinion.knows(facts.connecting_passengers, "number of connecting passengers")) return;
  const std::int32_t connecting = facts.connecting_passengers->value;
  if (facts.passengers && facts.passengers->value >= connecting) {
    const std::int32_t per_mille = 1000 * connecting / facts.passengers->value;
    opinion.say(fmt::format("{} of {} passengers ({}.{} %) connect at {}.", connecting,
                            facts.passengers->value, per_mille / 10, per_mille % 10, hub));
  } else {
    opinion.say(fmt::format("{} passengers connect at {}.", connecting, hub));
  }
  opinion.limit(Verdict::conditional);
  opinion.wants(false, "onward flights of the connecting passengers");
  if (!facts.delay) return;
  opinion.say(
      fmt::format("A connection holds only if its scheduled time at {} is at least {} plus the airport's "
                  "minimum connecting time ({}).",
                  hub, duration_text(facts.delay->value.most_minutes), connection_citation));
  opinion.recommend(
      fmt::format("List the {} connections by onward departure, protect seats on later flights for "
                  "those that break, and hold onward flights only where few wait for many.",
                  connecting));
}

}  // namespace

AgentAssessment assess_network(const Facts& facts) {
  Opinion opinion("network");
  const Airport* from = origin_of(facts);
  const Airport* to = destination_of(facts);
  opinion.wants(from != nullptr && to != nullptr, "route (two known IATA codes)");
  if (from != nullptr && to != nullptr) {
    opinion.say(fmt::format("{} to {} is {} km by great circle.", from->iata, to->iata,
                            grouped(great_circle_km(*from, *to))));
  }
  const std::string hub = facts.destination ? facts.destination->value : "the destination";
  opinion.knows(facts.delay, "delay");
  judge_connections(opinion, facts, hub);
  const std::string aircraft =
      facts.replacement_registration ? facts.replacement_registration->value : aircraft_text(facts);
  opinion.wants(false, fmt::format("next flights of {} and its ground times", aircraft));
  if (facts.delay) {
    opinion.say(
        fmt::format("The next departure of {} from {} is late by {} less whatever its ground time exceeds "
                    "the minimum turnaround.",
                    aircraft, hub, delay_text(facts.delay->value)));
    opinion.recommend(
        fmt::format("Check the rotation of {} after {} and plan the swap where the ground time cannot "
                    "take the delay up.",
                    aircraft, hub));
  }
  if (!facts.other_flights.empty()) {
    opinion.say(fmt::format("Also named: {}.", facts.other_flights.front().value));
  }
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents
