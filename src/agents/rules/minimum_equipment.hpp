// The minimum equipment list: until when a deferred item may fly, and which systems matter to ETOPS.
// Constant data and pure functions. The operator's own approved MEL binds; this knows only the standard
// categories.
#pragma once

#include "agents/reference/calendar.hpp"
#include "agents/rules/citation.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace skymarshal::agents::rules {

inline constexpr Citation mel_citation = {
    "EASA CS-MMEL, rectification interval categories; in the United States FAA MMEL Policy Letter 25",
    "2014-01-31"};
inline constexpr Citation mel_operation_citation = {
    "Regulation (EU) No 965/2012, ORO.MLR.105 and CAT.IDE.A.105; 14 CFR 121.628", "2014-10-28"};
inline constexpr Citation release_citation = {
    "Regulation (EU) No 1321/2014, M.A.301, M.A.403 and 145.A.50; 14 CFR 121.709", "2015-01-06"};
inline constexpr Citation strike_inspection_citation = {
    "Regulation (EU) No 1321/2014, M.A.301; maintenance manual, ATA chapter 05-50", "2015-01-06"};
inline constexpr Citation etops_citation = {
    "EASA AMC 20-6B, Appendix 4, 2; Regulation (EU) No 965/2012, CAT.OP.MPA.140 and SPA.ETOPS", "2021-04-09"};

/// Calendar days in which an item must be rectified, the day of discovery excluded. Category A: `stated_days`
/// of the MEL, nullopt if 0. Nullopt for anything that is no category.
std::optional<std::int32_t> mel_interval_days(char category, std::int32_t stated_days = 0);
/// The last calendar day on which the aircraft may be dispatched with the item.
std::optional<reference::Date> mel_last_day(char category, reference::Date discovered,
                                            std::int32_t stated_days = 0);

/// The system of an ATA chapter that AMC 20-6B names as fundamental to ETOPS; empty if it names none.
std::string_view etops_system(std::int32_t ata_chapter);
/// Without an ETOPS approval every point of a twin's route lies within this many minutes of an adequate
/// aerodrome (CAT.OP.MPA.140(a), 14 CFR 121.161(a)(1)).
inline constexpr std::int32_t etops_free_minutes = 60;

}  // namespace skymarshal::agents::rules
