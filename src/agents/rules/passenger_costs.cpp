#include "agents/rules/passenger_costs.hpp"

#include <iterator>

namespace skymarshal::agents::rules {
namespace {

struct CareStep {
  std::int32_t from_minutes;
  std::int32_t eur_cents;
};
constexpr CareStep care_steps[] = {{0, 0}, {90, 180}, {120, 840}, {180, 2100}, {300, care_longest_day_cents}};

/// Cost of cancellation, and the care and compensation within it; EUR.
struct SeatColumn {
  std::int32_t seats;
  std::int32_t total;
  std::int32_t care_and_compensation;

  std::int64_t rest_cents() const { return std::int64_t{100} * (total - care_and_compensation); }
};
constexpr SeatColumn columns[] = {
    {50, 6790, 3100}, {120, 16640, 7600}, {180, 25720, 12400}, {250, 85570, 40500}, {400, 123900, 64800}};

struct DiversionStep {
  std::int32_t beyond_km;
  std::int32_t eur;
};
/// Regional, continental, intercontinental flights.
constexpr DiversionStep diversion_steps[] = {{0, 1000}, {1500, 1400}, {3000, 7000}};

}  // namespace

std::int32_t care_cost_cents(std::int32_t wait_minutes) {
  std::int32_t cents = 0;
  for (const CareStep& step : care_steps) {
    if (wait_minutes >= step.from_minutes) cents = step.eur_cents;
  }
  return cents;
}

std::int64_t cancellation_cost_cents(std::int32_t seats) {
  if (seats <= columns[0].seats) return columns[0].rest_cents() * seats / columns[0].seats;
  for (std::size_t i = 1; i < std::size(columns); ++i) {
    const SeatColumn& low = columns[i - 1];
    const SeatColumn& high = columns[i];
    if (seats > high.seats) continue;
    return low.rest_cents() +
           (high.rest_cents() - low.rest_cents()) * (seats - low.seats) / (high.seats - low.seats);
  }
  const SeatColumn& last = *std::rbegin(columns);
  return last.rest_cents() * seats / last.seats;
}

std::int64_t rebooking_cost_cents(std::int32_t seats) { return cancellation_cost_cents(seats) / seats; }

std::int64_t diversion_cost_cents(std::int32_t distance_km) {
  std::int64_t cents = 0;
  for (const DiversionStep& step : diversion_steps) {
    if (distance_km >= step.beyond_km) cents = std::int64_t{100} * step.eur;
  }
  return cents;
}

}  // namespace skymarshal::agents::rules
