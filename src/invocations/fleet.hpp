// Port: gateways that share one store. What each of them runs is its own for as long as it says, again and
// again, that it lives; what a dead one left is anybody's to end. Implementations live beside the stores that
// can be shared; a gateway with a store of its own is a LoneGateway.
// Safe to use from any thread; results arrive on the caller's executor. Every failure of the store itself is
// Errc::store_unavailable.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/principal.hpp"

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

class Fleet {
 public:
  virtual ~Fleet() = default;

  /// This gateway lives: what it runs stays its own for a lease from now on. Gives which of them others were
  /// asked to end.
  virtual boost::asio::awaitable<Result<std::vector<RequestId>>> renew() = 0;
  /// Ends the lease at once, where nothing of this gateway's is open any more.
  virtual boost::asio::awaitable<Result<void>> resign() = 0;
  /// The names (InvocationRecord::runner) of those whose lease has run out. None while this gateway cannot
  /// tell, as it has only just begun to live or was cut off itself: then the others may have been as well.
  virtual boost::asio::awaitable<Result<std::vector<std::string>>> dead_runners() = 0;
  /// Whether that one's lease has run out, as it stands now; false while this gateway cannot tell.
  virtual boost::asio::awaitable<Result<bool>> is_dead(std::string runner) = 0;
  /// What a dead one left has been ended, and it is not spoken of again.
  virtual boost::asio::awaitable<Result<void>> bury(std::string runner) = 0;

  /// Has whoever runs it end it, if it is the owner's and has not ended.
  virtual boost::asio::awaitable<Result<void>> ask_to_end(RequestId id, Principal owner) = 0;

  /// The session's turn among all gateways, for this request: true if it has it now, or if nobody else can
  /// have it; false while a living gateway has it for another. It is given back when the request's
  /// interaction is saved, or with the gateway's life. Of this gateway's own requests the turn before has
  /// ended.
  virtual boost::asio::awaitable<Result<bool>> take_turn(SessionId session, Principal owner,
                                                         RequestId request) = 0;
  /// Of a request that will have no interaction. What it has not is left alone.
  virtual boost::asio::awaitable<Result<void>> give_turn_back(SessionId session, RequestId request) = 0;
};

/// Nobody else looks into its store.
class LoneGateway final : public Fleet {
 public:
  boost::asio::awaitable<Result<std::vector<RequestId>>> renew() override {
    co_return std::vector<RequestId>();
  }
  boost::asio::awaitable<Result<void>> resign() override { co_return Result<void>(); }
  boost::asio::awaitable<Result<std::vector<std::string>>> dead_runners() override {
    co_return std::vector<std::string>();
  }
  boost::asio::awaitable<Result<bool>> is_dead(std::string) override { co_return false; }
  boost::asio::awaitable<Result<void>> bury(std::string) override { co_return Result<void>(); }
  boost::asio::awaitable<Result<void>> ask_to_end(RequestId, Principal) override { co_return Result<void>(); }
  boost::asio::awaitable<Result<bool>> take_turn(SessionId, Principal, RequestId) override { co_return true; }
  boost::asio::awaitable<Result<void>> give_turn_back(SessionId, RequestId) override {
    co_return Result<void>();
  }
};

}  // namespace skymarshal::invocations
