#include "agents/rules/minimum_equipment.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents::rules::minimum_equipment_test {

using reference::Date;
using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

constexpr Date on(int y, unsigned m, unsigned d) { return Date(year(y), month(m), day(d)); }

TEST(MinimumEquipment, CategoriesHaveTheirStandardIntervals) {
  EXPECT_EQ(mel_interval_days('B'), 3);
  EXPECT_EQ(mel_interval_days('C'), 10);
  EXPECT_EQ(mel_interval_days('D'), 120);
  EXPECT_EQ(mel_interval_days('E'), std::nullopt);
  EXPECT_EQ(mel_interval_days(0), std::nullopt);
}

TEST(MinimumEquipment, CategoryAIsAsTheMelStates) {
  EXPECT_EQ(mel_interval_days('A'), std::nullopt);
  EXPECT_EQ(mel_interval_days('A', 2), 2);
  EXPECT_EQ(mel_last_day('A', on(2026, 1, 26)), std::nullopt);
}

// The example of the FAA's MMEL definitions: recorded on 26 January, the interval begins at midnight of that
// day and ends at midnight of 29 January for three days.
TEST(MinimumEquipment, TheDayOfDiscoveryDoesNotCount) {
  EXPECT_EQ(mel_last_day('B', on(2026, 1, 26)), on(2026, 1, 29));
  EXPECT_EQ(mel_last_day('C', on(2026, 1, 26)), on(2026, 2, 5));
  EXPECT_EQ(mel_last_day('A', on(2008, 1, 1), 2), on(2008, 1, 3));
}

TEST(MinimumEquipment, IntervalsRunOverMonthsAndLeapDays) {
  EXPECT_EQ(mel_last_day('B', on(2028, 2, 27)), on(2028, 3, 1));
  EXPECT_EQ(mel_last_day('D', on(2026, 9, 3)), on(2027, 1, 1));
}

TEST(MinimumEquipment, SystemsThatMatterToEtopsAreKnownByTheirChapter) {
  EXPECT_EQ(etops_system(24), "electrical power");
  EXPECT_EQ(etops_system(49), "auxiliary power unit");
  EXPECT_EQ(etops_system(29), "hydraulic power");
  EXPECT_TRUE(etops_system(32).empty());
  EXPECT_TRUE(etops_system(0).empty());
}

RC_GTEST_PROP(MinimumEquipmentProperty, TheLastDayIsAsManyDaysAfterDiscoveryAsTheInterval, ()) {
  const auto discovered =
      Date(std::chrono::sys_days(on(2020, 1, 1)) + std::chrono::days(*rc::gen::inRange(0, 5000)));
  const char category = *rc::gen::element('B', 'C', 'D');
  const auto last = mel_last_day(category, discovered);
  RC_ASSERT(last.has_value());
  RC_ASSERT(reference::days_between(discovered, *last) == *mel_interval_days(category));
}

}  // namespace skymarshal::agents::rules::minimum_equipment_test
