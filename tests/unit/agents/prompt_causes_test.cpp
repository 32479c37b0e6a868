#include "agents/prompt_causes.hpp"

#include "agents/prompt_facts.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents {
namespace {

TEST(PromptCauses, ReadsCauses) {
  const std::vector<std::pair<std::string, Cause>> cases = {
      {"hydraulic fault", {CauseKind::technical, "hydraulic", 29}},
      {"a leak in the hydraulics", {CauseKind::technical, "hydraulic", 29}},
      {"engine vibration", {CauseKind::technical, "engine", 72}},
      {"avionics failure", {CauseKind::technical, "avionics", 0}},
      {"technical problem", {CauseKind::technical, "", 0}},
      {"thunderstorms at the hub", {CauseKind::weather, "thunderstorm", 0}},
      {"lightning strike", {CauseKind::weather, "lightning strike", 0}},
      {"the captain is sick", {CauseKind::crew, "", 0}},
      {"crew out of hours", {CauseKind::crew, "", 0}},
      {"ATC slot", {CauseKind::atc, "", 0}},
      {"runway closed", {CauseKind::airport_closure, "", 0}},
      {"security alert", {CauseKind::security, "", 0}},
      {"medical emergency", {CauseKind::medical, "", 0}},
      {"bird strike", {CauseKind::bird_strike, "", 0}},
      {"strike of the ground staff", {CauseKind::strike, "", 0}},
      {"industrial action", {CauseKind::strike, "", 0}},
  };
  for (const auto& [text, cause] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_EQ(facts.causes.size(), 1U) << text;
    EXPECT_EQ(facts.causes[0].value, cause) << text;
  }
}

TEST(PromptCauses, TakesNoSystemWithoutAFailureAndNothingNegated) {
  for (const std::string text :
       {"refuel the aircraft, check the fuel", "the engine runs", "no hydraulic fault", "not a bird strike",
        "without weather", "the weather radar is in order",
        "hydraulic fluid. We have a problem with catering"}) {
    EXPECT_TRUE(read_facts(text).causes.empty()) << text;
  }
}

TEST(PromptCauses, KeepsSeveralCauses) {
  const Facts facts = read_facts("ATC strike and fog");
  EXPECT_NE(facts.cause_of(CauseKind::atc), nullptr);
  EXPECT_NE(facts.cause_of(CauseKind::strike), nullptr);
  EXPECT_NE(facts.cause_of(CauseKind::weather), nullptr);
}

TEST(PromptCauses, ReadsThePhase) {
  EXPECT_EQ(read_facts("fault before departure").phase->value, FlightPhase::before_departure);
  EXPECT_EQ(read_facts("still on the ground").phase->value, FlightPhase::before_departure);
  EXPECT_EQ(read_facts("we are airborne").phase->value, FlightPhase::in_flight);
  EXPECT_EQ(read_facts("an in-flight failure").phase->value, FlightPhase::in_flight);
  EXPECT_EQ(read_facts("in flight, then diverted to DXB").phase->value, FlightPhase::diverted);
  EXPECT_FALSE(read_facts("the in-flight entertainment failed").phase.has_value());
}

TEST(PromptCauses, ReadsTheStateOfTheAircraft) {
  EXPECT_EQ(read_facts("A6-BNC is AOG").maintenance_state->value, MaintenanceState::grounded);
  EXPECT_EQ(read_facts("it was released to service").maintenance_state->value, MaintenanceState::released);
  EXPECT_FALSE(read_facts("AOG parts in the hold").maintenance_state.has_value());
  EXPECT_FALSE(read_facts("it cannot be released to service").maintenance_state.has_value());
  EXPECT_FALSE(read_facts("the pump was repaired").maintenance_state.has_value());
}

TEST(PromptCauses, ReadsMelItems) {
  const Facts facts = read_facts("deferred for 4 days under MEL category C");
  EXPECT_EQ(facts.mel_category->value, 'C');
  EXPECT_EQ(facts.mel_open_days->value, 4);
  EXPECT_EQ(read_facts("MEL B item").mel_category->value, 'B');
  EXPECT_FALSE(read_facts("MEL category unknown").mel_category.has_value());
}

TEST(PromptCauses, ReadsCargo) {
  const Facts facts = read_facts("vaccines, live animals and dangerous goods");
  ASSERT_EQ(facts.cargo.size(), 3U);
  EXPECT_EQ(read_facts("no cargo").cargo.front().value, CargoKind::none);
  EXPECT_TRUE(read_facts("no dangerous goods").cargo.empty());
}

}  // namespace
}  // namespace skymarshal::agents
