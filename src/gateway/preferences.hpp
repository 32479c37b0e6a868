// What a caller would like, and need not get: the header Prefer (RFC 7240). Pure.
#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace skymarshal::gateway {

struct Preferences {
  /// Section 4.1: to be told at once that it has been accepted. Together with `wait`: after that time.
  bool respond_async = false;
  /// Section 4.3: how long the caller would wait for the answer.
  std::optional<std::chrono::seconds> wait;
};

/// What this gateway knows of them. Others, and what is no preference at all, are passed over, as section 2
/// asks for; of one that comes twice the first counts.
Preferences read_preferences(const http::Headers& headers);

/// As Preference-Applied says it (section 3): "wait=N", in whole seconds.
std::string wait_applied(Milliseconds wait);

}  // namespace skymarshal::gateway
