// The items of a plan's cost, one function each: what is reckoned, by which published value, or which fact
// lacks. Behind cost_of(); the finance agent states them with their rules. Pure.
#pragma once

#include "agents/assessment/finance.hpp"
#include "agents/assessment/guest_experience.hpp"
#include "agents/assessment/network.hpp"
#include "agents/rules/delay_costs.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace skymarshal::agents::assessment {

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
