// What a plan costs, item by item: by which published value, or which fact lacks. Pure.
// The finance agent states it with its rules; option_scores.cpp compares the options by it.
#pragma once

#include "agents/assessment/network.hpp"
#include "agents/assessment/passengers.hpp"
#include "agents/rules/delay_costs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::assessment {

struct CostLine {
  /// "delay", "compensation", "care", "hotel", "crew", "swap", "knock_on", "rebooking", "diversion",
  /// "cancellation"; constant text.
  std::string_view item;
  /// Euro cents, always whole euros: so a table of rounded lines adds up to its total.
  std::int64_t eur_cents = 0;
  /// "180 min x 54.32 EUR".
  std::string expression;
};

struct CostEstimate {
  /// Items of a plan that could be reckoned, in a fixed order.
  std::vector<CostLine> lines;
  /// Items that could not, and which fact they lack: "compensation: number of passengers".
  std::vector<std::string> unknown;

  /// The sum of the lines.
  std::int64_t total_eur_cents() const;
};

/// Never falls when the delay of the plan grows. Pure.
CostEstimate cost_of(const Situation& situation, const Plan& plan);

/// "12,345 EUR", rounded half up.
std::string euros(std::int64_t eur_cents);

/// The aircraft that flies the plan.
struct CostAircraft {
  /// ICAO designator; empty if not known.
  std::string_view type;
  /// nullopt if neither its seats nor the number of passengers is known: passengers stand for seats then.
  std::optional<std::int32_t> seats;
  std::optional<rules::MinuteCost> minute;
  rules::DelayPhase phase = rules::DelayPhase::at_gate;
};
CostAircraft cost_aircraft(const Situation& situation, const Plan& plan);

/// Gathers lines and what could not be reckoned; every line is rounded to whole euros, half up.
class CostSheet {
 public:
  CostSheet(const Situation& situation, const Plan& plan);

  void add_delay();
  void add_compensation();
  void add_care();
  void add_crew();
  void add_swap();
  void add_knock_on();
  void add_rebooking();
  void add_diversion();
  void add_cancellation();

  CostEstimate take() && { return std::move(estimate_); }

 private:
  void line(std::string_view item, std::int64_t cents, std::string expression);
  void lacks(std::string what) { estimate_.unknown.push_back(std::move(what)); }

  const Situation& situation_;
  const Plan& plan_;
  CostAircraft aircraft_;
  PassengerDues dues_;
  NetworkImpact impact_;
  CostEstimate estimate_;
};

/// "8.72 EUR".
std::string euros_and_cents(std::int64_t eur_cents);

}  // namespace skymarshal::agents::assessment
