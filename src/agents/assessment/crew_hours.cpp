#include "agents/assessment/crew.hpp"
#include "agents/rules/flight_duty_faa.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

using facts::duration_text;
using std::chrono::minutes;

std::string sectors_text(std::int32_t sectors) {
  return sectors == 1 ? std::string("1 sector") : fmt::format("{} sectors", sectors);
}

std::string range_text(const LimitRange& range) {
  if (range.least.minutes == range.most.minutes) return duration_text(range.most.minutes);
  return fmt::format("between {} and {}", duration_text(range.least.minutes),
                     duration_text(range.most.minutes));
}

std::string wall_text(const Situation& situation, UtcMinutes instant) {
  const auto local =
      situation.origin ? reference::to_local(situation.origin->value.time_zone, instant) : std::nullopt;
  if (!local) return reference::instant_text(instant);
  return fmt::format("{} ({} local at {})", reference::instant_text(instant), reference::local_text(*local),
                     situation.origin->value.iata);
}

void state_rule(Opinion& opinion, const CrewCase& of, const LimitRange& range,
                const rules::DutyLimit& limit) {
  const DutyOutlook& outlook = of.outlook;
  const std::int32_t off = range.standby_off_minutes;
  std::string rule = fmt::format("A duty lasts at most {}", duration_text(limit.minutes + off));
  if (outlook.start_minute)
    rule += fmt::format(" if it starts at {}", reference::clock_text(range.start_minute));
  if (outlook.sectors) rule += fmt::format(", for {}", sectors_text(*outlook.sectors));
  if (outlook.pilots && *outlook.pilots > 2) {
    rule += fmt::format(", {} pilots, rest facility class {}", *outlook.pilots,
                        outlook.rest_facility.value_or(0));
  }
  if (outlook.start_minute && *outlook.start_minute != range.start_minute) {
    rule += fmt::format(
        "; of the starts from the earliest report to the one at {} the tightest is taken, so that "
        "waiting never lengthens a duty",
        reference::clock_text(*outlook.start_minute));
  }
  opinion.apply(limit.citation, rule + ".");
  if (of.regime == DutyRegime::easa && outlook.acclimatised.value_or(false)) {
    opinion.apply(
        rules::easa_reference_time_citation,
        fmt::format("Start at reference time, the clock of {}: a reporting point within {} h of the clock "
                    "that the crew is acclimatised to gives it.",
                    outlook.clock_airport, rules::easa_time_zone_band_minutes / 60));
  }
  if (limit.citation.source == rules::easa_split_duty_citation.source) {
    opinion.apply(
        rules::easa_split_duty_citation,
        fmt::format("Half of a break on the ground of at least {} h is added; of a break beyond {} h only "
                    "with suitable accommodation, which is not counted here.",
                    rules::easa_split_break_minutes_min / 60,
                    rules::easa_split_break_minutes_counted_max / 60));
    opinion.calculate("increase by the split duty",
                      fmt::format("{} / 2", duration_text(outlook.split_break_minutes)),
                      duration_text(rules::easa_split_duty_increase(outlook.split_break_minutes)));
  }
  if (outlook.relief && outlook.standby_minutes > 0) {
    opinion.apply(
        of.regime == DutyRegime::easa ? rules::easa_standby_citation : rules::faa_reserve_citation,
        of.regime == DutyRegime::easa
            ? "The limit falls by the time on standby beyond 6 h (8 h before in-flight rest, 4 h at the "
              "airport)."
            : "Reserve and flight duty together last at most 4 h longer than the table allows, and with two "
              "pilots at most 16 h.");
    opinion.calculate("standby before the report",
                      fmt::format("{} - {}", reference::instant_text(*outlook.report),
                                  reference::instant_text(outlook.crew->duty.report)),
                      duration_text(outlook.standby_minutes));
    if (off > 0) {
      opinion.calculate("limit after standby",
                        fmt::format("{} - {}", duration_text(limit.minutes + off), duration_text(off)),
                        duration_text(limit.minutes));
    }
  }
}

