#include "agents/assessment/offload.hpp"

#include "agents/rules/cargo_limits.hpp"

#include <algorithm>
#include <tuple>

namespace skymarshal::agents::assessment {

std::int64_t weight_of(const std::vector<ops::Consignment>& cargo) {
  std::int64_t sum = 0;
  for (const ops::Consignment& consignment : cargo) sum += consignment.weight_kg;
  return sum;
}

std::vector<const ops::Consignment*> offload_order(const std::vector<ops::Consignment>& cargo,
                                                   std::int32_t kg_max) {
  std::vector<const ops::Consignment*> order;
  for (const ops::Consignment& consignment : cargo) order.push_back(&consignment);
  const auto rank = [](const ops::Consignment* consignment) {
    return std::tuple(rules::loading_priority(consignment->kind), -consignment->weight_kg,
                      consignment->waybill);
  };
  std::sort(order.begin(), order.end(),
            [&](const ops::Consignment* a, const ops::Consignment* b) { return rank(a) < rank(b); });
  std::int64_t left = weight_of(cargo);
  std::size_t count = 0;
  while (count < order.size() && left > kg_max) left -= order[count++]->weight_kg;
  order.resize(count);
  return order;
}

}  // namespace skymarshal::agents::assessment
