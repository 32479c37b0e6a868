#include "agents/assessment/crew.hpp"
#include "agents/rules/flight_duty_easa.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using std::chrono::minutes;

/// The time zone of an airport, from the situation or by heart.
std::optional<std::string> zone_of(const Situation& situation, std::string_view iata) {
  for (const Maybe<ops::Airport>* place : {&situation.origin, &situation.destination}) {
    if (*place && (*place)->value.iata == iata) return (*place)->value.time_zone;
  }
  const reference::Airport* airport = reference::find_airport(iata);
  if (airport == nullptr) return std::nullopt;
  return std::string(airport->time_zone);
}

/// The flights that the crew serves under the plan.
std::optional<DutyRun> run_of(const Situation& situation, const Plan& plan, bool relief) {
  if (!situation.record || plan.destination) return std::nullopt;
  if (!situation.duty && !relief) return std::nullopt;
  DutyRun run;
  const ops::Flight& flight = *situation.record;
  if (situation.duty) run.flights = situation.duty->value.flights;
  const auto found = std::find_if(run.flights.begin(), run.flights.end(), [&](const ops::Flight& served) {
    return served.number == flight.number && served.date == flight.date;
  });
  if (found == run.flights.end()) {
    run.flights = {flight};
  } else if (relief) {
    run.flights.erase(run.flights.begin(), found);
  } else {
    run.index = static_cast<std::size_t>(found - run.flights.begin());
  }
  const ops::Aircraft* aircraft = nullptr;
  if (plan.replacement != nullptr) {
    aircraft = &plan.replacement->aircraft;
  } else if (!plan.swaps() && situation.aircraft) {
    aircraft = &situation.aircraft->value;
  }
  // A relief crew reports with its departure; were its delay absorbed later on, waiting would shorten its
  // duty.
  if (!relief && aircraft != nullptr && aircraft->turnaround_minutes_min > 0) {
    run.turnaround_minutes = aircraft->turnaround_minutes_min;
  }
  if (plan.departure_delay) run.departure_delay_minutes = plan.departure_delay->most_minutes;
  run.arrival_delay_minutes =
      plan.arrival_delay ? plan.arrival_delay->most_minutes : run.departure_delay_minutes;
  return run;
}

/// Reference time, ORO.FTL.105(1): the clock of the reporting point within two hours of the one that the crew
/// is acclimatised to, else the latter; where that is not known, the clock of the reporting point.
void set_clock(DutyOutlook& outlook, const Situation& situation) {
  const ops::Duty& duty = outlook.crew->duty;
  outlook.acclimatised = !duty.acclimatised_to.empty();
  const auto there = zone_of(situation, duty.report_airport);
  const auto home = zone_of(situation, duty.acclimatised_to);
  const auto clock = [&](UtcMinutes instant) -> std::optional<std::int32_t> {
    const auto report_clock = there ? reference::to_local(*there, instant) : std::nullopt;
    const auto body_clock = home ? reference::to_local(*home, instant) : std::nullopt;
    const bool within_band =
        report_clock && body_clock &&
        std::chrono::abs(*report_clock - *body_clock) <= minutes(rules::easa_time_zone_band_minutes);
    const bool by_report = report_clock && (within_band || duty.acclimatised_to.empty());
    if (by_report) {
      outlook.clock_airport = duty.report_airport;
      return reference::minute_of_day(*report_clock);
    }
    if (!body_clock) return std::nullopt;
    outlook.clock_airport = duty.acclimatised_to;
    return reference::minute_of_day(*body_clock);
  };
  if (outlook.earliest_report) outlook.earliest_start_minute = clock(*outlook.earliest_report);
  if (outlook.report) outlook.start_minute = clock(*outlook.report);
}

/// A relief crew reports as long before departure as the planned one does, and never before its call-out is
/// over.
void set_relief_report(DutyOutlook& outlook, const Situation& situation, const Plan& plan) {
  const ops::Duty& duty = outlook.crew->duty;
  outlook.earliest_report = duty.report + minutes(duty.call_out_minutes);
  outlook.report = outlook.earliest_report;
  const auto departure = departure_of(situation, plan);
  if (departure && situation.duty && !situation.duty->value.flights.empty()) {
    const ops::CrewDuty& planned = situation.duty->value;
    const auto lead = planned.flights.front().scheduled_departure - planned.duty.report;
    outlook.report = std::max(*outlook.report, departure->latest - lead);
  }
  outlook.standby_minutes = minutes_between(duty.report, *outlook.report);
  outlook.airport_standby = duty.call_out_minutes == 0;
}

