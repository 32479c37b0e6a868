#include "agents/ops/records.hpp"

#include <algorithm>

namespace skymarshal::agents::ops {

std::int32_t CrewDuty::pilots() const {
  return static_cast<std::int32_t>(
      std::count_if(members.begin(), members.end(),
                    [](const CrewMember& member) { return member.rank == "CPT" || member.rank == "FO"; }));
}

}  // namespace skymarshal::agents::ops
