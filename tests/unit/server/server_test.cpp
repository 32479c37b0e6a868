#include "server/server.hpp"

#include "base/json_reader.hpp"
#include "limits/local_rate_limiter.hpp"
#include "support/http_text.hpp"
#include "support/manual_clock.hpp"
#include "support/no_limits.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace skymarshal::server {
namespace {

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
  asio::awaitable<Result<invocations::Session>> claim(SessionId, Principal) override { co_return down(); }
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

 private:
  static Error down() { return make_error(Errc::store_unavailable, "this store holds nothing"); }
};

struct ServerTest : testing::Test {
  SystemClock clock;
  SystemRandom random;
  Logger log{Logger::Options{LogLevel::off, 1}, clock};
  gateway::OpenAuthorizer authorizer;
  limits::LocalRateLimiter limiter{test::no_limits(), clock};
  SlowRuntime runtime{Milliseconds(30)};
  NoStore store;
  gateway::Gateway gateway{{}, {authorizer, limiter, runtime, store, clock, random, log}};
  std::unique_ptr<Server> server;
  std::uint16_t port = 0;
  asio::io_context io;

  void start(ServerOptions options = {}) {
    options.port = 0;
    options.threads = 2;
    server = std::make_unique<Server>(options, gateway, std::nullopt, clock, log);
    const auto bound = server->listen();
    ASSERT_TRUE(bound) << bound.error().message;
    port = *bound;
    server->start();
  }
  tcp::socket connect() {
    tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    return socket;
  }
  static void send(tcp::socket& socket, const std::string& text) { asio::write(socket, asio::buffer(text)); }
  static std::string read_to_end(tcp::socket& socket) {
    std::string text;
    boost::system::error_code ended;
    asio::read(socket, asio::dynamic_buffer(text), ended);
    return text;
  }
  static std::string closing(std::string request) {
    return request.insert(request.find("\r\n") + 2, "Connection: close\r\n");
  }
};

const std::string invoke = test::post_request("/api/v1/invoke", R"({"prompt":"EY283 is three hours late"})");

TEST_F(ServerTest, ServesManyConnectionsOnAllItsThreads) {
  start();
  std::vector<tcp::socket> sockets;
  for (int i = 0; i < 20; ++i) sockets.push_back(connect());
  for (auto& socket : sockets) send(socket, closing(invoke));
  for (auto& socket : sockets) EXPECT_EQ(test::status_of(read_to_end(socket)), 200U);
  server->drain(Milliseconds(1000));
  server->join();
}

TEST_F(ServerTest, RefusesAnAddressThatIsTaken) {
  start();
  ServerOptions options;
  options.port = port;
  Server second(options, gateway, std::nullopt, clock, log);
  const auto bound = second.listen();
  ASSERT_FALSE(bound) << "two servers would share the port, and each get some of the clients";
  EXPECT_NE(bound.error().message.find("cannot listen on 127.0.0.1"), std::string::npos);
  server->drain(Milliseconds(1000));
}

TEST_F(ServerTest, DrainLetsRunningInvocationsFinishAndRefusesNewConnections) {
  start();
  tcp::socket socket = connect();
  send(socket, invoke);
  while (runtime.running == 0) std::this_thread::yield();
  server->drain(Milliseconds(5000));
  EXPECT_EQ(test::status_of(read_to_end(socket)), 200U);
  server->join();
  tcp::socket late(io);
  boost::system::error_code refused;
  late.connect({asio::ip::make_address("127.0.0.1"), port}, refused);
  EXPECT_TRUE(refused);
}

struct LongServerTest : ServerTest {
  SlowRuntime endless{std::chrono::hours(1)};
  gateway::Gateway patient{{}, {authorizer, limiter, endless, store, clock, random, log}};
};

TEST_F(LongServerTest, DrainEndsWhatDoesNotFinishInTime) {
  ServerOptions options;
  options.port = 0;
  server = std::make_unique<Server>(options, patient, std::nullopt, clock, log);
  port = server->listen().value();
  server->start();
  tcp::socket socket = connect();
  send(socket, invoke);
  while (endless.running == 0) std::this_thread::yield();
  server->drain(Milliseconds(20));
  const std::string answer = read_to_end(socket);
  EXPECT_EQ(test::status_of(answer), 503U);
  EXPECT_NE(answer.find("INTERRUPTED"), std::string::npos);
  server->join();
  EXPECT_TRUE(patient.idle());
}

TEST_F(ServerTest, ConnectionsBeyondTheLimitWaitForAFreePlace) {
  ServerOptions options;
  options.connections_max = 1;
  start(options);
  std::vector<tcp::socket> sockets;
  for (int i = 0; i < 4; ++i) sockets.push_back(connect());
  for (auto& socket : sockets) send(socket, closing(invoke));
  for (auto& socket : sockets) EXPECT_EQ(test::status_of(read_to_end(socket)), 200U);
  server->drain(Milliseconds(1000));
}

}  // namespace
}  // namespace skymarshal::server
