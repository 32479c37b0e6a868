#include "agents/prompt_facts.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::agents {
namespace {

constexpr std::string_view demo =
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay, 286 "
    "passengers, 51 "
    "connecting";

std::string facts_json(const Facts& facts) {
  std::string text;
  JsonWriter json(text);
  write_facts(json, facts);
  return text;
}

/// Sentences made of the words that the readers look for, in any order, with noise between.
rc::Gen<std::string> arbitrary_prompt() {
  static const std::vector<std::string> pieces = {
      "Flight ",  "EY283 ",        "LH400",       "from ",     "BKK ",     "to ",       "AUH",
      "-",        "A6-BNC ",       "787-9 ",      "3 ",        "hours ",   "2h30 ",     "delay ",
      "delayed ", "by ",           "90 ",         "minutes ",  "between ", "and ",      "286 ",
      "51 ",      "passengers ",   "connecting ", "of ",       "them ",    "STD ",      "08:30 ",
      "0830Z ",   "pm ",           "crew ",       "reported ", "at ",      "FDP ",      "on duty ",
      "sectors ", "MEL ",          "category ",   "C ",        "open ",    "days ",     "hydraulic ",
      "fault ",   "no ",           "fog ",        "AOG ",      "strike ",  "diverted ", "swap ",
      "for ",     "vaccines ",     ". ",          ", ",        ": ",       "\u2192 ",   "\xff",
      "\n",       "half an hour ", "a half ",     "G-ABCD "};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)),
                      [](const std::vector<std::string>& parts) {
                        std::string prompt;
                        for (const std::string& part : parts) prompt += part;
                        return prompt;
                      });
}

TEST(PromptFacts, ReadsTheWholeOfADisruption) {
  const Facts facts = read_facts(demo);
  EXPECT_EQ(facts.flight->value, "EY283");
  EXPECT_EQ(facts.origin->value, "BKK");
  EXPECT_EQ(facts.destination->value, "AUH");
  EXPECT_EQ(facts.registration->value, "A6-BNC");
  EXPECT_EQ(facts.phase->value, FlightPhase::before_departure);
  EXPECT_EQ(facts.delay->value, (Delay{180, 180}));
  EXPECT_EQ(facts.delay->words.text, "3 hours delay");
  EXPECT_EQ(facts.passengers->value, 286);
  EXPECT_EQ(facts.connecting_passengers->value, 51);
  ASSERT_EQ(facts.causes.size(), 1U);
  EXPECT_EQ(facts.causes[0].words.text, "hydraulic fault");
  EXPECT_TRUE(facts.contradictions.empty());
  EXPECT_FALSE(facts.aircraft_type.has_value());
}

TEST(PromptFacts, FindsNothingInSmallTalk) {
  const Facts facts = read_facts("Good morning! How are you today, and what is the time of the meeting?");
  EXPECT_EQ(facts_json(facts), "[]");
}

TEST(PromptFacts, StaysFastOnTenThousandCharactersOfNoise) {
  std::string noise;
  while (noise.size() < 10'000) noise += "3 hours delay EY283 hydraulic 08:30 - - / A6-BNC ";
  const auto started = std::chrono::steady_clock::now();
  read_facts(noise);
  // Generous for sanitizers on a busy machine; a quadratic reader would need far more.
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(1));
}

void check_words(const std::string& prompt) {
  const auto facts =
      boost::json::parse(facts_json(read_facts(prompt)), {}, {.max_depth = 8, .allow_invalid_utf8 = true});
  for (const auto& fact : facts.as_array()) {
    const auto words = fact.at("words").as_string();
    const auto offset = static_cast<std::size_t>(fact.at("offset").as_int64());
    RC_ASSERT(!words.empty());
    RC_ASSERT(offset + words.size() <= prompt.size());
    RC_ASSERT(prompt.compare(offset, words.size(), words.data(), words.size()) == 0);
  }
}

RC_GTEST_PROP(PromptFactsProperty, WordsStandWhereTheFactSays, ()) { check_words(*arbitrary_prompt()); }

RC_GTEST_PROP(PromptFactsProperty, NoBytesCrashTheReader, (const std::string& prompt)) {
  check_words(prompt);
}

RC_GTEST_PROP(PromptFactsProperty, SamePromptSameFacts, ()) {
  const std::string prompt = *arbitrary_prompt();
  RC_ASSERT(read_facts(prompt) == read_facts(prompt));
}

RC_GTEST_PROP(PromptFactsProperty, MergingNeverLosesTheNewerWord, ()) {
  const std::string first = *arbitrary_prompt();
  const std::string second = *arbitrary_prompt();
  const Facts newer = read_facts(second, 2);
  const Facts merged = merge_facts(read_facts(first, 1), newer);
  RC_ASSERT(!newer.delay || merged.delay == newer.delay);
  RC_ASSERT(!newer.flight || merged.flight == newer.flight);
  RC_ASSERT(!newer.passengers || merged.passengers == newer.passengers);
  RC_ASSERT(merged.turns == 2);
}

}  // namespace
}  // namespace skymarshal::agents