void read_crew(DutyOutlook& outlook, const Situation& situation, const Plan& plan) {
  outlook.relief = plan.relief_crew != nullptr;
  outlook.crew = plan.relief_crew;
  if (!outlook.relief && situation.duty) outlook.crew = &situation.duty->value;
  if (outlook.crew == nullptr) return;
  outlook.run = run_of(situation, plan, outlook.relief);
  if (outlook.relief) {
    set_relief_report(outlook, situation, plan);
  } else {
    outlook.report = outlook.crew->duty.report;
  }
  set_clock(outlook, situation);
  if (!outlook.crew->members.empty()) outlook.pilots = outlook.crew->pilots();
  outlook.split_break_minutes = outlook.relief ? 0 : outlook.crew->duty.split_break_minutes;
  outlook.planned_extension = !outlook.relief && outlook.crew->duty.planned_extension;
  if (!outlook.run) return;
  outlook.sectors = static_cast<std::int32_t>(outlook.run->flights.size());
  outlook.flight_minutes = outlook.run->flight_minutes();
  outlook.longest_sector_minutes = outlook.run->longest_minutes();
}

void read_rest_facility(DutyOutlook& outlook, const Situation& situation, const Plan& plan) {
  if (plan.replacement != nullptr) {
    outlook.rest_facility = plan.replacement->aircraft.rest_facility;
  } else if (!plan.swaps() && situation.facts.rest_facility) {
    outlook.rest_facility = static_cast<std::int32_t>(situation.facts.rest_facility->value);
  } else if (!plan.swaps() && situation.aircraft) {
    outlook.rest_facility = situation.aircraft->value.rest_facility;
  }
}

/// The report that the prompt states: its minute of the day, and the last such instant before the scheduled
/// departure where that is known.
void read_stated_report(DutyOutlook& outlook, const Situation& situation) {
  if (!situation.facts.crew_report) return;
  const facts::TimeOfDay& stated = situation.facts.crew_report->value;
  const auto zone = situation.origin ? std::optional(situation.origin->value.time_zone) : std::nullopt;
  const bool local = !stated.utc_offset_minutes;
  outlook.report = std::nullopt;
  outlook.start_minute = local ? std::optional(stated.minute) : std::nullopt;
  outlook.clock_airport = local || !situation.origin ? std::string() : situation.origin->value.iata;
  if (!situation.departure || (local && !zone)) return;
  const UtcMinutes departure = situation.departure->value;
  const minutes offset(stated.utc_offset_minutes.value_or(0));
  const auto clock = local ? reference::to_local(*zone, departure)
                           : std::optional(LocalMinutes((departure + offset).time_since_epoch()));
  if (!clock) return;
  LocalMinutes report = std::chrono::floor<std::chrono::days>(*clock) + minutes(stated.minute);
  if (report > *clock) report -= std::chrono::days(1);
  outlook.report = local ? reference::to_utc(*zone, report)
                         : std::optional(UtcMinutes(report.time_since_epoch()) - offset);
  if (!outlook.report || !zone) return;
  if (const auto wall = reference::to_local(*zone, *outlook.report)) {
    outlook.start_minute = reference::minute_of_day(*wall);
  }
}

void read_stated_crew(DutyOutlook& outlook, const Situation& situation) {
  const facts::Facts& facts = situation.facts;
  read_stated_report(outlook, situation);
  if (facts.sectors) outlook.sectors = facts.sectors->value;
  if (facts.pilots) {
    outlook.pilots = facts.pilots->value;
  } else if (facts.augmented_crew && facts.augmented_crew->value && outlook.pilots.value_or(0) < 3) {
    outlook.pilots = std::nullopt;
  }
  if (facts.split_duty_break_minutes) outlook.split_break_minutes = facts.split_duty_break_minutes->value;
}

/// Block time of the flight in question, by the timetable.
std::optional<std::int32_t> block_minutes(const Situation& situation) {
  if (!situation.departure || !situation.arrival) return std::nullopt;
  return minutes_between(situation.departure->value, situation.arrival->value);
}

