#include "agents/facts/facts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents::facts {
namespace {

template <typename T>
void take_newer(std::optional<Fact<T>>& earlier, std::optional<Fact<T>>& newer, std::string_view name,
                const Facts& newer_facts) {
  if (newer) {
    earlier = std::move(newer);
  } else if (newer_facts.contradicts(name)) {
    earlier.reset();
  }
}

template <typename T>
void add_newer(std::vector<Fact<T>>& earlier, std::vector<Fact<T>>& newer) {
  for (Fact<T>& fact : newer) {
    const auto same = std::find_if(earlier.begin(), earlier.end(),
                                   [&](const Fact<T>& known) { return known.value == fact.value; });
    if (same != earlier.end()) {
      *same = std::move(fact);
    } else if (earlier.size() < Facts::several_max) {
      earlier.push_back(std::move(fact));
    }
  }
}

/// Calls `visit(name, member)` for every fact that has one value, in the order of the answer.
template <typename Visit>
void for_each_single(Visit visit) {
  visit("flight", &Facts::flight);
  visit("origin", &Facts::origin);
  visit("destination", &Facts::destination);
  visit("diversion_airport", &Facts::diversion_airport);
  visit("registration", &Facts::registration);
  visit("replacement_registration", &Facts::replacement_registration);
  visit("aircraft_type", &Facts::aircraft_type);
  visit("replacement_type", &Facts::replacement_type);
  visit("phase", &Facts::phase);
  visit("date", &Facts::date);
  visit("delay_minutes", &Facts::delay);
  visit("passengers", &Facts::passengers);
  visit("connecting_passengers", &Facts::connecting_passengers);
  visit("connection_minutes", &Facts::connection_minutes);
  visit("scheduled_departure", &Facts::scheduled_departure);
  visit("scheduled_arrival", &Facts::scheduled_arrival);
  visit("estimated_departure", &Facts::estimated_departure);
  visit("estimated_arrival", &Facts::estimated_arrival);
  visit("repair_minutes", &Facts::repair_minutes);
  visit("crew_report", &Facts::crew_report);
  visit("sectors", &Facts::sectors);
  visit("pilots", &Facts::pilots);
  visit("cabin_crew", &Facts::cabin_crew);
  visit("rest_facility", &Facts::rest_facility);
  visit("split_duty_break_minutes", &Facts::split_duty_break_minutes);
  visit("rest_minutes", &Facts::rest_minutes);
  visit("planned_fdp_minutes", &Facts::planned_fdp_minutes);
  visit("crew_on_duty_minutes", &Facts::crew_on_duty_minutes);
  visit("augmented_crew", &Facts::augmented_crew);
  visit("mel_category", &Facts::mel_category);
  visit("mel_open_days", &Facts::mel_open_days);
  visit("mel_reference", &Facts::mel_reference);
  visit("maintenance_state", &Facts::maintenance_state);
  visit("cargo_temperature", &Facts::cargo_temperature);
  visit("cargo_hold_minutes", &Facts::cargo_hold_minutes);
}

/// True if `facts` say how many there are of a kind, under the name that a contradiction of it has.
template <typename T>
bool is_counted(const std::vector<Fact<T>>& facts, std::string_view fact) {
  return std::any_of(facts.begin(), facts.end(),
                     [&](const Fact<T>& known) { return contradiction_name(known.value) == fact; });
}

bool is_stated(const Facts& facts, std::string_view fact) {
  bool stated = is_counted(facts.cabins, fact) || is_counted(facts.special_passengers, fact);
  for_each_single([&](std::string_view name, auto member) {
    stated = stated || (name == fact && (facts.*member).has_value());
  });
  return stated;
}

/// Adds or replaces what is said of the same kind: `key` tells the kind of a value.
template <typename T, typename Key>
void replace_by_kind(std::vector<Fact<T>>& earlier, std::vector<Fact<T>>& newer, Key T::* key) {
  for (Fact<T>& fact : newer) {
    const auto same = std::find_if(earlier.begin(), earlier.end(),
                                   [&](const Fact<T>& known) { return known.value.*key == fact.value.*key; });
    if (same != earlier.end()) {
      *same = std::move(fact);
    } else if (earlier.size() < Facts::several_max) {
      earlier.push_back(std::move(fact));
    }
  }
}

/// A number of passengers of a kind that is newly contradictory is no longer known.
template <typename T>
void drop_contradicted(std::vector<Fact<T>>& earlier, const Facts& newer) {
  std::erase_if(earlier,
                [&](const Fact<T>& fact) { return newer.contradicts(contradiction_name(fact.value)); });
}

/// How late the flight is may be said as a delay or as a new time: the newer way replaces the older one.
void drop_outdated_delay(Facts& earlier, const Facts& newer) {
  const bool times = newer.estimated_departure || newer.estimated_arrival;
  if (newer.delay && !newer.estimated_departure) earlier.estimated_departure.reset();
  if (newer.delay && !newer.estimated_arrival) earlier.estimated_arrival.reset();
  if (times && !newer.delay) earlier.delay.reset();
}

/// "No cargo" and any cargo exclude each other: the newer statement holds.
void merge_cargo(std::vector<Fact<CargoKind>>& earlier, std::vector<Fact<CargoKind>>& newer) {
  const auto says_none = [](const Fact<CargoKind>& fact) { return fact.value == CargoKind::none; };
  if (std::any_of(newer.begin(), newer.end(), says_none)) earlier.clear();
  if (!newer.empty()) std::erase_if(earlier, says_none);
  add_newer(earlier, newer);
}

void write_value(JsonWriter& json, const std::string& value) { json.string(value); }
void write_value(JsonWriter& json, std::int32_t value) { json.number(static_cast<std::int64_t>(value)); }
void write_value(JsonWriter& json, bool value) { json.boolean(value); }
void write_value(JsonWriter& json, char value) { json.string(std::string_view(&value, 1)); }
void write_value(JsonWriter& json, FlightPhase value) { json.string(name_of(value)); }
void write_value(JsonWriter& json, MaintenanceState value) { json.string(name_of(value)); }
void write_value(JsonWriter& json, CargoKind value) { json.string(name_of(value)); }
void write_value(JsonWriter& json, const TimeOfDay& value) { json.string(time_text(value)); }
void write_value(JsonWriter& json, const Cause& value) { json.string(cause_text(value)); }
void write_value(JsonWriter& json, reference::Date value) { json.string(reference::date_text(value)); }
void write_value(JsonWriter& json, RestFacility value) { json.number(static_cast<std::int64_t>(value)); }
void write_value(JsonWriter& json, const SpecialPassengers& value) {
  json.begin_object().member("need", name_of(value.need));
  if (value.count > 0) json.member("count", static_cast<std::int64_t>(value.count));
  json.end_object();
}
void write_value(JsonWriter& json, const CabinCount& value) {
  json.begin_object()
      .member("cabin", name_of(value.cabin))
      .member("passengers", static_cast<std::int64_t>(value.passengers))
      .end_object();
}
void write_value(JsonWriter& json, const TemperatureRange& value) {
  json.begin_array();
  write_value(json, value.least_celsius);
  write_value(json, value.most_celsius);
  json.end_array();
}
void write_value(JsonWriter& json, const Delay& value) {
  if (value.least_minutes == value.most_minutes) {
    write_value(json, value.most_minutes);
    return;
  }
  json.begin_array();
  write_value(json, value.least_minutes);
  write_value(json, value.most_minutes);
  json.end_array();
}

template <typename T>
void write_fact(JsonWriter& json, std::string_view name, const Fact<T>& fact) {
  json.begin_object().member("name", name).key("value");
  write_value(json, fact.value);
  json.member("words", std::string_view(fact.words.text))
      .member("offset", fact.words.offset)
      .member("turn", fact.words.turn)
      .end_object();
}

}  // namespace

