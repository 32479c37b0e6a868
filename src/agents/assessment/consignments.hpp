// One consignment against one plan: does it arrive good, may it fly on that aircraft, and which other flight
// could take it. For the cargo agent; knows no other freight on board.
#pragma once

#include "agents/assessment/assessment.hpp"

namespace skymarshal::agents::assessment {

/// What the freight of a plan depends on.
struct Transport {
  const Situation* situation = nullptr;
  const Plan* plan = nullptr;
  /// At the planned destination, at the most delay; absent if nobody knows or the plan does not go there.
  std::optional<UtcMinutes> arrival = {};
  /// By how much it is late.
  std::optional<std::int32_t> late_minutes = {};
};
Transport transport_of(const Situation& situation, const Plan& plan);

/// Speaks of a consignment that is booked on the flight.
void judge_consignment(Opinion& opinion, const Transport& transport, const ops::Consignment& consignment);

/// Speaks of a kind of cargo that the prompt names, with the temperature, time and UN numbers that it states.
void judge_stated_cargo(Opinion& opinion, const Transport& transport,
                        const facts::Fact<facts::CargoKind>& kind);

}  // namespace skymarshal::agents::assessment
