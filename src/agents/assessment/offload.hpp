// What stays behind when the cargo of a flight does not fit the aircraft of a plan. Pure.
#pragma once

#include "agents/ops/records.hpp"

#include <cstdint>
#include <vector>

namespace skymarshal::agents::assessment {

/// Sum of the weights, kg.
std::int64_t weight_of(const std::vector<ops::Consignment>& cargo);

/// Consignments to leave behind until the rest weighs at most `kg_max`, in the order in which they go: lowest
/// loading priority first, then the heaviest, then by waybill. Points into `cargo`.
std::vector<const ops::Consignment*> offload_order(const std::vector<ops::Consignment>& cargo,
                                                   std::int32_t kg_max);

}  // namespace skymarshal::agents::assessment
