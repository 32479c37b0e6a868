#include "agents/assessment/situation.hpp"

#include "agents/assessment/understanding.hpp"

#include <algorithm>
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

/// The steps of understand() in one snapshot of the database.
void take_day(Situation& situation, ops::OperationsDatabase& database) {
  Lookups lookups(situation, database);
  const Result<void> begun = database.begin_snapshot();
  if (begun) {
    match_flight(situation, lookups);
  } else {
    lookups.fail(Lookup::flights, begun.error());
    situation.database = DatabaseUse::failed;
  }
  take_stated_values(situation);
  if (situation.database == DatabaseUse::matched) take_surroundings(situation, lookups);
  if (!begun) return;
  if (const Result<void> ended = database.end_snapshot(); !ended) {
    lookups.fail(Lookup::flights, ended.error());
    situation.database = DatabaseUse::failed;
  }
}

void note_failed_lookups(Situation& situation) {
  // Nothing could be looked up: that is said already.
  if (situation.database == DatabaseUse::failed) return;
  for (const FailedLookup& failed : situation.failed_lookups) {
    situation.notes.push_back(
        fmt::format("The operations database could not be asked for the {}: what it would have told is not "
                    "known, which does not mean that there is nothing.",
                    name_of(failed.lookup)));
  }
}

}  // namespace

std::string_view name_of(Lookup lookup) {
  switch (lookup) {
    case Lookup::flights:
      return "flight";
    case Lookup::airports:
      return "airports and their hours";
    case Lookup::operators:
      return "operator and its duty scheme";
    case Lookup::fleet:
      return "aircraft";
    case Lookup::maintenance:
      return "open maintenance items";
    case Lookup::bookings:
      return "bookings";
    case Lookup::connections:
      return "onward flights of connecting passengers";
    case Lookup::duties:
      return "crew duty";
    case Lookup::standbys:
      return "standby crews";
    case Lookup::cargo:
      return "cargo";
    case Lookup::rotation:
      return "other flights of the aircraft";
    case Lookup::later_flights:
      return "seats on later flights";
    case Lookup::candidates:
      return "aircraft that could take over";
  }
  return {};
}

bool Situation::failed(Lookup lookup) const {
  return std::any_of(failed_lookups.begin(), failed_lookups.end(),
                     [&](const FailedLookup& failed) { return failed.lookup == lookup; });
}

Situation understand(facts::Facts facts, ops::OperationsDatabase* database) {
  Situation situation;
  situation.facts = std::move(facts);
  if (database == nullptr) {
    take_stated_values(situation);
  } else {
    take_day(situation, *database);
  }
  note_database(situation);
  note_failed_lookups(situation);
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
