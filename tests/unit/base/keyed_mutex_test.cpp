// One at a time for each key, whoever comes, leaves or is destroyed.
#include "base/keyed_mutex.hpp"

#include "support/run_until.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace skymarshal::keyed_mutex_test {

namespace asio = boost::asio;
using Keys = KeyedMutex<std::string>;

struct Holder {
  std::optional<Keys::Lock> lock;
};

asio::awaitable<void> take(Keys& keys, std::string key, std::shared_ptr<Holder> holder) {
  auto lock = co_await keys.lock(std::move(key));
  holder->lock.emplace(std::move(lock));
}

std::shared_ptr<Holder> come_for(asio::io_context& io, Keys& keys, const std::string& key) {
  auto holder = std::make_shared<Holder>();
  asio::co_spawn(io, take(keys, key, holder), asio::detached);
  io.restart();
  io.poll();
  return holder;
}

void settle(asio::io_context& io) {
  io.restart();
  io.poll();
}

TEST(KeyedMutex, LetsOneAfterTheOtherInTheOrderOfComing) {
  asio::io_context io;
  Keys keys;
  std::vector<std::shared_ptr<Holder>> holders;
  for (int i = 0; i < 3; ++i) holders.push_back(come_for(io, keys, "a"));
  for (std::size_t turn = 0; turn < holders.size(); ++turn) {
    settle(io);
    ASSERT_TRUE(holders[turn]->lock) << turn;
    if (turn + 1 < holders.size()) {
      EXPECT_FALSE(holders[turn + 1]->lock) << turn;
    }
    holders[turn]->lock.reset();
  }
  EXPECT_EQ(keys.size(), 0u) << "nothing is kept of a key that nobody holds";
}

TEST(KeyedMutex, KeepsNobodyFromAnotherKey) {
  asio::io_context io;
  Keys keys;
  const auto first = come_for(io, keys, "a");
  const auto second = come_for(io, keys, "b");
  EXPECT_TRUE(first->lock && second->lock);
  EXPECT_EQ(keys.size(), 2u);
}

TEST(KeyedMutex, PassesOverAWaiterWhoseCoroutineIsGone) {
  asio::io_context io;
  Keys keys;
  const auto first = come_for(io, keys, "a");
  {
    asio::io_context short_lived;
    (void)come_for(short_lived, keys, "a");
  }
  const auto third = come_for(io, keys, "a");
  first->lock.reset();
  settle(io);
  EXPECT_TRUE(third->lock);
}

TEST(KeyedMutex, PassesOnWhatAWaiterWasCalledForAndNeverHeardOf) {
  asio::io_context io;
  Keys keys;
  auto first = come_for(io, keys, "a");
  {
    asio::io_context short_lived;
    (void)come_for(short_lived, keys, "a");
    first->lock.reset();
  }
  EXPECT_EQ(keys.size(), 0u);
}

asio::awaitable<void> count_up(Keys& keys, std::string key, int& plain, std::atomic<int>& done) {
  for (int i = 0; i < 200; ++i) {
    const auto lock = co_await keys.lock(key);
    const int seen = plain;
    co_await asio::post(asio::use_awaitable);
    plain = seen + 1;
  }
  ++done;
}

TEST(KeyedMutex, HoldsAmongThreads) {
  Keys keys;
  std::vector<std::string> names = {"a", "b"};
  std::vector<int> plain(names.size(), 0);
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      asio::io_context io(1);
      for (std::size_t each = 0; each < names.size(); ++each) {
        asio::co_spawn(io, count_up(keys, names[each], plain[each], done), asio::detached);
      }
      test::run_until(io, [&] { return done == 6; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(plain, std::vector<int>({600, 600}));
  EXPECT_EQ(keys.size(), 0u);
}

}  // namespace skymarshal::keyed_mutex_test
