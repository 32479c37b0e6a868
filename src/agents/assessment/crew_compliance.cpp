#include "agents/assessment/agent.hpp"
#include "agents/assessment/crew.hpp"

#include <string>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

bool flies_already(const Situation& situation, const Plan& plan) {
  return plan.kind == PlanKind::continue_flight || plan.kind == PlanKind::divert ||
         (situation.phase && situation.phase->value == facts::FlightPhase::in_flight);
}

/// A fresh crew, but none that is on file.
bool needs_unknown_crew(const Plan& plan) {
  return plan.kind == PlanKind::change_crew && plan.relief_crew == nullptr;
}

/// The facts of the duty: those that are known, and those that are missing.
void collect(Opinion& opinion, const CrewCase& of) {
  const Situation& situation = of.situation;
  const facts::Facts& facts = situation.facts;
  const DutyOutlook& outlook = of.outlook;
  opinion.wants(of.plan.departure_delay.has_value() || of.in_flight, "delay");
  if (of.plan.departure_delay)
    opinion.use("delay", value_text(*of.plan.departure_delay), of.plan.delay_reason);
  opinion.use(situation.departure, "scheduled departure");
  opinion.use(situation.arrival, "scheduled arrival");
  if (!outlook.relief) opinion.use(situation.duty, "crew duty");
  if (!outlook.relief) {
    if (facts.crew_report) opinion.knows(facts.crew_report, "crew report time");
    if (facts.sectors) opinion.knows(facts.sectors, "number of sectors in this duty");
    if (facts.pilots) opinion.knows(facts.pilots, "pilots");
    if (facts.rest_facility) opinion.knows(facts.rest_facility, "rest facility");
  }
  if (outlook.report && !facts.crew_report) {
    opinion.use("report", reference::instant_text(*outlook.report), "operations database, duties");
  }
  opinion.wants(outlook.start_minute.has_value(), "crew report time (local)");
  opinion.wants(outlook.sectors.has_value(), "number of sectors in this duty");
  opinion.wants(outlook.fdp_minutes && !outlook.fdp_is_least,
                of.plan.destination ? fmt::format("arrival time at {}", of.plan.destination->iata)
                                    : std::string("planned flight duty period of the crew"));
  opinion.wants(outlook.acclimatised.has_value(), "time zone that the crew is acclimatised to");
  if (!outlook.pilots) opinion.wants(false, "number of pilots");
  if (outlook.pilots.value_or(3) > 2) {
    opinion.wants(outlook.rest_facility.has_value(), "class of the crew rest facility on board");
  }
  if (outlook.crew == nullptr && outlook.pilots == 2) {
    opinion.say("No augmented crew is stated, so two pilots are reckoned with.");
  }
}

}  // namespace

CrewTimes crew_times(const Situation& situation, const Plan& plan) {
  CrewTimes times;
  if (!plan.flies() || needs_unknown_crew(plan)) return times;
  const DutyOutlook outlook = outlook_of(situation, plan);
  times.fdp_minutes = outlook.fdp_minutes;
  if (!situation.airline) return times;
  const auto range = limit_of(duty_regime_of(situation.airline->value), outlook);
  if (!range || !outlook.start_minute || !outlook.sectors) return times;
  times.limit_minutes = range->least.minutes;
  times.latest_departure = latest_departure_of(situation, plan, outlook, range->least.minutes);
  if (outlook.fdp_minutes && !outlook.fdp_is_least)
    times.margin_minutes = range->least.minutes - *outlook.fdp_minutes;
  return times;
}

AgentAssessment assess_crew_compliance(const Situation& situation, const Plan& plan) {
  Opinion opinion("crew_compliance");
  opinion.use(situation.flight, "flight");
  if (!plan.flies()) {
    opinion.say("Nothing is flown, so no duty stands against the plan.");
    return std::move(opinion).finish();
  }
  if (needs_unknown_crew(plan)) {
    opinion.wants(false, "relief crew: who, from when, with which hours and rest");
    opinion.say("The plan needs a fresh crew, and none is on file.");
    opinion.require("A complete, rested and rated crew must be found and its duty checked.");
    return std::move(opinion).finish();
  }
  opinion.rely_on(situation, {Lookup::operators, Lookup::duties});
  const DutyOutlook outlook = outlook_of(situation, plan);
  const bool airline = opinion.knows(situation.airline, "operator (a flight number of a known airline)");
  const DutyRegime regime = airline ? duty_regime_of(situation.airline->value) : DutyRegime::not_on_file;
  const CrewCase of{situation, plan, outlook, regime, flies_already(situation, plan)};
  if (airline) {
    const ops::Operator& by = situation.airline->value;
    opinion.say(fmt::format("{} is flown by {} ({}) under {}.", flight_text(situation), by.name, by.country,
                            regime_text(regime, by)));
    opinion.use("flight time limitations", std::string(regime_text(regime, by)), situation.airline->source);
  }
  if (situation.facts.cause_of(facts::CauseKind::crew) != nullptr && !outlook.relief) {
    opinion.limit(Verdict::conditional);
    opinion.say("The crew itself is named as a cause.");
    opinion.require("A complete and rested crew must be assigned before departure.");
  }
  collect(opinion, of);
  if (outlook.relief) judge_relief(opinion, of);
  if (const auto range = limit_of(regime, outlook)) {
    judge_duty(opinion, of, *range);
    if (regime == DutyRegime::faa117) judge_flight_time(opinion, of);
  } else if (airline) {
    judge_without_limits(opinion, of);
  }
  judge_members(opinion, situation, plan, outlook, regime, of.worst());
  if (outlook.crew != nullptr && !outlook.crew->members.empty() && outlook.crew->pilots() < 2) {
    opinion.limit(Verdict::conditional);
    opinion.require("The crew must be completed: fewer than two pilots are rostered.");
  }
  if (plan.departure_delay && plan.departure_delay->most_minutes > 0 && !of.in_flight) {
    opinion.recommend(
        "Tell crew control the new departure time now, so that rest and standby can still be used.");
  }
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents::assessment
