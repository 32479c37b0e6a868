#include "agents/rules/delay_costs.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace skymarshal::agents::rules {
namespace {

/// The aircraft that were studied; EUR cents a minute.
struct StudiedType {
  std::string_view icao;
  std::int32_t at_gate;
  std::int32_t taxi;
  std::int32_t airborne;
};
constexpr StudiedType studied[] = {
    {"A319", 826, 1099, 1204},  {"A320", 872, 1133, 1215},  {"A321", 882, 1181, 1294},
    {"A332", 1467, 1902, 2033}, {"AT43", 612, 742, 762},    {"AT72", 671, 836, 873},
    {"B733", 943, 1190, 1284},  {"B734", 969, 1241, 1336},  {"B735", 887, 1125, 1203},
    {"B738", 994, 1210, 1288},  {"B744", 1871, 2424, 2625}, {"B752", 1053, 1351, 1450},
    {"B763", 1382, 1783, 1920}, {"DH8D", 668, 818, 864},    {"E190", 750, 966, 1040},
};

/// EUR a minute = base + slope * square root of the mass in tonnes.
struct Fit {
  double base;
  double slope;
};
constexpr Fit fit_at_gate{2.605640, 0.788646};
constexpr Fit fit_taxi{2.854586, 1.063627};
constexpr Fit fit_airborne{2.859683, 1.163548};

struct TypeMass {
  std::string_view icao;
  double tonnes;
};
constexpr TypeMass masses[] = {
    {"A19N", 75.5},  {"A20N", 79.0},  {"A21N", 97.0},  {"A318", 68.0},  {"A333", 242.0}, {"A338", 251.0},
    {"A339", 251.0}, {"A343", 276.5}, {"A346", 380.0}, {"A359", 283.0}, {"A35K", 319.0}, {"A388", 575.0},
    {"AT76", 23.0},  {"B38M", 82.6},  {"B39M", 88.3},  {"B737", 70.1},  {"B739", 85.1},  {"B748", 447.7},
    {"B772", 297.6}, {"B77L", 347.5}, {"B77W", 351.5}, {"B788", 227.9}, {"B789", 254.0}, {"B78X", 254.0},
    {"BCS1", 63.1},  {"BCS3", 70.9},  {"CRJ9", 38.3},  {"E170", 38.6},  {"E195", 52.3},  {"E290", 56.4},
    {"E295", 62.5},
};

template <typename Row, std::size_t count>
const Row* find(const Row (&rows)[count], std::string_view icao) {
  const auto* const found =
      std::find_if(std::begin(rows), std::end(rows), [&](const Row& row) { return row.icao == icao; });
  return found != std::end(rows) ? found : nullptr;
}

std::int32_t cents_of(const StudiedType& type, DelayPhase phase) {
  switch (phase) {
    case DelayPhase::at_gate:
      return type.at_gate;
    case DelayPhase::taxi:
      return type.taxi;
    case DelayPhase::airborne:
      return type.airborne;
  }
  return 0;
}

const Fit& fit_of(DelayPhase phase) {
  switch (phase) {
    case DelayPhase::at_gate:
      return fit_at_gate;
    case DelayPhase::taxi:
      return fit_taxi;
    case DelayPhase::airborne:
      return fit_airborne;
  }
  return fit_at_gate;
}

}  // namespace

std::string_view name_of(DelayPhase phase) {
  switch (phase) {
    case DelayPhase::at_gate:
      return "at the gate";
    case DelayPhase::taxi:
      return "taxiing";
    case DelayPhase::airborne:
      return "airborne";
  }
  return {};
}

std::optional<MinuteCost> delay_minute_cost(std::string_view icao, DelayPhase phase) {
  if (const StudiedType* type = find(studied, icao)) return MinuteCost{cents_of(*type, phase), false, 0};
  const TypeMass* mass = find(masses, icao);
  if (mass == nullptr) return std::nullopt;
  const Fit& fit = fit_of(phase);
  const double eur = fit.base + fit.slope * std::sqrt(mass->tonnes);
  return MinuteCost{static_cast<std::int32_t>(std::lround(eur * 100)), true, mass->tonnes};
}

}  // namespace skymarshal::agents::rules
