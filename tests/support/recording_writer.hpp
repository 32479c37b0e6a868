// A client on paper: keeps what it is sent, reads as slowly as it is told to, and leaves when it is told to.
// For one thread.
#pragma once

#include "http/response_writer.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::test {

class RecordingWriter final : public http::ResponseWriter {
 public:
  struct Options {
    /// Pieces after which the client is found to be gone.
    std::size_t pieces_max = std::numeric_limits<std::size_t>::max();
    /// Rounds of the event loop that each piece takes.
    int slowness = 0;
  };

  RecordingWriter() = default;
  explicit RecordingWriter(Options options) : options_(options) {}

  /// Of a whole answer or of a streamed one.
  unsigned status = 0;
  http::Headers headers;
  /// What a whole answer carried, or all pieces so far.
  std::string body;
  /// Where the body of a whole answer stood while it was sent; only to be compared.
  const char* body_at = nullptr;
  /// Of a streamed answer, each as it left.
  std::vector<std::string> pieces;
  bool streamed = false;
  bool finished = false;
  /// Calls of send() and start(); one answer has one.
  int answers = 0;

  bool listening() const { return static_cast<bool>(on_gone_); }

  /// The client hangs up.
  void leave() {
    gone_ = true;
    if (auto heard = std::exchange(on_gone_, {})) heard();
  }

  using http::ResponseWriter::send;
  boost::asio::awaitable<bool> send(http::ResponseHead head, std::string_view whole_body) override {
    ++answers;
    co_await step();
    if (gone_) co_return false;
    status = head.status;
    headers = std::move(head.headers);
    body = whole_body;
    body_at = whole_body.data();
    finished = true;
    co_return true;
  }

  void start(http::ResponseHead head) override {
    ++answers;
    streamed = true;
    status = head.status;
    headers = std::move(head.headers);
  }

  boost::asio::awaitable<bool> write(std::span<const boost::asio::const_buffer> piece) override {
    co_await step();
    if (pieces.size() >= options_.pieces_max) gone_ = true;
    if (gone_) co_return false;
    std::string text;
    for (const auto& buffer : piece) text.append(static_cast<const char*>(buffer.data()), buffer.size());
    body += text;
    pieces.push_back(std::move(text));
    co_return true;
  }

  boost::asio::awaitable<bool> finish(std::span<const boost::asio::const_buffer> last_piece) override {
    const bool written = co_await write(last_piece);
    finished = written;
    co_return written;
  }

  void on_client_gone(std::function<void()> on_gone) override {
    on_gone_ = std::move(on_gone);
    if (gone_ && on_gone_) leave();
  }

 private:
  boost::asio::awaitable<void> step() const {
    const auto executor = co_await boost::asio::this_coro::executor;
    for (int i = 0; i < options_.slowness; ++i) {
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
  }

  Options options_;
  bool gone_ = false;
  std::function<void()> on_gone_;
};

}  // namespace skymarshal::test
