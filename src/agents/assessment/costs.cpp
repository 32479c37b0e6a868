#include "agents/assessment/costs.hpp"

#include "agents/assessment/passengers.hpp"
#include "agents/rules/exchange_rates.hpp"
#include "agents/rules/passenger_costs.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

bool flies_elsewhere(const Plan& plan) {
  return plan.kind == PlanKind::divert || plan.kind == PlanKind::reroute;
}

bool is_airborne(const Situation& situation, const Plan& plan) {
  if (plan.kind == PlanKind::continue_flight || plan.kind == PlanKind::divert) return true;
  return situation.phase && situation.phase->value == facts::FlightPhase::in_flight;
}

/// Amount in its own currency, and how it became euros: "171,600 GBP / 0.86979".
std::string in_euros_text(std::string_view amount, std::string_view currency) {
  if (currency == "EUR") return std::string(amount);
  return fmt::format("{} / {}", amount, rules::find_exchange_rate(currency)->published);
}

}  // namespace

std::string euros_and_cents(std::int64_t eur_cents) {
  return fmt::format("{}.{:02} EUR", grouped(eur_cents / 100), eur_cents % 100);
}

CostAircraft cost_aircraft(const Situation& situation, const Plan& plan) {
  CostAircraft aircraft;
  aircraft.phase = is_airborne(situation, plan) ? rules::DelayPhase::airborne : rules::DelayPhase::at_gate;
  if (plan.replacement != nullptr) {
    aircraft.type = plan.replacement->aircraft.type;
    aircraft.seats = plan.replacement->aircraft.seats();
  } else if (situation.aircraft) {
    aircraft.type = situation.aircraft->value.type;
    aircraft.seats = situation.aircraft->value.seats();
  } else if (situation.aircraft_type) {
    aircraft.type = situation.aircraft_type->value->icao;
  }
  if (!aircraft.seats && situation.passengers) aircraft.seats = situation.passengers->value;
  if (aircraft.seats && *aircraft.seats < 1) aircraft.seats = std::nullopt;
  aircraft.minute = rules::delay_minute_cost(aircraft.type, aircraft.phase);
  return aircraft;
}

CostSheet::CostSheet(const Situation& situation, const Plan& plan)
    : situation_(situation),
      plan_(plan),
      aircraft_(cost_aircraft(situation, plan)),
      dues_(passenger_dues(situation, plan)),
      impact_(network_impact(situation, plan)) {}

void CostSheet::line(std::string_view item, std::int64_t cents, std::string expression) {
  estimate_.lines.push_back({item, (cents + 50) / 100 * 100, std::move(expression)});
}

void CostSheet::add_delay() {
  if (!plan_.flies()) return;
  const auto& delay =
      aircraft_.phase == rules::DelayPhase::airborne ? plan_.arrival_delay : plan_.departure_delay;
  if (!delay) return lacks("delay: minutes of delay");
  if (!aircraft_.minute) return lacks("delay: aircraft type");
  const std::int32_t minutes = std::max(0, delay->most_minutes);
  line("delay", std::int64_t{minutes} * aircraft_.minute->eur_cents,
       fmt::format("{} min x {}", minutes, euros_and_cents(aircraft_.minute->eur_cents)));
}

void CostSheet::add_compensation() {
  if (!dues_.known) return lacks("compensation: route, operator, delay and number of passengers");
  if (dues_.compensation_per_passenger == 0) return;
  const auto cents = rules::eur_cents(dues_.compensation_total(), dues_.currency);
  if (!cents) return lacks(fmt::format("compensation: rate of exchange of {}", dues_.currency));
  const std::string product = fmt::format("{} passengers x {} {}", dues_.passengers,
                                          grouped(dues_.compensation_per_passenger), dues_.currency);
  line("compensation", *cents, in_euros_text(product, dues_.currency));
}

void CostSheet::add_care() {
  const auto wait = wait_of(situation_, plan_);
  if (!dues_.known || !dues_.meals || !wait) return;
  const std::int32_t each = rules::care_cost_cents(wait->minutes);
  line("care", std::int64_t{dues_.passengers} * each,
       fmt::format("{} passengers x {}", dues_.passengers, euros_and_cents(each)));
  if (!dues_.hotel) return;
  line("hotel", std::int64_t{dues_.passengers} * rules::hotel_cost_cents,
       fmt::format("{} passengers x {}", dues_.passengers, euros_and_cents(rules::hotel_cost_cents)));
}

