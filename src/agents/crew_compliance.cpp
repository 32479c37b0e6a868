#include "agents/crew_compliance.hpp"

#include "agents/rules.hpp"

#include <optional>

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

/// Whose flight time limitations bind an airline of this state.
struct DutyRegime {
  bool easa_table = false;
  std::string_view text;
};

DutyRegime regime_of(std::string_view state) {
  if (is_eu261_state(state)) return {true, "Regulation (EU) No 965/2012, Subpart FTL"};
  if (state == "GB") return {true, "UK Regulation (EU) No 965/2012, Subpart FTL, as retained"};
  if (state == "US") return {false, "14 CFR Part 117"};
  if (state == "AE")
    return {false, "the flight time limitations of the UAE's GCAA and the operator's approved scheme"};
  return {false, "the flight time limitations of the operator's own state"};
}

/// The flight duty period that the crew would reach: what is planned or already served, and the delay.
std::optional<std::int32_t> expected_fdp(const Facts& facts) {
  const std::int32_t delay = facts.delay && !(facts.phase && facts.phase->value == FlightPhase::in_flight)
                                 ? facts.delay->value.most_minutes
                                 : 0;
  if (facts.planned_fdp_minutes) return facts.planned_fdp_minutes->value + delay;
  if (facts.crew_on_duty_minutes) return facts.crew_on_duty_minutes->value + delay;
  return std::nullopt;
}

/// The start of duty on the clock of the place, if it was stated so.
std::optional<std::int32_t> local_start(const Facts& facts) {
  if (!facts.crew_report || facts.crew_report->value.utc) return std::nullopt;
  return facts.crew_report->value.minute;
}

void judge_by_table(Opinion& opinion, const Facts& facts) {
  const auto sectors = facts.sectors ? std::optional(facts.sectors->value) : std::nullopt;
  const rules::FdpBounds limit = rules::fdp_bounds(local_start(facts), sectors);
  const auto fdp = expected_fdp(facts);
  const std::string limit_text = limit.least_minutes == limit.most_minutes
                                     ? duration_text(limit.most_minutes)
                                     : fmt::format("between {} and {}", duration_text(limit.least_minutes),
                                                   duration_text(limit.most_minutes));
  opinion.say(
      fmt::format("The maximum basic daily flight duty period is {} ({}).", limit_text, rules::fdp_citation));
  if (!fdp) return;
  opinion.say(fmt::format("With the delay the crew reaches at least {}.", duration_text(*fdp)));
  const std::int32_t beyond = limit.most_minutes + rules::commander_discretion_minutes;
  if (*fdp > beyond) {
    opinion.limit(Verdict::rejected);
    opinion.say(fmt::format("That is beyond even the commander's discretion of {} ({}).",
                            duration_text(rules::commander_discretion_minutes), rules::discretion_citation));
    opinion.require(fmt::format("This crew must not operate {}: {} of flight duty against at most {}.",
                                flight_text(facts), duration_text(*fdp), duration_text(beyond)));
    opinion.recommend("Call out a fresh crew or split the duty before anything else is decided.");
  } else if (*fdp > limit.least_minutes) {
    opinion.limit(Verdict::conditional);
    opinion.require(fmt::format("Above {} the flight is legal only by the commander's discretion ({}).",
                                duration_text(limit.least_minutes), rules::discretion_citation));
    opinion.recommend("Ask the commander before departure and have a reserve crew ready.");
  } else {
    opinion.say(fmt::format("That leaves a margin of {}.", duration_text(limit.least_minutes - *fdp)));
  }
}

}  // namespace

AgentAssessment assess_crew_compliance(const Facts& facts) {
  Opinion opinion("crew_compliance");
  const Airline* airline = airline_of(facts);
  opinion.wants(airline != nullptr, "operator (a flight number of a known airline)");
  const DutyRegime regime = airline != nullptr ? regime_of(airline->country) : DutyRegime{};
  if (airline != nullptr) {
    opinion.say(fmt::format("{} is flown by {} ({}), which is bound by {}.", flight_text(facts),
                            airline->name, airline->country, regime.text));
  }
  if (facts.cause_of(CauseKind::crew) != nullptr) {
    opinion.limit(Verdict::conditional);
    opinion.say("The prompt names the crew itself as a cause.");
    opinion.require("A complete and rested crew must be assigned before departure.");
  }
  opinion.knows(facts.delay, "delay");
  opinion.wants(local_start(facts).has_value(), "crew report time (local)");
  opinion.knows(facts.sectors, "number of sectors in this duty");
  opinion.wants(expected_fdp(facts).has_value(), "planned flight duty period of the crew");
  if (facts.delay) {
    opinion.say(fmt::format("The delay moves the end of duty by up to {}.",
                            duration_text(facts.delay->value.most_minutes)));
  }
  const bool augmented = facts.augmented_crew.has_value();
  if (augmented) {
    opinion.limit(Verdict::conditional);
    opinion.say(
        "An augmented crew has longer limits by in-flight rest (ORO.FTL.205(e), CS FTL.1.205(c)), which "
        "depend on the rest facility.");
    opinion.require("The extended limit for the rest facility on board must be confirmed by crew control.");
  } else if (regime.easa_table) {
    judge_by_table(opinion, facts);
  } else {
    opinion.limit(Verdict::conditional);
    const rules::FdpBounds orientation = rules::fdp_bounds(std::nullopt, 1);
    opinion.say(
        fmt::format("That scheme's limits are not on file here, so none is applied. For orientation only: "
                    "{} allows {} to {} for one or two sectors, by the time of reporting.",
                    rules::fdp_citation, duration_text(orientation.least_minutes),
                    duration_text(orientation.most_minutes)));
    opinion.require(
        "Crew control must confirm that the delayed flight ends within the crew's maximum flight duty "
        "period.");
  }
  opinion.recommend(
      "Tell crew control the new departure time now, so that rest and standby can still be used.");
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents
