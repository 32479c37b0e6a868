#include "agents/rules/exchange_rates.hpp"

#include <algorithm>
#include <iterator>

namespace skymarshal::agents::rules {
namespace {

constexpr std::int64_t one_euro_e5 = 100'000;
constexpr ExchangeRate rates[] = {
    {"EUR", one_euro_e5, "1"},  {"GBP", 86'979, "0.86979"},   {"USD", 108'130, "1.0813"},
    {"CAD", 145'950, "1.4595"}, {"THB", 3'763'100, "37.631"},
};

}  // namespace

const ExchangeRate* find_exchange_rate(std::string_view currency) {
  const auto* const found = std::find_if(std::begin(rates), std::end(rates),
                                         [&](const ExchangeRate& rate) { return rate.currency == currency; });
  return found != std::end(rates) ? found : nullptr;
}

std::optional<std::int64_t> eur_cents(std::int64_t amount, std::string_view currency) {
  const ExchangeRate* rate = find_exchange_rate(currency);
  if (rate == nullptr) return std::nullopt;
  return (amount * 100 * one_euro_e5 + rate->per_euro_e5 / 2) / rate->per_euro_e5;
}

}  // namespace skymarshal::agents::rules
