#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_maintenance_test {

TEST(PromptMaintenance, ReadsTheStateOfTheAircraft) {
  EXPECT_EQ(read_facts("A6-BNC is AOG").maintenance_state->value, MaintenanceState::grounded);
  EXPECT_EQ(read_facts("it was released to service").maintenance_state->value, MaintenanceState::released);
  EXPECT_FALSE(read_facts("AOG parts in the hold").maintenance_state.has_value());
  EXPECT_FALSE(read_facts("it cannot be released to service").maintenance_state.has_value());
  EXPECT_FALSE(read_facts("the pump was repaired").maintenance_state.has_value());
}

TEST(PromptMaintenance, ReadsMelItems) {
  const Facts facts = read_facts("deferred for 4 days under MEL category C");
  EXPECT_EQ(facts.mel_category->value, 'C');
  EXPECT_EQ(facts.mel_open_days->value, 4);
  EXPECT_EQ(read_facts("MEL B item").mel_category->value, 'B');
  EXPECT_FALSE(read_facts("MEL category unknown").mel_category.has_value());
}

TEST(PromptMaintenance, ReadsMelReferences) {
  const Facts facts = read_facts("deferred under MEL 29-11-01 (B) 2 days ago");
  EXPECT_EQ(facts.mel_reference->value, "29-11-01");
  EXPECT_EQ(facts.mel_category->value, 'B');
  EXPECT_EQ(read_facts("MEL item 32-41-01A category C").mel_reference->value, "32-41-01A");
  EXPECT_EQ(read_facts("MEL item 32-41-01A category C").mel_category->value, 'C');
  EXPECT_FALSE(read_facts("MEL 29").mel_reference.has_value());
  EXPECT_FALSE(read_facts("gate 29-11").mel_reference.has_value());
}

TEST(PromptMaintenance, ReadsOpenDays) {
  for (const std::string text :
       {"open for 3 days", "deferred 3 days ago", "open since 3 days", "seit 3 Tagen offen",
        "ouvert depuis 3 jours", "abierto desde hace 3 dias"}) {
    ASSERT_TRUE(read_facts(text).mel_open_days.has_value()) << text;
    EXPECT_EQ(read_facts(text).mel_open_days->value, 3) << text;
  }
}

TEST(PromptMaintenance, ReportsContradictions) {
  EXPECT_TRUE(read_facts("MEL B item, MEL category C").contradicts("mel_category"));
  EXPECT_TRUE(read_facts("MEL 29-11-01 or MEL 29-11-02").contradicts("mel_reference"));
  EXPECT_TRUE(read_facts("open for 3 days, open for 4 days").contradicts("mel_open_days"));
  EXPECT_TRUE(read_facts("it is AOG; it was released to service").contradicts("maintenance_state"));
}

}  // namespace skymarshal::agents::facts::prompt_maintenance_test
