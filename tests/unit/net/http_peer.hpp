// A server that says what a test wrote down, request by request, however many of them come over one
// connection.
#pragma once

#include "http/url.hpp"
#include "net/tls.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::test {

class HttpPeer {
 public:
  /// What one connection answers, one entry a request; then it is closed, unless it stays open. An empty
  /// answer is none: the connection is closed when the request has come.
  struct Connection {
    std::vector<std::string> answers;
    bool stays_open = true;
    /// Answers as soon as the head of the request has come.
    bool is_hasty = false;
  };

  explicit HttpPeer(boost::asio::io_context& io, std::vector<Connection> connections,
                    std::optional<net::TlsContext> tls = {})
      : state_(std::make_shared<State>(
            State{tcp::acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
                  std::move(connections), std::move(tls)})) {
    boost::asio::co_spawn(io, accept(state_), boost::asio::detached);
  }
  ~HttpPeer() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    for (const auto& stream : state_->streams) stream->close();
  }
  HttpPeer(const HttpPeer&) = delete;
  HttpPeer& operator=(const HttpPeer&) = delete;

  http::Endpoint endpoint() const {
    return {state_->tls ? "https" : "http", "127.0.0.1", state_->acceptor.local_endpoint().port(), "/"};
  }
  /// Whole ones, with the connection's number before each: "0 GET / HTTP/1.1…".
  const std::vector<std::string>& requests() const { return state_->requests; }
  std::size_t connections() const { return state_->streams.size(); }

 private:
  using tcp = boost::asio::ip::tcp;
  static constexpr auto await_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

  struct State {
    tcp::acceptor acceptor;
    std::vector<Connection> scripts;
    std::optional<net::TlsContext> tls;
    std::vector<std::string> requests = {};
    std::vector<std::shared_ptr<net::ByteStream>> streams = {};
  };

  static boost::asio::awaitable<void> accept(std::shared_ptr<State> state) {
    for (;;) {
      auto [closed, socket] = co_await state->acceptor.async_accept(await_tuple);
      if (closed) co_return;
      std::shared_ptr<net::ByteStream> stream;
      if (state->tls) {
        std::unique_ptr<net::TlsStream> secure = net::make_tls_server_stream(std::move(socket), *state->tls);
        if (co_await secure->handshake()) continue;
        stream = std::move(secure);
      } else {
        stream = net::make_plain_stream(std::move(socket));
      }
      const std::size_t number = state->streams.size();
      state->streams.push_back(stream);
      boost::asio::co_spawn(state->acceptor.get_executor(), serve(state, stream, number),
                            boost::asio::detached);
    }
  }

  static boost::asio::awaitable<void> serve(std::shared_ptr<State> state,
                                            std::shared_ptr<net::ByteStream> stream, std::size_t number) {
    const Connection script = number < state->scripts.size() ? state->scripts[number] : Connection{};
    std::string input;
    for (const std::string& answer : script.answers) {
      std::size_t size = 0;
      while ((size = whole_request(input, script.is_hasty)) == 0) {
        std::string piece(4096, '\0');
        const auto room = boost::asio::buffer(piece);
        const net::IoResult read = co_await stream->read_some(room);
        if (read.error) co_return;
        input += piece.substr(0, read.bytes);
      }
      state->requests.push_back(std::to_string(number) + " " + input.substr(0, size));
      input.erase(0, size);
      const std::vector<boost::asio::const_buffer> bytes = {boost::asio::buffer(answer)};
      if (answer.empty()) break;
      const net::IoResult written = co_await stream->write(bytes);
      if (written.error) co_return;
    }
    const bool is_silenced = !script.answers.empty() && script.answers.back().empty();
    if (!script.stays_open || is_silenced) {
      co_await stream->shutdown();
      stream->close();
    }
  }

  /// The size of the request that `input` begins with; 0 while it is not whole.
  static std::size_t whole_request(const std::string& input, bool only_head) {
    const std::size_t head = input.find("\r\n\r\n");
    if (head == std::string::npos) return 0;
    const std::size_t body = head + 4;
    if (only_head) return input.size();
    const auto value_of = [&](const std::string& name) {
      const std::size_t at = input.find("\r\n" + name + ": ");
      return at < head ? input.substr(at + name.size() + 4, input.find('\r', at + 2) - at - name.size() - 4)
                       : std::string();
    };
    if (value_of("Transfer-Encoding") == "chunked") {
      const std::size_t last = input.find("\r\n0\r\n", head + 2);
      const std::size_t end = last == std::string::npos ? last : input.find("\r\n\r\n", last + 3);
      return end == std::string::npos ? 0 : end + 4;
    }
    const std::string length = value_of("Content-Length");
    const std::size_t size = body + (length.empty() ? 0 : std::stoul(length));
    return input.size() < size ? 0 : size;
  }

  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::test
