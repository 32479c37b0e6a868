// How many run, how many wait, in which order, and that no slot is ever lost.
#include "invocations/concurrency_gate.hpp"

#include "support/run_until.hpp"

#include <atomic>
#include <barrier>
#include <optional>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::invocations::concurrency_gate_test {

namespace asio = boost::asio;
using test::run_until;
using Admission = ConcurrencyGate::Admission;

Error stopped() { return make_error(Errc::cancelled, "stopped"); }

/// Somebody on the way through the gate.
struct Guest {
  std::optional<Admission> admission;
  StopSignal stop;
  std::optional<bool> entered;
};

asio::awaitable<void> enter(std::shared_ptr<Guest> guest) {
  guest->entered = co_await guest->admission->enter(guest->stop);
}

std::shared_ptr<Guest> come_in(asio::io_context& io, ConcurrencyGate& gate) {
  auto guest = std::make_shared<Guest>();
  auto admitted = gate.admit();
  if (!admitted) return guest;
  guest->admission.emplace(std::move(*admitted));
  asio::co_spawn(io, enter(guest), asio::detached);
  io.restart();
  io.poll();
  return guest;
}

void leave(asio::io_context& io, Guest& guest) {
  guest.admission.reset();
  io.restart();
  io.poll();
}

TEST(ConcurrencyGate, LetsInAsManyAsMayRun) {
  ConcurrencyGate gate({2, 1});
  asio::io_context io;
  const auto a = come_in(io, gate);
  const auto b = come_in(io, gate);
  const auto c = come_in(io, gate);
  EXPECT_EQ(a->entered, true);
  EXPECT_EQ(b->entered, true);
  EXPECT_FALSE(c->entered) << "it waits";
  EXPECT_EQ(gate.counts().running, 2);
  EXPECT_EQ(gate.counts().queued, 1);
  leave(io, *a);
  EXPECT_EQ(c->entered, true);
  EXPECT_EQ(gate.counts().running, 2);
  EXPECT_EQ(gate.counts().queued, 0);
}

TEST(ConcurrencyGate, RefusesTheNextOne) {
  ConcurrencyGate gate({1, 1});
  asio::io_context io;
  const auto a = come_in(io, gate);
  const auto b = come_in(io, gate);
  const auto refused = gate.admit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::overloaded);
  EXPECT_TRUE(refused.error().retry_after);
  leave(io, *a);
  EXPECT_TRUE(gate.admit()) << "the refusal took no place";
}

TEST(ConcurrencyGate, WorksWithoutAQueue) {
  ConcurrencyGate gate({1, 0});
  asio::io_context io;
  const auto a = come_in(io, gate);
  EXPECT_EQ(a->entered, true);
  EXPECT_FALSE(gate.admit());
  leave(io, *a);
  EXPECT_EQ(come_in(io, gate)->entered, true);
}

TEST(ConcurrencyGate, KeepsTheOrderOfArrival) {
  ConcurrencyGate gate({1, 10});
  asio::io_context io;
  std::vector<std::shared_ptr<Guest>> guests;
  for (int i = 0; i < 8; ++i) guests.push_back(come_in(io, gate));
  for (std::size_t turn = 0; turn < guests.size(); ++turn) {
    for (std::size_t i = 0; i < guests.size(); ++i) {
      EXPECT_EQ(guests[i]->entered.has_value(), i <= turn) << i << " at turn " << turn;
    }
    leave(io, *guests[turn]);
  }
}

TEST(ConcurrencyGate, LetsWaitersGoWhenTheyAreStopped) {
  ConcurrencyGate gate({1, 10});
  asio::io_context io;
  const auto running = come_in(io, gate);
  const auto first = come_in(io, gate);
  const auto second = come_in(io, gate);
  first->stop.raise(stopped());
  io.restart();
  io.poll();
  EXPECT_EQ(first->entered, false);
  leave(io, *first);
  EXPECT_EQ(gate.counts().queued, 1);
  leave(io, *running);
  EXPECT_EQ(second->entered, true) << "the one that left is passed over";
}

TEST(ConcurrencyGate, GivesBackASlotThatCameTooLate) {
  ConcurrencyGate gate({1, 10});
  asio::io_context io;
  const auto running = come_in(io, gate);
  const auto waiting = come_in(io, gate);
  // Granted and stopped before the waiter could look: it has the slot, and whoever is behind it gets it next.
  running->admission.reset();
  waiting->stop.raise(stopped());
  io.restart();
  io.poll();
  ASSERT_TRUE(waiting->entered);
  leave(io, *waiting);
  EXPECT_EQ(gate.counts().running, 0);
  EXPECT_EQ(gate.counts().queued, 0);
  EXPECT_EQ(come_in(io, gate)->entered, true);
}

TEST(ConcurrencyGate, KeepsNoPlaceForWhoLeavesBeforeEntering) {
  ConcurrencyGate gate({1, 1});
  {
    const auto a = gate.admit();
    auto b = gate.admit();
    ASSERT_TRUE(a && b);
    const Admission moved = std::move(*b);
    EXPECT_EQ(gate.counts().queued, 2);
  }
  EXPECT_EQ(gate.counts().queued, 0);
  EXPECT_EQ(gate.counts().running, 0);
}

asio::awaitable<void> enter_and_keep(Admission admission, StopSignal& stop) {
  co_await admission.enter(stop);
}

