#include "agents/rules/airport_hours.hpp"

#include "agents/rules/start_rows.hpp"

#include <algorithm>
#include <iterator>

namespace skymarshal::agents::rules {
namespace {

constexpr NightHours hard(std::int32_t begin, std::int32_t end) { return {begin, end, begin}; }

constexpr AirportHours airports[] = {
    {"ADL",
     hard(at(23), at(6)),
     hard(at(23), at(6)),
     {"Adelaide Airport Curfew Act 2000 (Australia), s. 6", ""}},
    {"BER",
     {at(23, 30), at(5), at(0)},
     {at(23, 30), at(5), at(0)},
     {"Berlin Brandenburg Airport, planning approval as supplemented in 2009, night flight rules", ""}},
    {"BUD",
     hard(at(0), at(5)),
     hard(at(0), at(5)),
     {"Budapest Airport, night flight ban by government decree", "2019-08-01"}},
    {"FRA",
     hard(at(23), at(5)),
     {at(23), at(5), at(0)},
     {"Frankfurt Airport, planning approval of 2007 as amended after BVerwG 4 C 8.09", "2012-04-04"}},
    {"GVA",
     {at(0), at(6), at(0, 30)},
     {at(0), at(5), at(0, 30)},
     {"Switzerland, Ordinance on aviation infrastructure (SR 748.131.1), Art. 39a", "2000-05-01"}},
    {"HAM",
     {at(23), at(6), at(0)},
     {at(23), at(6), at(0)},
     {"Hamburg Airport, night flight restriction with the rule on late flights", ""}},
    {"LCY",
     {at(22), at(6, 30), at(22, 30)},
     {at(22), at(6, 30), at(22, 30)},
     {"London City Airport, planning permission, hours of operation (weekdays; shorter at weekends)", ""}},
    {"NRT",
     {at(0), at(6), at(0, 30)},
     {at(0), at(6), at(0, 30)},
     {"Narita Airport, operating hours with the flexible half hour (runway A)", "2019-10-27"}},
    {"ORY",
     hard(at(23, 15), at(6)),
     hard(at(23, 30), at(6, 15)),
     {"France, decision of 4 April 1968 on the night restrictions of Paris-Orly", "1968-04-04"}},
    {"SYD",
     hard(at(23), at(6)),
     hard(at(23), at(6)),
     {"Sydney Airport Curfew Act 1995 (Australia), s. 6 and 7", ""}},
    {"WAW",
     {at(23, 30), at(5, 30), at(5, 30)},
     {at(23, 30), at(5, 30), at(5, 30)},
     {"Warsaw Chopin Airport, core night", "2018-03-25"}},
    {"ZRH",
     {at(23), at(6), at(23, 30)},
     {at(23), at(6), at(23, 30)},
     {"Zurich Airport, operating regulations (provisional), night-time curfew", "2010-07-29"}},
};

/// From `begin` to before `end`, over midnight if begin > end; nothing if they are equal.
bool lies_between(std::int32_t minute, std::int32_t begin, std::int32_t end) {
  if (begin <= end) return minute >= begin && minute < end;
  return minute >= begin || minute < end;
}

}  // namespace

bool contains(const NightHours& hours, std::int32_t minute_of_day) {
  return lies_between(minute_of_day, hours.begin_minute, hours.end_minute);
}

bool allows_late(const NightHours& hours, std::int32_t minute_of_day) {
  return contains(hours, minute_of_day) &&
         lies_between(minute_of_day, hours.begin_minute, hours.late_until_minute);
}

const AirportHours* find_airport_hours(std::string_view iata) {
  const auto* const found = std::find_if(std::begin(airports), std::end(airports),
                                         [&](const AirportHours& airport) { return airport.iata == iata; });
  return found != std::end(airports) ? found : nullptr;
}

}  // namespace skymarshal::agents::rules
