#include "agents/assessment/consignments.hpp"

#include "agents/rules/cargo_limits.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using facts::CargoKind;
using reference::instant_text;

/// "pharma 607-12044491".
std::string name_text(const ops::Consignment& consignment) {
  std::string kind = consignment.kind;
  std::replace(kind.begin(), kind.end(), '_', ' ');
  return fmt::format("{} {}", kind, consignment.waybill);
}

std::string details_text(const ops::Consignment& consignment) {
  std::string text = fmt::format("{}, {} kg", name_text(consignment), consignment.weight_kg);
  if (consignment.celsius_min && consignment.celsius_max)
    text += fmt::format(", {} to {} °C", *consignment.celsius_min, *consignment.celsius_max);
  if (consignment.good_until) text += ", good until " + instant_text(*consignment.good_until);
  if (!consignment.un_number.empty())
    text += fmt::format(", {} class {}", consignment.un_number, consignment.hazard_class);
  if (!consignment.for_registration.empty()) text += ", for " + consignment.for_registration;
  return text;
}

bool is_late(const Transport& transport) {
  return !transport.plan->flies() || transport.plan->destination || transport.late_minutes.value_or(0) > 0;
}

/// The first later flight that brings freight to the destination by `limit`; nullptr if none is on file.
const ops::Flight* later_flight(const Situation& situation, std::optional<UtcMinutes> limit) {
  for (const Connection::Seats& later : situation.later_flights) {
    if (!limit || rules::arrives_good(later.flight.scheduled_arrival, *limit)) return &later.flight;
  }
  return nullptr;
}

std::string flight_and_arrival(Opinion& opinion, const ops::Flight& flight) {
  std::string text =
      fmt::format("{}, which arrives at {}", flight.number, instant_text(flight.scheduled_arrival));
  opinion.use(fmt::format("later flight {}", flight.number), text, "operations database, flights");
  return text;
}

/// It cannot stay on this plan: where else it could go.
void reroute(Opinion& opinion, const Transport& transport, const ops::Consignment& consignment) {
  const ops::Flight* other = later_flight(*transport.situation, consignment.good_until);
  if (other != nullptr) {
    opinion.recommend(fmt::format("Move {} to {}, if its hold has room.", name_text(consignment),
                                  flight_and_arrival(opinion, *other)));
  } else {
    opinion.recommend(fmt::format("Ask the shipper of {}: no later flight on file arrives in time.",
                                  name_text(consignment)));
  }
}

const rules::Citation& manual_of(std::string_view kind) {
  if (kind == "pharma") return rules::temperature_manual_citation;
  return kind == "live_animals" ? rules::live_animals_citation : rules::perishables_citation;
}

bool bears_no_wait(std::string_view kind) {
  return kind == "pharma" || kind == "perishables" || kind == "live_animals";
}

void keep_temperature(Opinion& opinion, const Transport& transport, const std::string& name,
                      std::int32_t least, std::int32_t most) {
  apply_named(opinion, rules::temperature_citation,
              "What the label demands for storage holds on the way, too, and a deviation is reported.");
  if (is_late(transport))
    opinion.recommend(fmt::format("Keep {} at {} to {} °C until it is loaded ({}).", name, least, most,
                                  rules::temperature_citation.source));
}

void judge_time(Opinion& opinion, const Transport& transport, const ops::Consignment& consignment) {
  const std::string name = name_text(consignment);
  if (!opinion.wants(consignment.good_until.has_value(), fmt::format("how long {} stays good", name))) return;
  if (!transport.arrival) return;
  apply_named(opinion, manual_of(consignment.kind),
              "A consignment arrives within the time that its packaging or kind allows.");
  const auto spare = static_cast<std::int32_t>((*consignment.good_until - *transport.arrival).count());
  opinion.calculate(
      fmt::format("time left for {}", name),
      fmt::format("{} - {}", instant_text(*consignment.good_until), instant_text(*transport.arrival)),
      fmt::format("{} min", spare));
  if (rules::arrives_good(*transport.arrival, *consignment.good_until)) {
    opinion.say(fmt::format("The {} arrives {} min before its limit.", name, spare));
    return;
  }
  opinion.forbid(
      fmt::format("The {} is good until {} and would arrive at {}: it does not travel on this plan.", name,
                  instant_text(*consignment.good_until), instant_text(*transport.arrival)),
      Verdict::conditional);
  reroute(opinion, transport, consignment);
}

