// How answers and explanations write a value, and where it comes from. Pure.
#pragma once

#include "agents/facts/facts.hpp"
#include "agents/ops/records.hpp"
#include "agents/reference/aircraft_types.hpp"
#include "agents/reference/calendar.hpp"

#include <cstdint>
#include <string>

namespace skymarshal::agents::assessment {

using facts::Delay;
using reference::Date;
using reference::LocalMinutes;
using reference::UtcMinutes;

std::string value_text(const std::string& value);
std::string value_text(std::int32_t value);
std::string value_text(bool value);
std::string value_text(char value);
std::string value_text(const Delay& value);
std::string value_text(UtcMinutes value);
std::string value_text(LocalMinutes value);
std::string value_text(Date value);
std::string value_text(const ops::Airport& value);
std::string value_text(const ops::Operator& value);
std::string value_text(const ops::Aircraft& value);
std::string value_text(const ops::CrewDuty& value);
std::string value_text(const reference::AircraftType* value);
std::string value_text(facts::FlightPhase value);
std::string value_text(facts::MaintenanceState value);
std::string value_text(facts::RestFacility value);
std::string value_text(const facts::TimeOfDay& value);

/// `prompt, turn 1: "3 hours delay"`.
std::string source_text(const facts::Words& words);

}  // namespace skymarshal::agents::assessment
