// Whether somebody is there where the runtime should be: a TCP connection is enough to know. One object a
// runtime, for all threads; only a change is logged.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "http/url.hpp"

#include <atomic>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::runtime {

class RuntimeProbe {
 public:
  explicit RuntimeProbe(Logger& log) : log_(log) {}

  /// Errc::connection_failed, in words that strangers may read.
  boost::asio::awaitable<Result<void>> look(http::Endpoint endpoint, Milliseconds limit);

 private:
  Logger& log_;
  std::atomic<bool> reachable_ = true;
};

}  // namespace skymarshal::runtime
