#include "gateway/preferences.hpp"

#include "base/text.hpp"
#include "http/media_type.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace skymarshal::gateway {
namespace {

/// Longer waits are the same to everybody.
constexpr std::uint64_t wait_seconds_max = 24 * 60 * 60;

void read_preference(std::string_view preference, Preferences& preferences) {
  // Parameters of a preference follow a semicolon; none of those known here has any.
  const std::string_view text = http::split_unquoted(preference, ';').front();
  const std::size_t equals = text.find('=');
  const std::string_view name = trim(text.substr(0, equals));
  if (equal_ignoring_case(name, "respond-async")) {
    const std::string_view value = equals == std::string_view::npos ? "" : trim(text.substr(equals + 1));
    // Section 2: an empty value is as none.
    if (value.empty() || value == R"("")") preferences.respond_async = true;
    return;
  }
  if (equals == std::string_view::npos || !equal_ignoring_case(name, "wait") || preferences.wait) return;
  // White space may stand on both sides of the sign, which no other parameter has.
  const std::string wait = "wait=" + std::string(trim(text.substr(equals + 1)));
  const auto parameter = http::read_parameter(wait);
  if (!parameter || !is_digits(parameter->value)) return;
  const auto seconds = parse_number<std::uint64_t>(parameter->value).value_or(wait_seconds_max);
  preferences.wait = std::chrono::seconds(std::min(seconds, wait_seconds_max));
}

}  // namespace

Preferences read_preferences(const http::Headers& headers) {
  Preferences preferences;
  const std::string prefer = headers.combined("Prefer").value_or(std::string());
  for (const std::string_view preference : http::split_unquoted(prefer, ',')) {
    read_preference(preference, preferences);
  }
  return preferences;
}

std::string wait_applied(Milliseconds wait) {
  return fmt::format("wait={}", std::chrono::floor<std::chrono::seconds>(wait).count());
}

}  // namespace skymarshal::gateway