void judge_perishing(Opinion& opinion, const Transport& transport, const ops::Consignment& consignment) {
  if (consignment.kind == "pharma")
    opinion.wants(consignment.celsius_min && consignment.celsius_max,
                  fmt::format("temperature range of {}", name_text(consignment)));
  if (consignment.kind == "pharma" && consignment.celsius_min && consignment.celsius_max)
    keep_temperature(opinion, transport, name_text(consignment), *consignment.celsius_min,
                     *consignment.celsius_max);
  if (transport.plan->flies() && !transport.plan->destination) judge_time(opinion, transport, consignment);
}

void notify_captain(Opinion& opinion, const Transport& transport, const std::string& name) {
  if (!transport.plan->swaps()) return;
  opinion.limit(Verdict::conditional);
  if (!transport.plan->replacement_registration.empty())
    opinion.use("aircraft of the plan", transport.plan->replacement_registration, "the plan");
  apply_named(
      opinion, rules::captain_notice_citation,
      "The pilot-in-command has written information on the dangerous goods as they are loaded, before the "
      "aircraft moves by itself.");
  opinion.require(
      fmt::format("On {} the {} are checked, segregated and stowed anew, and the captain gets a new "
                  "notification (NOTOC; {}).",
                  transport.plan->replacement_registration.empty() ? "the other aircraft"
                                                                   : transport.plan->replacement_registration,
                  name, rules::captain_notice_citation.source));
}

/// Whether dangerous goods may be on a passenger aircraft at all.
void judge_acceptance(Opinion& opinion, const std::string& name, std::string_view un_number,
                      bool cargo_aircraft_only) {
  const auto* ban = rules::find_passenger_aircraft_ban(un_number);
  if (ban != nullptr) {
    apply_named(
        opinion, ban->citation,
        fmt::format("{} ({}) are forbidden as cargo on passenger aircraft.", ban->un_number, ban->name));
    opinion.forbid(fmt::format("{} ({}) are not carried on passenger aircraft.", name, ban->name),
                   Verdict::conditional);
  } else if (cargo_aircraft_only) {
    apply_named(opinion, rules::cargo_aircraft_only_citation,
                "Packages labelled for cargo aircraft only are not loaded on passenger aircraft.");
    opinion.forbid(fmt::format("{} are for cargo aircraft only.", name), Verdict::conditional);
  }
}

void judge_parts(Opinion& opinion, const Transport& transport, const std::string& name,
                 const std::string& aircraft) {
  if (!is_late(transport)) return;
  const std::string who = aircraft.empty() ? std::string("another aircraft") : aircraft;
  opinion.limit(Verdict::conditional);
  opinion.say(fmt::format("{} waits on the ground for the {}.", who, name));
  const ops::Flight* other = later_flight(*transport.situation, std::nullopt);
  const bool sooner =
      other != nullptr && (!transport.arrival || other->scheduled_arrival < *transport.arrival);
  if (sooner)
    opinion.recommend(fmt::format("Move the {} to {}.", name, flight_and_arrival(opinion, *other)));
  else
    opinion.recommend(fmt::format("Tell whoever plans {} the new arrival of the {}.", who, name));
}

void judge_stated_time(Opinion& opinion, const Transport& transport, std::string_view kind) {
  const Situation& situation = *transport.situation;
  if (!opinion.knows(situation.facts.cargo_hold_minutes,
                     fmt::format("how long the {} may be on the way", kind)))
    return;
  if (!transport.late_minutes) return;
  const std::int32_t hold = situation.facts.cargo_hold_minutes->value;
  std::int32_t needed = *transport.late_minutes;
  std::string sum = fmt::format("{} min of delay", needed);
  const bool flight_known = situation.departure && situation.arrival;
  if (flight_known) {
    const auto block =
        static_cast<std::int32_t>((situation.arrival->value - situation.departure->value).count());
    sum = fmt::format("{} min of flight + {} min of delay", block, needed);
    needed += block;
  }
  opinion.calculate(fmt::format("time on the way of the {}", kind), sum, fmt::format("{} min", needed));
  if (needed > hold) {
    opinion.calculate(fmt::format("time that the {} lack", kind),
                      fmt::format("{} min - {} min", needed, hold), fmt::format("{} min", needed - hold));
    opinion.forbid(
        fmt::format("The {} would be on the way {} min, {} min more than they may: they do not travel on "
                    "this plan without being tended.",
                    kind, needed, needed - hold),
        Verdict::conditional);
  } else if (opinion.wants(flight_known, "time of the flight")) {
    opinion.say(fmt::format("The {} would be on the way {} min and may be {} min.", kind, needed, hold));
  }
}

