#include "agents/assessment/situation.hpp"

#include "agents/assessment/understanding.hpp"

#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

void note_database(Situation& situation) {
  const std::string flight = flight_text(situation);
  switch (situation.database) {
    case DatabaseUse::matched:
      return;
    case DatabaseUse::none:
      situation.notes.emplace_back(
          "No operations database is configured: the agents work from the prompt alone.");
      return;
    case DatabaseUse::failed:
      situation.notes.emplace_back(
          "The operations database could not be read: the agents work from what they have.");
      return;
    case DatabaseUse::no_flight_named:
      situation.notes.emplace_back(
          "The prompt names no flight to look up: the agents work from the prompt alone.");
      return;
    case DatabaseUse::no_match:
      situation.notes.push_back(flight +
                                " as stated is not in the operations database: the agents work from the "
                                "prompt alone.");
      return;
    case DatabaseUse::several_dates:
      situation.notes.push_back(flight +
                                " is in the operations database on several dates and the prompt names none "
                                "of them: the agents work from the prompt alone.");
      return;
  }
}

}  // namespace

Situation understand(facts::Facts facts, ops::OperationsDatabase* database) {
  Situation situation;
  situation.facts = std::move(facts);
  const bool snapshot = database != nullptr && database->begin_snapshot().has_value();
  if (snapshot) match_flight(situation, *database);
  if (database != nullptr && !snapshot) situation.database = DatabaseUse::failed;
  take_stated_values(situation);
  if (situation.database == DatabaseUse::matched) take_surroundings(situation, *database);
  if (snapshot && !database->end_snapshot()) situation.database = DatabaseUse::failed;
  note_database(situation);
  return situation;
}

std::string flight_text(const Situation& situation) {
  return situation.flight ? situation.flight->value : "the flight";
}

std::string aircraft_text(const Situation& situation) {
  return situation.registration ? situation.registration->value : "the aircraft";
}

std::string source_text(const facts::Words& words) {
  return fmt::format("prompt, turn {}: \"{}\"", words.turn, words.text);
}

std::string value_text(const std::string& value) { return value; }
std::string value_text(std::int32_t value) { return std::to_string(value); }
std::string value_text(bool value) { return value ? "yes" : "no"; }
std::string value_text(char value) { return std::string(1, value); }
std::string value_text(const Delay& value) { return facts::delay_text(value); }
std::string value_text(UtcMinutes value) { return reference::instant_text(value); }
std::string value_text(Date value) { return reference::date_text(value); }
std::string value_text(facts::FlightPhase value) { return std::string(name_of(value)); }
std::string value_text(facts::MaintenanceState value) { return std::string(name_of(value)); }
std::string value_text(const facts::TimeOfDay& value) { return facts::time_text(value); }

std::string value_text(LocalMinutes value) {
  // Without a date of the flight, local times are reckoned from the first day of the epoch.
  const std::int64_t day = value.time_since_epoch().count() / reference::minutes_a_day;
  const std::string clock = reference::clock_text(reference::minute_of_day(value));
  constexpr std::int64_t days_without_date = 30;
  if (day >= days_without_date) return reference::local_text(value) + " local";
  return day == 0 ? clock + " local" : fmt::format("{} local, day +{}", clock, day);
}

std::string value_text(const ops::Airport& value) {
  return fmt::format("{} ({}, {})", value.iata, value.city, value.country);
}

std::string value_text(const ops::Operator& value) {
  return fmt::format("{} ({})", value.name, value.country);
}

std::string value_text(const ops::Aircraft& value) {
  return fmt::format("{} ({}, {} seats)", value.registration, value.type, value.seats());
}

std::string value_text(const ops::CrewDuty& value) {
  return fmt::format("{} from {} at {}, {} crew members", value.duty.id,
                     reference::instant_text(value.duty.report), value.duty.report_airport,
                     value.members.size());
}

std::string value_text(const reference::AircraftType* value) {
  return fmt::format("{} ({})", value->name, value->icao);
}

std::string value_text(facts::RestFacility value) { return fmt::format("class {}", static_cast<int>(value)); }

}  // namespace skymarshal::agents::assessment
