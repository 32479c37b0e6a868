// Flight duty periods under Regulation (EU) No 965/2012, Annex III, Subpart FTL, and CS-FTL.1: tables and the
// limit that follows from them. Constant data and pure functions. The United Kingdom retained the same
// numbers. Knows nothing of operators' individual flight time specification schemes, which may deviate by
// approval.
#pragma once

#include "agents/rules/duty_limit.hpp"

#include <cstdint>
#include <optional>

namespace skymarshal::agents::rules {

inline constexpr Citation easa_basic_fdp_citation = {
    "Regulation (EU) No 965/2012, ORO.FTL.205(b)(1), Table 2", "2016-02-18"};
inline constexpr Citation easa_unacclimatised_fdp_citation = {
    "Regulation (EU) No 965/2012, ORO.FTL.205(b)(2), Table 3", "2016-02-18"};
inline constexpr Citation easa_extension_citation = {
    "Regulation (EU) No 965/2012, ORO.FTL.205(d); CS FTL.1.205(b)", "2016-02-18"};
inline constexpr Citation easa_augmented_citation = {
    "Regulation (EU) No 965/2012, ORO.FTL.205(e); CS FTL.1.205(c)(2)", "2016-02-18"};
inline constexpr Citation easa_split_duty_citation = {
    "Regulation (EU) No 965/2012, ORO.FTL.220; CS FTL.1.220", "2016-02-18"};
inline constexpr Citation easa_discretion_citation = {"Regulation (EU) No 965/2012, ORO.FTL.205(f)(1)(i)",
                                                      "2016-02-18"};
inline constexpr Citation easa_delayed_reporting_citation = {
    "Regulation (EU) No 965/2012, ORO.FTL.205(g); CS FTL.1.205(d)", "2016-02-18"};
inline constexpr Citation easa_standby_citation = {"Regulation (EU) No 965/2012, ORO.FTL.225; CS FTL.1.225",
                                                   "2016-02-18"};
inline constexpr Citation easa_reference_time_citation = {
    "Regulation (EU) No 965/2012, ORO.FTL.105(1) and GM1 ORO.FTL.105(2)", "2016-02-18"};

/// A reporting point within this many minutes of the clock that a crew is acclimatised to gives the reference
/// time.
inline constexpr std::int32_t easa_time_zone_band_minutes = 120;

/// What the commander may add, ORO.FTL.205(f)(1)(i): to a crew that is not augmented, and to one that is.
inline constexpr std::int32_t easa_discretion_minutes = 120;
inline constexpr std::int32_t easa_discretion_augmented_minutes = 180;

/// The shortest break on the ground that counts, CS FTL.1.220(a), and what counts of it at most where the
/// accommodation of CS FTL.1.220(d) is not known to be provided.
inline constexpr std::int32_t easa_split_break_minutes_min = 180;
inline constexpr std::int32_t easa_split_break_minutes_counted_max = 360;

/// In-flight rest is allowed on so many sectors, CS FTL.1.205(c)(1)(i).
inline constexpr std::int32_t easa_augmented_sectors_max = 3;

/// Time on standby that leaves the limit as it is: at the airport, elsewhere, elsewhere before an augmented
/// or split duty; CS FTL.1.225(a)(2)(i), (b)(7), (b)(8).
inline constexpr std::int32_t easa_airport_standby_free_minutes = 240;
inline constexpr std::int32_t easa_standby_free_minutes = 360;
inline constexpr std::int32_t easa_standby_long_free_minutes = 480;

/// A delay of the report from which the limit is that of the more limiting report, and one from which the
/// delay counts as rest; CS FTL.1.205(d)(1).
inline constexpr std::int32_t easa_delayed_report_limiting_minutes = 240;
inline constexpr std::int32_t easa_delayed_report_rest_minutes = 600;

/// ORO.FTL.205 Table 2. `start_minute` is 0 to 1439 at reference time; sectors below 1 count as 1, above 10
/// as 10.
std::int32_t easa_basic_fdp(std::int32_t start_minute, std::int32_t sectors);
/// ORO.FTL.205 Table 3: crews in an unknown state of acclimatisation.
std::int32_t easa_unacclimatised_fdp(std::int32_t sectors);
/// CS FTL.1.205(b): limit of a duty that was planned with an extension; nullopt where none is allowed.
std::optional<std::int32_t> easa_extended_fdp(std::int32_t start_minute, std::int32_t sectors);
/// CS FTL.1.205(c)(2): `pilots` on board (4 stands for 4 and more), facility class 1 to 3, longest sector in
/// minutes; nullopt where in-flight rest gives no other limit.
std::optional<std::int32_t> easa_augmented_fdp(std::int32_t pilots, std::int32_t facility,
                                               std::int32_t sectors, std::int32_t longest_sector_minutes);
/// CS FTL.1.220(c): what a break of so many minutes adds.
std::int32_t easa_split_duty_increase(std::int32_t break_minutes);

struct EasaDuty {
  /// 0 to 1439, reference time.
  std::int32_t start_minute = 0;
  std::int32_t sectors = 1;
  /// False: unknown state of acclimatisation.
  bool acclimatised = true;
  bool planned_extension = false;
  std::int32_t pilots = 2;
  /// Class 1 to 3; 0: none.
  std::int32_t rest_facility = 0;
  std::int32_t longest_sector_minutes = 0;
  /// 0: no split duty.
  std::int32_t split_break_minutes = 0;
};
/// The limit of the most favourable rule that the duty qualifies for; extensions are never combined
/// (ORO.FTL.205(d)(4), CS FTL.1.220(f)). Discretion over a planned extension counts from the basic limit
/// (GM1 ORO.FTL.205(f)(1)(i)).
DutyLimit easa_limit(const EasaDuty& duty);
/// The same for a crew that was told of the later report before it left its rest, CS FTL.1.205(d)(1)(iii),
/// (iv). The flight duty period then counts from the delayed report.
DutyLimit easa_limit_delayed(const EasaDuty& duty, std::int32_t report_delay_minutes);

}  // namespace skymarshal::agents::rules
