// The invocations of the API, once they have been begun: how they stand, what they say, and their end. Each
// handler answers its exchange or says what was wrong. Shared by all threads; the references outlive it.
#pragma once

#include "base/clock.hpp"
#include "gateway/exchange.hpp"
#include "invocations/invocation_service.hpp"

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

class InvocationEndpoints {
 public:
  struct Options {
    /// Of streams.
    Milliseconds keep_alive{15'000};
    /// Longest that `Prefer: wait` is followed.
    Milliseconds wait_max{60'000};
    /// How long a cancelled one is waited for.
    Milliseconds cancel_wait{5'000};
  };

  InvocationEndpoints(invocations::InvocationService& service, const Options& options)
      : service_(service), options_(options) {}

  /// GET /api/v1/invocations?status=&limit=&cursor=
  boost::asio::awaitable<Result<void>> list(Exchange& exchange);
  /// GET /api/v1/invocations/{request_id}
  boost::asio::awaitable<Result<void>> state(Exchange& exchange);
  /// GET /api/v1/invocations/{request_id}/events?after=: 204 where nothing follows any more, which tells an
  /// EventSource not to come again.
  boost::asio::awaitable<Result<void>> events(Exchange& exchange);
  /// DELETE /api/v1/invocations/{request_id}: its state, once it has ended.
  boost::asio::awaitable<Result<void>> cancel(Exchange& exchange);

 private:
  boost::asio::awaitable<Result<void>> answer_state(Exchange& exchange,
                                                    invocations::FoundInvocation invocation,
                                                    Milliseconds wait);

  invocations::InvocationService& service_;
  const Options options_;
};

}  // namespace skymarshal::gateway
