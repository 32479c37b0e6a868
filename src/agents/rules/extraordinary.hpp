// How causes of a disruption stand to the clauses that excuse a carrier from compensation.
// Constant table of what courts and legislators have said; what they have not settled is said to be
// unsettled.
#pragma once

#include "agents/rules/citation.hpp"
#include "agents/rules/passenger_rights.hpp"

#include <span>
#include <string_view>

namespace skymarshal::agents::rules {

enum class LegalCause {
  technical,
  weather,
  crew,
  atc,
  airport_closure,
  security,
  medical,
  bird_strike,
  strike,
};

/// Whether the cause excuses the carrier.
enum class Excuse { no, unsettled, may_be };

struct CauseInLaw {
  Excuse excuse = Excuse::unsettled;
  Citation citation;
  /// A clause: "a technical fault is inherent in operating aircraft".
  std::string_view reason = {};
};

/// Extraordinary circumstances under EU261 and UK261, their like under Thailand's rules; situations outside
/// the carrier's control or required for safety under APPR.
CauseInLaw cause_in_law(LegalCause cause, PassengerRegime regime);

/// True if none of the causes is the carrier's own: only then may the whole of the compensation be excused.
bool may_be_excused(std::span<const LegalCause> causes, PassengerRegime regime);

/// EU261 and UK261, a delay by several causes: the carrier pays for what is not extraordinary in it.
inline constexpr Citation mixed_causes_citation{"CJEU C-315/15 Pesková, paragraphs 48 to 54", "2017-05-04"};

/// APPR: true if every cause is outside the carrier's control (s. 10), so that no care is owed; false without
/// causes.
bool outside_control(std::span<const LegalCause> causes);

}  // namespace skymarshal::agents::rules
