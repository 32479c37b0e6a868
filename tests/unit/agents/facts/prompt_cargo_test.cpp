#include "agents/facts/prompt_facts.hpp"
#include "agents/facts/prompt_readers.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::agents::facts::prompt_cargo_test {

TEST(PromptCargo, ReadsCargo) {
  const Facts facts = read_facts("vaccines, live animals and dangerous goods");
  ASSERT_EQ(facts.cargo.size(), 3U);
  EXPECT_EQ(read_facts("no cargo").cargo.front().value, CargoKind::none);
  EXPECT_TRUE(read_facts("no dangerous goods").cargo.empty());
}

TEST(PromptCargo, ReadsKindsInOtherWords) {
  const std::vector<std::pair<std::string, CargoKind>> cases = {
      {"insulin shipment", CargoKind::pharma},
      {"perishables", CargoKind::perishables},
      {"lithium batteries", CargoKind::dangerous_goods},
      {"AOG parts", CargoKind::aog_parts},
      {"general cargo", CargoKind::general},
      {"Gefahrgut", CargoKind::dangerous_goods},
      {"Impfstoffe", CargoKind::pharma},
      {"lebende Tiere", CargoKind::live_animals},
      {"marchandises dangereuses", CargoKind::dangerous_goods},
      {"animaux vivants", CargoKind::live_animals},
      {"vacunas", CargoKind::pharma},
      {"animales vivos", CargoKind::live_animals},
  };
  for (const auto& [text, kind] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_EQ(facts.cargo.size(), 1U) << text;
    EXPECT_EQ(facts.cargo[0].value, kind) << text;
  }
}

TEST(PromptCargo, ReadsUnNumbers) {
  const Facts facts = read_facts("UN3480 and UN 1845");
  ASSERT_EQ(facts.un_numbers.size(), 2U);
  EXPECT_EQ(facts.un_numbers[0].value, "UN3480");
  EXPECT_EQ(facts.un_numbers[1].value, "UN1845");
  EXPECT_EQ(facts.cargo.front().value, CargoKind::dangerous_goods);
  EXPECT_TRUE(read_facts("the UN 24 hours ago, un 1234").un_numbers.empty());
}

TEST(PromptCargo, ReadsTemperatures) {
  const std::vector<std::pair<std::string, TemperatureRange>> cases = {
      {"pharma at 2-8 \u00B0C", {2, 8}},
      {"pharma 15 to 25C", {15, 25}},
      {"vaccines at -20 \u00B0C", {-20, -20}},
      {"vaccines kept between 2 and 8 degrees", {2, 8}},
      {"cargo from -25 to -15 \u00B0C", {-25, -15}},
      {"Impfstoffe 2 bis 8 Grad", {2, 8}}};
  for (const auto& [text, range] : cases) {
    const Facts facts = read_facts(text);
    ASSERT_TRUE(facts.cargo_temperature.has_value()) << text;
    EXPECT_EQ(facts.cargo_temperature->value, range) << text;
  }
  EXPECT_FALSE(read_facts("snow at -5 \u00B0C").cargo_temperature.has_value());
  EXPECT_FALSE(read_facts("pharma at 40 degrees Fahrenheit").cargo_temperature.has_value());
  EXPECT_TRUE(read_facts("pharma at 2-8 \u00B0C, pharma at 15-25 \u00B0C").contradicts("cargo_temperature"));
}

TEST(PromptCargo, ReadsHowLongItMayTake) {
  for (const std::string text : {"max 24 hours transit", "shelf life of 24 hours", "24 h of dry ice left",
                                 "transit time of 24 hours"}) {
    ASSERT_TRUE(read_facts(text).cargo_hold_minutes.has_value()) << text;
    EXPECT_EQ(read_facts(text).cargo_hold_minutes->value, 1440) << text;
  }
}

}  // namespace skymarshal::agents::facts::prompt_cargo_test
