#include "agents/assessment/value_text.hpp"

#include <fmt/format.h>

namespace skymarshal::agents::assessment {

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