TEST(ConcurrencyGate, GivesPlacesBackWhenTheirCoroutinesAreDestroyed) {
  ConcurrencyGate gate({1, 10});
  asio::io_context io;
  const auto running = come_in(io, gate);
  StopSignal stop;
  {
    asio::io_context doomed;
    asio::co_spawn(doomed, enter_and_keep(*gate.admit(), stop), asio::detached);
    doomed.poll();
    EXPECT_EQ(gate.counts().queued, 1);
  }
  EXPECT_EQ(gate.counts().queued, 0);
  const auto next = come_in(io, gate);
  leave(io, *running);
  EXPECT_EQ(next->entered, true) << "nobody stands in its way";
  leave(io, *next);
  EXPECT_EQ(gate.counts().running, 0);
}

TEST(ConcurrencyGate, GivesAGrantedSlotBackWhenItsCoroutineIsDestroyed) {
  ConcurrencyGate gate({1, 10});
  asio::io_context io;
  const auto running = come_in(io, gate);
  StopSignal stop;
  {
    asio::io_context doomed;
    asio::co_spawn(doomed, enter_and_keep(*gate.admit(), stop), asio::detached);
    doomed.poll();
    running->admission.reset();
    EXPECT_EQ(gate.counts().running, 1) << "granted, but not heard yet";
  }
  EXPECT_EQ(gate.counts().running, 0);
  EXPECT_EQ(gate.counts().queued, 0);
}

/// What the threads of the stress test watch together.
struct Watch {
  std::atomic<int> inside = 0;
  std::atomic<int> inside_max = 0;
  std::atomic<int> entered = 0;
  std::atomic<int> refused = 0;
  std::atomic<int> stopped = 0;
};

asio::awaitable<void> visit_once(ConcurrencyGate& gate, Watch& watch, bool impatient) {
  auto admission = gate.admit();
  if (!admission) {
    ++watch.refused;
    co_return;
  }
  const auto executor = co_await asio::this_coro::executor;
  StopSignal stop;
  if (impatient) asio::post(executor, [&stop] { stop.raise(stopped()); });
  const bool entered = co_await admission->enter(stop);
  if (!entered) {
    ++watch.stopped;
    co_return;
  }
  const int inside = ++watch.inside;
  int highest = watch.inside_max;
  while (inside > highest && !watch.inside_max.compare_exchange_weak(highest, inside)) {
  }
  ++watch.entered;
  // Others get their chance, and an impatient one's stop, posted before, has come by then.
  co_await asio::post(executor, asio::use_awaitable);
  --watch.inside;
}

asio::awaitable<void> visit_often(ConcurrencyGate& gate, Watch& watch, int visits, int impatient_each) {
  for (int i = 0; i < visits; ++i) {
    const bool impatient = i % impatient_each == 0;
    co_await visit_once(gate, watch, impatient);
  }
}

TEST(ConcurrencyGate, HoldsUnderManyThreads) {
  constexpr int threads = 4, visitors = 8, visits = 200, running_max = 3;
  ConcurrencyGate gate({running_max, 12});
  Watch watch;
  std::barrier start(threads);
  const auto work = [&] {
    asio::io_context io;
    for (int i = 0; i < visitors; ++i) {
      asio::co_spawn(io, visit_often(gate, watch, visits, 2 + i), asio::detached);
    }
    start.arrive_and_wait();
    // A waiter on another thread may hold what this thread waits for.
    const auto guard = asio::make_work_guard(io);
    const auto all = [&] {
      return watch.entered + watch.refused + watch.stopped == threads * visitors * visits;
    };
    EXPECT_TRUE(run_until(io, all, std::chrono::seconds(60)));
  };
  std::vector<std::thread> pool;
  for (int i = 0; i < threads; ++i) pool.emplace_back(work);
  for (std::thread& thread : pool) thread.join();
  EXPECT_LE(watch.inside_max, running_max);
  EXPECT_GT(watch.entered, 0);
  EXPECT_EQ(gate.counts().running, 0);
  EXPECT_EQ(gate.counts().queued, 0);
}

RC_GTEST_PROP(ConcurrencyGate, AgreesWithAListOnPaper, (const std::vector<std::uint8_t>& moves)) {
  const int running_max = 1 + (moves.empty() ? 0 : moves[0] % 3);
  ConcurrencyGate gate({running_max, 3});
  asio::io_context io;
  std::vector<std::shared_ptr<Guest>> present;
  for (const std::uint8_t move : moves) {
    if (move % 2 == 0 || present.empty()) {
      auto guest = come_in(io, gate);
      const bool room = present.size() < static_cast<std::size_t>(running_max) + 3;
      RC_ASSERT(guest->admission.has_value() == room);
      if (room) present.push_back(std::move(guest));
    } else {
      const std::size_t who = move / 2 % present.size();
      if (!present[who]->entered) {
        present[who]->stop.raise(stopped());
        io.restart();
        io.poll();
        RC_ASSERT(present[who]->entered == std::optional(false));
      }
      leave(io, *present[who]);
      present.erase(present.begin() + static_cast<long>(who));
    }
    // Those who came first run, the others wait.
    for (std::size_t i = 0; i < present.size(); ++i) {
      RC_ASSERT(present[i]->entered.has_value() == (i < static_cast<std::size_t>(running_max)));
    }
    const int here = static_cast<int>(present.size());
    RC_ASSERT(gate.counts().running == std::min(running_max, here));
    RC_ASSERT(gate.counts().queued == std::max(0, here - running_max));
  }
}

}  // namespace skymarshal::invocations::concurrency_gate_test
