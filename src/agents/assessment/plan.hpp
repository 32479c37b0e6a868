// One way out of a disruption: who flies what, when. Agents judge plans; recovery_options compares them.
// Plain values that point into the situation they are for, which must outlive them.
#pragma once

#include "agents/assessment/situation.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::agents::assessment {

enum class PlanKind {
  operate_with_delay,
  swap_aircraft,
  change_crew,
  reroute,
  cancel_and_rebook,
  /// In flight: on to the destination, or to another airport.
  continue_flight,
  divert,
};
/// "operate_with_delay".
std::string_view name_of(PlanKind kind);

struct Plan {
  PlanKind kind = PlanKind::operate_with_delay;
  /// Against the timetable. Absent if nobody knows.
  std::optional<Delay> departure_delay = {};
  std::optional<Delay> arrival_delay = {};
  /// How the delays come about: `prompt, turn 1: "3 hours delay"`.
  std::string delay_reason = {};
  /// The aircraft that flies instead, where the database knows it.
  const SwapCandidate* replacement = nullptr;
  /// The same by its name alone; both are empty if the planned aircraft flies.
  std::string replacement_registration = {};
  /// The crew that flies instead; nullptr: the planned one.
  const ops::CrewDuty* relief_crew = nullptr;
  /// Reroute or divert: where to, instead of the destination.
  std::optional<ops::Airport> destination = {};

  /// Something takes off or goes on flying.
  bool flies() const { return kind != PlanKind::cancel_and_rebook; }
  bool swaps() const { return replacement != nullptr || !replacement_registration.empty(); }
};

/// The planned aircraft and crew, as late as stated; in flight: on to the destination.
Plan stated_plan(const Situation& situation);
/// From the decision to swap to off-blocks: everything is moved over and boarded (the longest chain of the
/// steps of a swap; planning value of this program).
inline constexpr std::int32_t swap_minutes = 110;

/// True if causes are stated and none of them is of the aircraft: weather, a closure or a missing crew hold
/// up any aircraft alike.
bool holds_any_aircraft(const Situation& situation);

/// Another aircraft takes over as soon as it is ready, whatever delay was stated for the planned one, unless
/// the cause holds up any aircraft: then not before the stated delay, and without one nobody knows when. When
/// the decision is made nobody says, so it counts from the scheduled departure. `candidate` must be one of
/// the situation's.
Plan swap_plan(const Situation& situation, const SwapCandidate& candidate);
/// The plan that the prompts ask about: with the delay as stated, on the aircraft that a follow-up names.
Plan plan_in_question(const Situation& situation);

/// The instant or local time at which the plan departs or arrives, at the least and at the most delay;
/// nullopt where timetable or delay are not known. Arrival is for the planned destination only.
template <typename Time>
struct Span {
  Time earliest;
  Time latest;
};
std::optional<Span<UtcMinutes>> departure_of(const Situation& situation, const Plan& plan);
std::optional<Span<UtcMinutes>> arrival_of(const Situation& situation, const Plan& plan);
std::optional<Span<LocalMinutes>> local_departure_of(const Situation& situation, const Plan& plan);
std::optional<Span<LocalMinutes>> local_arrival_of(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
