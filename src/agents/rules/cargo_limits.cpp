#include "agents/rules/cargo_limits.hpp"

#include <algorithm>
#include <iterator>

namespace skymarshal::agents::rules {
namespace {

constexpr PassengerAircraftBan bans[] = {
    {"UN3090",
     "lithium metal batteries packed alone",
     {"ICAO Doc 9284, Technical Instructions 2015-2016, Table 3-1 and Packing Instruction 968",
      "2015-01-01"}},
    {"UN3480",
     "lithium ion batteries packed alone",
     {"ICAO Doc 9284, Technical Instructions 2015-2016, Addendum 4, Packing Instruction 965", "2016-04-01"}},
};

struct Priority {
  std::string_view kind;
  std::int32_t priority;
};
constexpr Priority priorities[] = {
    {"dangerous_goods", 1}, {"perishables", 2}, {"pharma", 3}, {"live_animals", 4}, {"aog_parts", 5},
};

}  // namespace

bool arrives_good(reference::UtcMinutes arrival, reference::UtcMinutes good_until) {
  return arrival <= good_until;
}

const PassengerAircraftBan* find_passenger_aircraft_ban(std::string_view un_number) {
  const auto found = std::find_if(std::begin(bans), std::end(bans), [&](const PassengerAircraftBan& ban) {
    return ban.un_number == un_number;
  });
  return found != std::end(bans) ? &*found : nullptr;
}

std::int32_t loading_priority(std::string_view kind) {
  const auto found = std::find_if(std::begin(priorities), std::end(priorities),
                                  [&](const Priority& row) { return row.kind == kind; });
  return found != std::end(priorities) ? found->priority : 0;
}

}  // namespace skymarshal::agents::rules
