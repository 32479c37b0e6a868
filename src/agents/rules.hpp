// The numbers that the agents reckon with, as tables, each with the text it comes from.
// Constant data and pure functions over it. Supports planning; replaces no certified tool and no legal
// advice.
#pragma once

#include "agents/facts.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace skymarshal::agents::rules {

// Flight duty: Regulation (EU) No 965/2012, Annex III (Part-ORO), Subpart FTL.

inline constexpr std::string_view fdp_citation =
    "Regulation (EU) No 965/2012, ORO.FTL.205(b)(1) Table 2 (acclimatised crew, no extension)";
inline constexpr std::string_view discretion_citation = "ORO.FTL.205(f)";
/// What the commander may add to the flight duty period of a crew that is not augmented
/// (ORO.FTL.205(f)(1)(i)).
inline constexpr std::int32_t commander_discretion_minutes = 120;

/// Maximum basic daily flight duty period in minutes for a start at `start_minute` of the day, reference
/// time, and `sectors` from 1 to 10.
std::int32_t max_daily_fdp_minutes(std::int32_t start_minute, std::int32_t sectors);

struct FdpBounds {
  std::int32_t least_minutes = 0;
  std::int32_t most_minutes = 0;
};
/// The same when the start or the sectors are not known: the smallest and the largest limit that may hold.
FdpBounds fdp_bounds(std::optional<std::int32_t> start_minute, std::optional<std::int32_t> sectors);

// Minimum equipment list.

inline constexpr std::string_view mel_citation =
    "EASA CS-MMEL rectification interval categories (as FAA MMEL Policy Letter 25); the operator's own MEL "
    "binds";
/// Calendar days within which an item of the category must be rectified, the day of discovery excluded.
/// Category A has no standard interval: nullopt.
std::optional<std::int32_t> mel_interval_days(char category);

// Passenger rights.

inline constexpr std::string_view eu261_citation = "Regulation (EC) No 261/2004";
inline constexpr std::string_view uk261_citation = "UK Regulation (EC) No 261/2004 as retained and amended";

enum class PassengerRegime { none, eu261, uk261 };

struct RouteRights {
  PassengerRegime regime = PassengerRegime::none;
  std::int32_t distance_km = 0;
  /// Both airports in the area of the regulation: the band over 3500 km does not apply (Art. 7(1)(b)).
  bool within_area = false;
};
/// Which regulation binds a flight between two known airports for a known airline's home state (Art. 3(1)).
RouteRights passenger_rights(std::string_view from_iata, std::string_view to_iata,
                             std::string_view airline_state);

struct Compensation {
  std::int32_t per_passenger = 0;
  std::string_view currency = {};
};
/// Art. 7(1) for an arrival delay of three hours or more (CJEU C-402/07 Sturgeon), halved over 3500 km below
/// four hours (Art. 7(2)(c), Sturgeon paragraph 63). 0 below three hours or without a regime.
Compensation compensation_for_delay(const RouteRights& rights, std::int32_t arrival_delay_minutes);

/// Departure delay from which meals, refreshments and two messages are owed (Art. 6(1)).
std::int32_t care_after_minutes(const RouteRights& rights);
/// From this delay the fare may be claimed back (Art. 6(1)(iii)).
inline constexpr std::int32_t reimbursement_after_minutes = 300;

/// How a cause stands to "extraordinary circumstances" (Art. 5(3)).
enum class Extraordinary { no, may_be, unknown };
struct CauseInLaw {
  Extraordinary extraordinary = Extraordinary::unknown;
  std::string_view citation = {};
};
CauseInLaw extraordinary_circumstances(const Cause& cause);

inline constexpr std::string_view montreal_citation = "Montreal Convention 1999, Art. 19 and 22(1)";
/// Limit for delay of persons, special drawing rights a passenger, since 28 December 2024.
inline constexpr std::int32_t montreal_delay_limit_sdr = 6303;

inline constexpr std::string_view thai_citation =
    "Thailand, Civil Aviation Board Regulation No. 101 (in force since 20 May 2025)";
/// International flights: meals and communication over this delay.
inline constexpr std::int32_t thai_care_minutes = 120;
/// International flights: 1,500 baht and, where needed, a hotel over this delay.
inline constexpr std::int32_t thai_compensation_minutes = 300;

// Airports and flight plans.

struct Curfew {
  std::string_view iata;
  /// Local time, from `begin` to before `end`, over midnight.
  std::int32_t begin_minute;
  std::int32_t end_minute;
  std::string_view citation;
};
/// nullptr: no curfew is on file here, which is not to say that there is none.
const Curfew* find_curfew(std::string_view iata);
bool in_curfew(const Curfew& curfew, std::int32_t local_minute);

inline constexpr std::string_view flight_plan_citation = "ICAO Doc 4444 (PANS-ATM), 4.4.2.1";
/// A delay of a controlled flight beyond its estimated off-block time after which the plan must be amended.
inline constexpr std::int32_t flight_plan_amend_minutes = 30;

// Cost of a minute.

inline constexpr std::string_view block_cost_citation =
    "Airlines for America, U.S. Passenger Carrier Delay Costs, calendar year 2023 (DOT Form 41)";
/// Direct operating cost of a minute of block time, average of US scheduled passenger airlines, US cents.
inline constexpr std::int32_t block_minute_us_cents = 10080;
/// The fuel in it, which an aircraft on stand with its engines off does not burn.
inline constexpr std::int32_t block_minute_fuel_us_cents = 3727;

}  // namespace skymarshal::agents::rules
