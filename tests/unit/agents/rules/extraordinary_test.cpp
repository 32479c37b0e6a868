#include "agents/rules/extraordinary.hpp"

#include <array>

#include <gtest/gtest.h>

namespace skymarshal::agents::rules::extraordinary_test {

using enum LegalCause;
constexpr PassengerRegime eu = PassengerRegime::eu261;
constexpr PassengerRegime canada = PassengerRegime::appr;

TEST(Extraordinary, TheCourtHasSettledWhatIsInherentInFlying) {
  EXPECT_EQ(cause_in_law(technical, eu).excuse, Excuse::no);
  EXPECT_EQ(cause_in_law(crew, eu).excuse, Excuse::no);
  EXPECT_EQ(cause_in_law(bird_strike, eu).excuse, Excuse::may_be);
  EXPECT_EQ(cause_in_law(weather, eu).excuse, Excuse::may_be);
  EXPECT_EQ(cause_in_law(strike, eu).excuse, Excuse::unsettled);
}

TEST(Extraordinary, EveryCauseHasItsTextUnderEveryRegime) {
  for (const LegalCause cause :
       {technical, weather, crew, atc, airport_closure, security, medical, bird_strike, strike}) {
    for (const PassengerRegime regime : {eu, PassengerRegime::uk261, canada, PassengerRegime::thailand}) {
      EXPECT_FALSE(cause_in_law(cause, regime).citation.source.empty());
      EXPECT_FALSE(cause_in_law(cause, regime).reason.empty());
    }
    EXPECT_TRUE(cause_in_law(cause, PassengerRegime::none).citation.source.empty());
  }
}

TEST(Extraordinary, ATechnicalRootBesideWeatherIsNotExcused) {
  EXPECT_TRUE(may_be_excused(std::array{weather}, eu));
  EXPECT_FALSE(may_be_excused(std::array{weather, technical}, eu));
  EXPECT_FALSE(may_be_excused({}, eu));
}

TEST(Extraordinary, EachLawHasItsOwnCourts) {
  EXPECT_EQ(cause_in_law(crew, eu).citation.source, "CJEU C-156/22 TAP Portugal");
  EXPECT_NE(cause_in_law(crew, PassengerRegime::uk261).citation.source.find("UKSC 24"),
            std::string_view::npos);
  EXPECT_EQ(cause_in_law(crew, PassengerRegime::uk261).excuse, Excuse::no);
  EXPECT_EQ(cause_in_law(technical, PassengerRegime::uk261).excuse, Excuse::no);
  EXPECT_EQ(cause_in_law(technical, PassengerRegime::thailand).excuse, Excuse::unsettled);
  EXPECT_EQ(cause_in_law(weather, PassengerRegime::thailand).excuse, Excuse::may_be);
}

TEST(Extraordinary, CanadaTellsSafetyFromControl) {
  EXPECT_TRUE(may_be_excused(std::array{technical}, canada));
  EXPECT_FALSE(may_be_excused(std::array{crew}, canada));
  EXPECT_FALSE(outside_control(std::array{technical}));
  EXPECT_TRUE(outside_control(std::array{weather, atc}));
  EXPECT_FALSE(outside_control({}));
}

}  // namespace skymarshal::agents::rules::extraordinary_test
