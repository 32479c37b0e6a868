// From several addresses of one host to one connection: attempts are begun one after the other without
// waiting for each to fail (RFC 8305 section 5), so that an address that swallows everything costs a quarter
// of a second and not the whole limit. Owned by whoever connects; every call on its executor.
#pragma once

#include "base/clock.hpp"

#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

namespace skymarshal::net {

/// How long an attempt goes on alone: the Connection Attempt Delay of RFC 8305 section 8.
inline constexpr Milliseconds attempt_delay{250};

/// With the address families taking turns, each in the order given (RFC 8305 section 4).
std::vector<boost::asio::ip::tcp::endpoint> interleaved(
    const std::vector<boost::asio::ip::tcp::endpoint>& addresses);

class AddressRace {
 public:
  explicit AddressRace(const boost::asio::any_io_executor& executor);

  /// Connects `socket` to whichever of `addresses` accepts first; the attempts that it overtook are closed.
  /// If none does, the error is that of the last to fail. To be called once.
  boost::asio::awaitable<boost::system::error_code> run(
      boost::asio::ip::tcp::socket& socket, std::vector<boost::asio::ip::tcp::endpoint> addresses);
  /// Ends all attempts; run() returns operation_aborted.
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::net
