#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_causes_test {

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

TEST(PromptCauses, ReadsOtherLanguages) {
  const std::vector<std::pair<std::string, Cause>> cases = {
      {"Hydraulikfehler", {CauseKind::technical, "hydraulic", 29}},
      {"Triebwerksschaden", {CauseKind::technical, "engine", 72}},
      {"technischer Defekt", {CauseKind::technical, "", 0}},
      {"Nebel", {CauseKind::weather, "fog", 0}},
      {"Kapit\u00E4n krank", {CauseKind::crew, "", 0}},
      {"Flughafen geschlossen", {CauseKind::airport_closure, "", 0}},
      {"Bombendrohung", {CauseKind::security, "", 0}},
      {"medizinischer Notfall", {CauseKind::medical, "", 0}},
      {"Vogelschlag", {CauseKind::bird_strike, "", 0}},
      {"Streik", {CauseKind::strike, "", 0}},
      {"panne hydraulique", {CauseKind::technical, "hydraulic", 29}},
      {"panne technique", {CauseKind::technical, "", 0}},
      {"brouillard", {CauseKind::weather, "fog", 0}},
      {"contr\u00F4le a\u00E9rien", {CauseKind::atc, "", 0}},
      {"alerte \u00E0 la bombe", {CauseKind::security, "", 0}},
      {"urgence m\u00E9dicale", {CauseKind::medical, "", 0}},
      {"gr\u00E8ve", {CauseKind::strike, "", 0}},
      {"fallo hidr\u00E1ulico", {CauseKind::technical, "hydraulic", 29}},
      {"aeropuerto cerrado", {CauseKind::airport_closure, "", 0}},
      {"impacto de ave", {CauseKind::bird_strike, "", 0}},
      {"huelga", {CauseKind::strike, "", 0}},
  };
  for (const auto& [text, cause] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_EQ(facts.causes.size(), 1U) << text;
    EXPECT_EQ(facts.causes[0].value, cause) << text;
  }
}

TEST(PromptCauses, TakesBackWhatIsNegatedInOtherLanguages) {
  for (const std::string text : {"kein Nebel", "Flughafen nicht geschlossen", "sans panne hydraulique",
                                 "pas de brouillard", "sin huelga", "the airport is not closed"}) {
    EXPECT_TRUE(read_facts(text).causes.empty()) << text;
  }
}

TEST(PromptCauses, ReadsThePhaseInOtherLanguages) {
  for (const std::string text :
       {"vor dem Abflug", "am Boden", "avant le d\u00E9part", "au sol", "antes de la salida"}) {
    ASSERT_TRUE(read_facts(text).phase.has_value()) << text;
    EXPECT_EQ(read_facts(text).phase->value, FlightPhase::before_departure) << text;
  }
  for (const std::string text : {"in der Luft", "en vol", "en vuelo"}) {
    ASSERT_TRUE(read_facts(text).phase.has_value()) << text;
    EXPECT_EQ(read_facts(text).phase->value, FlightPhase::in_flight) << text;
  }
  EXPECT_TRUE(read_facts("in flight, before departure").contradicts("phase"));
  EXPECT_FALSE(read_facts("not airborne").phase.has_value());
}

TEST(PromptCauses, ReadsDamageToTheAirframe) {
  for (const std::string text :
       {"aircraft damaged by a truck", "the aircraft was damaged on stand", "tail strike", "hard landing",
        "ground damage found", "hit by a catering truck", "winglet damaged"}) {
    const Facts facts = read_facts(text);
    ASSERT_EQ(facts.causes.size(), 1U) << text;
    EXPECT_EQ(facts.causes[0].value, (Cause{CauseKind::technical, "airframe", 0})) << text;
  }
  for (const std::string text : {"aircraft not damaged", "hit by a delay", "damaged baggage"})
    EXPECT_TRUE(read_facts(text).causes.empty()) << text;
}

TEST(PromptCauses, AWordAloneMayNameACause) {
  for (const std::string text : {"delayed 6 hours, technical, 350 passengers", "3 hours delay, technical"})
    EXPECT_NE(read_facts(text).cause_of(CauseKind::technical), nullptr) << text;
  EXPECT_TRUE(read_facts("technical crew informed, technical log closed").causes.empty());
  EXPECT_NE(read_facts("\u0628\u0633\u0628\u0628 \u0639\u0637\u0644 \u0641\u0646\u064A")
                .cause_of(CauseKind::technical),
            nullptr);
  EXPECT_NE(read_facts("a passenger has a heart attack").cause_of(CauseKind::medical), nullptr);
}

TEST(PromptCauses, ALateCrewIsACauseAndALateDepartureIsNone) {
  for (const std::string text : {"the crew reported late", "crew is late", "crew arrived late"})
    EXPECT_NE(read_facts(text).cause_of(CauseKind::crew), nullptr) << text;
  EXPECT_EQ(read_facts("crew informed of late departure").cause_of(CauseKind::crew), nullptr);
  EXPECT_EQ(read_facts("crew is late departure aware").cause_of(CauseKind::crew), nullptr);
}

TEST(PromptCauses, KnowsWhereWeatherAndClosuresAre) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Bangkok airport closed", "BKK"}, {"LHR closed, EY19", "LHR"},           {"FRA is closed", "FRA"},
      {"fog at Frankfurt", "FRA"},       {"Nebel in Abu Dhabi", "AUH"},         {"airport closed", ""},
      {"EY283 BKK-AUH fog", ""},         {"EY283 BKK-AUH, airport closed", ""},
  };
  for (const auto& [text, place] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_EQ(facts.causes.size(), 1U) << text;
    EXPECT_EQ(facts.causes[0].value.place, place) << text;
  }
  EXPECT_TRUE(read_facts("EY19 check-in closed").causes.empty());
}

}  // namespace skymarshal::agents::facts::prompt_causes_test
