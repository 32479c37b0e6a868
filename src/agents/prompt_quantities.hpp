// Reads numbers with their meaning from a prompt: delay, passengers, connections, times of day, crew duty.
// Pure and linear. A number counts only where its unit or label stands beside it.
#pragma once

#include "agents/fact_collector.hpp"

#include <optional>

namespace skymarshal::agents {

/// A length of time in words: "3 hours", "2h30", "1.5 h", "two to three hours", "90-minute".
struct DurationSpan {
  Delay length;
  /// Its last token.
  std::size_t last = 0;
};

/// The duration that starts at token `i`, if one does. Longer than seven days is noise.
std::optional<DurationSpan> read_duration(const PromptTokens& tokens, std::size_t i);

void read_delay(FactCollector& collector);
void read_passengers(FactCollector& collector);
void read_times(FactCollector& collector);
void read_crew_duty(FactCollector& collector);

}  // namespace skymarshal::agents