void state_stretch_rule(Opinion& opinion, const CrewCase& of, const rules::DutyLimit& limit) {
  if (of.regime == DutyRegime::easa) {
    opinion.apply(
        rules::easa_discretion_citation,
        fmt::format("In unforeseen circumstances the commander may add up to {} to the basic limit, with an "
                    "augmented crew up to {}: here up to {} in all.",
                    duration_text(rules::easa_discretion_minutes),
                    duration_text(rules::easa_discretion_augmented_minutes),
                    duration_text(limit.stretched_minutes)));
    return;
  }
  opinion.apply(
      rules::faa_extension_citation,
      fmt::format("In unforeseen circumstances before take-off pilot in command and certificate holder may "
                  "add up to {}: here up to {} in all; more than {} only once before the next long rest, "
                  "and with a report.",
                  duration_text(rules::faa_extension_minutes), duration_text(limit.stretched_minutes),
                  duration_text(rules::faa_extension_unreported_minutes)));
}

/// Where the crew can still be told to report later, its duty starts later.
void offer_delayed_report(Opinion& opinion, const CrewCase& of) {
  const DutyOutlook& outlook = of.outlook;
  const auto duty = easa_duty_of(outlook);
  const bool first = !outlook.run || outlook.run->index == 0;
  if (of.regime != DutyRegime::easa || of.in_flight || outlook.relief || !duty || !first ||
      !of.plan.departure_delay) {
    return;
  }
  const std::int32_t later = of.plan.departure_delay->least_minutes;
  const rules::DutyLimit limit = rules::easa_limit_delayed(*duty, later);
  const std::int32_t fdp = *outlook.fdp_minutes - later;
  if (later == 0 || fdp > limit.minutes) return;
  opinion.apply(
      rules::easa_delayed_reporting_citation,
      fmt::format(
          "A crew that is told before it leaves its rest starts its duty with the delayed report; from "
          "a delay of {} the more limiting report gives the limit, and {} undisturbed are rest.",
          duration_text(rules::easa_delayed_report_limiting_minutes),
          duration_text(rules::easa_delayed_report_rest_minutes)));
  opinion.calculate("flight duty period with a delayed report",
                    fmt::format("{} - {}, against {}", duration_text(*outlook.fdp_minutes),
                                duration_text(later), duration_text(limit.minutes)),
                    duration_text(fdp));
  opinion.recommend(
      fmt::format("If the crew has not left its rest, delay its report by {}: the duty then lasts {} "
                  "against a limit of {}.",
                  duration_text(later), duration_text(fdp), duration_text(limit.minutes)));
}

void judge_excess(Opinion& opinion, const CrewCase& of, const LimitRange& range) {
  const std::int32_t fdp = *of.outlook.fdp_minutes;
  const std::string flight = flight_text(of.situation);
  state_stretch_rule(opinion, of, fdp > range.least.stretched_minutes ? range.most : range.least);
  if (fdp > range.most.stretched_minutes) {
    opinion.calculate("beyond the stretched limit",
                      fmt::format("{} - {}", duration_text(fdp), duration_text(range.most.stretched_minutes)),
                      duration_text(fdp - range.most.stretched_minutes));
    if (of.in_flight) {
      opinion.say("The duty is over every limit; in flight the commander ends it where it is safest.");
      opinion.forbid(fmt::format("Report the duty of {} against at most {} and plan the rest that follows.",
                                 duration_text(fdp), duration_text(range.most.stretched_minutes)),
                     of.worst());
      return;
    }
    opinion.say("That is beyond what may be added on the day.");
    opinion.forbid(fmt::format("This crew must not operate {}: {} of flight duty against at most {}.", flight,
                               duration_text(fdp), duration_text(range.most.stretched_minutes)),
                   of.worst());
    opinion.recommend("Call out a fresh crew before anything else is decided.");
  } else {
    opinion.limit(Verdict::conditional);
    if (fdp <= range.most.minutes) {
      opinion.require(fmt::format("Crew control must confirm the limit, which is {} by what is missing here.",
                                  range_text(range)));
      return;
    }
    opinion.require(fmt::format(
        "Above {} {} is legal only by {}, up to {}.", duration_text(range.least.minutes), flight,
        of.regime == DutyRegime::easa ? "the commander's discretion" : "the agreed extension before take-off",
        duration_text(fdp > range.least.stretched_minutes ? range.most.stretched_minutes
                                                          : range.least.stretched_minutes)));
    opinion.recommend("Ask the commander before departure and have a reserve crew ready.");
  }
  offer_delayed_report(opinion, of);
}

