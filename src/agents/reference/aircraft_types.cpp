#include "agents/reference/aircraft_types.hpp"

#include <algorithm>
#include <iterator>

namespace skymarshal::agents::reference {
namespace {

using enum BodyWidth;

constexpr AircraftType types[] = {
    {"A19N", "A319neo", narrow, 2},   {"A20N", "A320neo", narrow, 2},   {"A21N", "A321neo", narrow, 2},
    {"A318", "A318", narrow, 2},      {"A319", "A319", narrow, 2},      {"A320", "A320", narrow, 2},
    {"A321", "A321", narrow, 2},      {"A332", "A330-200", wide, 2},    {"A333", "A330-300", wide, 2},
    {"A338", "A330-800", wide, 2},    {"A339", "A330-900", wide, 2},    {"A343", "A340-300", wide, 4},
    {"A346", "A340-600", wide, 4},    {"A359", "A350-900", wide, 2},    {"A35K", "A350-1000", wide, 2},
    {"A388", "A380-800", wide, 4},    {"AT72", "ATR 72", regional, 2},  {"AT76", "ATR 72-600", regional, 2},
    {"B38M", "737 MAX 8", narrow, 2}, {"B39M", "737 MAX 9", narrow, 2}, {"B737", "737-700", narrow, 2},
    {"B738", "737-800", narrow, 2},   {"B739", "737-900", narrow, 2},   {"B744", "747-400", wide, 4},
    {"B748", "747-8", wide, 4},       {"B752", "757-200", narrow, 2},   {"B763", "767-300", wide, 2},
    {"B772", "777-200", wide, 2},     {"B77L", "777-200LR", wide, 2},   {"B77W", "777-300ER", wide, 2},
    {"B788", "787-8", wide, 2},       {"B789", "787-9", wide, 2},       {"B78X", "787-10", wide, 2},
    {"BCS1", "A220-100", narrow, 2},  {"BCS3", "A220-300", narrow, 2},  {"CRJ9", "CRJ900", regional, 2},
    {"DH8D", "Q400", regional, 2},    {"E170", "E170", regional, 2},    {"E190", "E190", regional, 2},
    {"E195", "E195", regional, 2},    {"E290", "E190-E2", regional, 2}, {"E295", "E195-E2", regional, 2},
};

char in_capitals(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return in_capitals(x) == in_capitals(y); });
}

}  // namespace

const AircraftType* find_aircraft_type(std::string_view designator_or_name) {
  const auto found = std::find_if(std::begin(types), std::end(types), [&](const AircraftType& type) {
    return same_name(type.icao, designator_or_name) || same_name(type.name, designator_or_name);
  });
  return found != std::end(types) ? &*found : nullptr;
}

}  // namespace skymarshal::agents::reference
