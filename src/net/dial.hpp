// From an address to a connected socket. Owned by the one who connects; every call on its executor.
#pragma once

#include "base/clock.hpp"
#include "http/url.hpp"
#include "net/address_race.hpp"
#include "net/byte_stream.hpp"
#include "net/error.hpp"
#include "net/tls.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace skymarshal::net {

/// Resolves a name (ResolvedNames remembers it for a while) and connects to whichever of its addresses
/// accepts first. TCP_NODELAY is set on success.
class Dialer {
 public:
  explicit Dialer(const boost::asio::any_io_executor& executor);

  /// Connects `socket`. Unreachable, with what went wrong.
  boost::asio::awaitable<Result<void>> connect(boost::asio::ip::tcp::socket& socket,
                                               const http::Endpoint& endpoint);
  /// Ends name resolution and attempts for its caller, and lets nothing be begun after it; connecting to an
  /// address that was given as one ends when the socket is closed. The system's own look-up cannot be ended
  /// and goes on in the background.
  void cancel();

 private:
  struct Resolution;

  boost::asio::awaitable<boost::system::error_code> resolve(
      const http::Endpoint& endpoint, std::vector<boost::asio::ip::tcp::endpoint>& addresses);

  boost::asio::ip::tcp::resolver resolver_;
  std::shared_ptr<Resolution> resolution_;
  AddressRace race_;
  bool cancelled_ = false;
};

/// A connected stream to an http or https endpoint, TLS handshake done. `tls` may be null for plain
/// endpoints; for others that is untrusted, too. Unreachable, untrusted, or timed_out when it takes longer
/// than `limit`.
boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> dial(http::Endpoint endpoint,
                                                                 const TlsContext* tls, Milliseconds limit);

}  // namespace skymarshal::net
