#include "agents/rules/exchange_rates.hpp"

#include <gtest/gtest.h>

namespace skymarshal::agents::rules::exchange_rates_test {

TEST(ExchangeRates, ConvertsWholeUnitsToEuroCents) {
  EXPECT_EQ(eur_cents(600, "EUR"), 60'000);
  // 520 / 0.86979 = 597.85
  EXPECT_EQ(eur_cents(520, "GBP"), 59'785);
  // 1,000 / 1.4595 = 685.17
  EXPECT_EQ(eur_cents(1000, "CAD"), 68'517);
  // 1,500 / 37.631 = 39.86
  EXPECT_EQ(eur_cents(1500, "THB"), 3'986);
  EXPECT_EQ(eur_cents(0, "USD"), 0);
}

TEST(ExchangeRates, SaysWhichCurrenciesItLacks) {
  EXPECT_EQ(eur_cents(1, "JPY"), std::nullopt);
  EXPECT_EQ(find_exchange_rate("JPY"), nullptr);
  EXPECT_EQ(find_exchange_rate("USD")->published, "1.0813");
}

}  // namespace skymarshal::agents::rules::exchange_rates_test
