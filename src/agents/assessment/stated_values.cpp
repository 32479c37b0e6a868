#include "agents/assessment/situation.hpp"
#include "agents/assessment/understanding.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using facts::Fact;
using facts::TimeOfDay;
using std::chrono::days;
using std::chrono::minutes;

/// The day that local times are reckoned from when no date is known.
constexpr LocalMinutes no_date{};
/// Zones whose offset is the same all through this year count as fixed where no date is known.
constexpr std::chrono::year year_of_zones{2026};

template <typename T>
void take(Situation& situation, Maybe<T>& known, T value, std::string source, std::string_view name) {
  if (known && value_text(known->value) != value_text(value)) {
    situation.notes.push_back(
        fmt::format("The prompt says {} for the {}, the operations database {}: the "
                    "prompt's is used.",
                    value_text(value), name, value_text(known->value)));
  }
  known = Known<T>{std::move(value), std::move(source)};
}

template <typename T>
void take_fact(Situation& situation, Maybe<T>& known, const std::optional<Fact<T>>& fact,
               std::string_view name) {
  if (fact) take(situation, known, fact->value, source_text(fact->words), name);
}

void take_airport(Maybe<ops::Airport>& known, const std::optional<Fact<std::string>>& fact) {
  if (!fact || known) return;
  known = find_airport(fact->value);
  if (known) known->source = source_text(fact->words);
}

void take_airline(Situation& situation) {
  if (situation.airline || !situation.flight) return;
  const auto* airline = reference::find_airline(std::string_view(situation.flight->value).substr(0, 2));
  if (airline == nullptr) return;
  ops::Operator known;
  known.designator = airline->iata;
  known.name = airline->name;
  known.country = airline->country;
  situation.airline =
      Known<ops::Operator>{std::move(known), fmt::format("built-in airlines: {}", airline->iata)};
}

/// Both forms of a time at a place; either may stay unknown.
struct Resolved {
  std::optional<UtcMinutes> utc;
  std::optional<LocalMinutes> local;
};

/// `day` is the local date there, if it is known.
Resolved resolve(const TimeOfDay& time, const Maybe<ops::Airport>& place, const std::optional<Date>& day) {
  const minutes later = minutes(time.minute) + days(time.days_later);
  Resolved resolved;
  if (!time.utc_offset_minutes) {
    const LocalMinutes midnight = day ? LocalMinutes(std::chrono::local_days(*day)) : no_date;
    resolved.local = midnight + later;
    if (day && place) resolved.utc = reference::to_utc(place->value.time_zone, *resolved.local);
    return resolved;
  }
  if (!place) return resolved;
  const minutes offset(*time.utc_offset_minutes);
  if (!day) {
    const auto fixed = reference::fixed_offset_minutes(place->value.time_zone, year_of_zones);
    if (!fixed) return resolved;
    const auto minute = (time.minute - *time.utc_offset_minutes + *fixed + 2 * reference::minutes_a_day) %
                        reference::minutes_a_day;
    resolved.local = no_date + minutes(minute) + days(time.days_later);
    return resolved;
  }
  // The instant whose calendar day at the place is the stated one.
  for (const int shift : {0, -1, 1}) {
    const UtcMinutes instant = UtcMinutes(std::chrono::sys_days(*day)) + days(shift) + later - offset;
    const auto local = reference::to_local(place->value.time_zone, instant);
    if (!local || reference::date_of(*local - days(time.days_later)) != *day) continue;
    resolved = {instant, local};
    break;
  }
  return resolved;
}

void take_time(Situation& situation, const Resolved& resolved, const std::string& source,
               Maybe<UtcMinutes>& utc, Maybe<LocalMinutes>& local, std::string_view name) {
  if (resolved.utc) take(situation, utc, *resolved.utc, source, name);
  if (resolved.local) local = Known<LocalMinutes>{*resolved.local, source};
}

/// The first day on which a flight that left at `departure` may come in at this time of day.
std::optional<Date> arrival_day(const Situation& situation, const TimeOfDay& time) {
  if (!situation.departure || !situation.destination) return std::nullopt;
  const auto there = reference::to_local(situation.destination->value.time_zone, situation.departure->value);
  if (!there) return std::nullopt;
  TimeOfDay same_day = time;
  same_day.days_later = 0;
  for (const int shift : {0, 1, 2}) {
    const Date day(std::chrono::floor<days>(*there) + days(shift));
    const Resolved resolved = resolve(same_day, situation.destination, day);
    if (resolved.utc && *resolved.utc > situation.departure->value) return day;
  }
  return std::nullopt;
}

