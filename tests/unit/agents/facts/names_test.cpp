#include "agents/facts/names.hpp"

#include "agents/facts/airline_names.hpp"
#include "agents/facts/place_names.hpp"
#include "agents/reference/airports.hpp"

#include <string>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::names_test {

std::string place(std::string_view text) {
  const PromptTokens tokens(text);
  const auto found = find_place(tokens, 0);
  return found ? std::string(found->code) + ":" + std::to_string(found->last) : "-";
}

TEST(Names, FindsTheLongestName) {
  EXPECT_EQ(place("Abu Dhabi airport"), "AUH:1");
  EXPECT_EQ(place("London is far"), ":0");
  EXPECT_EQ(place("London Heathrow"), "LHR:1");
  EXPECT_EQ(place("Paris Charles de Gaulle"), "CDG:3");
  EXPECT_EQ(place("M\u00FCnchen"), "MUC:0");
}

TEST(Names, FindsNothingElse) {
  EXPECT_EQ(place("Abu"), "-");
  EXPECT_EQ(place("Bangkokian"), "-");
  EXPECT_EQ(place("nice"), "-");
  EXPECT_EQ(place("Nice"), "NCE:0");
  EXPECT_EQ(place(""), "-");
}

TEST(Names, EveryNameIsFoundAndItsCodeKnown) {
  for (const Name& name : place_names) {
    const PromptTokens tokens(name.phrase);
    for (std::size_t i = 0; i < tokens.size(); ++i) EXPECT_FALSE(tokens.lower(i).empty()) << name.phrase;
    if (!name.code.empty()) {
      EXPECT_NE(reference::find_airport(name.code), nullptr) << name.phrase;
    }
  }
  for (const Name& name : airline_names) {
    const PromptTokens tokens(name.phrase);
    const auto found = find_airline_name(tokens, 0);
    EXPECT_NE(reference::find_airline(name.code), nullptr) << name.phrase;
    if (tokens.lower(0).size() < 3) continue;
    ASSERT_TRUE(found.has_value()) << name.phrase;
    EXPECT_EQ(found->last, tokens.size() - 1) << name.phrase;
  }
}

}  // namespace skymarshal::agents::facts::names_test
