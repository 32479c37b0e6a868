// One invocation at a time, on one thread, with everything it needs made of test parts.
#pragma once

#include "invocations/invocation.hpp"
#include "support/fake_runtime.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/memory_session_store.hpp"
#include "support/run_until.hpp"
#include "support/scripted_fleet.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::invocations {

class InvocationRig : public testing::Test {
 public:
  std::shared_ptr<Invocation> start(std::string prompt = "EY283 is late") {
    Invocation::Subject subject{RequestId::generate(random), session, Principal{"alice"}, std::move(prompt),
                                clock.wall_now()};
    const Invocation::Services services{runtime, store, invocations, fleet, clock, *log, registry};
    auto turn = turns.join(session, Principal{"alice"}, io.get_executor());
    auto admission = gate.admit();
    EXPECT_TRUE(turn && admission);
    return Invocation::start(services, options, std::move(subject), io.get_executor(), std::move(*turn),
                             std::move(*admission));
  }

  void plays(test::FakeRuntime::Play play) {
    runtime.play = [play](const RuntimeRequest&) { return play; };
  }

  const InvocationEnd* end_of(const std::shared_ptr<Invocation>& invocation) {
    const auto journal = invocation->journal();
    EXPECT_TRUE(test::run_until(io, [&] { return journal->end() != nullptr; }));
    return journal->end() == nullptr ? nullptr : &*journal->end()->end;
  }

  void settle() {
    io.restart();
    io.poll();
  }

  test::ManualClock clock;
  SystemRandom random;
  std::optional<Logger> log{std::in_place, Logger::Options{LogLevel::off, 16}, clock};
  test::FakeRuntime runtime;
  test::MemorySessionStore store{clock};
  test::MemoryInvocationStore invocations{store, clock};
  test::ScriptedFleet fleet{clock};
  Invocation::Options options;
  InvocationRegistry registry;
  ConcurrencyGate gate{{1, 10}};
  SessionTurns turns{{}};
  SessionId session = SessionId::generate(random);
  boost::asio::io_context io;
};

}  // namespace skymarshal::invocations
