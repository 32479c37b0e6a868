// Drives an io_context until something has come true, or gives up: the only wait in tests that real time
// enters.
#pragma once

#include <chrono>

#include <boost/asio/io_context.hpp>

namespace skymarshal::test {

/// False if `condition` did not come true within `limit`. Checked after every handler.
template <typename Condition>
bool run_until(boost::asio::io_context& io, Condition condition,
               std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  const auto give_up = std::chrono::steady_clock::now() + limit;
  io.restart();
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= give_up) return false;
    io.run_one_for(std::chrono::milliseconds(5));
    if (io.stopped()) io.restart();
  }
  return true;
}

}  // namespace skymarshal::test
