#include "agents/rules/minimum_equipment.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace skymarshal::agents::rules {
namespace {

constexpr std::int32_t days_b = 3;
constexpr std::int32_t days_c = 10;
constexpr std::int32_t days_d = 120;

/// The list of AMC 20-6B by the chapters of ATA iSpec 2200, in their order.
struct EtopsSystem {
  std::int32_t ata_chapter;
  std::string_view system;
};
constexpr EtopsSystem etops_systems[] = {
    {21, "air conditioning and pressurisation"},
    {23, "communications"},
    {24, "electrical power"},
    {25, "emergency equipment"},
    {26, "fire protection"},
    {27, "flight controls"},
    {28, "fuel"},
    {29, "hydraulic power"},
    {30, "ice protection"},
    {31, "flight instruments and warnings"},
    {34, "navigation"},
    {36, "pneumatic"},
    {49, "auxiliary power unit"},
    {73, "engine fuel and control"},
    {74, "engine ignition"},
    {76, "engine controls"},
    {77, "engine indicating"},
    {80, "engine starting"},
};

}  // namespace

std::optional<std::int32_t> mel_interval_days(char category, std::int32_t stated_days) {
  switch (category) {
    case 'A':
      return stated_days > 0 ? std::optional(stated_days) : std::nullopt;
    case 'B':
      return days_b;
    case 'C':
      return days_c;
    case 'D':
      return days_d;
    default:
      return std::nullopt;
  }
}

std::optional<reference::Date> mel_last_day(char category, reference::Date discovered,
                                            std::int32_t stated_days) {
  const auto days = mel_interval_days(category, stated_days);
  if (!days) return std::nullopt;
  return reference::Date(std::chrono::sys_days(discovered) + std::chrono::days(*days));
}

std::string_view etops_system(std::int32_t ata_chapter) {
  const auto found = std::find_if(std::begin(etops_systems), std::end(etops_systems),
                                  [&](const EtopsSystem& known) { return known.ata_chapter == ata_chapter; });
  return found != std::end(etops_systems) ? found->system : std::string_view();
}

}  // namespace skymarshal::agents::rules
