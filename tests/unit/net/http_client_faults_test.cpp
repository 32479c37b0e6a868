// Exchanges over scripted streams: every operation fails once, and a dial that comes late.
#include "net/http_client.hpp"
#include "support/faulty_stream.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/scripted_stream.hpp"

#include <gtest/gtest.h>

namespace skymarshal::net::http_client_faults_test {

namespace asio = boost::asio;
using test::Faults;
using test::FaultyStream;
using test::ScriptedStream;

using Connected = Result<std::unique_ptr<ByteStream>>;

const http::Endpoint somewhere{"http", "server.test", 80, "/"};

bool is_whole_request(std::string_view text) {
  const bool is_chunked = text.find("chunked") != std::string_view::npos;
  return text.ends_with("\r\n\r\n") && (!is_chunked || text.find("\r\n0\r\n") != std::string_view::npos);
}

/// A stream to a server that answers each whole request. Counts in `alive` while it lives.
std::unique_ptr<ByteStream> answering_stream(const asio::any_io_executor& executor,
                                             std::shared_ptr<int> alive) {
  auto stream = std::make_unique<ScriptedStream>(executor);
  ScriptedStream* const self = stream.get();
  ++*alive;
  const std::shared_ptr<void> life(nullptr, [alive](void*) { --*alive; });
  stream->on_write = [self, life] {
    if (!is_whole_request(self->written)) return;
    self->written.clear();
    self->arrive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Trailer: t\r\n\r\n");
  };
  return stream;
}

asio::awaitable<Connected> connect_faultily(std::shared_ptr<Faults> faults, std::shared_ptr<int> alive) {
  if (faults->is_due()) co_return Error{ErrorKind::unreachable, "refused"};
  const auto executor = co_await asio::this_coro::executor;
  co_return std::make_unique<FaultyStream>(answering_stream(executor, alive), faults);
}

/// To a server that always answers, with one operation of all failing: connects, writes and reads.
HttpClient faulty_client(std::shared_ptr<Faults> faults, std::shared_ptr<int> alive) {
  return HttpClient({}, std::nullopt,
                    [faults, alive](const http::Endpoint&, const TlsContext*, Milliseconds) {
                      return connect_faultily(faults, alive);
                    });
}

http::Request any_request() { return {"GET", "/", {}, {}}; }

std::string body_or_empty(const Result<http::Response>& response) { return response ? response->body : ""; }

TEST(HttpClientFaults, EveryOperationMayFail) {
  const auto alive = std::make_shared<int>(0);
  bool has_failed = true;
  int runs = 0;
  for (; has_failed; ++runs) {
    ASSERT_LT(runs, 50);
    asio::io_context io;
    const auto faults = std::make_shared<Faults>(Faults{runs});
    const HttpClient client = faulty_client(faults, alive);
    int failed = 0;
    // The second goes over the connection of the first; the last one shows that nothing is left of a failure.
    for (int i = 0; i < 3; ++i) {
      const auto response = test::run_awaitable(io, fetch(client, somewhere, any_request(), {}));
      if (response) {
        EXPECT_EQ(response->body, "ok") << runs;
        continue;
      }
      ++failed;
      const auto kind = response.error().kind;
      EXPECT_TRUE(kind == ErrorKind::broken || kind == ErrorKind::unreachable) << runs;
      EXPECT_NE(response.error().message, "") << runs;
    }
    has_failed = faults->has_failed();
    EXPECT_LE(failed, 1) << runs;
    if (!has_failed) EXPECT_EQ(failed, 0);
    EXPECT_LE(*alive, 1) << runs << ": only what is kept for the next exchange lives on";
  }
  EXPECT_GE(runs, 6);
  EXPECT_EQ(*alive, 0);
}

asio::awaitable<Result<std::string>> streamed_body(HttpClient client) {
  HttpExchange exchange(client);
  http::Request request{"POST", "/", {}, "first"};
  Result<void> sent = co_await exchange.start(somewhere, std::move(request));
  if (!sent && sent.error().kind != ErrorKind::broken) co_return sent.error();
  if (sent) sent = co_await exchange.write("second");
  http::Headers trailers{{"X-Trailer", "t"}};
  const auto head = co_await exchange.finish(std::move(trailers));
  if (!head) co_return head.error();
  EXPECT_TRUE(sent) << "no answer to half a request";
  const auto rest = co_await exchange.read_rest();
  if (rest) EXPECT_EQ(exchange.trailers().find("X-Trailer"), "t");
  co_return rest;
}

TEST(HttpClientFaults, EveryOperationOfAStreamedExchangeMayFail) {
  const auto alive = std::make_shared<int>(0);
  bool has_failed = true;
  int runs = 0;
  for (; has_failed; ++runs) {
    ASSERT_LT(runs, 50);
    asio::io_context io;
    const auto faults = std::make_shared<Faults>(Faults{runs});
    const HttpClient client = faulty_client(faults, alive);
    const auto body = test::run_awaitable(io, streamed_body(client));
    has_failed = faults->has_failed();
    EXPECT_EQ(body.has_value(), !has_failed) << runs;
    EXPECT_EQ(body_or_empty(test::run_awaitable(io, fetch(client, somewhere, any_request(), {}))), "ok");
  }
  EXPECT_GE(runs, 5);
  EXPECT_EQ(*alive, 0);
}

/// A dial that heeds no limit: it ends when the test says so, with a stream on which nothing ever arrives.
class LateDial {
 public:
  explicit LateDial(asio::io_context& io) : released_(io.get_executor()) {}

  HttpClient client() {
    return HttpClient({}, std::nullopt, [this](http::Endpoint, const TlsContext*, Milliseconds limit) {
      limit_ = limit;
      return dial();
    });
  }
  void release() { released_.wake(); }
  Milliseconds limit() const { return limit_; }

 private:
  asio::awaitable<Connected> dial() {
    co_await released_.wait_until(Wakeup::never);
    co_return std::make_unique<ScriptedStream>(released_.executor());
  }

  Wakeup released_;
  Milliseconds limit_{0};
};

TEST(HttpClientFaults, ALateDialDoesNotEscapeTheTotalLimit) {
  asio::io_context io;
  LateDial dial(io);
  std::optional<Result<http::Response>> outcome;
  FetchOptions options;
  options.total_timeout = Milliseconds(5);
  const auto until = std::chrono::steady_clock::now() + options.total_timeout;
  asio::co_spawn(
      io, fetch(dial.client(), somewhere, any_request(), options),
      [&outcome](std::exception_ptr, Result<http::Response> response) { outcome = std::move(response); });
  ASSERT_TRUE(
      test::run_until(io, [&] { return std::chrono::steady_clock::now() > until + Milliseconds(5); }));
  EXPECT_LE(dial.limit(), options.total_timeout) << "connecting gets no more than the total";
  dial.release();
  ASSERT_TRUE(test::run_until(io, [&] { return outcome.has_value(); })) << "it waits without any limit";
  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->error().kind, ErrorKind::timed_out);
}

}  // namespace skymarshal::net::http_client_faults_test
