#include "agents/assessment/deferred_items.hpp"

#include "agents/rules/minimum_equipment.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

constexpr int twin_engines = 2;

/// The local date of departure, at the most delay.
std::optional<Date> departure_date(const TechnicalCase& of) {
  if (const auto departure = local_departure_of(of.situation, of.plan); departure && of.situation.date) {
    return reference::date_of(departure->latest);
  }
  return std::nullopt;
}

void state_interval(Opinion& opinion, char category, std::int32_t days) {
  opinion.apply(
      rules::mel_citation,
      fmt::format("An item of MEL category {} is rectified within {} calendar days, the day of discovery "
                  "excluded.",
                  category, days));
}

void require_expired(Opinion& opinion, const TechnicalCase& of, std::string_view item, char category,
                     std::int32_t days_over) {
  opinion.forbid(fmt::format("{} must not be dispatched: the category {} interval of {} is over by {} {}.",
                             of.name, category, item, days_over, days_over == 1 ? "day" : "days"));
  opinion.recommend("Have the item rectified, or ask whether the operator's procedure allows one extension.");
}

void judge_interval(Opinion& opinion, const TechnicalCase& of, const ops::MaintenanceItem& item) {
  const auto days = rules::mel_interval_days(item.mel_category, item.interval_days);
  const auto last = rules::mel_last_day(item.mel_category, item.discovered, item.interval_days);
  if (!days || !last) {
    opinion.wants(false, fmt::format("interval that the MEL states for {}", item_name(item)));
    return;
  }
  state_interval(opinion, item.mel_category, *days);
  opinion.calculate(fmt::format("last day of {}", item_name(item)),
                    fmt::format("{} + {} days", reference::date_text(item.discovered), *days),
                    reference::date_text(*last));
  const auto departs = departure_date(of);
  const std::string_view lacking = of.plan.departure_delay ? "local date of departure" : "delay";
  if (!opinion.wants(departs.has_value(), lacking)) return;
  const std::int32_t left = reference::days_between(*departs, *last);
  opinion.calculate(fmt::format("days left for {}", item_name(item)),
                    fmt::format("{} - {}", reference::date_text(*last), reference::date_text(*departs)),
                    std::to_string(left));
  if (left < 0) {
    opinion.calculate("days over", fmt::format("0 - ({})", left), std::to_string(-left));
    require_expired(opinion, of, item_name(item), item.mel_category, -left);
  } else if (left == 0) {
    opinion.say(fmt::format("{} is deferred in category {} and on its last day, {}.", item_name(item),
                            item.mel_category, reference::date_text(*last)));
    opinion.recommend(
        fmt::format("Have {} rectified before the first departure of the next day.", item_name(item)));
  } else {
    opinion.say(fmt::format("{} is deferred in category {} until {}.", item_name(item), item.mel_category,
                            reference::date_text(*last)));
  }
}

/// An item that bars ETOPS flights: whether this is one depends on a route that the data do not hold.
void judge_etops(Opinion& opinion, const TechnicalCase& of, const ops::MaintenanceItem& item) {
  if (!item.bars_etops) return;
  if (of.engines != 0 && of.engines != twin_engines) {
    opinion.say(fmt::format("{} bars ETOPS only, which this aircraft does not need by its engines.",
                            item_name(item)));
    return;
  }
  opinion.apply(rules::etops_citation,
                fmt::format("Without ETOPS a twin stays within {} min of an adequate aerodrome.",
                            rules::etops_free_minutes));
  if (of.etops_minutes == 0) {
    opinion.say(fmt::format("{} bars ETOPS, for which {} is not approved anyway.", item_name(item), of.name));
    return;
  }
  opinion.limit(Verdict::conditional);
  opinion.say(fmt::format("{} bars ETOPS; whether the route needs it is not on file.", item_name(item)));
  opinion.require(fmt::format("With {} the route must stay within {} min of an adequate aerodrome.",
                              item_name(item), rules::etops_free_minutes));
}

}  // namespace

