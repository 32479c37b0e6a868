// The consignments of a flight against one plan: does each arrive good, may it fly on that aircraft, which
// other flight could take it, and what stays behind when not all of it fits. For the cargo agent; pure.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "agents/assessment/plan.hpp"

#include <cstdint>
#include <optional>
#include <vector>

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

/// Sum of the weights, kg.
std::int64_t weight_of(const std::vector<ops::Consignment>& cargo);

/// Consignments to leave behind until the rest weighs at most `kg_max`, in the order in which they go: lowest
/// loading priority first, then the heaviest, then by waybill. Points into `cargo`.
std::vector<const ops::Consignment*> offload_order(const std::vector<ops::Consignment>& cargo,
                                                   std::int32_t kg_max);

}  // namespace skymarshal::agents::assessment