void state_latest_departure(Opinion& opinion, const CrewCase& of, std::int32_t limit_minutes) {
  const auto latest = latest_departure_of(of.situation, of.plan, of.outlook, limit_minutes);
  if (!latest) return;
  std::string expression = fmt::format("margin of a duty of {}", duration_text(limit_minutes));
  if (of.outlook.report) {
    const auto flown = *of.outlook.report + minutes(limit_minutes) - *latest;
    expression = fmt::format("{} + {} - {} from the departure to the end of the duty",
                             reference::instant_text(*of.outlook.report), duration_text(limit_minutes),
                             duration_text(static_cast<std::int32_t>(flown.count())));
  }
  opinion.calculate("latest legal departure", std::move(expression), wall_text(of.situation, *latest));
  opinion.say(fmt::format("The latest legal departure is {}.", wall_text(of.situation, *latest)));
}

}  // namespace

std::optional<UtcMinutes> latest_departure_of(const Situation& situation, const Plan& plan,
                                              const DutyOutlook& outlook, std::int32_t limit_minutes) {
  if (outlook.run && outlook.report && !situation.facts.planned_fdp_minutes) {
    return outlook.run->latest_departure(*outlook.report + minutes(limit_minutes));
  }
  const auto departure = departure_of(situation, plan);
  if (!departure || !outlook.fdp_minutes || outlook.fdp_is_least) return std::nullopt;
  return departure->latest + minutes(limit_minutes - *outlook.fdp_minutes);
}

void judge_duty(Opinion& opinion, const CrewCase& of, const LimitRange& range) {
  const DutyOutlook& outlook = of.outlook;
  state_rule(opinion, of, range, range.least);
  if (!range.exact()) state_rule(opinion, of, range, range.most);
  std::string start;
  if (outlook.start_minute)
    start = fmt::format(" for a start at {}", reference::clock_text(range.start_minute));
  if (!start.empty() && !outlook.clock_airport.empty())
    start += fmt::format(" by the clock of {}", outlook.clock_airport);
  opinion.say(fmt::format("The flight duty period may last {}{}.", range_text(range), start));
  if (!outlook.fdp_minutes) return;
  const std::int32_t fdp = *outlook.fdp_minutes;
  opinion.calculate("flight duty period under the plan", outlook.fdp_expression, duration_text(fdp));
  opinion.say(fmt::format("Under the plan the crew reaches {}{}.", outlook.fdp_is_least ? "at least " : "",
                          duration_text(fdp)));
  if (!of.in_flight) state_latest_departure(opinion, of, range.least.minutes);
  if (fdp > range.least.minutes) {
    judge_excess(opinion, of, range);
    return;
  }
  const std::int32_t margin = range.least.minutes - fdp;
  opinion.calculate("margin", fmt::format("{} - {}", duration_text(range.least.minutes), duration_text(fdp)),
                    duration_text(margin));
  if (!outlook.fdp_is_least) opinion.say(fmt::format("That leaves a margin of {}.", duration_text(margin)));
  if (range.least.citation.source == rules::easa_augmented_citation.source ||
      range.least.citation.source == rules::faa_augmented_citation.source) {
    opinion.apply(range.least.citation, of.regime == DutyRegime::easa
                                            ? "In flight each pilot rests at least 90 consecutive minutes, "
                                              "those at the controls at landing 2 h."
                                            : "The pilot who lands rests 2 consecutive hours in the second "
                                              "half of the duty, the other at the "
                                              "controls 90 minutes.");
    if (!of.in_flight) opinion.recommend("Plan the in-flight rest before departure: the limit rests on it.");
  }
}

