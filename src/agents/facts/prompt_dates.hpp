// Reads the date of departure. Pure and linear.
// A date counts only with its year: "15 June 2026", "15JUN26", "2026-06-15", "15.06.2026". "05/06/2026" may
// be in May or June and is left out.
#pragma once

#include "agents/facts/fact_collector.hpp"

namespace skymarshal::agents::facts {

void read_date(FactCollector& collector);

}  // namespace skymarshal::agents::facts
