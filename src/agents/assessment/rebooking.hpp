// Where the passengers of a plan can go, and who of them comes first: what the guest_experience agent
// recommends. Knows the seats of the operations database alone; without them it says what to look for.
#pragma once

#include "agents/assessment/assessment.hpp"

namespace skymarshal::agents::assessment {

/// Special passengers in the order in which they are served, with the reason.
void serve_special_passengers(Opinion& opinion, const Situation& situation);

/// Later flights with seats: for all if the plan does not fly, else those that leave before the plan does.
void offer_later_flights(Opinion& opinion, const Situation& situation, const Plan& plan);

/// Passengers whose connection the plan breaks, and the seats that take them on. Makes the opinion
/// conditional if there are any.
void rebook_connections(Opinion& opinion, const Situation& situation, const Plan& plan);

}  // namespace skymarshal::agents::assessment