std::string_view name_of(FlightPhase phase) {
  switch (phase) {
    case FlightPhase::before_departure:
      return "before_departure";
    case FlightPhase::in_flight:
      return "in_flight";
    case FlightPhase::diverted:
      return "diverted";
  }
  return {};
}

std::string_view name_of(CauseKind kind) {
  static constexpr std::string_view names[] = {"technical", "weather",         "crew",
                                               "atc",       "airport closure", "security",
                                               "medical",   "bird strike",     "strike"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(MaintenanceState state) {
  return state == MaintenanceState::released ? "released" : "grounded";
}

std::string_view name_of(CargoKind kind) {
  static constexpr std::string_view names[] = {
      "none",        "general cargo", "dangerous goods", "pharmaceuticals",
      "perishables", "live animals",  "AOG parts"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(SpecialNeed need) {
  static constexpr std::string_view names[] = {
      "wheelchair", "stretcher", "unaccompanied minor", "medical", "infant", "sensory", "deportee", "VIP"};
  return names[static_cast<std::size_t>(need)];
}

std::string_view name_of(Cabin cabin) {
  static constexpr std::string_view names[] = {"first", "business", "premium economy", "economy"};
  return names[static_cast<std::size_t>(cabin)];
}

std::string contradiction_name(const CabinCount& cabin) {
  return fmt::format("{} passengers", name_of(cabin.cabin));
}
std::string contradiction_name(const SpecialPassengers& passengers) {
  return fmt::format("{} passengers", name_of(passengers.need));
}

const Cause* Facts::cause_of(CauseKind kind) const {
  const auto found = std::find_if(causes.begin(), causes.end(),
                                  [&](const Fact<Cause>& fact) { return fact.value.kind == kind; });
  return found != causes.end() ? &found->value : nullptr;
}

bool Facts::contradicts(std::string_view fact) const {
  return std::any_of(contradictions.begin(), contradictions.end(),
                     [&](const Contradiction& contradiction) { return contradiction.fact == fact; });
}

Facts merge_facts(Facts earlier, Facts newer) {
  const std::int32_t turns = earlier.turns + newer.turns;
  if (earlier.flight && newer.flight && earlier.flight->value != newer.flight->value) {
    newer.turns = turns;
    return newer;
  }
  Facts merged = std::move(earlier);
  drop_outdated_delay(merged, newer);
  drop_contradicted(merged.cabins, newer);
  drop_contradicted(merged.special_passengers, newer);
  // An older contradiction lives on only while nothing newer is said about its fact.
  std::erase_if(merged.contradictions, [&](const Contradiction& old) {
    return newer.contradicts(old.fact) || is_stated(newer, old.fact);
  });
  for_each_single(
      [&](std::string_view name, auto member) { take_newer(merged.*member, newer.*member, name, newer); });
  for (Contradiction& contradiction : newer.contradictions) {
    if (merged.contradictions.size() == Facts::several_max) break;
    merged.contradictions.push_back(std::move(contradiction));
  }
  add_newer(merged.other_flights, newer.other_flights);
  add_newer(merged.causes, newer.causes);
  add_newer(merged.un_numbers, newer.un_numbers);
  replace_by_kind(merged.cabins, newer.cabins, &CabinCount::cabin);
  replace_by_kind(merged.special_passengers, newer.special_passengers, &SpecialPassengers::need);
  merge_cargo(merged.cargo, newer.cargo);
  merged.turns = turns;
  return merged;
}

void write_facts(JsonWriter& json, const Facts& facts) {
  json.begin_array();
  for_each_single([&](std::string_view name, auto member) {
    if (facts.*member) write_fact(json, name, *(facts.*member));
  });
  for (const auto& fact : facts.other_flights) write_fact(json, "other_flight", fact);
  for (const auto& fact : facts.causes) write_fact(json, "cause", fact);
  for (const auto& fact : facts.cabins) write_fact(json, "cabin", fact);
  for (const auto& fact : facts.special_passengers) write_fact(json, "special_passengers", fact);
  for (const auto& fact : facts.un_numbers) write_fact(json, "un_number", fact);
  for (const auto& fact : facts.cargo) write_fact(json, "cargo", fact);
  json.end_array();
}

std::string duration_text(std::int32_t minutes) {
  if (minutes < 60) return fmt::format("{} min", minutes);
  if (minutes % 60 == 0) return fmt::format("{} h", minutes / 60);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string delay_text(const Delay& delay) {
  if (delay.least_minutes == delay.most_minutes) return duration_text(delay.most_minutes);
  return fmt::format("{} to {}", duration_text(delay.least_minutes), duration_text(delay.most_minutes));
}

std::string time_text(const TimeOfDay& time) {
  std::string text = reference::clock_text(time.minute);
  if (time.utc_offset_minutes) {
    const std::int32_t offset = *time.utc_offset_minutes;
    const std::int32_t ahead = offset < 0 ? -offset : offset;
    text += " UTC";
    if (offset != 0) text += fmt::format("{}{}", offset < 0 ? '-' : '+', ahead / 60);
    if (ahead % 60 != 0) text += fmt::format(":{:02}", ahead % 60);
  }
  if (time.days_later != 0) text += fmt::format(" (+{})", time.days_later);
  return text;
}

std::string cause_text(const Cause& cause) {
  if (cause.detail.empty()) return std::string(name_of(cause.kind));
  if (cause.ata_chapter == 0) return fmt::format("{} ({})", name_of(cause.kind), cause.detail);
  return fmt::format("{} ({}, ATA {})", name_of(cause.kind), cause.detail, cause.ata_chapter);
}

}  // namespace skymarshal::agents::facts
