#include "agents/rules/extraordinary.hpp"

#include <algorithm>

namespace skymarshal::agents::rules {
namespace {

constexpr Citation recital_14{"Regulation (EC) No 261/2004, Art. 5(3) and recital 14", "2005-02-17"};
constexpr Citation recital_15{"Regulation (EC) No 261/2004, Art. 5(3) and recital 15", "2005-02-17"};
constexpr Citation art_5_3{"Regulation (EC) No 261/2004, Art. 5(3)", "2005-02-17"};
constexpr Citation outside{"Air Passenger Protection Regulations (SOR/2019-150), s. 10(1)", "2019-12-15"};
constexpr Citation for_safety{"Air Passenger Protection Regulations (SOR/2019-150), s. 1(1) and 11",
                              "2019-12-15"};
constexpr Citation thai_exemption{"Thailand, Civil Aviation Board Regulation No. 101, exemptions",
                                  "2025-05-20"};
constexpr Citation within{"Air Passenger Protection Regulations (SOR/2019-150), s. 12", "2019-12-15"};

CauseInLaw in_the_union(LegalCause cause) {
  switch (cause) {
    case LegalCause::technical:
      return {
          Excuse::no,
          {"CJEU C-549/07 Wallentin-Hermann and C-257/14 van der Lans", "2015-09-17"},
          "a technical fault is inherent in operating aircraft, short of a hidden manufacturing defect or "
          "sabotage"};
    case LegalCause::crew:
      return {Excuse::no,
              {"CJEU C-156/22 TAP Portugal", "2023-05-11"},
              "the absence of a crew member is inherent in the carrier's activity"};
    case LegalCause::bird_strike:
      return {Excuse::may_be,
              {"CJEU C-315/15 Pesková", "2017-05-04"},
              "a collision with a bird is outside the carrier's control"};
    case LegalCause::strike:
      return {Excuse::unsettled,
              {"CJEU C-28/20 Airhelp", "2021-03-23"},
              "a strike of the carrier's own staff is no excuse, one of others may be"};
    case LegalCause::weather:
      return {Excuse::may_be, recital_14, "weather that is incompatible with the flight"};
    case LegalCause::security:
      return {Excuse::may_be, recital_14, "a security risk"};
    case LegalCause::airport_closure:
      return {Excuse::may_be, recital_14, "the closure of an airport is not the carrier's doing"};
    case LegalCause::atc:
      return {Excuse::may_be, recital_15, "a decision of air traffic management about this aircraft"};
    case LegalCause::medical:
      return {Excuse::unsettled, art_5_3, "no judgment of the Court on a medical emergency is on file"};
  }
  return {};
}

/// The Court's judgments since the end of 2020 do not bind the courts of the United Kingdom.
CauseInLaw in_the_kingdom(LegalCause cause) {
  if (cause == LegalCause::crew) {
    return {Excuse::no,
            {"UK Supreme Court, Lipton v BA Cityflyer [2024] UKSC 24", "2024-07-10"},
            "the sickness of a crew member is inherent in the carrier's activity"};
  }
  if (cause == LegalCause::strike) {
    return {Excuse::unsettled,
            {"CJEU C-195/17 Krüsemann", "2018-04-17"},
            "a wildcat strike of the carrier's own staff is no excuse, a strike of others may be"};
  }
  return in_the_union(cause);
}

CauseInLaw in_thailand(LegalCause cause) {
  if (cause == LegalCause::technical || cause == LegalCause::crew || cause == LegalCause::strike) {
    return {Excuse::unsettled, thai_exemption,
            "only what could neither be foreseen nor avoided excuses, and no decision on such a cause is on "
            "file"};
  }
  return {Excuse::may_be, thai_exemption,
          "what could neither be foreseen nor avoided, in spite of reasonable measures, excuses"};
}

CauseInLaw in_canada(LegalCause cause) {
  switch (cause) {
    case LegalCause::technical:
      return {Excuse::unsettled, for_safety,
              "a mechanical malfunction is within the carrier's control but required for safety, unless "
              "scheduled maintenance found it: no compensation then, though care"};
    case LegalCause::crew:
      return {Excuse::no, within, "crew planning is within the carrier's control"};
    case LegalCause::weather:
      return {Excuse::may_be, outside, "weather that makes safe operation impossible is outside its control"};
    case LegalCause::atc:
      return {Excuse::may_be, outside, "an instruction of air traffic control is outside its control"};
    case LegalCause::airport_closure:
      return {Excuse::may_be, outside, "operation of the airport is outside its control"};
    case LegalCause::security:
      return {Excuse::may_be, outside, "a security threat is outside its control"};
    case LegalCause::medical:
      return {Excuse::may_be, outside, "a medical emergency is outside its control"};
    case LegalCause::bird_strike:
      return {Excuse::may_be, outside, "a collision with wildlife is outside its control"};
    case LegalCause::strike:
      return {Excuse::may_be, outside, "a labour disruption is outside its control"};
  }
  return {};
}

}  // namespace

CauseInLaw cause_in_law(LegalCause cause, PassengerRegime regime) {
  switch (regime) {
    case PassengerRegime::none:
      return {};
    case PassengerRegime::eu261:
      return in_the_union(cause);
    case PassengerRegime::uk261:
      return in_the_kingdom(cause);
    case PassengerRegime::appr:
      return in_canada(cause);
    case PassengerRegime::thailand:
      return in_thailand(cause);
  }
  return {};
}

bool may_be_excused(std::span<const LegalCause> causes, PassengerRegime regime) {
  return !causes.empty() && std::none_of(causes.begin(), causes.end(), [&](LegalCause cause) {
    return cause_in_law(cause, regime).excuse == Excuse::no;
  });
}

bool outside_control(std::span<const LegalCause> causes) {
  return !causes.empty() && std::all_of(causes.begin(), causes.end(), [](LegalCause cause) {
    return in_canada(cause).excuse == Excuse::may_be;
  });
}

}  // namespace skymarshal::agents::rules