TechnicalCase technical_case(const Situation& situation, const Plan& plan) {
  TechnicalCase of{situation, plan, plan.replacement, aircraft_text(situation), nullptr, 0, std::nullopt};
  const reference::AircraftType* type = nullptr;
  if (plan.replacement != nullptr) {
    of.name = plan.replacement->aircraft.registration;
    if (plan.replacement->items_known) of.items = &plan.replacement->items;
    of.etops_minutes = plan.replacement->aircraft.etops_minutes;
    type = reference::find_aircraft_type(plan.replacement->aircraft.type);
  } else if (plan.swaps()) {
    of.name = plan.replacement_registration;
  } else {
    if (situation.items_known) of.items = &situation.items;
    if (situation.aircraft) of.etops_minutes = situation.aircraft->value.etops_minutes;
    if (situation.aircraft_type) type = situation.aircraft_type->value;
  }
  if (type != nullptr) of.engines = type->engines;
  return of;
}

std::string item_name(const ops::MaintenanceItem& item) {
  if (item.reference.empty()) return fmt::format("the open defect \"{}\"", item.description);
  return fmt::format("MEL item {} ({})", item.reference, item.description);
}

void use_item(Opinion& opinion, const ops::MaintenanceItem& item) {
  std::string value = fmt::format("{}, ATA chapter {}, discovered {}", item_name(item), item.ata_chapter,
                                  reference::date_text(item.discovered));
  if (item.mel_category != 0) value += fmt::format(", category {}", item.mel_category);
  if (item.interval_days > 0) value += fmt::format(", {} days", item.interval_days);
  if (item.repair_minutes > 0) value += fmt::format(", repair {}", facts::duration_text(item.repair_minutes));
  if (!item.conditions.empty()) value += fmt::format(", conditions: {}", item.conditions);
  if (item.bars_etops) value += ", bars ETOPS";
  if (item.grounding) value += ", grounding";
  opinion.use(item_name(item), std::move(value), "operations database, maintenance");
}

bool on_file(const TechnicalCase& of, const facts::Cause& cause) {
  if (of.items == nullptr || cause.ata_chapter == 0) return false;
  return std::any_of(of.items->begin(), of.items->end(),
                     [&](const ops::MaintenanceItem& item) { return item.ata_chapter == cause.ata_chapter; });
}

void judge_deferred(Opinion& opinion, const TechnicalCase& of, const ops::MaintenanceItem& item) {
  judge_interval(opinion, of, item);
  if (!item.conditions.empty()) {
    opinion.limit(Verdict::conditional);
    opinion.apply(
        rules::mel_operation_citation,
        "Dispatch with an inoperative item keeps to the conditions and procedures of the operator's MEL.");
    opinion.require(fmt::format("{}: {}.", item_name(item), item.conditions));
  }
  judge_etops(opinion, of, item);
}

void judge_stated_deferral(Opinion& opinion, const TechnicalCase& of) {
  const facts::Facts& facts = of.situation.facts;
  const char category = facts.mel_category->value;
  opinion.knows(facts.mel_category, "MEL category");
  const std::string item = facts.mel_reference ? fmt::format("MEL item {}", facts.mel_reference->value)
                                               : std::string("the MEL item");
  if (facts.mel_reference) opinion.knows(facts.mel_reference, "MEL reference");
  opinion.limit(Verdict::conditional);
  opinion.apply(
      rules::mel_operation_citation,
      "Dispatch with an inoperative item keeps to the conditions and procedures of the operator's MEL.");
  opinion.require(
      "The MEL's operational (O) and maintenance (M) procedures for the item must be carried out.");
  const auto days = rules::mel_interval_days(category);
  if (!days) {
    opinion.wants(false, fmt::format("interval that the MEL states for {}", item));
    opinion.require("The interval in the MEL's remarks must be checked before dispatch.");
    return;
  }
  state_interval(opinion, category, *days);
  if (!opinion.knows(facts.mel_open_days, "days since the defect was discovered")) return;
  const std::int32_t left = *days - facts.mel_open_days->value;
  opinion.calculate("days left", fmt::format("{} - {}", *days, facts.mel_open_days->value),
                    std::to_string(left));
  if (left < 0) {
    opinion.calculate("days over", fmt::format("{} - {}", facts.mel_open_days->value, *days),
                      std::to_string(-left));
    require_expired(opinion, of, item, category, -left);
  } else if (left == 0) {
    opinion.say(fmt::format("{} is deferred in category {} and on its last day.", item, category));
  } else {
    opinion.say(fmt::format("{} is deferred in category {}; days left: {}.", item, category, left));
  }
}

}  // namespace skymarshal::agents::assessment
