// What names of hosts meant a short while ago, so that the next connection need not ask. It belongs to one
// event loop, lives no longer than it, and is touched from its thread alone.
// Remembers no failure: a name that is not known now may be in a moment.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace skymarshal::net {

class ResolvedNames {
 public:
  using Addresses = std::vector<boost::asio::ip::tcp::endpoint>;
  struct Limits {
    std::size_t names_max = 256;
    /// Services move by changing what their names mean, and AWS's answers hold for a minute.
    Milliseconds time_max{30'000};
  };

  explicit ResolvedNames(Limits limits) : limits_(limits) {}

  /// `name` with its port. Empty if nothing is known that is young enough.
  Addresses find(const std::string& name, SteadyTime now) const;
  /// Over the limit, the oldest goes.
  void keep(const std::string& name, Addresses addresses, SteadyTime now);
  /// Nobody was there.
  void forget(const std::string& name) { known_.erase(name); }
  void clear() { known_.clear(); }
  std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    Addresses addresses;
    SteadyTime since;
  };

  Limits limits_;
  std::unordered_map<std::string, Known> known_;
};

/// Of the executor's event loop.
ResolvedNames& resolved_names(const boost::asio::any_io_executor& executor);

}  // namespace skymarshal::net