/// From what the prompt says of the duty's length; false if it says nothing.
bool reckon_as_stated(DutyOutlook& outlook, const Situation& situation, const Plan& plan) {
  const facts::Facts& facts = situation.facts;
  const bool flying = situation.phase && situation.phase->value == facts::FlightPhase::in_flight;
  const auto& delay = plan.arrival_delay ? plan.arrival_delay : plan.departure_delay;
  const std::int32_t late = delay ? delay->most_minutes : 0;
  if (facts.planned_fdp_minutes) {
    outlook.fdp_minutes = facts.planned_fdp_minutes->value + late;
    outlook.fdp_is_least = !delay || plan.destination.has_value();
    outlook.fdp_expression =
        fmt::format("{} planned + {} late", facts::duration_text(facts.planned_fdp_minutes->value),
                    facts::duration_text(late));
    return true;
  }
  if (!facts.crew_on_duty_minutes) return false;
  const auto block = flying ? std::nullopt : block_minutes(situation);
  const std::int32_t ahead = flying ? 0 : late + block.value_or(0);
  outlook.fdp_minutes = facts.crew_on_duty_minutes->value + ahead;
  outlook.fdp_is_least = !block || outlook.sectors.value_or(2) > 1 || plan.destination.has_value();
  outlook.fdp_expression =
      fmt::format("{} on duty so far + {} of delay and flight ahead",
                  facts::duration_text(facts.crew_on_duty_minutes->value), facts::duration_text(ahead));
  return true;
}

void reckon_fdp(DutyOutlook& outlook, const Situation& situation, const Plan& plan) {
  if (!outlook.relief && reckon_as_stated(outlook, situation, plan)) return;
  std::optional<UtcMinutes> end;
  if (outlook.run) {
    end = outlook.run->end();
    outlook.fdp_is_least = !plan.departure_delay;
  } else if (const auto arrival = plan.destination ? std::nullopt : arrival_of(situation, plan)) {
    // Of a duty that only the prompt speaks of, later sectors are not in sight.
    end = arrival->latest;
    outlook.fdp_is_least = outlook.sectors.value_or(2) > 1;
    if (outlook.sectors == 1) outlook.flight_minutes = block_minutes(situation);
  }
  if (!end || !outlook.report || *end < *outlook.report) return;
  outlook.fdp_minutes = minutes_between(*outlook.report, *end);
  outlook.fdp_expression =
      fmt::format("{} - {}", reference::instant_text(*end), reference::instant_text(*outlook.report));
}

}  // namespace

std::int32_t DutyRun::block_minutes(std::size_t flight) const {
  const std::int32_t planned =
      minutes_between(flights[flight].scheduled_departure, flights[flight].scheduled_arrival);
  return flight == index ? planned + arrival_delay_minutes - departure_delay_minutes : planned;
}

UtcMinutes DutyRun::end() const {
  UtcMinutes arrival = flights[index].scheduled_arrival + minutes(arrival_delay_minutes);
  for (std::size_t i = index + 1; i < flights.size(); ++i) {
    const UtcMinutes scheduled = flights[i].scheduled_departure;
    const auto late = std::max(minutes(0), arrival - flights[i - 1].scheduled_arrival);
    const UtcMinutes departure =
        turnaround_minutes ? std::max(scheduled, arrival + minutes(*turnaround_minutes)) : scheduled + late;
    arrival = departure + minutes(block_minutes(i));
  }
  return arrival;
}

std::optional<UtcMinutes> DutyRun::latest_departure(UtcMinutes latest_end) const {
  UtcMinutes arrival = latest_end;
  for (std::size_t i = flights.size() - 1; i > index; --i) {
    const UtcMinutes departure = arrival - minutes(block_minutes(i));
    if (departure < flights[i].scheduled_departure) return std::nullopt;
    const auto ground = flights[i].scheduled_departure - flights[i - 1].scheduled_arrival;
    arrival = departure - (turnaround_minutes ? minutes(*turnaround_minutes) : ground);
  }
  return arrival - minutes(block_minutes(index));
}

std::int32_t DutyRun::flight_minutes() const {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < flights.size(); ++i) sum += block_minutes(i);
  return sum;
}

std::int32_t DutyRun::longest_minutes() const {
  std::int32_t longest = 0;
  for (std::size_t i = 0; i < flights.size(); ++i) longest = std::max(longest, block_minutes(i));
  return longest;
}

DutyOutlook outlook_of(const Situation& situation, const Plan& plan) {
  DutyOutlook outlook;
  read_crew(outlook, situation, plan);
  read_rest_facility(outlook, situation, plan);
  if (!outlook.relief) read_stated_crew(outlook, situation);
  reckon_fdp(outlook, situation, plan);
  return outlook;
}

}  // namespace skymarshal::agents::assessment
