// What care, a night, a cancelled seat and a diversion cost an airline by published averages, in euros.
// Constant tables and pure functions. They are averages of European carriers: an airline's own figures
// differ.
#pragma once

#include "agents/rules/citation.hpp"

#include <cstdint>

namespace skymarshal::agents::rules {

/// Meals and refreshments for one passenger who waits so long, EUR cents; without a night. Never falls when
/// the wait grows.
std::int32_t care_cost_cents(std::int32_t wait_minutes);
/// What a night adds for one passenger, EUR cents: the care of a wait over a night less that of the longest
/// wait without one.
inline constexpr std::int32_t care_overnight_cents = 9000;
inline constexpr std::int32_t care_longest_day_cents = 2300;
inline constexpr std::int32_t hotel_cost_cents = care_overnight_cents - care_longest_day_cents;
inline constexpr Citation care_cost_citation{
    "University of Westminster, The cost of passenger delay to airlines in Europe, consultation document "
    "(base scenario, prices of 2014)",
    "2015"};

/// What the cancellation on the day of operation of a flight with so many seats costs beside care and
/// compensation: lost revenue, carriage by others, crew, less what is saved. EUR cents, between the published
/// seat counts in proportion. `seats` at least 1.
std::int64_t cancellation_cost_cents(std::int32_t seats);
/// The same for one seat: stands for carrying one passenger on by other means. EUR cents, rounded down.
std::int64_t rebooking_cost_cents(std::int32_t seats);
inline constexpr Citation cancellation_cost_citation{
    "EUROCONTROL Standard Inputs for Economic Analyses, edition 10, Cancellation cost (traditional network "
    "carrier, prices of 2022)",
    "2023"};

/// What a diversion by itself costs, without compensation and hotels: the lower end of the published range
/// for the distance. EUR cents.
std::int64_t diversion_cost_cents(std::int32_t distance_km);
inline constexpr Citation diversion_cost_citation{
    "EUROCONTROL Standard Inputs for Economic Analyses, edition 10, Cost of diversion (lower end of the "
    "range, "
    "prices of 2022)",
    "2023"};

}  // namespace skymarshal::agents::rules
