#include "app/drain.hpp"

#include "base/json_reader.hpp"
#include "base/wakeup.hpp"
#include "limits/local_rate_limiter.hpp"
#include "support/http_text.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/no_limits.hpp"

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace skymarshal::app::drain_test {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Ports that may be used from several threads; the agents take a while that the test decides.
class SlowRuntime final : public invocations::AgentRuntime {
 public:
  explicit SlowRuntime(Milliseconds duration) : duration_(duration) {}
  asio::awaitable<invocations::RunOutcome> run(invocations::RuntimeRequest, ChunkSink&,
                                               StopSignal& stop) override {
    ++running;
    Wakeup wakeup(co_await asio::this_coro::executor);
    const StopSignal::Listener on_stop(stop, [&wakeup] { wakeup.wake(); });
    const SteadyTime until = std::chrono::steady_clock::now() + duration_;
    co_await wakeup.wait_until(until);
    --running;
    if (stop.raised()) co_return invocations::RunOutcome{stop.reason(), {}};
    std::string data = "{}";
    pad_json(data);
    co_return invocations::RunOutcome{invocations::RuntimeMessage(std::move(data), 0, 2), {}};
  }
  asio::awaitable<Result<void>> probe() override { co_return Result<void>(); }
  std::string_view name() const override { return "slow"; }
  std::atomic<int> running = 0;

 private:
  Milliseconds duration_;
};

class NoStore final : public invocations::SessionStore {
 public:
  asio::awaitable<Result<invocations::Session>> create(SessionId, Principal) override { co_return down(); }
  asio::awaitable<Result<invocations::Session>> claim(SessionId id, Principal principal) override {
    ++claiming;
    const auto executor = co_await asio::this_coro::executor;
    while (holds_claims()) co_await asio::post(executor, asio::use_awaitable);
    co_return invocations::Session{id, principal, {}, {}, 0, false};
  }
  asio::awaitable<Result<invocations::SaveOutcome>> save(invocations::Interaction) override {
    co_return invocations::SaveOutcome::stored;
  }
  asio::awaitable<Result<invocations::SessionPage>> list(Principal, invocations::SessionFilter,
                                                         invocations::PageRequest) override {
    co_return down();
  }
  asio::awaitable<Result<invocations::SessionHistory>> history(SessionId, Principal,
                                                               invocations::PageRequest) override {
    co_return down();
  }
  asio::awaitable<Result<void>> erase(SessionId, Principal) override { co_return down(); }
  asio::awaitable<Result<std::size_t>> remove_old() override { co_return down(); }
  asio::awaitable<Result<void>> probe() override { co_return Result<void>(); }

  std::atomic<int> claiming = 0;
  /// Asked from any thread.
  std::function<bool()> holds_claims = [] { return false; };

 private:
  static Error down() { return make_error(Errc::store_unavailable, "this store holds nothing"); }
};

struct DrainTest : testing::Test {
  SystemClock clock;
  SystemRandom random;
  Logger log{Logger::Options{LogLevel::off, 1}, clock};
  gateway::OpenAuthorizer authorizer;
  limits::LocalRateLimiter limiter{test::no_limits(), clock};
  NoStore store;
  test::MemorySessionStore sessions{clock};
  test::MemoryInvocationStore invocations{sessions, clock};
  skymarshal::invocations::LoneGateway fleet;
  std::unique_ptr<SlowRuntime> runtime;
  std::unique_ptr<gateway::Gateway> gateway;
  std::unique_ptr<server::Server> server;
  std::uint16_t port = 0;
  asio::io_context io;

  void start(Milliseconds agents_take) {
    runtime = std::make_unique<SlowRuntime>(agents_take);
    const gateway::Gateway::Ports ports{authorizer, limiter, *runtime, store, invocations,
                                        fleet,      clock,   random,   log};
    gateway = std::make_unique<gateway::Gateway>(gateway::GatewayOptions{}, ports);
    server::ServerOptions options;
    options.port = 0;
    options.threads = 2;
    server = std::make_unique<server::Server>(options, *gateway, std::nullopt, clock, log);
    port = server->listen().value();
    server->start();
  }
  tcp::socket send(const std::string& text) {
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(text));
    return socket;
  }
  tcp::socket invoke() {
    tcp::socket socket =
        send(test::post_request("/api/v1/invoke", R"({"prompt":"EY283 is three hours late"})"));
    while (runtime->running == 0) std::this_thread::yield();
    return socket;
  }
  static std::string read_to_end(tcp::socket socket) {
    std::string text;
    boost::system::error_code ended;
    asio::read(socket, asio::dynamic_buffer(text), ended);
    return text;
  }
  bool refuses_connections() {
    tcp::socket late(io);
    boost::system::error_code refused;
    late.connect({asio::ip::address_v4::loopback(), port}, refused);
    return refused.failed();
  }
};

TEST_F(DrainTest, LetsRunningInvocationsFinishAndRefusesNewConnections) {
  start(Milliseconds(30));
  tcp::socket socket = invoke();
  drain(*gateway, *server, {Milliseconds(0), std::chrono::hours(1)}, clock, log);
  EXPECT_EQ(test::status_of(read_to_end(std::move(socket))), 200U);
  EXPECT_TRUE(refuses_connections());
}

TEST_F(DrainTest, EndsWhatDoesNotFinishInTime) {
  start(std::chrono::hours(1));
  tcp::socket socket = invoke();
  drain(*gateway, *server, {Milliseconds(0), Milliseconds(20)}, clock, log);
  const std::string answer = read_to_end(std::move(socket));
  EXPECT_EQ(test::status_of(answer), 503U);
  EXPECT_NE(answer.find("INTERRUPTED"), std::string::npos);
  EXPECT_TRUE(gateway->idle());
}

TEST_F(DrainTest, EndsWhatBeginsWhenTheOthersWereToldToEnd) {
  store.holds_claims = [this] { return runtime->running > 0; };
  start(std::chrono::hours(1));
  tcp::socket running = invoke();
  // It was let in, and its session is being claimed until the running one has been told to end.
  tcp::socket late = send(test::post_request(
      "/api/v1/invoke", R"({"prompt":"EY283 is late","session_id":"22222222-2222-4222-8222-222222222222"})"));
  while (store.claiming == 0) std::this_thread::yield();
  drain(*gateway, *server, {Milliseconds(0), Milliseconds(20)}, clock, log);
  const std::string answer = read_to_end(std::move(late));
  EXPECT_EQ(test::status_of(answer), 503U) << answer;
  EXPECT_NE(answer.find("INTERRUPTED"), std::string::npos);
  EXPECT_TRUE(gateway->idle());
  EXPECT_EQ(test::status_of(read_to_end(std::move(running))), 503U);
}

TEST_F(DrainTest, IsSeenBeforeItBegins) {
  start(Milliseconds(0));
  const std::string health_request = "GET /api/v1/health HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(test::status_of(read_to_end(send(health_request))), 200U);
  gateway->announce_draining();
  const std::string health = read_to_end(send(health_request));
  EXPECT_EQ(test::status_of(health), 503U);
  EXPECT_NE(health.find(R"("draining":true)"), std::string::npos);
  EXPECT_FALSE(gateway->draining());
  const Milliseconds announcement(50);
  const SteadyTime started = clock.steady_now();
  drain(*gateway, *server, {announcement, Milliseconds(0)}, clock, log);
  EXPECT_GE(clock.steady_now() - started, announcement);
  EXPECT_TRUE(gateway->draining());
}

}  // namespace skymarshal::app::drain_test
