// Work that is ended wherever it waits.
#include "base/cancellable_scope.hpp"

#include "support/run_awaitable.hpp"

#include <stdexcept>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

namespace skymarshal::cancellable_scope_test {

namespace asio = boost::asio;

asio::awaitable<int> gives(int value) { co_return value; }

asio::awaitable<int> throws_at_once() {
  throw std::runtime_error("of its own");
  co_return 0;
}

asio::awaitable<int> waits_for(Wakeup& wakeup, bool& was_destroyed) {
  struct Mark {
    bool& set;
    ~Mark() { set = true; }
  };
  const Mark mark{was_destroyed};
  co_await wakeup.wait_until(Wakeup::never);
  co_return 1;
}

class CancellableScopeTest : public testing::Test {
 protected:
  asio::io_context io;
  CancellableScope scope{io.get_executor()};
};

TEST_F(CancellableScopeTest, GivesWhatTheWorkGives) {
  EXPECT_EQ(test::run_awaitable(io, scope.run(gives(7))), 7);
  EXPECT_EQ(test::run_awaitable(io, scope.run(gives(8))), 8);
}

TEST_F(CancellableScopeTest, ThrowsWhatTheWorkThrows) {
  EXPECT_THROW(test::run_awaitable(io, scope.run(throws_at_once())), std::runtime_error);
}

TEST_F(CancellableScopeTest, EndsWorkThatWaits) {
  Wakeup never_woken(io.get_executor());
  bool was_destroyed = false;
  asio::post(io, [this] { asio::post(io, [this] { scope.cancel(); }); });
  EXPECT_EQ(test::run_awaitable(io, scope.run(waits_for(never_woken, was_destroyed))), std::nullopt);
  EXPECT_TRUE(was_destroyed);
}

TEST_F(CancellableScopeTest, BeginsNothingOnceItIsCancelled) {
  scope.cancel();
  scope.cancel();
  EXPECT_EQ(test::run_awaitable(io, scope.run(gives(7))), std::nullopt);
  EXPECT_EQ(test::run_awaitable(io, scope.run(throws_at_once())), std::nullopt);
}

TEST_F(CancellableScopeTest, NothingIsLostThatHadEndedBefore) {
  EXPECT_EQ(test::run_awaitable(io, scope.run(gives(7))), 7);
  scope.cancel();
}

}  // namespace skymarshal::cancellable_scope_test
