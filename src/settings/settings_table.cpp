#include "settings/settings.hpp"
#include "settings/settings_of_callers.hpp"
#include "settings/settings_of_runtime.hpp"
#include "settings/settings_of_server.hpp"

#include <algorithm>
#include <iterator>

namespace skymarshal::settings {
namespace {

std::vector<Setting> joined() {
  std::vector<Setting> table;
  for (const auto rows : {caller_settings, limit_settings, runtime_settings, invocation_settings,
                          storage_settings, server_settings, operation_settings}) {
    std::vector<Setting> group = rows();
    std::ranges::move(group, std::back_inserter(table));
  }
  return table;
}

}  // namespace

std::span<const Setting> all_settings() {
  static const std::vector<Setting> table = joined();
  return table;
}

}  // namespace skymarshal::settings
