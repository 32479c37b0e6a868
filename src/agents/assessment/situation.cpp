#include "agents/assessment/situation.hpp"

#include "agents/assessment/flight_match.hpp"
#include "agents/assessment/stated_values.hpp"
#include "agents/assessment/surroundings.hpp"

#include <utility>

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

}  // namespace skymarshal::agents::assessment
