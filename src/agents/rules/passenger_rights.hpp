// Which passenger rights regulation binds a flight, and what it makes the carrier owe: money, care, the fare
// back. Constant tables and pure functions over them. Regulation (EC) No 261/2004 is used as it stood before
// its revision (procedure 2013/0072(COD)), of which no published text in force is on file here.
#pragma once

#include "agents/rules/citation.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace skymarshal::agents::rules {

enum class PassengerRegime { none, eu261, uk261, appr, thailand };

/// "EU261", "UK261", "Canada APPR", "Thailand CAB 101"; empty for none.
std::string_view name_of(PassengerRegime regime);
/// The regulation itself; an empty citation for none.
Citation citation_of(PassengerRegime regime);
/// ISO 4217 code of its amounts; empty for none.
std::string_view currency_of(PassengerRegime regime);

/// States as ISO 3166-1 alpha-2.
struct Route {
  std::string_view origin_state;
  std::string_view destination_state;
  /// State of the operating licence; nullopt: not known.
  std::optional<std::string_view> carrier_state;
  /// Great circle, whole km.
  std::int32_t distance_km = 0;
};

struct RouteRights {
  /// What is reckoned with here.
  PassengerRegime regime = PassengerRegime::none;
  /// Another regulation that binds as well; nobody is paid twice for the same.
  PassengerRegime also = PassengerRegime::none;
  std::int32_t distance_km = 0;
  /// Both airports in the area of the regulation: the band over 3,500 km does not apply (Art. 7(1)(b)).
  bool within_area = false;
  bool international = false;
  /// Why it binds, or why none does: a clause with its article, "the flight departs from an airport …".
  std::string_view ground = {};
};

/// nullopt if it hangs on the carrier's state and that is not known.
std::optional<RouteRights> passenger_rights(const Route& route);

struct Compensation {
  /// Whole units of the currency; 0: none is owed.
  std::int32_t per_passenger = 0;
  std::string_view currency = {};

  bool operator==(const Compensation&) const = default;
};

/// For an arrival delay in minutes; never falls when the delay grows.
Compensation compensation_for_delay(const RouteRights& rights, std::int32_t arrival_delay_minutes);
/// For a cancellation that the passengers hear of on the day, at the most: before any reduction for
/// rerouting.
Compensation compensation_for_cancellation(const RouteRights& rights);

/// Minutes of delay from which meals and refreshments are owed; nullopt without a regime.
std::optional<std::int32_t> care_after_minutes(const RouteRights& rights);
/// The same for a night in a hotel, where one falls into the wait.
std::optional<std::int32_t> hotel_after_minutes(const RouteRights& rights);
Citation care_citation(PassengerRegime regime);
/// Minutes of delay from which the fare may be claimed back; nullopt without a regime.
std::optional<std::int32_t> refund_after_minutes(const RouteRights& rights);
Citation refund_citation(PassengerRegime regime);
/// The rule on compensation for delay.
Citation compensation_citation(PassengerRegime regime);
Citation cancellation_citation(PassengerRegime regime);

// Rules that hold beside those.

/// Flights to, from and within the United States: from this delay a passenger who does not travel may have
/// the fare back.
inline constexpr std::int32_t us_refund_domestic_minutes = 180;
inline constexpr std::int32_t us_refund_international_minutes = 360;
inline constexpr Citation us_refund_citation{"14 CFR 260.2 and 260.6; 49 U.S.C. 42305", "2024-08-12"};

/// With passengers aboard on the tarmac of a United States airport: until then they must be able to leave.
inline constexpr std::int32_t us_tarmac_domestic_minutes = 180;
inline constexpr std::int32_t us_tarmac_international_minutes = 240;
/// Food and water at the latest.
inline constexpr std::int32_t us_tarmac_food_minutes = 120;
inline constexpr Citation us_tarmac_citation{"14 CFR 259.4(b)", "2021-06-02"};

/// Liability for damage by delay of passengers, special drawing rights for each; international carriage.
inline constexpr std::int32_t montreal_delay_limit_sdr = 6303;
inline constexpr Citation montreal_citation{"Montreal Convention 1999, Art. 19 and 22(1)", "2024-12-28"};

/// With a connection on one booking the lateness at the final destination decides, and the whole distance.
inline constexpr Citation final_destination_citation{"CJEU C-11/11 Folkerts; C-559/16 Bossen", "2013-02-26"};

/// Who is carried first and cared for at once.
inline constexpr Citation priority_citation{
    "Regulation (EC) No 261/2004, Art. 11; Regulation (EC) No 1107/2006, Art. 10 and Annex II", "2008-07-26"};

}  // namespace skymarshal::agents::rules
