// What freight bears: until when, on which aircraft, and what yields first. Constant tables and pure
// functions. Limits of a consignment are its label's and its packaging's; the texts cited here say that those
// hold. What the manuals of IATA hold beyond that is not published and not on file.
#pragma once

#include "agents/reference/calendar.hpp"
#include "agents/rules/citation.hpp"

#include <cstdint>
#include <string_view>

namespace skymarshal::agents::rules {

/// Arriving at `good_until` is in time, a minute later is not.
bool arrives_good(reference::UtcMinutes arrival, reference::UtcMinutes good_until);

/// Dangerous goods that no passenger aircraft may carry as cargo.
struct PassengerAircraftBan {
  /// "UN3480".
  std::string_view un_number;
  std::string_view name;
  Citation citation;
};
/// nullptr if this table bans it not; the Technical Instructions may still, by packing and quantity.
const PassengerAircraftBan* find_passenger_aircraft_ban(std::string_view un_number);

/// Which kind of cargo stays on board when not all may: larger stays longer. `kind` is named as in cargo.csv;
/// 0 for general and unknown kinds.
std::int32_t loading_priority(std::string_view kind);

inline constexpr Citation temperature_citation{
    "Guidelines on Good Distribution Practice of medicinal products for human use (2013/C 343/01), chapter "
    "9.2",
    "2013-11-23"};
inline constexpr Citation temperature_manual_citation{"IATA Temperature Control Regulations", ""};
inline constexpr Citation perishables_citation{"IATA Perishable Cargo Regulations", ""};
inline constexpr Citation live_animals_citation{"IATA Live Animals Regulations", ""};
inline constexpr Citation captain_notice_citation{
    "ICAO Doc 9284, Technical Instructions, Part 7, chapter 4.1 (information to the pilot-in-command)", ""};
inline constexpr Citation cargo_aircraft_only_citation{
    "ICAO Doc 9284, Technical Instructions, Part 7, chapter 2 (packages labelled for cargo aircraft only)",
    ""};
inline constexpr Citation loading_priority_citation{
    "Assumption of SkyMarshal: what cannot wait stays on board; the operator's own order replaces it", ""};

}  // namespace skymarshal::agents::rules
