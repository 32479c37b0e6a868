#include "agents/assessment/agent.hpp"
#include "agents/assessment/costs.hpp"
#include "agents/assessment/passengers.hpp"
#include "agents/rules/exchange_rates.hpp"
#include "agents/rules/passenger_costs.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

const CostLine* find(const CostEstimate& estimate, std::string_view item) {
  const auto found = std::find_if(estimate.lines.begin(), estimate.lines.end(),
                                  [&](const CostLine& line) { return line.item == item; });
  return found != estimate.lines.end() ? &*found : nullptr;
}

void use_facts(Opinion& opinion, const Situation& situation, const Plan& plan) {
  use_route(opinion, situation);
  use_delay(opinion, situation, plan);
  opinion.knows(situation.passengers, "number of passengers");
  if (plan.replacement != nullptr) {
    opinion.use("replacement aircraft", value_text(plan.replacement->aircraft), "operations database, fleet");
  } else if (situation.aircraft) {
    opinion.use(situation.aircraft, "aircraft");
  } else {
    opinion.knows(situation.aircraft_type, "aircraft type");
  }
}

void apply_minute_cost(Opinion& opinion, const CostAircraft& aircraft, rules::DelayPhase phase) {
  const auto minute = rules::delay_minute_cost(aircraft.type, phase);
  if (!minute) return;
  const std::string value = euros_and_cents(minute->eur_cents);
  if (!minute->fitted) {
    apply_named(opinion, rules::minute_cost_citation,
                fmt::format("{} a minute {} for type {}.", value, rules::name_of(phase), aircraft.type));
    return;
  }
  apply_named(
      opinion, rules::minute_cost_citation,
      fmt::format("{} a minute {} for type {}, which was not studied: by the fit over the square root of "
                  "{:.1f} t.",
                  value, rules::name_of(phase), aircraft.type, minute->take_off_mass_tonnes));
  apply_named(opinion, rules::take_off_mass_citation,
              fmt::format("{:.1f} t for type {}.", minute->take_off_mass_tonnes, aircraft.type));
}

void apply_rules(Opinion& opinion, const Situation& situation, const Plan& plan,
                 const CostEstimate& estimate) {
  const CostAircraft aircraft = cost_aircraft(situation, plan);
  if (find(estimate, "delay") != nullptr) apply_minute_cost(opinion, aircraft, aircraft.phase);
  const bool at_gate = find(estimate, "knock_on") != nullptr || find(estimate, "crew") != nullptr;
  if (at_gate && (aircraft.phase != rules::DelayPhase::at_gate || find(estimate, "delay") == nullptr)) {
    apply_minute_cost(opinion, aircraft, rules::DelayPhase::at_gate);
  }
  if (find(estimate, "compensation") != nullptr) {
    const auto rights = rights_of(situation);
    apply_named(opinion,
                plan.flies() ? rules::compensation_citation(rights->regime)
                             : rules::cancellation_citation(rights->regime),
                "Compensation by distance and lateness, as if every passenger claimed it.");
    const std::string_view currency = rules::currency_of(rights->regime);
    if (currency != "EUR") {
      apply_named(opinion, rules::exchange_rate_citation,
                  fmt::format("1 EUR = {} {}.", rules::find_exchange_rate(currency)->published, currency));
    }
  }
  if (find(estimate, "care") != nullptr) {
    apply_named(opinion, rules::care_cost_citation,
                fmt::format("Care by length of the wait; a night adds {} - {} = {} a passenger.",
                            euros_and_cents(rules::care_overnight_cents),
                            euros_and_cents(rules::care_longest_day_cents),
                            euros_and_cents(rules::hotel_cost_cents)));
  }
  const bool by_seat = find(estimate, "swap") != nullptr || find(estimate, "rebooking") != nullptr;
  if (by_seat || find(estimate, "cancellation") != nullptr) {
    apply_named(opinion, rules::cancellation_cost_citation,
                by_seat
                    ? "Assumption: carrying a passenger on costs what a cancelled seat costs beside care and "
                      "compensation."
                    : "Cancellation by the number of seats, less the care and compensation in it.");
  }
  if (find(estimate, "crew") != nullptr) {
    apply_named(
        opinion, rules::minute_cost_citation,
        "Assumption: a crew on call-out costs for its call-out what a delayed one costs at the gate.");
  }
  if (find(estimate, "diversion") != nullptr) {
    apply_named(opinion, rules::diversion_cost_citation,
                fmt::format("{} for the distance, without compensation and hotels.",
                            euros_and_cents(find(estimate, "diversion")->eur_cents)));
  }
}

