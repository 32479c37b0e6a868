// A server of the embedded runtime and its clients on one io_context and one thread: nothing happens unless
// the test runs it, and when the server is stopped the context must run out of work.
#pragma once

#include "agents/server/agent_server.hpp"
#include "base/log.hpp"
#include "support/manual_clock.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace skymarshal::agents::server {

class RuntimeBench {
 public:
  using tcp = boost::asio::ip::tcp;

  explicit RuntimeBench(AgentServer::Options options = {}, LogLevel log_level = LogLevel::off)
      : logger_(Logger::Options{log_level}, clock_),
        server_(io_.get_executor(), std::move(options), clock_, logger_) {
    port_ = server_.listen("127.0.0.1", 0).value();
    server_.start();
  }

  boost::asio::io_context& io() { return io_; }
  AgentServer& server() { return server_; }
  test::ManualClock& clock() { return clock_; }
  tcp::endpoint endpoint() const { return {boost::asio::ip::address_v4::loopback(), port_}; }

  /// Runs everything until `work` has ended; throws what it threw, or after 20 s without an end.
  template <typename T>
  T run(boost::asio::awaitable<T> work) {
    std::optional<T> result;
    std::exception_ptr failure;
    boost::asio::co_spawn(io_, std::move(work), [&](std::exception_ptr error, T value) {
      failure = error;
      if (!error) result.emplace(std::move(value));
    });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!result && !failure && std::chrono::steady_clock::now() < deadline) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(100));
    }
    if (failure) std::rethrow_exception(failure);
    if (!result) throw std::runtime_error("the client never ended");
    return std::move(*result);
  }

  /// Stops the server; true if the context then runs out of work in time.
  bool runs_out() {
    server_.stop();
    io_.restart();
    io_.run_for(std::chrono::seconds(20));
    return io_.stopped();
  }

 private:
  test::ManualClock clock_;
  Logger logger_;
  boost::asio::io_context io_;
  AgentServer server_;
  std::uint16_t port_ = 0;
};

/// Sends `text` as it is and returns everything that comes back until the server closes.
inline boost::asio::awaitable<std::string> exchange(boost::asio::ip::tcp::endpoint endpoint,
                                                    std::string text) {
  constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
  boost::asio::ip::tcp::socket socket(co_await boost::asio::this_coro::executor);
  co_await socket.async_connect(endpoint, boost::asio::use_awaitable);
  co_await boost::asio::async_write(socket, boost::asio::buffer(text), as_result);
  std::string received;
  std::string piece(4096, '\0');
  while (true) {
    auto [failed, count] = co_await socket.async_read_some(boost::asio::buffer(piece), as_result);
    received.append(piece, 0, count);
    if (failed) break;
  }
  co_return received;
}

/// The text of a POST with a JSON body.
inline std::string post(std::string_view path, std::string_view body,
                        std::string_view header = "Connection: close\r\n") {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
         std::string(header) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace skymarshal::agents::server
