// Whether a plan's movement at an airport is allowed at its hour: curfews and night quotas.
// Judges one take-off or landing; the regulatory agent asks for both. Pure.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/plan.hpp"

#include <optional>
#include <string_view>

namespace skymarshal::agents::assessment {

enum class MovementKind { departure, arrival };
/// "departure".
std::string_view name_of(MovementKind kind);

struct Movement {
  MovementKind kind = MovementKind::departure;
  const ops::Airport* airport = nullptr;
  /// Where the airport's row comes from, in words.
  std::string source = {};
  /// By the timetable and by the plan, local; absent if not known.
  std::optional<LocalMinutes> planned = {};
  std::optional<Span<LocalMinutes>> moved = {};
};

/// True if hours of the night or a quota are on file for this airport. Rejects a movement within a curfew,
/// makes one conditional that is only allowed to late flights, and names the time as missing where it would
/// decide.
bool judge_movement(Opinion& opinion, const Movement& movement);

}  // namespace skymarshal::agents::assessment