std::string words_of(CargoKind kind) {
  std::string text(name_of(kind));
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

Transport transport_of(const Situation& situation, const Plan& plan) {
  Transport transport{&situation, &plan};
  if (!plan.flies() || plan.destination) return transport;
  if (const auto arrival = arrival_of(situation, plan)) transport.arrival = arrival->latest;
  if (plan.arrival_delay) transport.late_minutes = plan.arrival_delay->most_minutes;
  return transport;
}

void judge_consignment(Opinion& opinion, const Transport& transport, const ops::Consignment& consignment) {
  const std::string name = name_text(consignment);
  opinion.use(fmt::format("consignment {}", consignment.waybill), details_text(consignment),
              "operations database, cargo");
  if (bears_no_wait(consignment.kind)) judge_perishing(opinion, transport, consignment);
  if (consignment.kind == "dangerous_goods") {
    judge_acceptance(opinion, fmt::format("{} {}", consignment.un_number, consignment.waybill),
                     consignment.un_number, consignment.cargo_aircraft_only);
    notify_captain(opinion, transport, name);
  }
  if (consignment.kind == "aog_parts") judge_parts(opinion, transport, name, consignment.for_registration);
  if (transport.plan->flies() && !transport.plan->destination) return;
  opinion.limit(Verdict::conditional);
  if (consignment.kind != "aog_parts") reroute(opinion, transport, consignment);
}

void judge_stated_cargo(Opinion& opinion, const Transport& transport, const facts::Fact<CargoKind>& kind) {
  const facts::Facts& facts = transport.situation->facts;
  const std::string name = words_of(kind.value);
  opinion.use(fmt::format("cargo: {}", name), name, source_text(kind.words));
  switch (kind.value) {
    case CargoKind::none:
    case CargoKind::general:
      return;
    case CargoKind::pharma:
      if (opinion.wants(facts.cargo_temperature.has_value(), "temperature range of the pharma")) {
        const facts::TemperatureRange& range = facts.cargo_temperature->value;
        opinion.use("temperature range", fmt::format("{} to {} °C", range.least_celsius, range.most_celsius),
                    source_text(facts.cargo_temperature->words));
        keep_temperature(opinion, transport, name, range.least_celsius, range.most_celsius);
      }
      judge_stated_time(opinion, transport, name);
      return;
    case CargoKind::perishables:
    case CargoKind::live_animals:
      apply_named(
          opinion,
          kind.value == CargoKind::perishables ? rules::perishables_citation : rules::live_animals_citation,
          "A consignment arrives within the time that its packaging or kind allows.");
      judge_stated_time(opinion, transport, name);
      return;
    case CargoKind::dangerous_goods:
      if (opinion.wants(!facts.un_numbers.empty(), "UN numbers of the dangerous goods")) {
        for (const auto& number : facts.un_numbers) {
          opinion.use(number.value, number.value, source_text(number.words));
          judge_acceptance(opinion, number.value, number.value, false);
        }
      }
      notify_captain(opinion, transport, name);
      return;
    case CargoKind::aog_parts:
      judge_parts(opinion, transport, name, "");
      return;
  }
}

std::int64_t weight_of(const std::vector<ops::Consignment>& cargo) {
  std::int64_t sum = 0;
  for (const ops::Consignment& consignment : cargo) sum += consignment.weight_kg;
  return sum;
}

std::vector<const ops::Consignment*> offload_order(const std::vector<ops::Consignment>& cargo,
                                                   std::int32_t kg_max) {
  std::vector<const ops::Consignment*> order;
  for (const ops::Consignment& consignment : cargo) order.push_back(&consignment);
  const auto rank = [](const ops::Consignment* consignment) {
    return std::tuple(rules::loading_priority(consignment->kind), -consignment->weight_kg,
                      consignment->waybill);
  };
  std::sort(order.begin(), order.end(),
            [&](const ops::Consignment* a, const ops::Consignment* b) { return rank(a) < rank(b); });
  std::int64_t left = weight_of(cargo);
  std::size_t count = 0;
  while (count < order.size() && left > kg_max) left -= order[count++]->weight_kg;
  order.resize(count);
  return order;
}

}  // namespace skymarshal::agents::assessment
