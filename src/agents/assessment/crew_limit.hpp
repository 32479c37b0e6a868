// Whose flight time limitations bind a crew, and which limit of the flight duty period follows for its duty.
// Pure functions for the crew_compliance agent. Where facts are missing, the limit is a range.
#pragma once

#include "agents/assessment/crew_duty.hpp"
#include "agents/rules/duty_limit.hpp"
#include "agents/rules/flight_duty_easa.hpp"

#include <optional>
#include <string>

namespace skymarshal::agents::assessment {

enum class DutyRegime { easa, faa117, not_on_file };

/// EASA for the European Union, the states bound like it, Switzerland and the United Kingdom (retained law);
/// Part 117 for the United States; others by the operator's approved scheme, if it is known.
DutyRegime duty_regime_of(const ops::Operator& airline);
/// "Regulation (EU) No 965/2012, Subpart FTL": as sentences name it.
std::string_view regime_text(DutyRegime regime, const ops::Operator& airline);

struct LimitRange {
  /// The smallest and the largest limit that may hold, by what is not known.
  rules::DutyLimit least;
  rules::DutyLimit most;
  /// The start that `least` is read for, 0 to 1439, and what time on standby has taken off it.
  std::int32_t start_minute = 0;
  std::int32_t standby_off_minutes = 0;

  bool exact() const {
    return least.minutes == most.minutes && least.stretched_minutes == most.stretched_minutes;
  }
};
/// nullopt for a regime that is not on file. A crew whose state of acclimatisation is not known counts as
/// acclimatised (the caller names the missing fact). Of a relief crew the tightest start from its earliest
/// report to its report holds, so that a later departure never brings a larger limit.
std::optional<LimitRange> limit_of(DutyRegime regime, const DutyOutlook& outlook);

/// The duty as the EASA rules want it; nullopt if start, sectors, pilots or rest facility are not known.
std::optional<rules::EasaDuty> easa_duty_of(const DutyOutlook& outlook);

}  // namespace skymarshal::agents::assessment