void take_timetable(Situation& situation) {
  const facts::Facts& facts = situation.facts;
  if (facts.date) take_fact(situation, situation.date, facts.date, "date");
  const std::optional<Date> day = situation.date ? std::optional(situation.date->value) : std::nullopt;
  if (const auto& stated = facts.scheduled_departure) {
    take_time(situation, resolve(stated->value, situation.origin, day), source_text(stated->words),
              situation.departure, situation.local_departure, "scheduled departure");
  }
  if (const auto& stated = facts.scheduled_arrival) {
    TimeOfDay time = stated->value;
    const auto arrives = arrival_day(situation, time);
    if (arrives) time.days_later = 0;
    take_time(situation, resolve(time, situation.destination, arrives), source_text(stated->words),
              situation.arrival, situation.local_arrival, "scheduled arrival");
  }
}

/// Local times of instants that came without one.
void add_local(const Maybe<UtcMinutes>& utc, const Maybe<ops::Airport>& place, Maybe<LocalMinutes>& local) {
  if (local || !utc || !place) return;
  const auto there = reference::to_local(place->value.time_zone, utc->value);
  if (there) {
    local = Known<LocalMinutes>{*there, fmt::format("{}, in {}", utc->source, place->value.time_zone)};
  }
}

/// "New ETD 14:30" is a delay where the timetable is known; an estimate before the timetable is of the next
/// day.
std::optional<Delay> delay_from(const std::optional<Fact<TimeOfDay>>& estimate,
                                const Maybe<LocalMinutes>& planned, const Maybe<ops::Airport>& place) {
  if (!estimate || !planned) return std::nullopt;
  const Resolved resolved = resolve(estimate->value, place, reference::date_of(planned->value));
  std::optional<LocalMinutes> local = resolved.local;
  if (!local) return std::nullopt;
  if (*local < planned->value && estimate->value.days_later == 0) *local += days(1);
  const auto late = static_cast<std::int32_t>((*local - planned->value).count());
  if (late < 0) return std::nullopt;
  return Delay{late, late};
}

void take_delay(Situation& situation) {
  const facts::Facts& facts = situation.facts;
  if (facts.delay) {
    situation.delay = Known<Delay>{facts.delay->value, source_text(facts.delay->words)};
    return;
  }
  if (const auto late = delay_from(facts.estimated_departure, situation.local_departure, situation.origin)) {
    situation.delay = Known<Delay>{
        *late, fmt::format("{} against the timetable's {}", source_text(facts.estimated_departure->words),
                           value_text(situation.local_departure->value))};
    return;
  }
  if (const auto late = delay_from(facts.estimated_arrival, situation.local_arrival, situation.destination)) {
    situation.delay = Known<Delay>{
        *late, fmt::format("{} against the timetable's {}", source_text(facts.estimated_arrival->words),
                           value_text(situation.local_arrival->value))};
  }
}

void state_aircraft(Situation& situation) {
  const facts::Facts& facts = situation.facts;
  take_fact(situation, situation.registration, facts.registration, "aircraft");
  if (!facts.aircraft_type) return;
  const auto* type = reference::find_aircraft_type(facts.aircraft_type->value);
  if (type != nullptr) {
    situation.aircraft_type =
        Known<const reference::AircraftType*>{type, source_text(facts.aircraft_type->words)};
  }
}

void take_distance(Situation& situation) {
  if (!situation.origin || !situation.destination) return;
  const ops::Airport& from = situation.origin->value;
  const ops::Airport& to = situation.destination->value;
  situation.distance_km = Known<std::int32_t>{
      reference::great_circle_km(reference::Position{from.latitude_deg, from.longitude_deg},
                                 reference::Position{to.latitude_deg, to.longitude_deg}),
      fmt::format("great circle {}-{} by the positions of both airports", from.iata, to.iata)};
}

}  // namespace

void take_stated_values(Situation& situation) {
  const facts::Facts& facts = situation.facts;
  take_fact(situation, situation.flight, facts.flight, "flight");
  take_airport(situation.origin, facts.origin);
  take_airport(situation.destination, facts.destination);
  take_airline(situation);
  take_distance(situation);
  take_timetable(situation);
  add_local(situation.departure, situation.origin, situation.local_departure);
  add_local(situation.arrival, situation.destination, situation.local_arrival);
  take_fact(situation, situation.phase, facts.phase, "phase of flight");
  take_fact(situation, situation.repair, facts.repair_minutes, "repair time");
  take_delay(situation);
  state_aircraft(situation);
  take_fact(situation, situation.passengers, facts.passengers, "passengers");
  take_fact(situation, situation.connecting_passengers, facts.connecting_passengers, "connecting passengers");
  for (const auto& special : facts.special_passengers) {
    situation.special_passengers.push_back({special.value, source_text(special.words)});
  }
}

}  // namespace skymarshal::agents::assessment
