#include "agents/assessment/agent.hpp"
#include "agents/assessment/deferred_items.hpp"
#include "agents/rules/minimum_equipment.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using facts::CauseKind;
using facts::duration_text;
using std::chrono::minutes;

/// The words of the prompt that name a cause of this kind.
std::string cause_source(const facts::Facts& facts, CauseKind kind) {
  for (const facts::Fact<facts::Cause>& cause : facts.causes) {
    if (cause.value.kind == kind) return source_text(cause.words);
  }
  return "prompt";
}

std::string defect_text(const facts::Cause& cause) {
  if (cause.detail.empty()) return "a technical defect";
  if (cause.detail == "airframe") return "damage to the airframe";
  if (cause.ata_chapter == 0) return fmt::format("a defect of the {} system", cause.detail);
  return fmt::format("a defect of the {} system (ATA chapter {})", cause.detail, cause.ata_chapter);
}

void name_aircraft(Opinion& opinion, const TechnicalCase& of) {
  if (of.candidate != nullptr) {
    opinion.use("aircraft", value_text(of.candidate->aircraft), "operations database, fleet");
  } else if (of.plan.swaps()) {
    opinion.use("aircraft", of.name, of.plan.delay_reason.empty() ? "plan" : of.plan.delay_reason);
  } else {
    opinion.knows(of.situation.registration, "aircraft registration");
    opinion.use(of.situation.aircraft_type, "aircraft type");
  }
}

void judge_in_flight(Opinion& opinion, const TechnicalCase& of) {
  const facts::Cause* defect = of.situation.facts.cause_of(CauseKind::technical);
  if (defect != nullptr) {
    opinion.use("cause", facts::cause_text(*defect), cause_source(of.situation.facts, CauseKind::technical));
    opinion.say(fmt::format("{} has {} in flight.", of.name, defect_text(*defect)));
    opinion.limit(Verdict::conditional);
    opinion.require("The commander decides on continuing or diverting by the abnormal procedures.");
    opinion.recommend("Have engineering and parts ready at the airport of landing.");
  }
  opinion.apply(
      rules::mel_operation_citation,
      "The minimum equipment list governs dispatch; after take-off the abnormal procedures decide.");
  opinion.say("The minimum equipment list no longer decides after take-off.");
  opinion.use(of.situation.phase, "phase of flight");
}

/// A repair that is under way, against the departure of the plan.
void judge_repair(Opinion& opinion, const TechnicalCase& of, const Delay& repair, std::string_view what) {
  opinion.apply(rules::release_citation,
                "After maintenance an aircraft flies only once it is released to service.");
  const auto& delay = of.plan.departure_delay;
  if (!opinion.wants(delay.has_value(), "delay")) return;
  opinion.use("delay", value_text(*delay), of.plan.delay_reason);
  opinion.limit(Verdict::conditional);
  opinion.require(fmt::format("{} must be released to service before departure.", of.name));
  if (repair.most_minutes <= delay->most_minutes) {
    opinion.calculate(fmt::format("time left after {}", what),
                      fmt::format("{} of delay - {} of repair", duration_text(delay->most_minutes),
                                  duration_text(repair.most_minutes)),
                      duration_text(delay->most_minutes - repair.most_minutes));
    opinion.say(fmt::format("The repair of {} fits into the delay.", duration_text(repair.most_minutes)));
    return;
  }
  const std::int32_t short_by = repair.most_minutes - delay->most_minutes;
  opinion.calculate(fmt::format("{} beyond the delay", what),
                    fmt::format("{} of repair - {} of delay", duration_text(repair.most_minutes),
                                duration_text(delay->most_minutes)),
                    duration_text(short_by));
  std::string earliest = fmt::format("a delay of {}", duration_text(repair.most_minutes));
  if (of.situation.departure) {
    const UtcMinutes ready = of.situation.departure->value + minutes(repair.most_minutes);
    opinion.calculate("earliest departure, if the repair begins by the scheduled departure",
                      fmt::format("{} + {}", reference::instant_text(of.situation.departure->value),
                                  duration_text(repair.most_minutes)),
                      reference::instant_text(ready));
    earliest = reference::instant_text(ready);
  }
  const bool may_be_ready = repair.least_minutes <= delay->most_minutes;
  std::string constraint =
      fmt::format("{} {} at the planned departure: {} of repair against {} of delay; earliest {}.", of.name,
                  may_be_ready ? "may still be under repair" : "is still under repair",
                  duration_text(repair.most_minutes), duration_text(delay->most_minutes), earliest);
  if (may_be_ready) {
    opinion.require(std::move(constraint));
  } else {
    opinion.forbid(std::move(constraint));
  }
  opinion.recommend("Plan with another aircraft, or with the departure that the repair allows.");
}

