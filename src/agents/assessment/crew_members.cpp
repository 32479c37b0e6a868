#include "agents/assessment/crew.hpp"
#include "agents/rules/duty_hours.hpp"
#include "agents/rules/flight_duty_easa.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using facts::duration_text;
using rules::HoursKind;

/// More than these nobody reads in one go; the facts and the arithmetic name all.
constexpr std::size_t named_max = 3;

bool is_pilot(const ops::CrewMember& member) { return member.rank == "CPT" || member.rank == "FO"; }

std::string rank_and_id(const ops::CrewMember& member) {
  return fmt::format("{} {}", member.rank, member.id);
}

std::vector<const ops::CrewMember*> bound_members(const ops::CrewDuty& crew, DutyRegime regime) {
  std::vector<const ops::CrewMember*> members;
  for (const ops::CrewMember& member : crew.members) {
    if (regime != DutyRegime::faa117 || is_pilot(member)) members.push_back(&member);
  }
  return members;
}

std::int32_t hours_of(const ops::CrewMember& member, HoursKind kind) {
  switch (kind) {
    case HoursKind::duty_7_days:
      return member.duty_7_days;
    case HoursKind::duty_14_days:
      return member.duty_14_days;
    case HoursKind::duty_28_days:
      return member.duty_28_days;
    case HoursKind::flight_28_days:
      return member.flight_28_days;
    case HoursKind::flight_year:
      return member.flight_calendar_year;
    case HoursKind::flight_12_months:
      return member.flight_12_months;
  }
  return 0;
}

bool is_duty(HoursKind kind) {
  return kind == HoursKind::duty_7_days || kind == HoursKind::duty_14_days || kind == HoursKind::duty_28_days;
}

/// What standby before the duty adds to the hours of duty: a quarter of it away from the airport, CS
/// FTL.1.225(b)(3).
std::int32_t standby_counted(const DutyOutlook& outlook, DutyRegime regime) {
  if (!outlook.relief || regime != DutyRegime::easa) return 0;
  return outlook.airport_standby ? outlook.standby_minutes : outlook.standby_minutes / 4;
}

/// One limit for all members: the one who comes closest is reckoned, all who exceed it are named and put to
/// `over`.
void judge_hours(Opinion& opinion, const rules::HoursLimit& limit, std::int32_t added,
                 std::span<const ops::CrewMember* const> members, Verdict worst,
                 std::set<std::string>& over) {
  const auto closest = *std::max_element(members.begin(), members.end(),
                                         [&](const ops::CrewMember* a, const ops::CrewMember* b) {
                                           return hours_of(*a, limit.kind) < hours_of(*b, limit.kind);
                                         });
  opinion.apply(limit.citation, fmt::format("At most {} h of {}.", limit.hours_max, limit.what));
  const std::int32_t before = hours_of(*closest, limit.kind);
  opinion.calculate(fmt::format("{}, {} (the most of the crew)", limit.what, rank_and_id(*closest)),
                    fmt::format("{} + {}", duration_text(before), duration_text(added)),
                    duration_text(before + added));
  std::size_t over_this = 0;
  for (const ops::CrewMember* member : members) {
    const std::int32_t sum = hours_of(*member, limit.kind) + added;
    if (sum <= limit.minutes_max()) continue;
    if (member != closest) {
      opinion.calculate(
          fmt::format("{}, {}", limit.what, rank_and_id(*member)),
          fmt::format("{} + {}", duration_text(hours_of(*member, limit.kind)), duration_text(added)),
          duration_text(sum));
    }
    over.insert(rank_and_id(*member));
    if (++over_this > named_max) continue;
    opinion.forbid(fmt::format("{} would reach {} of {}; at most {} h are allowed.", rank_and_id(*member),
                               duration_text(sum), limit.what, limit.hours_max),
                   worst);
  }
  if (over_this <= named_max) return;
  const std::string more = std::to_string(over_this - named_max);
  opinion.use(fmt::format("further members over {}", limit.what), more, "the arithmetic");
  opinion.forbid(fmt::format("{} more of the crew would exceed {}.", more, limit.what), worst);
}

