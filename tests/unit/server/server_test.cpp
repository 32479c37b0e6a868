#include "server/server.hpp"

#include "support/http_text.hpp"

#include <atomic>
#include <thread>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace skymarshal::server::server_test {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Takes a while to answer that the test decides; a client that leaves ends the wait.
class SlowHandler final : public http::Handler {
 public:
  explicit SlowHandler(Milliseconds duration) : duration_(duration) {}

  asio::awaitable<void> handle(http::Request, http::ResponseWriter& writer) override {
    ++running;
    Wakeup wakeup(co_await asio::this_coro::executor);
    writer.on_client_gone([&wakeup] { wakeup.wake(); });
    const SteadyTime until = std::chrono::steady_clock::now() + duration_;
    co_await wakeup.wait_until(until);
    writer.on_client_gone({});
    --running;
    http::Response response;
    response.body = "hello";
    co_await writer.send(std::move(response));
  }
  asio::awaitable<void> refuse(Error, http::ResponseWriter& writer) override {
    http::Response response;
    response.status = 400;
    co_await writer.send(std::move(response));
  }
  std::atomic<int> running = 0;

 private:
  Milliseconds duration_;
};

struct ServerTest : testing::Test {
  SystemClock clock;
  Logger log{Logger::Options{LogLevel::off, 1}, clock};
  SlowHandler handler{Milliseconds(30)};
  SlowHandler endless{std::chrono::hours(1)};
  std::unique_ptr<Server> server;
  std::uint16_t port = 0;
  asio::io_context io;

  void start(http::Handler& with, ServerOptions options = {}) {
    options.port = 0;
    options.threads = 2;
    server = std::make_unique<Server>(options, with, std::nullopt, clock, log);
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

const std::string request = test::get_request("/slow");

TEST_F(ServerTest, ServesManyConnectionsOnAllItsThreads) {
  start(handler);
  std::vector<tcp::socket> sockets;
  for (int i = 0; i < 20; ++i) sockets.push_back(connect());
  for (auto& socket : sockets) send(socket, closing(request));
  for (auto& socket : sockets) EXPECT_EQ(test::status_of(read_to_end(socket)), 200U);
}

TEST_F(ServerTest, RefusesAnAddressThatIsTaken) {
  start(handler);
  ServerOptions options;
  options.port = port;
  Server second(options, handler, std::nullopt, clock, log);
  const auto bound = second.listen();
  ASSERT_FALSE(bound) << "two servers would share the port, and each get some of the clients";
  EXPECT_NE(bound.error().message.find("cannot listen on 127.0.0.1"), std::string::npos);
}

TEST_F(ServerTest, DrainLetsWhatIsBeingAnsweredFinishAndRefusesNewConnections) {
  start(handler);
  tcp::socket socket = connect();
  send(socket, request);
  while (handler.running == 0) std::this_thread::yield();
  server->drain();
  const std::string answer = read_to_end(socket);
  EXPECT_EQ(test::status_of(answer), 200U);
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  socket.close();
  server->close_within(std::chrono::hours(1));
  tcp::socket late(io);
  boost::system::error_code refused;
  late.connect({asio::ip::make_address("127.0.0.1"), port}, refused);
  EXPECT_TRUE(refused);
}

TEST_F(ServerTest, DrainClosesConnectionsThatWaitForARequest) {
  start(handler);
  tcp::socket idle = connect();
  tcp::socket used = connect();
  send(used, request);
  std::string answer(std::size_t{16} * 1024, '\0');
  EXPECT_GT(used.read_some(asio::buffer(answer)), 0U);
  server->drain();
  EXPECT_EQ(read_to_end(idle), "");
  EXPECT_EQ(read_to_end(used), "");
}

TEST_F(ServerTest, ClosesWhatDoesNotEndInTime) {
  start(endless);
  tcp::socket socket = connect();
  send(socket, request);
  while (endless.running == 0) std::this_thread::yield();
  server->close_within(Milliseconds(20));
  EXPECT_EQ(endless.running, 0);
  EXPECT_EQ(read_to_end(socket), "");
}

TEST_F(ServerTest, ItsEndClosesWhatIsOpen) {
  start(endless);
  tcp::socket socket = connect();
  send(socket, request);
  while (endless.running == 0) std::this_thread::yield();
  server.reset();
  EXPECT_EQ(endless.running, 0);
}

TEST_F(ServerTest, ConnectionsBeyondTheLimitWaitForAFreePlace) {
  ServerOptions options;
  options.connections_max = 1;
  start(handler, options);
  std::vector<tcp::socket> sockets;
  for (int i = 0; i < 4; ++i) sockets.push_back(connect());
  for (auto& socket : sockets) send(socket, closing(request));
  for (auto& socket : sockets) {
    EXPECT_EQ(test::status_of(read_to_end(socket)), 200U);
    socket.close();
  }
}

}  // namespace skymarshal::server::server_test