void judge_flight_time(Opinion& opinion, const CrewCase& of) {
  const DutyOutlook& outlook = of.outlook;
  if (!opinion.wants(outlook.flight_minutes.has_value(), "flight time in this duty")) return;
  if (!outlook.start_minute || !outlook.pilots) return;
  const std::int32_t most = rules::faa_flight_time_max(*outlook.start_minute, *outlook.pilots);
  opinion.apply(
      rules::faa_flight_time_citation,
      fmt::format("At most {} of flight time in a duty that starts at {} with {} pilots.",
                  duration_text(most), reference::clock_text(*outlook.start_minute), *outlook.pilots));
  opinion.calculate("flight time", fmt::format("sum of {}", sectors_text(outlook.sectors.value_or(1))),
                    duration_text(*outlook.flight_minutes));
  if (*outlook.flight_minutes <= most) return;
  opinion.forbid(fmt::format("The duty holds {} of flight time; at most {} are allowed.",
                             duration_text(*outlook.flight_minutes), duration_text(most)),
                 of.worst());
}

void judge_relief(Opinion& opinion, const CrewCase& of) {
  const DutyOutlook& outlook = of.outlook;
  const ops::Duty& standby = outlook.crew->duty;
  opinion.use("relief crew", value_text(*outlook.crew), "operations database, duties");
  const UtcMinutes earliest = *outlook.earliest_report;
  opinion.calculate("earliest report of the relief crew",
                    fmt::format("{} + {}", reference::instant_text(standby.report),
                                duration_text(standby.call_out_minutes)),
                    reference::instant_text(earliest));
  opinion.calculate("call to the relief crew",
                    fmt::format("{} - {}", reference::instant_text(*outlook.report),
                                duration_text(standby.call_out_minutes)),
                    reference::instant_text(*outlook.report - minutes(standby.call_out_minutes)));
  opinion.say(
      fmt::format("The relief crew {} reports at {}.", standby.id, reference::instant_text(*outlook.report)));
  opinion.recommend(
      fmt::format("Call {} at {} at the latest.", standby.id,
                  reference::instant_text(*outlook.report - minutes(standby.call_out_minutes))));
  const auto departure = departure_of(of.situation, of.plan);
  if (departure && departure->latest < earliest) {
    opinion.forbid(
        fmt::format("The relief crew cannot report before {}, which is after the planned departure at {}.",
                    reference::instant_text(earliest), reference::instant_text(departure->latest)),
        of.worst());
    opinion.calculate("departure under the plan", "timetable + delay",
                      reference::instant_text(departure->latest));
  }
  if (!standby.standby_until) return;
  const UtcMinutes last = *standby.standby_until + minutes(standby.call_out_minutes);
  if (*outlook.report <= last) return;
  opinion.calculate("last report of the relief crew",
                    fmt::format("{} + {}", reference::instant_text(*standby.standby_until),
                                duration_text(standby.call_out_minutes)),
                    reference::instant_text(last));
  opinion.forbid(
      fmt::format("The relief crew's standby ends at {}; it cannot be called for {}.",
                  reference::instant_text(*standby.standby_until), reference::instant_text(*outlook.report)),
      of.worst());
}

void judge_without_limits(Opinion& opinion, const CrewCase& of) {
  const DutyOutlook& outlook = of.outlook;
  const ops::Operator& airline = of.situation.airline->value;
  opinion.limit(Verdict::conditional);
  const std::int32_t least = rules::easa_basic_fdp(0, 1);
  const std::int32_t most = rules::easa_basic_fdp(6 * 60, 1);
  opinion.apply(rules::easa_basic_fdp_citation,
                fmt::format("One or two sectors: {} to {}, by the start of duty.", duration_text(least),
                            duration_text(most)));
  opinion.say(
      fmt::format("Those of {} are not on file here, so none is applied. For orientation only: EASA allows a "
                  "flight duty period of {} to {} for one or two sectors, by the start of duty.",
                  airline.country, duration_text(least), duration_text(most)));
  if (outlook.fdp_minutes) {
    opinion.calculate("flight duty period under the plan", outlook.fdp_expression,
                      duration_text(*outlook.fdp_minutes));
    opinion.say(fmt::format("Under the plan the crew reaches {}{}.", outlook.fdp_is_least ? "at least " : "",
                            duration_text(*outlook.fdp_minutes)));
  }
  opinion.require(
      "Crew control must confirm that the duty ends within the crew's maximum flight duty period.");
}

}  // namespace skymarshal::agents::assessment
