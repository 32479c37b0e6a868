// The turns of a session: one at a time, in the order they came, and nobody else's.
#include "invocations/session_turns.hpp"

#include "support/run_until.hpp"

#include <atomic>
#include <new>
#include <optional>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace skymarshal::invocations::session_turns_test {

namespace asio = boost::asio;

const Principal alice{"alice"};
const Principal bob{"bob"};

SessionId session() {
  SystemRandom random;
  return SessionId::generate(random);
}

struct Caller {
  std::optional<SessionTurns::Turn> turn;
  StopSignal stop;
  std::optional<bool> called;
  std::optional<Errc> refused;
};

asio::awaitable<void> wait(std::shared_ptr<Caller> caller) {
  caller->called = co_await caller->turn->wait(caller->stop);
}

std::shared_ptr<Caller> line_up(asio::io_context& io, SessionTurns& turns, const SessionId& id,
                                const Principal& who = alice) {
  auto caller = std::make_shared<Caller>();
  auto joined = turns.join(id, who, io.get_executor());
  if (!joined) {
    caller->refused = joined.error().code;
    return caller;
  }
  caller->turn.emplace(std::move(*joined));
  asio::co_spawn(io, wait(caller), asio::detached);
  io.restart();
  io.poll();
  return caller;
}

/// Whether somebody has the turn or waits for it, as `who` finds it.
bool is_busy(SessionTurns& turns, const SessionId& id, const Principal& who) {
  const auto taken = turns.take(id, who);
  return !taken && taken.error().code == Errc::session_busy;
}

void leave(asio::io_context& io, Caller& caller) {
  caller.turn.reset();
  io.restart();
  io.poll();
}

TEST(SessionTurns, RunOneAtATimeInTheirOrder) {
  SessionTurns turns({});
  asio::io_context io;
  const SessionId id = session();
  std::vector<std::shared_ptr<Caller>> callers;
  for (int i = 0; i < 5; ++i) callers.push_back(line_up(io, turns, id));
  for (std::size_t turn = 0; turn < callers.size(); ++turn) {
    for (std::size_t i = 0; i < callers.size(); ++i) {
      EXPECT_EQ(callers[i]->called.has_value(), i <= turn) << i << " at turn " << turn;
    }
    EXPECT_TRUE(is_busy(turns, id, alice));
    leave(io, *callers[turn]);
  }
  EXPECT_FALSE(is_busy(turns, id, alice));
}

TEST(SessionTurns, OfOtherSessionsDoNotWait) {
  SessionTurns turns({});
  asio::io_context io;
  const auto first = line_up(io, turns, session());
  const auto second = line_up(io, turns, session());
  EXPECT_EQ(first->called, true);
  EXPECT_EQ(second->called, true);
}

TEST(SessionTurns, RefuseTheSecondCallerWhereThatIsWanted) {
  SessionTurns turns({SessionTurns::WhenBusy::reject, 16});
  asio::io_context io;
  const SessionId id = session();
  const auto first = line_up(io, turns, id);
  const auto second = line_up(io, turns, id);
  EXPECT_EQ(second->refused, Errc::session_busy);
  leave(io, *first);
  EXPECT_EQ(line_up(io, turns, id)->called, true);
}

TEST(SessionTurns, LetOnlySoManyWait) {
  SessionTurns turns({SessionTurns::WhenBusy::queue, 2});
  asio::io_context io;
  const SessionId id = session();
  const auto running = line_up(io, turns, id);
  const auto first = line_up(io, turns, id);
  const auto second = line_up(io, turns, id);
  EXPECT_FALSE(second->refused);
  EXPECT_EQ(line_up(io, turns, id)->refused, Errc::session_busy);
  leave(io, *running);
  EXPECT_FALSE(line_up(io, turns, id)->refused) << "a place came free";
}

TEST(SessionTurns, SayNothingOfThemselvesToSomebodyElse) {
  asio::io_context io;
  for (const auto when : {SessionTurns::WhenBusy::queue, SessionTurns::WhenBusy::reject}) {
    SessionTurns turns({when, 16});
    const SessionId id = session();
    const auto own = line_up(io, turns, id);
    EXPECT_EQ(line_up(io, turns, id, bob)->refused, Errc::session_not_found);
    EXPECT_TRUE(is_busy(turns, id, alice));
    EXPECT_FALSE(is_busy(turns, id, bob));
    EXPECT_FALSE(turns.taken_by_another(id, alice));
    EXPECT_TRUE(turns.taken_by_another(id, bob));
    EXPECT_FALSE(turns.taken_by_another(session(), bob));
    leave(io, *own);
    EXPECT_FALSE(turns.taken_by_another(id, bob));
    EXPECT_EQ(line_up(io, turns, id, bob)->called, true);
  }
}

TEST(SessionTurns, AreTakenOnlyWhereTheyAreFree) {
  SessionTurns turns({});
  asio::io_context io;
  const SessionId id = session();
  auto taken = turns.take(id, alice);
  ASSERT_TRUE(taken);
  EXPECT_EQ(turns.take(id, alice).error().code, Errc::session_busy);
  const auto next = line_up(io, turns, id);
  EXPECT_FALSE(next->called) << "one that was taken is held like any other";
  {
    const SessionTurns::Turn given_back = std::move(*taken);
  }
  io.restart();
  io.poll();
  EXPECT_EQ(next->called, true);
}