/// A defect that only the prompt names: released, grounded, deferred or open.
void judge_stated_defect(Opinion& opinion, const TechnicalCase& of, const facts::Cause& cause) {
  const facts::Facts& facts = of.situation.facts;
  if (of.situation.repair) {
    opinion.use(of.situation.repair, "time to repair");
    judge_repair(opinion, of, of.situation.repair->value, "the repair");
    return;
  }
  if (facts.mel_category) {
    judge_stated_deferral(opinion, of);
    return;
  }
  opinion.wants(false, "MEL reference and category, or the release to service");
  opinion.apply(rules::release_citation,
                "A defect is rectified or deferred under the minimum equipment list before flight.");
  opinion.require(
      fmt::format("{} must not depart before it is cured of {} and released to service, or the item is "
                  "deferred under the operator's MEL.",
                  of.name, defect_text(cause)));
  opinion.recommend("Ask line maintenance for the MEL item and an estimated time of release.");
  if (!rules::etops_system(cause.ata_chapter).empty()) {
    opinion.recommend("Have the MEL item checked for limits on ETOPS: the system matters to it.");
  }
}

void judge_grounded(Opinion& opinion, const TechnicalCase& of) {
  opinion.apply(rules::release_citation,
                "An aircraft that is grounded flies only once it is released to service.");
  if (of.situation.repair) {
    opinion.use(of.situation.repair, "time to repair");
    judge_repair(opinion, of, of.situation.repair->value, "the repair");
    return;
  }
  opinion.say(fmt::format("{} is grounded.", of.name));
  opinion.forbid(fmt::format("{} must not depart until it is released to service.", of.name));
  opinion.recommend("Plan with another aircraft until engineering gives a time of release.");
}

/// What the prompt says of the planned aircraft. Returns true if it stands for the aircraft's whole state.
bool judge_prompt(Opinion& opinion, const TechnicalCase& of) {
  const facts::Facts& facts = of.situation.facts;
  const facts::Cause* defect = facts.cause_of(CauseKind::technical);
  const facts::Cause* weather = facts.cause_of(CauseKind::weather);
  if (facts.maintenance_state) opinion.knows(facts.maintenance_state, "maintenance state");
  if (facts.maintenance_state && facts.maintenance_state->value == facts::MaintenanceState::released) {
    opinion.apply(rules::release_citation, "A release to service closes the defect.");
    opinion.say(fmt::format("{} was released to service, which closes the defect.", of.name));
    return true;
  }
  if (facts.maintenance_state) {
    judge_grounded(opinion, of);
    return false;
  }
  const bool struck = facts.cause_of(CauseKind::bird_strike) != nullptr ||
                      (weather != nullptr && weather->detail == "lightning strike");
  if (defect != nullptr) {
    opinion.say(fmt::format("The prompt names {} on {}.", defect_text(*defect), of.name));
    opinion.use("cause", facts::cause_text(*defect), cause_source(facts, CauseKind::technical));
    const bool more_is_stated = facts.mel_category || of.situation.repair;
    if (more_is_stated || !on_file(of, *defect)) judge_stated_defect(opinion, of, *defect);
  } else if (facts.mel_category) {
    judge_stated_deferral(opinion, of);
  } else if (of.situation.repair) {
    opinion.use(of.situation.repair, "time to repair");
    judge_repair(opinion, of, of.situation.repair->value, "the repair");
  }
  if (struck) {
    opinion.limit(Verdict::conditional);
    opinion.apply(rules::strike_inspection_citation,
                  "A bird or lightning strike calls for the inspection of the maintenance manual.");
    opinion.say("A bird or lightning strike calls for an inspection.");
    opinion.require(fmt::format("{} must be inspected and released before its next departure.", of.name));
  }
  return false;
}

