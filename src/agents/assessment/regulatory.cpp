#include "agents/assessment/agent.hpp"
#include "agents/assessment/airport_movement.hpp"
#include "agents/assessment/passengers.hpp"
#include "agents/rules/airport_hours.hpp"
#include "agents/rules/passenger_rights.hpp"

#include <fmt/format.h>

namespace skymarshal::agents::assessment {
namespace {

constexpr rules::Citation slot_citation{
    "The slot on file for the flight (coordinated airports: Regulation (EEC) No 95/93, Art. 14)", ""};
constexpr rules::Citation overflight_citation{
    "The overflight permission on file for the flight (Chicago Convention, Art. 6)", ""};

bool is_on_ground(const Situation& situation, const Plan& plan) {
  if (plan.kind == PlanKind::continue_flight || plan.kind == PlanKind::divert) return false;
  return !situation.phase || situation.phase->value == facts::FlightPhase::before_departure;
}

template <typename T>
std::optional<T> value_of(const Maybe<T>& known) {
  return known ? std::optional<T>(known->value) : std::nullopt;
}

void judge_airports(Opinion& opinion, const Situation& situation, const Plan& plan) {
  bool on_file = false;
  if (situation.origin && is_on_ground(situation, plan)) {
    const Movement departure{MovementKind::departure, &situation.origin->value, situation.origin->source,
                             value_of(situation.local_departure), local_departure_of(situation, plan)};
    on_file = judge_movement(opinion, departure) || on_file;
  }
  if (plan.destination) {
    const Movement arrival{MovementKind::arrival, &*plan.destination, "plan", {}, {}};
    on_file = judge_movement(opinion, arrival) || on_file;
  } else if (situation.destination) {
    const Movement arrival{MovementKind::arrival, &situation.destination->value,
                           situation.destination->source, value_of(situation.local_arrival),
                           local_arrival_of(situation, plan)};
    on_file = judge_movement(opinion, arrival) || on_file;
  }
  if (!on_file && situation.origin && situation.destination) {
    opinion.say("No curfew and no night quota is on file for these airports.");
  }
}

/// A time that the flight may not leave after.
struct Window {
  std::string_view name;
  std::optional<UtcMinutes> latest;
  rules::Citation citation;
};

void judge_window(Opinion& opinion, const Situation& situation, const Plan& plan, const Window& window) {
  if (!window.latest) return;
  const std::string latest = reference::instant_text(*window.latest);
  opinion.use(window.name, latest, fmt::format("operations database, flights: {}", flight_text(situation)));
  apply_named(opinion, window.citation, fmt::format("The flight may not leave after {}.", latest));
  const auto leaves = departure_of(situation, plan);
  if (!leaves) return;
  const std::string leaving = reference::instant_text(leaves->latest);
  const std::int64_t spare = (*window.latest - leaves->latest).count();
  opinion.calculate(fmt::format("spare before the end of the {}", window.name),
                    fmt::format("{} - {}", latest, leaving), fmt::format("{} min", spare));
  if (spare >= 0) {
    opinion.say(fmt::format("The departure keeps the {} with {} min to spare.", window.name, spare));
    return;
  }
  opinion.say(fmt::format("The departure misses the {}.", window.name));
  opinion.forbid(
      fmt::format("The departure at {} misses the {}, which ends at {}: a new one must be given first.",
                  leaving, window.name, latest));
}

void judge_windows(Opinion& opinion, const Situation& situation, const Plan& plan) {
  if (!situation.record || !is_on_ground(situation, plan)) return;
  judge_window(opinion, situation, plan, {"slot", situation.record->slot_latest, slot_citation});
  judge_window(opinion, situation, plan,
               {"overflight window", situation.record->overflight_until, overflight_citation});
}

void judge_flight_plan(Opinion& opinion, const Situation& situation, const Plan& plan) {
  if (!plan.departure_delay || !is_on_ground(situation, plan)) return;
  const std::int32_t delay = plan.departure_delay->most_minutes;
  if (delay <= rules::flight_plan_amend_minutes) return;
  apply_named(opinion, rules::flight_plan_citation,
              fmt::format("A controlled flight that is more than {} min late on its estimated off-block time "
                          "needs its flight plan amended, or filed anew.",
                          rules::flight_plan_amend_minutes));
  opinion.calculate("delay beyond what the flight plan bears",
                    fmt::format("{} min - {} min", delay, rules::flight_plan_amend_minutes),
                    fmt::format("{} min", delay - rules::flight_plan_amend_minutes));
  opinion.limit(Verdict::conditional);
  opinion.require(
      fmt::format("The flight plan must be delayed or filed anew: {} min are more than {} min beyond "
                  "the off-block time ({}).",
                  delay, rules::flight_plan_amend_minutes, rules::flight_plan_citation.source));
  opinion.recommend("Send the delay message, and ask for new slots where the airports are coordinated.");
}

void judge_events(Opinion& opinion, const Situation& situation) {
  if (situation.facts.cause_of(facts::CauseKind::airport_closure) != nullptr) {
    opinion.limit(Verdict::conditional);
    opinion.require(
        "No departure towards a closed airport without a NOTAM that reopens it or an open alternate.");
  }
  if (situation.facts.cause_of(facts::CauseKind::security) != nullptr) {
    opinion.limit(Verdict::conditional);
    opinion.require("The authority in charge must clear the security event before departure.");
  }
}

/// Holds wherever passengers sit aboard on the tarmac of a United States airport; nothing tells that they do.
void say_tarmac_rule(Opinion& opinion, const Situation& situation) {
  if (!situation.origin || !situation.destination) return;
  const std::string_view from = situation.origin->value.country;
  const std::string_view to = situation.destination->value.country;
  if (from != united_states && to != united_states) return;
  const std::int32_t minutes =
      from == to ? rules::us_tarmac_domestic_minutes : rules::us_tarmac_international_minutes;
  const std::string limit = facts::duration_text(minutes);
  const std::string food = facts::duration_text(rules::us_tarmac_food_minutes);
  const std::string rule = fmt::format(
      "With passengers aboard on the tarmac of a United States airport they must be able to leave before {}, "
      "and "
      "have food and water within {}.",
      limit, food);
  apply_named(opinion, rules::us_tarmac_citation, rule);
  opinion.say(fmt::format("{} Passengers who wait in the terminal are not concerned ({}).", rule,
                          rules::us_tarmac_citation.source));
}

void say_passenger_regime(Opinion& opinion, const Situation& situation) {
  const auto rights = rights_of(situation);
  if (!rights) return;
  if (rights->regime == rules::PassengerRegime::none) {
    opinion.say(fmt::format("No passenger rights regulation that is on file binds: {}.", rights->ground));
    return;
  }
  apply_regime(opinion, *rights);
  opinion.say(fmt::format("{} binds, because {}: {}.", rules::name_of(rights->regime), rights->ground,
                          rules::citation_of(rights->regime).source));
  if (rights->also != rules::PassengerRegime::none) {
    opinion.say(
        fmt::format("{} binds as well; nobody is paid twice for the same.", rules::name_of(rights->also)));
  }
  say_excuses(opinion, situation, *rights);
}

}  // namespace

AgentAssessment assess_regulatory(const Situation& situation, const Plan& plan) {
  Opinion opinion("regulatory");
  use_route(opinion, situation);
  use_delay(opinion, situation, plan);
  opinion.rely_on(situation, {Lookup::airports, Lookup::operators});
  if (plan.flies()) {
    judge_airports(opinion, situation, plan);
    judge_windows(opinion, situation, plan);
    judge_flight_plan(opinion, situation, plan);
    judge_events(opinion, situation);
    say_tarmac_rule(opinion, situation);
  } else {
    opinion.say("Nothing takes off: curfews, slots and overflight windows are not touched.");
    opinion.recommend("Cancel the flight plan and hand back the slots.");
  }
  say_passenger_regime(opinion, situation);
  return std::move(opinion).finish();
}

}  // namespace skymarshal::agents::assessment
