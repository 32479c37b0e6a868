#include "agents/facts/prompt_facts.hpp"

#include "agents/facts/prompt_readers.hpp"

namespace skymarshal::agents::facts {

Facts read_facts(std::string_view prompt, std::int32_t turn) {
  return read_facts(PromptTokens(prompt), turn);
}

Facts read_facts(const PromptTokens& tokens, std::int32_t turn) {
  Facts facts;
  facts.turns = 1;
  FactCollector collector(tokens, turn, facts);
  // First, for it finds what the prompt says about other flights.
  read_flight_numbers(collector);
  read_airports(collector);
  read_aircraft(collector);
  read_date(collector);
  read_times(collector);
  read_delay_and_repair(collector);
  read_passengers(collector);
  read_connection_time(collector);
  read_cabins(collector);
  read_special_passengers(collector);
  read_crew_numbers(collector);
  read_crew_duty(collector);
  read_causes(collector);
  read_phase(collector);
  read_maintenance(collector);
  read_mel(collector);
  read_cargo(collector);
  return facts;
}

}  // namespace skymarshal::agents::facts
