// A server of chat completions on a free port, as good or as bad as the test wants it: each connection gets
// one answer, written piece by piece.
#pragma once

#include "agents/wording/language_model.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace skymarshal::test {

struct ModelAnswer {
  std::vector<std::string> pieces;
  /// Writes the last piece again and again.
  bool endless = false;
  /// Says nothing more, but does not close.
  bool stays_open = false;
};

inline std::string chunk_event(std::string_view content, std::string_view finish = "") {
  namespace json = boost::json;
  const json::value reason = finish.empty() ? json::value(nullptr) : json::value(finish);
  const json::value event = {
      {"id", "c"},
      {"object", "chat.completion.chunk"},
      {"choices", {{{"index", 0}, {"delta", {{"content", content}}}, {"finish_reason", reason}}}}};
  return "data: " + json::serialize(event) + "\n\n";
}

inline std::string stream_start(std::string_view type = "text/event-stream") {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) + "\r\nConnection: close\r\n\r\n";
}

/// A text as a model streams it: the role first, some letters an event, the end.
inline ModelAnswer streamed(std::string_view text, std::size_t letters = 7) {
  ModelAnswer answer;
  answer.pieces = {stream_start(), ": hello\n\n",
                   "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null},"
                   "\"finish_reason\":null}]}\n\n"};
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = std::min(letters, text.size() - at);
    // A character is never cut by a server: JSON could not carry its halves.
    while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0U) == 0x80) ++size;
    answer.pieces.push_back(chunk_event(text.substr(at, size)));
    at += size;
  }
  answer.pieces.push_back("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
  answer.pieces.push_back("data: {\"choices\":[],\"usage\":{\"total_tokens\":9}}\n\ndata: [DONE]\n\n");
  return answer;
}

inline ModelAnswer status_answer(std::string_view status, std::string_view fields = "") {
  return {{"HTTP/1.1 " + std::string(status) + "\r\n" + std::string(fields) + "Content-Length: 0\r\n\r\n"}};
}

class ModelServer {
 public:
  using tcp = boost::asio::ip::tcp;
  /// Of the request with its head, and how many came before it.
  using Script = std::function<ModelAnswer(const std::string& request, std::size_t nth)>;

  ModelServer(boost::asio::io_context& io, Script script)
      : state_(std::make_shared<State>(
            State{tcp::acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
                  std::move(script)})) {
    boost::asio::co_spawn(io, accept(state_), boost::asio::detached);
  }
  ~ModelServer() { stop(); }
  ModelServer(const ModelServer&) = delete;
  ModelServer& operator=(const ModelServer&) = delete;

  agents::wording::LanguageModel::Options options() const {
    agents::wording::LanguageModel::Options options;
    options.endpoint = {"http", "127.0.0.1", state_->acceptor.local_endpoint().port(),
                        "/v1/chat/completions"};
    options.model = "small";
    options.deadline = std::chrono::seconds(20);
    options.retry_delays = {Milliseconds(1), Milliseconds(1)};
    return options;
  }
  const std::vector<std::string>& requests() const { return state_->requests; }
  /// Connections that the client has not closed.
  int open() const { return state_->open; }
  /// Answers wait until so many requests have come.
  void hold_until(std::size_t requests) { state_->held_until = requests; }
  void stop() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
  }

 private:
  struct State {
    tcp::acceptor acceptor;
    Script script;
    std::vector<std::string> requests = {};
    int open = 0;
    std::size_t held_until = 0;
  };
  static constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

  static boost::asio::awaitable<void> accept(std::shared_ptr<State> state) {
    for (;;) {
      auto [refused, socket] = co_await state->acceptor.async_accept(as_result);
      if (refused) co_return;
      ++state->open;
      boost::asio::co_spawn(state->acceptor.get_executor(), serve(state, std::move(socket)),
                            boost::asio::detached);
    }
  }

  static boost::asio::awaitable<void> serve(std::shared_ptr<State> state, tcp::socket socket) {
    std::string request;
    auto buffer = boost::asio::dynamic_buffer(request);
    auto [broken, head] = co_await boost::asio::async_read_until(socket, buffer, "\r\n\r\n", as_result);
    constexpr std::string_view length = "Content-Length: ";
    const std::size_t at = request.find(length);
    if (!broken && at != std::string::npos) {
      const std::size_t whole = head + std::stoul(request.substr(at + length.size()));
      const std::size_t missing = whole - std::min(whole, request.size());
      const auto rest = boost::asio::transfer_exactly(missing);
      co_await boost::asio::async_read(socket, buffer, rest, as_result);
    }
    const std::size_t nth = state->requests.size();
    state->requests.push_back(request);
    while (state->requests.size() < state->held_until) {
      boost::asio::steady_timer timer(socket.get_executor(), std::chrono::milliseconds(1));
      co_await timer.async_wait(as_result);
    }
    const ModelAnswer answer = state->script(request, nth);
    co_await write(socket, answer);
    --state->open;
  }

  static boost::asio::awaitable<void> write(tcp::socket& socket, const ModelAnswer& answer) {
    for (const std::string& piece : answer.pieces) {
      const auto bytes = boost::asio::buffer(piece);
      auto [failed, n] = co_await boost::asio::async_write(socket, bytes, as_result);
      if (failed) co_return;
    }
    while (answer.endless) {
      const auto bytes = boost::asio::buffer(answer.pieces.back());
      auto [failed, n] = co_await boost::asio::async_write(socket, bytes, as_result);
      if (failed) co_return;
    }
    boost::system::error_code ended;
    char byte = 0;
    while (answer.stays_open && !ended) {
      const auto space = boost::asio::buffer(&byte, 1);
      auto [failed, n] = co_await socket.async_read_some(space, as_result);
      ended = failed;
    }
  }

  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::test
