#include "server/listener.hpp"

#include "support/http_text.hpp"
#include "support/manual_clock.hpp"
#include "support/run_until.hpp"

#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skymarshal::server::listener_test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct BuggyHandler final : http::Handler {
  asio::awaitable<void> handle(http::Request, http::ResponseWriter&) override {
    throw std::logic_error("no such gate");
    co_return;
  }
  asio::awaitable<void> refuse(Error, http::ResponseWriter&) override { co_return; }
};

/// Server and client on one event loop, so that it is seen when the server leaves nothing behind.
struct ListenerRig {
  explicit ListenerRig(LogLevel level = LogLevel::off) : log(Logger::Options{level, 16}, clock) {
    listener = std::make_shared<Listener>(io.get_executor(), ListenerOptions{},
                                          Listener::Ports{handler, std::nullopt, clock, log});
    EXPECT_FALSE(listener->bind(loopback(0), Listener::Port::alone));
  }
  static tcp::endpoint loopback(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }
  /// Whether the loop then runs out of work.
  bool runs_out() {
    io.restart();
    io.run_for(std::chrono::seconds(20));
    return io.stopped();
  }

  test::ManualClock clock;
  Logger log;
  BuggyHandler handler;
  asio::io_context io;
  std::shared_ptr<Listener> listener;
};

TEST(Listener, ABugInTheHandlerIsHeardAndEndsItsConnectionAlone) {
  testing::internal::CaptureStderr();
  {
    ListenerRig rig(LogLevel::info);
    rig.listener->start();
    for (int i = 0; i < 2; ++i) {
      tcp::socket client(rig.io);
      client.connect(rig.listener->local_endpoint());
      asio::write(client, asio::buffer(test::get_request("/")));
      bool ended = false;
      std::string room(64, '\0');
      client.async_read_some(asio::buffer(room),
                             [&ended](error_code error, std::size_t) { ended = static_cast<bool>(error); });
      EXPECT_TRUE(test::run_until(rig.io, [&ended] { return ended; }));
    }
    rig.listener->close_within(Milliseconds::zero());
    EXPECT_TRUE(rig.runs_out());
  }
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_THAT(logged, testing::HasSubstr("task_failed"));
  EXPECT_THAT(logged, testing::HasSubstr("no such gate"));
}

TEST(Listener, KeepsAPortForItselfUnlessToldOtherwise) {
  ListenerRig rig;
  ListenerRig other;
  EXPECT_TRUE(other.listener->bind(rig.listener->local_endpoint(), Listener::Port::alone));
  EXPECT_TRUE(Listener::probe(rig.listener->local_endpoint()));
  EXPECT_FALSE(Listener::probe(ListenerRig::loopback(0)));
}

TEST(Listener, LeavesTheLoopNothingOnceItIsClosed) {
  ListenerRig rig;
  rig.listener->start();
  tcp::socket idle(rig.io);
  idle.connect(rig.listener->local_endpoint());
  rig.io.poll();
  rig.listener->close_within(std::chrono::hours(1));
  EXPECT_TRUE(rig.runs_out()) << "idle connections are closed at once, and then nothing is waited for";
}

TEST(Listener, MayBeToldToEndBeforeItBegan) {
  ListenerRig rig;
  rig.listener->close_within(Milliseconds::zero());
  rig.listener->start();
  EXPECT_TRUE(rig.runs_out());
}

}  // namespace skymarshal::server::listener_test