void CostSheet::add_crew() {
  if (plan_.kind != PlanKind::change_crew) return;
  if (plan_.relief_crew == nullptr) return lacks("crew: which crew is called out");
  if (!aircraft_.minute) return lacks("crew: aircraft type");
  const std::int32_t minutes = std::max(0, plan_.relief_crew->duty.call_out_minutes);
  line("crew", std::int64_t{minutes} * aircraft_.minute->eur_cents,
       fmt::format("{} min of call-out x {}", minutes, euros_and_cents(aircraft_.minute->eur_cents)));
}

void CostSheet::add_swap() {
  if (!plan_.swaps()) return;
  if (plan_.replacement == nullptr) return lacks("swap: seats of the other aircraft");
  if (!situation_.passengers) return lacks("swap: number of passengers");
  const std::int32_t seats = plan_.replacement->aircraft.seats();
  const std::int32_t passengers = situation_.passengers->value;
  if (passengers <= seats || !aircraft_.seats) return;
  const std::int32_t left = passengers - seats;
  std::int64_t denied = 0;
  const auto rights = rights_of(situation_);
  const bool pays = rights && (rights->regime == rules::PassengerRegime::eu261 ||
                               rights->regime == rules::PassengerRegime::uk261);
  if (pays) {
    // Denied boarding is paid like a cancellation (Art. 4(3)); what is owed for the delay anyway is not paid
    // twice.
    const std::int32_t more =
        rules::compensation_for_cancellation(*rights).per_passenger - dues_.compensation_per_passenger;
    const std::string_view currency = rules::currency_of(rights->regime);
    if (more > 0) denied = rules::eur_cents(more, currency).value_or(0);
  }
  const std::int64_t each = denied + rules::rebooking_cost_cents(*aircraft_.seats);
  line("swap", left * each,
       fmt::format("({} passengers - {} seats) x {}", passengers, seats, euros_and_cents(each)));
}

void CostSheet::add_knock_on() {
  // Without a delay there is nothing to follow: that is named as missing already.
  if (situation_.database == DatabaseUse::matched && plan_.flies() && !plan_.arrival_delay) return;
  if (!impact_.rotation_known) return lacks("knock_on: the aircraft's next flights");
  if (impact_.without_aircraft != nullptr) lacks("knock_on: an aircraft for the flight that loses its own");
  const std::int32_t minutes = impact_.knock_on_minutes();
  if (minutes <= 0) return;
  const auto gate = rules::delay_minute_cost(aircraft_.type, rules::DelayPhase::at_gate);
  if (!gate) return lacks("knock_on: aircraft type");
  line("knock_on", std::int64_t{minutes} * gate->eur_cents,
       fmt::format("{} min x {}", minutes, euros_and_cents(gate->eur_cents)));
}

void CostSheet::add_rebooking() {
  // A cancellation carries everybody on by other means already.
  if (!plan_.flies()) return;
  if (!impact_.connections_known) {
    if (situation_.bookings_known && !plan_.arrival_delay) return;
    const bool some = situation_.connecting_passengers && situation_.connecting_passengers->value > 0;
    return some ? lacks("rebooking: the onward flights of the connecting passengers") : void();
  }
  const std::int32_t missed = impact_.missed_passengers();
  if (missed <= 0) return;
  if (!aircraft_.seats) return lacks("rebooking: seats of the aircraft");
  const std::int64_t each = rules::rebooking_cost_cents(*aircraft_.seats);
  line("rebooking", missed * each, fmt::format("{} passengers x {}", missed, euros_and_cents(each)));
}

void CostSheet::add_diversion() {
  if (!flies_elsewhere(plan_)) return;
  if (!situation_.distance_km) return lacks("diversion: distance");
  const std::int64_t cents = rules::diversion_cost_cents(situation_.distance_km->value);
  line("diversion", cents, euros_and_cents(cents));
}

void CostSheet::add_cancellation() {
  if (plan_.flies()) return;
  if (!aircraft_.seats) return lacks("cancellation: seats of the aircraft");
  const std::int64_t cents = rules::cancellation_cost_cents(*aircraft_.seats);
  line("cancellation", cents, fmt::format("{} seats: {}", *aircraft_.seats, euros_and_cents(cents)));
}

std::int64_t CostEstimate::total_eur_cents() const {
  std::int64_t total = 0;
  for (const CostLine& line : lines) total += line.eur_cents;
  return total;
}

std::string euros(std::int64_t eur_cents) { return grouped((eur_cents + 50) / 100) + " EUR"; }

CostEstimate cost_of(const Situation& situation, const Plan& plan) {
  CostSheet sheet(situation, plan);
  sheet.add_delay();
  sheet.add_compensation();
  sheet.add_care();
  sheet.add_crew();
  sheet.add_swap();
  sheet.add_knock_on();
  sheet.add_rebooking();
  sheet.add_diversion();
  sheet.add_cancellation();
  return std::move(sheet).take();
}

}  // namespace skymarshal::agents::assessment