void judge_all_hours(Opinion& opinion, const DutyOutlook& outlook, DutyRegime regime,
                     std::span<const ops::CrewMember* const> members, Verdict worst) {
  const std::int32_t standby = standby_counted(outlook, regime);
  if (standby > 0) {
    opinion.apply(rules::easa_standby_citation,
                  "Standby at the airport counts in full as duty, other standby by a quarter (25 %).");
    opinion.calculate("standby that counts as duty",
                      fmt::format("{} of standby{}", duration_text(outlook.standby_minutes),
                                  outlook.airport_standby ? "" : " / 4"),
                      duration_text(standby));
  }
  std::set<std::string> over;
  for (const rules::HoursLimit& limit :
       regime == DutyRegime::easa ? rules::easa_hours_limits() : rules::faa_hours_limits()) {
    const auto& added = is_duty(limit.kind) ? outlook.fdp_minutes : outlook.flight_minutes;
    // Without the length of this duty the hours before it can still be over the limit.
    judge_hours(opinion, limit, added.value_or(0) + (is_duty(limit.kind) ? standby : 0), members, worst,
                over);
  }
  if (over.size() > named_max) {
    opinion.recommend("Replace the crew: too many of its members have no hours left.");
    return;
  }
  for (const std::string& name : over) {
    opinion.recommend(fmt::format("Replace {} by a reserve crew member with hours left.", name));
  }
}

struct RestNeeded {
  std::int32_t minutes = 0;
  std::int32_t had = 0;
};

/// nullopt if the roster does not say when the preceding duty ended.
std::optional<RestNeeded> rest_of(const ops::CrewMember& member, const DutyOutlook& outlook,
                                  DutyRegime regime) {
  if (!member.previous_duty_end || !outlook.report) return std::nullopt;
  const UtcMinutes rested_until = outlook.relief ? outlook.crew->duty.report : *outlook.report;
  const bool home = member.base == outlook.crew->duty.report_airport;
  RestNeeded rest;
  rest.minutes = regime == DutyRegime::easa ? rules::easa_rest_minutes_min(member.previous_duty, home)
                                            : rules::faa_rest_minutes;
  rest.had = static_cast<std::int32_t>((rested_until - *member.previous_duty_end).count());
  return rest;
}

void apply_rest_rule(Opinion& opinion, DutyRegime regime) {
  if (regime == DutyRegime::easa) {
    opinion.apply(
        rules::easa_rest_citation,
        fmt::format("Rest before a duty is at least as long as the duty before it, and at least {} h at home "
                    "base and {} h away from it.",
                    rules::easa_rest_home_minutes / 60, rules::easa_rest_away_minutes / 60));
    return;
  }
  opinion.apply(rules::faa_rest_citation,
                fmt::format("At least {} consecutive hours of rest before the duty, with {} h to sleep in.",
                            rules::faa_rest_minutes / 60, rules::faa_sleep_minutes / 60));
}

void judge_rest(Opinion& opinion, const DutyOutlook& outlook, DutyRegime regime,
                std::span<const ops::CrewMember* const> members, Verdict worst) {
  apply_rest_rule(opinion, regime);
  const ops::CrewMember* shortest = nullptr;
  RestNeeded least;
  for (const ops::CrewMember* member : members) {
    const auto rest = rest_of(*member, outlook, regime);
    if (!rest) {
      // A member whose roster shows no preceding duty at all comes from days off.
      if (member->previous_duty > 0) {
        opinion.wants(false, fmt::format("end of the preceding duty of {}", rank_and_id(*member)));
      }
      continue;
    }
    if (shortest == nullptr || rest->had - rest->minutes < least.had - least.minutes) {
      shortest = member;
      least = *rest;
    }
    if (rest->had >= rest->minutes) continue;
    opinion.calculate(
        fmt::format("rest of {} that is missing", rank_and_id(*member)),
        fmt::format("{} - {}", duration_text(rest->minutes), duration_text(std::max(0, rest->had))),
        duration_text(rest->minutes - std::max(0, rest->had)));
    opinion.forbid(
        fmt::format("{} has had {} of rest; at least {} are due before this duty.", rank_and_id(*member),
                    duration_text(std::max(0, rest->had)), duration_text(rest->minutes)),
        worst);
  }
  if (shortest == nullptr || least.had < least.minutes) return;
  opinion.calculate(fmt::format("rest of {} (base {}) beyond the minimum (the least of the crew)",
                                rank_and_id(*shortest), shortest->base),
                    fmt::format("{} - {}", duration_text(least.had), duration_text(least.minutes)),
                    duration_text(least.had - least.minutes));
}