TEST(SessionTurns, ThatSomebodyOnlyTookKeepNobodyElseOut) {
  SessionTurns turns({});
  asio::io_context io;
  const SessionId id = session();
  const auto strangers = turns.take(id, bob);
  ASSERT_TRUE(strangers);
  EXPECT_FALSE(turns.taken_by_another(id, alice));
  const auto own = line_up(io, turns, id);
  EXPECT_EQ(own->called, true);
  EXPECT_EQ(turns.take(id, Principal{"carol"}).error().code, Errc::session_not_found) << "alice has joined";
}

/// An executor that can do nothing.
struct BrokenExecutor {
  asio::execution_context& query(asio::execution::context_t) const { throw std::bad_alloc(); }
  static constexpr asio::execution::blocking_t::never_t query(asio::execution::blocking_t) { return {}; }
  void execute(auto&&) const {}
  bool operator==(const BrokenExecutor&) const = default;
};

TEST(SessionTurns, AreAsTheyWereWhenJoiningFails) {
  SessionTurns turns({});
  asio::io_context io;
  const SessionId id = session();
  const auto join_and_leave = [&] { return turns.join(id, alice, BrokenExecutor()).has_value(); };
  try {
    join_and_leave();
  } catch (const std::bad_alloc&) {
  }
  EXPECT_FALSE(is_busy(turns, id, alice)) << "nobody holds it";

  const auto running = line_up(io, turns, id);
  EXPECT_THROW(join_and_leave(), std::bad_alloc) << "nobody can be woken there";
  leave(io, *running);
  EXPECT_FALSE(is_busy(turns, id, alice));
}

TEST(SessionTurns, LetWaitersGoWhenTheyAreStopped) {
  SessionTurns turns({});
  asio::io_context io;
  const SessionId id = session();
  const auto running = line_up(io, turns, id);
  const auto first = line_up(io, turns, id);
  const auto second = line_up(io, turns, id);
  first->stop.raise(make_error(Errc::cancelled, "enough"));
  io.restart();
  io.poll();
  EXPECT_EQ(first->called, false);
  leave(io, *first);
  EXPECT_FALSE(second->called) << "the running turn goes on";
  leave(io, *running);
  EXPECT_EQ(second->called, true);
}

TEST(SessionTurns, PassOverThoseWhoLeftWithoutWaiting) {
  SessionTurns turns({});
  asio::io_context io;
  const SessionId id = session();
  const auto running = line_up(io, turns, id);
  auto vanished = turns.join(id, alice, io.get_executor());
  ASSERT_TRUE(vanished);
  const auto last = line_up(io, turns, id);
  {
    const SessionTurns::Turn gone = std::move(*vanished);
  }
  leave(io, *running);
  EXPECT_EQ(last->called, true);
  leave(io, *last);
  EXPECT_FALSE(is_busy(turns, id, alice));
}

TEST(SessionTurns, AreGivenBackWithTheirCoroutine) {
  SessionTurns turns({});
  const SessionId id = session();
  StopSignal stop;
  {
    asio::io_context doomed;
    const auto own = [](SessionTurns::Turn turn, StopSignal& until) -> asio::awaitable<void> {
      co_await turn.wait(until);
      const auto executor = co_await asio::this_coro::executor;
      asio::steady_timer forever(executor, asio::steady_timer::time_point::max());
      co_await forever.async_wait(asio::use_awaitable);
    };
    asio::co_spawn(doomed, own(*turns.join(id, alice, doomed.get_executor()), stop), asio::detached);
    asio::co_spawn(doomed, own(*turns.join(id, alice, doomed.get_executor()), stop), asio::detached);
    doomed.poll();
    EXPECT_TRUE(is_busy(turns, id, alice));
  }
  EXPECT_FALSE(is_busy(turns, id, alice));
}

asio::awaitable<void> take_turns(SessionTurns& turns, SessionId id, std::atomic<int>& inside,
                                 std::atomic<int>& taken, int count) {
  const auto executor = co_await asio::this_coro::executor;
  for (int i = 0; i < count; ++i) {
    auto turn = turns.join(id, alice, executor);
    StopSignal stop;
    if (!turn || !co_await turn->wait(stop)) {
      ADD_FAILURE() << "a turn was refused";
      co_return;
    }
    EXPECT_EQ(++inside, 1) << "two turns at once";
    co_await asio::post(executor, asio::use_awaitable);
    --inside;
    ++taken;
  }
}

TEST(SessionTurns, HoldUnderManyThreads) {
  constexpr int threads = 4, callers = 3, count = 150;
  SessionTurns turns({SessionTurns::WhenBusy::queue, 1000});
  const SessionId id = session();
  std::atomic<int> inside = 0, taken = 0;
  const auto work = [&] {
    asio::io_context io;
    const auto guard = asio::make_work_guard(io);
    for (int i = 0; i < callers; ++i) {
      asio::co_spawn(io, take_turns(turns, id, inside, taken, count), asio::detached);
    }
    EXPECT_TRUE(
        test::run_until(io, [&] { return taken == threads * callers * count; }, std::chrono::seconds(60)));
  };
  std::vector<std::thread> pool;
  for (int i = 0; i < threads; ++i) pool.emplace_back(work);
  for (std::thread& thread : pool) thread.join();
  EXPECT_FALSE(is_busy(turns, id, alice));
}

}  // namespace skymarshal::invocations::session_turns_test
