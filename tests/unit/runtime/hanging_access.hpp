// An access whose credentials never come, or never come anew.
#pragma once

#include "base/wakeup.hpp"
#include "runtime/runtime_access.hpp"

#include <boost/asio/this_coro.hpp>

namespace skymarshal::test {

class HangingAccess final : public runtime::RuntimeAccess {
 public:
  /// The first request is let through.
  bool hangs_at_renewal = false;
  bool is_waited_for = false;

  boost::asio::awaitable<std::optional<runtime::Failure>> authorize(http::Request&, Pass& pass) override {
    if (!hangs_at_renewal) co_await hang();
    pass = std::make_shared<int>(1);
    co_return std::nullopt;
  }
  boost::asio::awaitable<bool> may_authorize_again(aws::ServiceError, Pass) override {
    co_await hang();
    co_return false;
  }

 private:
  boost::asio::awaitable<void> hang() {
    is_waited_for = true;
    Wakeup never_woken(co_await boost::asio::this_coro::executor);
    co_await never_woken.wait_until(Wakeup::never);
  }
};

}  // namespace skymarshal::test