/// A twin without the approval that the planned aircraft has.
void judge_swapped_approval(Opinion& opinion, const TechnicalCase& of) {
  if (of.candidate == nullptr || !of.situation.aircraft || of.engines != 2) return;
  const std::int32_t planned = of.situation.aircraft->value.etops_minutes;
  const std::int32_t instead = of.candidate->aircraft.etops_minutes;
  if (instead >= planned) return;
  opinion.limit(Verdict::conditional);
  opinion.use("ETOPS of the planned aircraft", duration_text(planned), of.situation.aircraft->source);
  opinion.use("ETOPS of the replacement", duration_text(instead), "operations database, fleet");
  opinion.apply(rules::etops_citation,
                fmt::format("Without ETOPS approval a twin stays within {} min of an adequate aerodrome.",
                            rules::etops_free_minutes));
  opinion.say("Whether the route needs ETOPS is not on file.");
  opinion.require(fmt::format("The route must stay within {} of an adequate aerodrome for {}.",
                              duration_text(std::max(instead, rules::etops_free_minutes)), of.name));
  opinion.calculate("diversion time of the replacement",
                    fmt::format("the larger of {} and {}", duration_text(instead),
                                duration_text(rules::etops_free_minutes)),
                    duration_text(std::max(instead, rules::etops_free_minutes)));
}

void judge_items(Opinion& opinion, const TechnicalCase& of, bool released) {
  if (of.items == nullptr) {
    if (!released) opinion.wants(false, fmt::format("open maintenance items of {}", of.name));
    return;
  }
  if (of.items->empty()) {
    opinion.use("open items", "none", "operations database, maintenance");
    opinion.say(fmt::format("{} has no open maintenance items.", of.name));
  }
  for (const ops::MaintenanceItem& item : *of.items) {
    use_item(opinion, item);
    const bool being_repaired = item.grounding || item.mel_category == 0;
    if (!being_repaired) {
      judge_deferred(opinion, of, item);
    } else if (released) {
      opinion.say(fmt::format("The release to service goes before the open item {}.", item_name(item)));
    } else if (item.repair_minutes > 0) {
      judge_repair(opinion, of, {item.repair_minutes, item.repair_minutes}, item_name(item));
    } else if (of.situation.repair && !of.plan.swaps()) {
      opinion.use(of.situation.repair, "time to repair");
      judge_repair(opinion, of, of.situation.repair->value, item_name(item));
    } else {
      opinion.apply(rules::release_citation,
                    "A defect that grounds the aircraft or is not deferred is rectified before flight.");
      opinion.forbid(fmt::format("{} must not depart with {}: it is {}.", of.name, item_name(item),
                                 item.grounding ? "grounding" : "neither rectified nor deferred"));
      opinion.recommend("Plan with another aircraft until engineering gives a time of release.");
    }
  }
}

}  // namespace

AgentAssessment assess_maintenance(const Situation& situation, const Plan& plan) {
  Opinion opinion("maintenance");
  opinion.use(situation.flight, "flight");
  if (!plan.flies()) {
    opinion.say("Nothing is flown, so no defect stands against the plan.");
    return std::move(opinion).finish();
  }
  const TechnicalCase of = technical_case(situation, plan);
  name_aircraft(opinion, of);
  if (plan.swaps()) {
    opinion.rely_on(situation, {Lookup::candidates});
  } else {
    opinion.rely_on(situation, {Lookup::fleet, Lookup::maintenance});
  }
  const bool in_flight = plan.kind == PlanKind::continue_flight || plan.kind == PlanKind::divert ||
                         (situation.phase && situation.phase->value == facts::FlightPhase::in_flight);
  if (in_flight) {
    judge_in_flight(opinion, of);
    return std::move(opinion).finish();
  }
  bool released = false;
  if (plan.swaps()) {
    if (situation.facts.cause_of(CauseKind::technical) != nullptr) {
      opinion.say(
          fmt::format("The swap to {} leaves the defect of {} behind.", of.name, aircraft_text(situation)));
      opinion.use(situation.registration, "planned aircraft");
    }
    if (of.items == nullptr) {
      opinion.require(fmt::format("{} must be free of open items that bar the flight.", of.name));
    }
    judge_swapped_approval(opinion, of);
  } else {
    released = judge_prompt(opinion, of);
  }
  judge_items(opinion, of, released);
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents::assessment
