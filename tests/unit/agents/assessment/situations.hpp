// Situations for tests: of a prompt alone, of the sample day, and made by hand.
#pragma once

#include "agents/assessment/plan.hpp"
#include "agents/assessment/situation.hpp"
#include "agents/facts/prompt_facts.hpp"
#include "agents/ops/import.hpp"
#include "agents/ops/operations_database.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace skymarshal::agents::assessment::test {

inline Situation situation_of(std::string_view prompt) {
  return understand(facts::read_facts(prompt), nullptr);
}

/// The sample day as a file, imported once a program. Nobody may write to it.
inline const std::filesystem::path& imported_sample() {
  static const skymarshal::test::TemporaryFolder folder;
  static const std::filesystem::path path = [] {
    std::filesystem::path file = folder.file("sample.db");
    ops::import_sample(file).value();
    return file;
  }();
  return path;
}

/// The sample day, read only.
class SampleDay {
 public:
  SampleDay() : database_(ops::OperationsDatabase::open(imported_sample()).value()) {}

  ops::OperationsDatabase& database() { return database_; }
  Situation situation_of(std::string_view prompt) {
    return understand(facts::read_facts(prompt), &database_);
  }

 private:
  ops::OperationsDatabase database_;
};

inline UtcMinutes at(std::string_view text) { return reference::parse_instant(text).value(); }

inline ops::Flight flight(std::string number, std::string_view origin, std::string_view destination,
                          std::string_view departure, std::string_view arrival,
                          std::string registration = "A6-BNC") {
  ops::Flight made;
  made.number = std::move(number);
  made.origin = origin;
  made.destination = destination;
  made.scheduled_departure = at(departure);
  made.scheduled_arrival = at(arrival);
  made.date = reference::date_of(made.scheduled_departure);
  made.registration = std::move(registration);
  return made;
}

inline Plan delayed(std::int32_t minutes) {
  Plan plan;
  plan.departure_delay = Delay{minutes, minutes};
  plan.arrival_delay = plan.departure_delay;
  return plan;
}

}  // namespace skymarshal::agents::assessment::test
