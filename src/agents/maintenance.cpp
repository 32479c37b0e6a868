#include "agents/maintenance.hpp"

#include "agents/rules.hpp"

#include <fmt/format.h>

namespace skymarshal::agents {
namespace {

constexpr std::string_view release_citation =
    "ICAO Annex 6 Part I, 6.1.3 (minimum equipment list); in the EU CAT.IDE.A.105, ORO.MLR.105, M.A.403";

std::string defect_text(const Cause& cause) {
  if (cause.detail.empty()) return "a technical defect";
  if (cause.ata_chapter == 0) return fmt::format("a defect of the {} system", cause.detail);
  return fmt::format("a defect of the {} system (ATA chapter {})", cause.detail, cause.ata_chapter);
}

/// An item deferred under the minimum equipment list: is its rectification interval still running?
void judge_deferral(Opinion& opinion, const Facts& facts) {
  const char category = facts.mel_category->value;
  const auto interval = rules::mel_interval_days(category);
  if (!interval) {
    opinion.limit(Verdict::conditional);
    opinion.say("MEL category A has no standard interval: the MEL's remarks for the item state it.");
    opinion.require("The interval in the MEL's remarks column must be checked before dispatch.");
    return;
  }
  opinion.say(
      fmt::format("MEL category {} is to be rectified within {} calendar days, the day of discovery "
                  "excluded ({}).",
                  category, *interval, rules::mel_citation));
  if (!opinion.knows(facts.mel_open_days, "days since the defect was discovered")) return;
  const std::int32_t left = *interval - facts.mel_open_days->value;
  if (left < 0) {
    opinion.limit(Verdict::rejected);
    opinion.require(
        fmt::format("{} must not be dispatched: the category {} interval of {} days is over since {} "
                    "day(s), unless an extension is approved (ORO.MLR.105(f)).",
                    aircraft_text(facts), category, *interval, -left));
    return;
  }
  opinion.limit(Verdict::conditional);
  opinion.say(left == 0 ? "Today is its last day." : fmt::format("{} day(s) are left.", left));
  opinion.require(
      "The MEL's operational (O) and maintenance (M) procedures for the item must be carried out.");
}

void judge_defect_before_departure(Opinion& opinion, const Facts& facts, const Cause& cause) {
  const std::string aircraft = aircraft_text(facts);
  if (facts.maintenance_state && facts.maintenance_state->value == MaintenanceState::released) {
    opinion.say(fmt::format("{} was released to service, which closes the defect.", aircraft));
    return;
  }
  if (facts.maintenance_state) {
    opinion.limit(Verdict::rejected);
    opinion.say(fmt::format("{} is stated to be grounded.", aircraft));
    opinion.require(
        fmt::format("{} must not depart until it is released to service ({}).", aircraft, release_citation));
    opinion.recommend("Plan with another aircraft until engineering gives a time of release.");
    return;
  }
  if (facts.mel_category) {
    judge_deferral(opinion, facts);
    return;
  }
  opinion.wants(false, "MEL reference and category, or the release to service");
  opinion.require(
      fmt::format("{} must not depart before it is cured of {} and released to service, or the item is "
                  "deferred under the operator's MEL ({}).",
                  aircraft, defect_text(cause), release_citation));
  opinion.recommend("Ask line maintenance for the MEL item and an estimated time of release.");
  if (cause.detail == "hydraulic") {
    opinion.recommend(
        "Have hydraulic fluid, leak check and the affected system's redundancy reported: they decide "
        "between repair and deferral.");
  }
}

void judge_defect(Opinion& opinion, const Facts& facts, const Cause& cause) {
  opinion.say(fmt::format("The prompt names {} on {}.", defect_text(cause), aircraft_text(facts)));
  if (facts.replacement_registration) {
    opinion.say(fmt::format("A swap to {} leaves the defect behind.", facts.replacement_registration->value));
    opinion.wants(false, "technical status of " + facts.replacement_registration->value);
    opinion.require(fmt::format("{} must be free of open items that bar the flight.",
                                facts.replacement_registration->value));
    return;
  }
  opinion.knows(facts.phase, "phase of flight");
  if (facts.phase && facts.phase->value == FlightPhase::in_flight) {
    opinion.limit(Verdict::conditional);
    opinion.say(
        "In flight the MEL no longer decides; the abnormal procedures and the commander do "
        "(AMC2 ORO.MLR.105(d)(3) for the time before take-off).");
    opinion.require("The commander decides on continuing or diverting by the abnormal checklist.");
    opinion.recommend("Have engineering and parts ready at the airport of landing.");
    return;
  }
  judge_defect_before_departure(opinion, facts, cause);
}

}  // namespace

AgentAssessment assess_maintenance(const Facts& facts) {
  Opinion opinion("maintenance");
  opinion.knows(facts.registration, "aircraft registration");
  const bool known_cause = opinion.wants(!facts.causes.empty(), "cause of the disruption");
  const Cause* weather = facts.cause_of(CauseKind::weather);
  const bool struck = facts.cause_of(CauseKind::bird_strike) != nullptr ||
                      (weather != nullptr && weather->detail == "lightning strike");
  if (const Cause* defect = facts.cause_of(CauseKind::technical)) {
    judge_defect(opinion, facts, *defect);
  } else if (facts.maintenance_state && facts.maintenance_state->value == MaintenanceState::grounded) {
    judge_defect_before_departure(opinion, facts, Cause{});
  } else if (struck && !facts.maintenance_state) {
    opinion.limit(Verdict::conditional);
    opinion.say(
        "A bird or lightning strike calls for the inspection of the maintenance manual (ATA chapter 05-50).");
    opinion.require(
        fmt::format("{} must be inspected and released before its next departure.", aircraft_text(facts)));
  } else if (known_cause) {
    opinion.say("No defect is named; nothing from maintenance stands against the flight.");
  }
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents
