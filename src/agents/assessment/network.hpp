// What a plan does to the aircraft's next flights and to connections: delay along the rotation, connections
// missed. The network agent states it, recovery options are compared by it. Points into situation and plan.
#pragma once

#include "agents/assessment/plan.hpp"
#include "agents/assessment/situation.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace skymarshal::agents::assessment {

/// A later flight that leaves late because of the plan.
struct KnockOn {
  const ops::Flight* flight = nullptr;
  std::int32_t delay_minutes = 0;
  /// When its aircraft is there, and how long it then needs.
  UtcMinutes aircraft_there = {};
  std::int32_t turnaround_minutes = 0;
};

/// Passengers whose onward flight leaves before they can reach it.
struct MissedConnection {
  const Connection* connection = nullptr;
  std::int32_t short_minutes = 0;
};

/// What a plan does beyond its own flight. Points into the situation and the plan.
struct NetworkImpact {
  /// False if the rotation is not known: then nothing can be said of it.
  bool rotation_known = false;
  std::vector<KnockOn> delayed;
  /// IATA code of the airport where the delay is absorbed; empty if it is not within the known rotation.
  std::string absorbed_at;
  /// The flight that a swap takes the aircraft from while nobody knows when the planned one could fly it;
  /// nullptr if there is none.
  const ops::Flight* without_aircraft = nullptr;
  bool connections_known = false;
  std::vector<MissedConnection> missed;

  /// Sum over `delayed`.
  std::int32_t knock_on_minutes() const;
  /// Sum over `missed`.
  std::int32_t missed_passengers() const;
};

/// Reckons with the most delay of the plan. Pure.
NetworkImpact network_impact(const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
