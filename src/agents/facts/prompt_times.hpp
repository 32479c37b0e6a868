// Reads times of day. Pure and linear.
// A time counts only behind its label ("STD", "new ETA", "delayed until", "crew reports at"). A time
// in a zone whose abbreviation means several zones is left out.
#pragma once

#include "agents/facts/fact_collector.hpp"

#include <optional>

namespace skymarshal::agents::facts {

/// A time of day in words: "08:30", "0830Z", "8:30 pm", "14h30", "14:00 UTC+4", "06:15+1".
struct TimeSpan {
  TimeOfDay time;
  /// Its last token.
  std::size_t last = 0;
};

/// The time of day that starts at token `i`, if one does.
std::optional<TimeSpan> read_time(const PromptTokens& tokens, std::size_t i);

void read_times(FactCollector& collector);

}  // namespace skymarshal::agents::facts
