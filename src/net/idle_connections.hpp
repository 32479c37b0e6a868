// Connections between two exchanges, open for the next one to the same peer (RFC 9112 section 9.3). They
// belong to one event loop, live no longer than it, and are touched from its thread alone.
// Watches nothing and waits for nothing: a resting connection costs a descriptor and keeps no loop running;
// whether it is still good is asked when it is taken, and the limits hold whenever one is put here.
#pragma once

#include "base/clock.hpp"
#include "net/byte_stream.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace skymarshal::net {

class IdleConnections {
 public:
  struct Limits {
    /// To one peer, and to all peers of one owner.
    std::size_t per_peer_max = 0;
    std::size_t total_max = 0;
    /// Who rested that long is closed instead of being used again.
    Milliseconds time_max{0};
  };
  /// Whose connections, so that nobody gets those of another with other certificates. Compared by identity.
  using Owner = std::shared_ptr<const void>;
  struct Place {
    Owner owner;
    /// Scheme, host and port.
    std::string peer;
  };

  /// The one that rests least of those that are open and silent; null if there is none.
  std::unique_ptr<ByteStream> take(const Place& place, const Limits& limits, SteadyTime now);
  /// Nothing may be under way on the stream. Over a limit, the longest resting one is closed.
  void keep(const Place& place, std::unique_ptr<ByteStream> stream, const Limits& limits, SteadyTime now);
  void clear() { resting_.clear(); }
  std::size_t size() const { return resting_.size(); }

 private:
  struct Resting {
    std::weak_ptr<const void> owner;
    std::string peer;
    std::unique_ptr<ByteStream> stream;
    SteadyTime since;
  };

  void close_over(std::size_t max, const std::function<bool(const Resting&)>& counts);

  /// The longest resting first.
  std::list<Resting> resting_;
};

/// Of the executor's event loop.
IdleConnections& idle_connections(const boost::asio::any_io_executor& executor);
/// The same, null where nothing was ever kept.
IdleConnections* find_idle_connections(const boost::asio::any_io_executor& executor);

}  // namespace skymarshal::net
