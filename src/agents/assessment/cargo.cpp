#include "agents/assessment/agent.hpp"
#include "agents/assessment/consignments.hpp"
#include "agents/rules/cargo_limits.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using facts::CargoKind;

bool is_stated_empty(const Situation& situation) {
  const auto& stated = situation.facts.cargo;
  return std::any_of(stated.begin(), stated.end(),
                     [](const auto& kind) { return kind.value == CargoKind::none; });
}

bool is_booked(const Situation& situation, CargoKind kind) {
  return std::any_of(situation.cargo.begin(), situation.cargo.end(),
                     [&](const ops::Consignment& booked) { return booked.kind == name_of(kind); });
}

void judge_weight(Opinion& opinion, const Situation& situation, const Plan& plan) {
  if (!plan.flies() || plan.replacement == nullptr) return;
  const ops::Aircraft& aircraft = plan.replacement->aircraft;
  const std::int64_t weight = weight_of(situation.cargo);
  opinion.use(fmt::format("hold of {}", aircraft.registration), fmt::format("{} kg", aircraft.cargo_kg_max),
              "operations database, fleet");
  opinion.calculate("weight of the cargo", fmt::format("sum over {} consignments", situation.cargo.size()),
                    fmt::format("{} kg", weight));
  const auto order = offload_order(situation.cargo, aircraft.cargo_kg_max);
  if (order.empty()) {
    opinion.say(fmt::format("The {} kg fit the hold of {}.", weight, aircraft.registration));
    return;
  }
  std::string list;
  for (const ops::Consignment* consignment : order)
    list += fmt::format("{}{} ({} kg)", list.empty() ? "" : ", then ", consignment->waybill,
                        consignment->weight_kg);
  apply_named(
      opinion, rules::loading_priority_citation,
      "General cargo yields first, then dangerous goods, perishables, pharma, live animals, parts for an "
      "aircraft on the ground; the heaviest first within a kind.");
  opinion.calculate("weight over the limit", fmt::format("{} kg - {} kg", weight, aircraft.cargo_kg_max),
                    fmt::format("{} kg", weight - aircraft.cargo_kg_max));
  opinion.forbid(
      fmt::format("{} takes {} kg of the {} kg: {} kg stay behind at least.", aircraft.registration,
                  aircraft.cargo_kg_max, weight, weight - aircraft.cargo_kg_max),
      Verdict::conditional);
  opinion.recommend(fmt::format("Offload in this order: {}.", list));
}

void judge_booked(Opinion& opinion, const Situation& situation, const Plan& plan,
                  const Transport& transport) {
  for (const ops::Consignment& consignment : situation.cargo)
    judge_consignment(opinion, transport, consignment);
  judge_weight(opinion, situation, plan);
  if (!plan.flies()) {
    opinion.require("The cargo is taken off and booked on other flights.");
  } else if (plan.destination) {
    opinion.require(
        fmt::format("The cargo lands at {} and is carried on from there.", plan.destination->iata));
  }
}

void judge_stated(Opinion& opinion, const Situation& situation, const Transport& transport) {
  for (const auto& kind : situation.facts.cargo) {
    if (!is_booked(situation, kind.value)) judge_stated_cargo(opinion, transport, kind);
  }
}

}  // namespace

AgentAssessment assess_cargo(const Situation& situation, const Plan& plan) {
  Opinion opinion("cargo");
  const bool stated = !situation.facts.cargo.empty();
  if (stated && is_stated_empty(situation)) {
    opinion.use("cargo", "none", source_text(situation.facts.cargo.front().words));
    opinion.say("No cargo is on board.");
    return std::move(opinion).finish();
  }
  if (situation.cargo_known && situation.cargo.empty() && !stated) {
    opinion.say("No cargo is booked on the flight.");
    return std::move(opinion).finish();
  }
  opinion.rely_on(situation, {Lookup::cargo});
  const Transport transport = transport_of(situation, plan);
  if (opinion.wants(!plan.flies() || plan.destination || plan.arrival_delay, "delay") && plan.arrival_delay)
    opinion.use("delay at arrival", facts::delay_text(*plan.arrival_delay), plan.delay_reason);
  if (opinion.wants(
          situation.cargo_known || stated,
          "cargo on board (none, general, perishable, pharmaceutical, live animals, dangerous goods)")) {
    if (situation.cargo_known) judge_booked(opinion, situation, plan, transport);
    judge_stated(opinion, situation, transport);
    if (opinion.verdict() == Verdict::approved) opinion.say("What is on board bears the plan.");
  } else {
    opinion.recommend("Have load control check what is on board for limits of time and temperature.");
  }
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents::assessment