/// Rest that the prompt states, for the whole crew.
void judge_stated_rest(Opinion& opinion, const Situation& situation, DutyRegime regime, Verdict worst) {
  const std::int32_t had = situation.facts.rest_minutes->value;
  opinion.use("rest before the duty", duration_text(had), source_text(situation.facts.rest_minutes->words));
  apply_rest_rule(opinion, regime);
  const std::int32_t least =
      regime == DutyRegime::easa ? rules::easa_rest_away_minutes : rules::faa_rest_minutes;
  if (had < least) {
    opinion.forbid(fmt::format("The crew has had {} of rest; at least {} h are due before this duty.",
                               duration_text(had), least / 60),
                   worst);
  } else if (regime == DutyRegime::easa) {
    opinion.wants(false, "length of the duty before the rest, and whether the rest was at home base");
  }
}

/// The type that flies; empty if it is not known.
std::string type_flown(const Situation& situation, const Plan& plan) {
  if (plan.replacement != nullptr) return plan.replacement->aircraft.type;
  if (plan.swaps()) return {};
  if (situation.aircraft) return situation.aircraft->value.type;
  return situation.aircraft_type && situation.aircraft_type->value != nullptr
             ? std::string(situation.aircraft_type->value->icao)
             : std::string();
}

bool lists(std::string_view types, std::string_view type) {
  for (std::size_t at = types.find(type); at != std::string_view::npos; at = types.find(type, at + 1)) {
    const bool starts = at == 0 || types[at - 1] == ' ';
    const std::size_t end = at + type.size();
    if (starts && (end == types.size() || types[end] == ' ')) return true;
  }
  return false;
}

void judge_types(Opinion& opinion, const Situation& situation, const Plan& plan, const ops::CrewDuty& crew,
                 Verdict worst) {
  const std::string type = type_flown(situation, plan);
  if (type.empty()) {
    opinion.wants(false, "type of the aircraft that flies");
    return;
  }
  opinion.use("type of the aircraft that flies", type,
              plan.replacement != nullptr || situation.aircraft ? "operations database, fleet" : "prompt");
  std::vector<std::string> barred;
  for (const ops::CrewMember& member : crew.members) {
    if (member.types.empty()) {
      opinion.wants(false, fmt::format("types that {} may operate", rank_and_id(member)));
    } else if (!lists(member.types, type)) {
      barred.push_back(fmt::format("{} ({})", rank_and_id(member), member.types));
    }
  }
  if (barred.empty()) return;
  opinion.use("members of other types", fmt::format("{}", fmt::join(barred, ", ")),
              "operations database, crew");
  std::string more;
  if (barred.size() > named_max) {
    const std::string count = std::to_string(barred.size() - named_max);
    opinion.use("further members of other types", count, "operations database, crew");
    more = fmt::format(" and {} more", count);
    barred.resize(named_max);
  }
  opinion.forbid_first(
      fmt::format("These crew members may not operate type {}: {}{}.", type, fmt::join(barred, ", "), more),
      worst);
}

}  // namespace

void judge_members(Opinion& opinion, const Situation& situation, const Plan& plan, const DutyOutlook& outlook,
                   DutyRegime regime, Verdict worst) {
  const bool stated_rest = situation.facts.rest_minutes && !outlook.relief;
  if (stated_rest && regime != DutyRegime::not_on_file) {
    judge_stated_rest(opinion, situation, regime, worst);
  }
  if (outlook.crew == nullptr || outlook.crew->members.empty()) {
    if (!stated_rest) opinion.wants(false, "rest of the crew before this duty");
    opinion.wants(false, "hours of duty and flight of the crew members over the last days and months");
    return;
  }
  std::vector<std::string> names;
  for (const ops::CrewMember& member : outlook.crew->members) names.push_back(rank_and_id(member));
  opinion.use("crew members", fmt::format("{}", fmt::join(names, ", ")), "operations database, crew");
  judge_types(opinion, situation, plan, *outlook.crew, worst);
  if (regime == DutyRegime::not_on_file) return;
  const auto members = bound_members(*outlook.crew, regime);
  if (members.empty()) {
    opinion.wants(false, "pilots of the crew");
    return;
  }
  judge_all_hours(opinion, outlook, regime, members, worst);
  if (!stated_rest) judge_rest(opinion, outlook, regime, members, worst);
  if (regime == DutyRegime::faa117 && members.size() < outlook.crew->members.size()) {
    opinion.say("Part 117 binds the pilots; the rules for cabin crew are not on file here.");
    opinion.recommend("Have crew control check the cabin crew's duty and rest.");
  }
}

}  // namespace skymarshal::agents::assessment
