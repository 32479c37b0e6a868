#include "agents/assessment/airport_movement.hpp"

#include "agents/rules/airport_hours.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

struct HoursOnFile {
  rules::NightHours hours;
  rules::Citation citation;
};

std::string hours_text(const rules::NightHours& hours) {
  return fmt::format("{}-{}", reference::clock_text(hours.begin_minute),
                     reference::clock_text(hours.end_minute));
}

constexpr rules::Citation own_data{"The operator's own airport data", ""};

/// The airport's row holds; without hours in it, what is on file by law.
std::optional<HoursOnFile> opening_hours_of(const Movement& movement) {
  const ops::Airport& airport = *movement.airport;
  if (airport.curfew_begin_minute && airport.curfew_end_minute) {
    return HoursOnFile{
        {*airport.curfew_begin_minute, *airport.curfew_end_minute, *airport.curfew_begin_minute}, own_data};
  }
  const rules::AirportHours* known = rules::find_airport_hours(airport.iata);
  if (known == nullptr) return std::nullopt;
  return HoursOnFile{movement.kind == MovementKind::departure ? known->departures : known->arrivals,
                     known->citation};
}

/// The first minute of the span for which `holds`; nullopt if there is none.
template <typename Holds>
std::optional<LocalMinutes> first_minute(const Span<LocalMinutes>& span, Holds holds) {
  // A day of minutes shows every minute of the day.
  const auto last = std::min(span.latest, span.earliest + std::chrono::minutes(reference::minutes_a_day));
  for (LocalMinutes minute = span.earliest; minute <= last; minute += std::chrono::minutes(1)) {
    if (holds(reference::minute_of_day(minute))) return minute;
  }
  return std::nullopt;
}

std::string local_name(const Movement& movement) {
  return fmt::format("{} at {}, local", name_of(movement.kind), movement.airport->iata);
}

void use_times(Opinion& opinion, const Movement& movement) {
  if (movement.planned) {
    opinion.use(fmt::format("planned {}", local_name(movement)), value_text(*movement.planned), "timetable");
  }
  const Span<LocalMinutes>& moved = *movement.moved;
  const std::string times = moved.earliest == moved.latest
                                ? value_text(moved.latest)
                                : value_text(moved.earliest) + " to " + value_text(moved.latest);
  opinion.use(fmt::format("new {}", local_name(movement)), times, "timetable and delay of the plan");
}

void judge_curfew(Opinion& opinion, const Movement& movement, const HoursOnFile& file) {
  const std::string hours = hours_text(file.hours);
  const std::string& iata = movement.airport->iata;
  opinion.use(fmt::format("curfew at {}", iata), hours + " local",
              file.citation.source == own_data.source ? movement.source : std::string(file.citation.source));
  apply_named(opinion, file.citation,
              fmt::format("No {} at {} from {} to before {} local.", name_of(movement.kind), iata,
                          reference::clock_text(file.hours.begin_minute),
                          reference::clock_text(file.hours.end_minute)));
  if (!opinion.wants(movement.planned || movement.moved,
                     fmt::format("planned {} (local time)", name_of(movement.kind)))) {
    return;
  }
  if (!movement.moved) return;
  use_times(opinion, movement);
  const auto forbidden = first_minute(*movement.moved, [&](std::int32_t minute) {
    return contains(file.hours, minute) && !allows_late(file.hours, minute);
  });
  if (forbidden) {
    const std::string clock = reference::clock_text(reference::minute_of_day(*forbidden));
    opinion.say(fmt::format("The {} at {} falls within the curfew {}.", name_of(movement.kind), iata, hours));
    opinion.calculate(fmt::format("{} at {} against the curfew", name_of(movement.kind), iata),
                      fmt::format("{} within {}", clock, hours), "inside");
    opinion.forbid(fmt::format("The {} at {} would be at {} local, inside the curfew {} ({}).",
                               name_of(movement.kind), iata, clock, hours, file.citation.source));
    opinion.recommend(
        fmt::format("Bring the {} at {} before {} or to {} local and later, or ask for a dispensation.",
                    name_of(movement.kind), iata, reference::clock_text(file.hours.begin_minute),
                    reference::clock_text(file.hours.end_minute)));
    return;
  }
  const auto late =
      first_minute(*movement.moved, [&](std::int32_t minute) { return allows_late(file.hours, minute); });
  if (!late) {
    opinion.say(
        fmt::format("The {} at {} stays clear of the curfew {}.", name_of(movement.kind), iata, hours));
    return;
  }
  opinion.limit(Verdict::conditional);
  const std::string until = reference::clock_text(file.hours.late_until_minute);
  apply_named(opinion, file.citation,
              fmt::format("Flights that are late against the timetable may still move before "
                          "{} local, if the lateness is not of the timetable's making.",
                          until));
  opinion.require(
      fmt::format("The {} at {} is within the curfew {}, and allowed only as a late flight before {} "
                  "local ({}).",
                  name_of(movement.kind), iata, hours, until, file.citation.source));
}

void judge_quota(Opinion& opinion, const Movement& movement) {
  if (!movement.airport->night_quota_left || !movement.moved) return;
  const std::int32_t left = *movement.airport->night_quota_left;
  const rules::NightHours& night = rules::quota_night;
  // A movement that was planned in the night has its place in the quota already.
  if (movement.planned && contains(night, reference::minute_of_day(*movement.planned))) return;
  const auto within =
      first_minute(*movement.moved, [&](std::int32_t minute) { return contains(night, minute); });
  if (!within) return;
  const std::string& iata = movement.airport->iata;
  use_times(opinion, movement);
  opinion.use(fmt::format("night movements left at {}", iata), std::to_string(left), movement.source);
  apply_named(opinion, rules::quota_night_citation,
              fmt::format("The night is {} local where a quota names no hours.", hours_text(night)));
  if (left > 0) {
    opinion.limit(Verdict::conditional);
    opinion.require(fmt::format("The {} at {} takes one of the {} night movements that are left tonight.",
                                name_of(movement.kind), iata, left));
    return;
  }
  opinion.say(fmt::format("The night quota of {} is used up.", iata));
  opinion.forbid(
      fmt::format("The {} at {} would be in the night {}, and the night quota is used up: {} left.",
                  name_of(movement.kind), iata, hours_text(night), left));
}

}  // namespace

std::string_view name_of(MovementKind kind) {
  return kind == MovementKind::departure ? "departure" : "arrival";
}

bool judge_movement(Opinion& opinion, const Movement& movement) {
  const auto file = opening_hours_of(movement);
  if (file) judge_curfew(opinion, movement, *file);
  judge_quota(opinion, movement);
  return file || movement.airport->night_quota_left;
}

}  // namespace skymarshal::agents::assessment
