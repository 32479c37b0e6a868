#include "session_store_contract.hpp"
#include "support/store_samples.hpp"

#include <set>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace skymarshal::test {

using invocations::Interaction;

namespace {

boost::asio::awaitable<void> check_thread(invocations::SessionStore* store, std::thread::id expected,
                                          int* right) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  const auto created = co_await store->create(id, owner);
  if (created && std::this_thread::get_id() == expected) ++*right;
  const auto read = co_await store->history(id, owner, {});
  if (read && std::this_thread::get_id() == expected) ++*right;
}

TEST_P(SessionStoreContract, ResultsArriveOnTheCallersExecutor) {
  boost::asio::io_context& io = new_executor();
  int right = 0;
  boost::asio::co_spawn(io, check_thread(&store(), std::this_thread::get_id(), &right),
                        boost::asio::detached);
  io.run();
  EXPECT_EQ(right, 2);
}

struct SavePlan {
  std::vector<SessionId> sessions;
  Principal owner;
  WallTime at;
  int saves = 0;
};

boost::asio::awaitable<void> save_many(invocations::SessionStore* store, SavePlan plan, int* saved) {
  for (int i = 0; i < plan.saves; ++i) {
    const auto& session = plan.sessions[static_cast<std::size_t>(i) % plan.sessions.size()];
    Interaction interaction = sample_interaction(session, plan.owner, plan.at);
    const auto outcome = co_await store->save(std::move(interaction));
    if (outcome) ++*saved;
  }
}

TEST_P(SessionStoreContract, ManyCoroutinesOnManyThreadsLoseNothing) {
  constexpr int threads = 4;
  constexpr int coroutines = 8;
  const SavePlan plan{{fresh_id<SessionId>(), fresh_id<SessionId>()}, fresh_principal(), now(), 10};
  std::vector<int> saved(threads, 0);
  std::vector<std::thread> running;
  for (int t = 0; t < threads; ++t) {
    running.emplace_back([&, t, &io = new_executor()] {
      int& count = saved[static_cast<std::size_t>(t)];
      for (int c = 0; c < coroutines; ++c) {
        boost::asio::co_spawn(io, save_many(&store(), plan, &count), boost::asio::detached);
      }
      io.run();
    });
  }
  for (std::thread& thread : running) thread.join();
  for (const int count : saved) EXPECT_EQ(count, coroutines * plan.saves);

  for (const SessionId& id : plan.sessions) {
    const auto history = whole_history(id, plan.owner, 37);
    ASSERT_EQ(history.size(), static_cast<std::size_t>(threads * coroutines * plan.saves / 2));
    std::set<RequestId> requests;
    for (std::size_t i = 0; i < history.size(); ++i) {
      EXPECT_EQ(history[i].timestamp, plan.at + Milliseconds(i)) << "all at once: each one a step later";
      requests.insert(history[i].request_id);
    }
    EXPECT_EQ(requests.size(), history.size());
  }
}

}  // namespace
}  // namespace skymarshal::test
