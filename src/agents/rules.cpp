#include "agents/rules.hpp"

#include "agents/airports.hpp"

#include <algorithm>
#include <array>

namespace skymarshal::agents::rules {
namespace {

constexpr std::int32_t at(std::int32_t hour, std::int32_t minute) { return hour * 60 + minute; }

/// One row of ORO.FTL.205 Table 2: starts from `from` up to the next row's; limit for one or two sectors.
struct FdpRow {
  std::int32_t from;
  std::int32_t limit;
};
constexpr FdpRow fdp_rows[] = {
    {at(0, 0), at(11, 0)},    {at(5, 0), at(12, 0)},  {at(5, 15), at(12, 15)},  {at(5, 30), at(12, 30)},
    {at(5, 45), at(12, 45)},  {at(6, 0), at(13, 0)},  {at(13, 30), at(12, 45)}, {at(14, 0), at(12, 30)},
    {at(14, 30), at(12, 15)}, {at(15, 0), at(12, 0)}, {at(15, 30), at(11, 45)}, {at(16, 0), at(11, 30)},
    {at(16, 30), at(11, 15)}, {at(17, 0), at(11, 0)},
};
/// Each sector from the third takes half an hour off, down to nine hours: so reads every column of the table.
constexpr std::int32_t minutes_per_sector = 30;
constexpr std::int32_t fdp_floor = at(9, 0);

constexpr Curfew curfews[] = {
    {"ADL", at(23, 0), at(6, 0), "Adelaide Airport Curfew Act 2000 (Australia)"},
    {"SYD", at(23, 0), at(6, 0), "Sydney Airport Curfew Act 1995 (Australia)"},
};

struct Band {
  std::int32_t beyond_km;
  std::int32_t eur;
  std::int32_t gbp;
};
constexpr Band bands[] = {{0, 250, 220}, {1500, 400, 350}, {3500, 600, 520}};

bool is_uk(std::string_view country) { return country == "GB"; }

/// 0 for up to 1500 km, 1 for up to 3500 km and everything longer within the area, 2 for the rest.
std::size_t band_of(const RouteRights& rights) {
  if (rights.distance_km <= bands[1].beyond_km) return 0;
  return rights.within_area || rights.distance_km <= bands[2].beyond_km ? 1 : 2;
}

}  // namespace

std::int32_t max_daily_fdp_minutes(std::int32_t start_minute, std::int32_t sectors) {
  const auto after =
      std::upper_bound(std::begin(fdp_rows), std::end(fdp_rows), start_minute,
                       [](std::int32_t minute, const FdpRow& row) { return minute < row.from; });
  const std::int32_t limit = std::prev(after)->limit - std::max(0, sectors - 2) * minutes_per_sector;
  return std::max(limit, fdp_floor);
}

FdpBounds fdp_bounds(std::optional<std::int32_t> start_minute, std::optional<std::int32_t> sectors) {
  FdpBounds bounds{max_daily_fdp_minutes(start_minute.value_or(0), sectors.value_or(10)),
                   max_daily_fdp_minutes(start_minute.value_or(at(6, 0)), sectors.value_or(1))};
  return bounds;
}

std::optional<std::int32_t> mel_interval_days(char category) {
  switch (category) {
    case 'B':
      return 3;
    case 'C':
      return 10;
    case 'D':
      return 120;
    default:
      return std::nullopt;
  }
}

RouteRights passenger_rights(std::string_view from_iata, std::string_view to_iata,
                             std::string_view airline_state) {
  const Airport* from = find_airport(from_iata);
  const Airport* to = find_airport(to_iata);
  if (from == nullptr || to == nullptr) return {};
  RouteRights rights{PassengerRegime::none, great_circle_km(*from, *to), false};
  const bool eu_carrier = is_eu261_state(airline_state);
  const bool uk_carrier = is_uk(airline_state);
  if (is_eu261_state(from->country)) {
    rights.regime = PassengerRegime::eu261;
    rights.within_area = is_eu261_state(to->country);
  } else if (is_uk(from->country)) {
    rights.regime = PassengerRegime::uk261;
    rights.within_area = is_uk(to->country);
  } else if (is_eu261_state(to->country) && eu_carrier) {
    rights.regime = PassengerRegime::eu261;
  } else if (is_uk(to->country) && (uk_carrier || eu_carrier)) {
    rights.regime = PassengerRegime::uk261;
  }
  return rights;
}

Compensation compensation_for_delay(const RouteRights& rights, std::int32_t arrival_delay_minutes) {
  if (rights.regime == PassengerRegime::none || arrival_delay_minutes < at(3, 0)) return {};
  const std::size_t band = band_of(rights);
  const bool euro = rights.regime == PassengerRegime::eu261;
  const std::int32_t full = euro ? bands[band].eur : bands[band].gbp;
  const bool halved = band == 2 && arrival_delay_minutes < at(4, 0);
  return {halved ? full / 2 : full, euro ? "EUR" : "GBP"};
}

std::int32_t care_after_minutes(const RouteRights& rights) {
  constexpr std::int32_t thresholds[] = {at(2, 0), at(3, 0), at(4, 0)};
  return thresholds[band_of(rights)];
}

CauseInLaw extraordinary_circumstances(const Cause& cause) {
  switch (cause.kind) {
    case CauseKind::technical:
      return {Extraordinary::no, "CJEU C-549/07 Wallentin-Hermann, C-257/14 van der Lans"};
    case CauseKind::crew:
      return {Extraordinary::no, "CJEU C-156/22 TAP Portugal"};
    case CauseKind::bird_strike:
      return {Extraordinary::may_be, "CJEU C-315/15 Peskova"};
    case CauseKind::strike:
      return {Extraordinary::unknown, "CJEU C-28/20 Airhelp: a strike of the carrier's own staff is not"};
    case CauseKind::weather:
    case CauseKind::atc:
    case CauseKind::airport_closure:
    case CauseKind::security:
      return {Extraordinary::may_be, "Regulation (EC) No 261/2004, recitals 14 and 15"};
    case CauseKind::medical:
      return {Extraordinary::unknown, {}};
  }
  return {};
}

const Curfew* find_curfew(std::string_view iata) {
  const auto found = std::find_if(std::begin(curfews), std::end(curfews),
                                  [&](const Curfew& curfew) { return curfew.iata == iata; });
  return found != std::end(curfews) ? &*found : nullptr;
}

bool in_curfew(const Curfew& curfew, std::int32_t local_minute) {
  return local_minute >= curfew.begin_minute || local_minute < curfew.end_minute;
}

}  // namespace skymarshal::agents::rules
