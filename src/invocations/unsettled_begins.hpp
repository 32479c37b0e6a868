// Invocations whose begin failed on the way to the store: how much of it has arrived there nobody knows. They
// are remembered until each is taken back, so that none stays open that nobody runs. Of this process alone:
// what is left when it dies, its next start ends. Safe to use from any thread.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/mutex.hpp"
#include "base/principal.hpp"
#include "invocations/invocation_store.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <unordered_map>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

class UnsettledBegins {
 public:
  /// `most` of them are remembered.
  UnsettledBegins(InvocationStore& store, std::size_t most) : store_(store), most_(most) {}

  /// False: there are too many, and this one is left to the next start.
  bool note(const RequestId& id, const SessionId& session, const Principal& owner);
  bool holds(const RequestId& id) const;
  std::size_t size() const;

  /// Takes one back. Nothing to do if it is not among them.
  boost::asio::awaitable<Result<void>> settle(RequestId id);
  /// Takes back whatever does not run all the same; ends at the first that the store does not take.
  boost::asio::awaitable<Result<void>> settle_all(std::function<bool(const RequestId&)> runs);

 private:
  struct Begin {
    SessionId session;
    Principal owner;
  };

  std::optional<Begin> find(const RequestId& id) const;

  InvocationStore& store_;
  const std::size_t most_;
  mutable Mutex mutex_;
  std::unordered_map<RequestId, Begin> begins_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal::invocations
