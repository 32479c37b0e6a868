#include "agents/prompt_facts.hpp"

#include "agents/prompt_causes.hpp"
#include "agents/prompt_flight.hpp"
#include "agents/prompt_quantities.hpp"

namespace skymarshal::agents {

Facts read_facts(std::string_view prompt, std::int32_t turn) {
  const PromptTokens tokens(prompt);
  Facts facts;
  facts.turns = 1;
  FactCollector collector(tokens, turn, facts);
  read_flight_numbers(collector);
  read_airports(collector);
  read_registrations(collector);
  read_aircraft_type(collector);
  read_delay(collector);
  read_passengers(collector);
  read_times(collector);
  read_crew_duty(collector);
  read_causes(collector);
  read_phase(collector);
  read_maintenance(collector);
  read_cargo(collector);
  return facts;
}

}  // namespace skymarshal::agents