void say_lines(Opinion& opinion, const CostEstimate& estimate) {
  std::string parts;
  std::string sum;
  for (const CostLine& line : estimate.lines) {
    const std::string amount = euros(line.eur_cents);
    opinion.calculate(line.item, line.expression, amount);
    opinion.wants(true, line.item);
    parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", line.item, amount);
    sum += fmt::format("{}{}", sum.empty() ? "" : " + ", amount);
  }
  if (estimate.lines.empty()) return opinion.say("Nothing of the cost could be reckoned.");
  const std::string total = euros(estimate.total_eur_cents());
  opinion.calculate("total", sum, total);
  opinion.say(fmt::format("Reckoned: {}; together {}.", parts, total));
  opinion.say("These are published averages at the most delay; the airline's own figures decide.");
}

/// What use_facts() has named as missing already is not named again, item by item.
bool is_named_already(const Situation& situation, std::string_view unknown) {
  if (unknown.ends_with(": aircraft type")) return !situation.aircraft && !situation.aircraft_type;
  return unknown.starts_with("compensation:") || unknown == "delay: minutes of delay" ||
         unknown.ends_with(": number of passengers");
}

/// Owed to or spent on others, beyond the aircraft's own minutes.
bool is_due(const CostLine& line) {
  return line.eur_cents > 0 && line.item != "delay" && line.item != "knock_on";
}

/// What is owed or spent beside compensation, which is only paid where it is claimed.
void require_spending(Opinion& opinion, const CostEstimate& estimate) {
  std::string items;
  std::string sum;
  std::int64_t cents = 0;
  for (const CostLine& line : estimate.lines) {
    if (!is_due(line) || line.item == "compensation") continue;
    items += fmt::format("{}{}", items.empty() ? "" : ", ", line.item);
    sum += fmt::format("{}{}", sum.empty() ? "" : " + ", euros(line.eur_cents));
    cents += line.eur_cents;
  }
  if (cents == 0) return;
  opinion.calculate("to be spent", sum, euros(cents));
  opinion.require(fmt::format("{} must be spent on: {}.", euros(cents), items));
}

}  // namespace

AgentAssessment assess_finance(const Situation& situation, const Plan& plan) {
  Opinion opinion("finance");
  use_facts(opinion, situation, plan);
  opinion.rely_on(
      situation, {Lookup::operators, Lookup::fleet, Lookup::rotation, Lookup::bookings, Lookup::connections});
  const CostEstimate estimate = cost_of(situation, plan);
  apply_rules(opinion, situation, plan, estimate);
  say_lines(opinion, estimate);
  for (const std::string& unknown : estimate.unknown) {
    if (!is_named_already(situation, unknown)) opinion.wants(false, unknown);
  }
  if (std::any_of(estimate.lines.begin(), estimate.lines.end(), is_due)) opinion.limit(Verdict::conditional);
  require_spending(opinion, estimate);
  const CostLine* compensation = find(estimate, "compensation");
  if (compensation != nullptr) {
    const std::string amount = euros(compensation->eur_cents);
    const bool excused = passenger_dues(situation, plan).may_be_excused;
    opinion.require(fmt::format("Compensation of up to {} is exposed to claims{}.", amount,
                                excused ? "; the circumstances may prove to excuse it" : ""));
    opinion.recommend(fmt::format("Set {} aside for claims.", amount));
  }
  opinion.recommend("Compare this total with those of the other options before deciding.");
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents::assessment
