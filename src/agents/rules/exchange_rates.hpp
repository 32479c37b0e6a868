// Rates at which amounts of other currencies are reckoned in euros. Constant table.
// Averages of a past year: they serve to compare ways out, not to book.
#pragma once

#include "agents/rules/citation.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace skymarshal::agents::rules {

struct ExchangeRate {
  /// ISO 4217.
  std::string_view currency;
  /// Hundred-thousandths of the currency for one euro.
  std::int64_t per_euro_e5 = 0;
  /// As published: "1.0813".
  std::string_view published;
};

/// nullptr if the currency is not in the table.
const ExchangeRate* find_exchange_rate(std::string_view currency);
/// Whole units of `currency` in EUR cents, rounded half up; nullopt if the currency is not in the table.
std::optional<std::int64_t> eur_cents(std::int64_t amount, std::string_view currency);

inline constexpr Citation exchange_rate_citation{
    "European Central Bank, euro foreign exchange reference rates, average of 2023", "2023-12-29"};

}  // namespace skymarshal::agents::rules
