// One exchange: what is sent, what is read of the answer, and how either ends.
#include "net/http_client.hpp"

#include "support/run_awaitable.hpp"
#include "unit/net/http_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::net::http_client_test {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto await_tuple = asio::as_tuple(asio::use_awaitable);

/// Takes one connection, reads a request's head and what the client sent with it, writes `pieces` one after
/// the other, and closes, or stays silent.
class OneAnswer {
 public:
  OneAnswer(asio::io_context& io, std::vector<std::string> pieces, bool stays_open = false)
      : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        socket_(io),
        pieces_(std::move(pieces)),
        stays_open_(stays_open) {
    asio::co_spawn(io, serve(), asio::detached);
  }

  http::Endpoint endpoint() const { return {"http", "127.0.0.1", acceptor_.local_endpoint().port(), "/"}; }
  const std::string& received() const { return received_; }

 private:
  asio::awaitable<void> serve() {
    const auto [refused] = co_await acceptor_.async_accept(socket_, await_tuple);
    if (refused) co_return;
    auto buffer = asio::dynamic_buffer(received_);
    const auto [error, n] = co_await asio::async_read_until(socket_, buffer, "\r\n\r\n", await_tuple);
    if (error) co_return;
    for (const std::string& piece : pieces_) {
      const auto bytes = asio::buffer(piece);
      const auto [failed, written] = co_await asio::async_write(socket_, bytes, await_tuple);
      if (failed) co_return;
    }
    boost::system::error_code ignored;
    if (!stays_open_) socket_.close(ignored);
  }

  tcp::acceptor acceptor_;
  tcp::socket socket_;
  std::vector<std::string> pieces_;
  bool stays_open_;
  std::string received_;
};

/// Every exchange over a connection of its own.
const HttpClient& one_off() {
  static const HttpClient client(one_connection_each);
  return client;
}

struct Outcome {
  Result<http::ResponseHead> head = Error{ErrorKind::broken, "not asked"};
  Result<std::string> body = Error{ErrorKind::broken, "not asked"};
  http::Headers trailers = {};
};

asio::awaitable<Outcome> run_exchange(FetchOptions options, http::Endpoint endpoint, http::Request request) {
  HttpExchange exchange(one_off(), options);
  Outcome outcome;
  outcome.head = co_await exchange.send(std::move(endpoint), std::move(request));
  if (outcome.head) outcome.body = co_await exchange.read_rest();
  if (outcome.body) outcome.trailers = exchange.trailers();
  co_return outcome;
}

Outcome answer_to(http::Request request, std::vector<std::string> pieces, FetchOptions options = {},
                  bool stays_open = false) {
  asio::io_context io;
  const OneAnswer server(io, std::move(pieces), stays_open);
  return test::run_awaitable(io, run_exchange(options, server.endpoint(), std::move(request)));
}

/// What a server gets to see of the request.
std::string sent(http::Request request) {
  asio::io_context io;
  const OneAnswer server(io, {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  EXPECT_TRUE(
      test::run_awaitable(io, run_exchange({}, server.endpoint(), std::move(request))).body.has_value());
  std::string text = server.received();
  const std::string authority = server.endpoint().authority();
  if (const auto at = text.find(authority); at != std::string::npos)
    text.replace(at, authority.size(), "PEER");
  return text;
}

/// Of the head, or of the body: what comes in one piece fails in one piece.
ErrorKind failure_of(const Outcome& outcome) {
  return outcome.head ? outcome.body.error().kind : outcome.head.error().kind;
}

http::Request get(std::string target = "/") { return {"GET", std::move(target), {}, {}}; }

TEST(HttpClient, ReadsABodyOfKnownLength) {
  const Outcome outcome =
      answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Request-Id: r\r\n\r\nhello"});
  EXPECT_EQ(outcome.head.value().status, 200U);
  EXPECT_EQ(outcome.head.value().headers.find("x-request-id"), "r");
  EXPECT_EQ(outcome.body.value(), "hello");
}

TEST(HttpClient, ReadsAChunkedBody) {
  const Outcome outcome = answer_to(get(), {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                                            "3\r\nhel\r\n", "2;x=y\r\nlo\r\n0\r\n\r\n"});
  EXPECT_EQ(outcome.body.value(), "hello");
}

TEST(HttpClient, ReadsABodyUntilTheConnectionEnds) {
  const Outcome outcome = answer_to(get(), {"HTTP/1.1 200 OK\r\n\r\nhel", "lo"});
  EXPECT_EQ(outcome.body.value(), "hello");
}

TEST(HttpClient, AnswersWithoutABodyEndAtOnce) {
  EXPECT_EQ(answer_to(get(), {"HTTP/1.1 204 No Content\r\n\r\n"}, {}, true).body.value(), "");
  const Outcome head =
      answer_to({"HEAD", "/", {}, {}}, {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}, {}, true);
  EXPECT_EQ(head.body.value(), "");
}

TEST(HttpClient, PassesOverInformationalAnswers) {
  const Outcome outcome = answer_to(get(), {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n",
                                            "A: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
  EXPECT_EQ(outcome.head.value().status, 200U);
  EXPECT_FALSE(outcome.head.value().headers.find("A").has_value());
  EXPECT_EQ(outcome.body.value(), "ok");
}

asio::awaitable<Result<std::string>> first_piece(http::Endpoint endpoint) {
  HttpExchange exchange(one_off());
  const auto head = co_await exchange.send(std::move(endpoint), get());
  if (!head) co_return head.error();
  co_return co_await exchange.read_piece();
}

TEST(HttpClient, GivesPiecesAsTheyCome) {
  asio::io_context io;
  const OneAnswer server(io, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"}, true);
  EXPECT_EQ(test::run_awaitable(io, first_piece(server.endpoint())).value(), "first");
}

TEST(HttpClient, GivesTheTrailersApartFromTheHead) {
  const Outcome outcome =
      answer_to(get(), {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Error\r\n\r\n",
                        "2\r\nok\r\n0\r\nX-Err", "or: late\r\nX-Two: 2\r\n\r\n"});
  EXPECT_EQ(outcome.body.value(), "ok");
  EXPECT_EQ(outcome.trailers.find("x-error"), "late");
  EXPECT_EQ(outcome.trailers.find("X-Two"), "2");
  EXPECT_FALSE(outcome.head.value().headers.find("X-Error").has_value());
}

TEST(HttpClient, SendsTheRequestWithHostAndLength) {
  EXPECT_EQ(sent({"POST", "/api?x=1", {{"Accept", "a/b"}}, "body"}),
            "POST /api?x=1 HTTP/1.1\r\nHost: PEER\r\nConnection: close\r\nAccept: a/b\r\n"
            "Content-Length: 4\r\n\r\nbody");
}

TEST(HttpClient, NamesTheHostThatTheRequestNames) {
  EXPECT_EQ(sent({"GET", "/", {{"host", "sts.amazonaws.com"}}, {}}),
            "GET / HTTP/1.1\r\nConnection: close\r\nhost: sts.amazonaws.com\r\n\r\n");
}

TEST(HttpClient, SaysThatNobodyIsThere) {
  asio::io_context io;
  tcp::acceptor taken(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const http::Endpoint nobody{"http", "127.0.0.1", taken.local_endpoint().port(), "/"};
  taken.close();
  const Outcome outcome = test::run_awaitable(io, run_exchange({}, nobody, get()));
  ASSERT_FALSE(outcome.head.has_value());
  EXPECT_EQ(outcome.head.error().kind, ErrorKind::unreachable);
}

TEST(HttpClient, SendsNothingThatIsNoRequest) {
  asio::io_context io;
  const OneAnswer server(io, {});
  for (const http::Request& request :
       {get("/a b"), get("/\r\nX: y"), get(""), http::Request{"G T", "/", {}, {}}}) {
    const Outcome outcome = test::run_awaitable(io, run_exchange({}, server.endpoint(), request));
    EXPECT_EQ(outcome.head.error().kind, ErrorKind::malformed) << request.target;
  }
  EXPECT_EQ(server.received(), "");
}

TEST(HttpClient, TrustsNobodyWithoutAuthorities) {
  asio::io_context io;
  const OneAnswer server(io, {});
  http::Endpoint endpoint = server.endpoint();
  endpoint.scheme = "https";
  EXPECT_EQ(test::run_awaitable(io, run_exchange({}, endpoint, get())).head.error().kind,
            ErrorKind::untrusted);
}

TEST(HttpClient, GivesUpAfterItsTime) {
  FetchOptions options;
  options.total_timeout = Milliseconds(30);
  const Outcome silent = answer_to(get(), {}, options, true);
  EXPECT_EQ(silent.head.error().kind, ErrorKind::timed_out);
  // The head must have come by then.
  options.total_timeout = Milliseconds(500);
  const Outcome stuck = answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"}, options, true);
  EXPECT_EQ(stuck.body.error().kind, ErrorKind::timed_out);
}

TEST(HttpClient, TellsACutAnswerFromAWholeOne) {
  EXPECT_EQ(answer_to(get(), {}).head.error().kind, ErrorKind::broken);
  EXPECT_EQ(answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-"}).head.error().kind, ErrorKind::broken);
  EXPECT_EQ(answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"}).body.error().kind,
            ErrorKind::broken);
  EXPECT_EQ(answer_to(get(), {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n"})
                .body.error()
                .kind,
            ErrorKind::broken);
}

TEST(HttpClient, NoPrefixOfAnAnswerPassesForTheWhole) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_EQ(failure_of(answer_to(get(), {answer.substr(0, size)})), ErrorKind::broken) << size;
  }
  EXPECT_EQ(answer_to(get(), {answer}).body.value(), "hello");
}

TEST(HttpClient, RefusesWhatIsNoHttp) {
  EXPECT_EQ(failure_of(answer_to(get(), {"SSH-2.0-OpenSSH_9.2\r\n\r\n"})), ErrorKind::malformed);
  EXPECT_EQ(failure_of(answer_to(get(), {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"})),
            ErrorKind::malformed);
}

TEST(HttpClient, HeadAndBodyAreLimited) {
  FetchOptions options;
  options.head_bytes_max = 200;
  options.body_bytes_max = 10;
  const std::string long_field = "HTTP/1.1 200 OK\r\nX: " + std::string(300, 'x') + "\r\n\r\n";
  EXPECT_EQ(failure_of(answer_to(get(), {long_field}, options)), ErrorKind::too_large);
  EXPECT_EQ(failure_of(answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"}, options)),
            ErrorKind::too_large);
  EXPECT_EQ(failure_of(answer_to(get(),
                                 {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                                  "8\r\n12345678\r\n8\r\n12345678\r\n"},
                                 options)),
            ErrorKind::too_large);
  EXPECT_EQ(failure_of(answer_to(get(), {"HTTP/1.1 200 OK\r\n\r\n", "12345678901"}, options)),
            ErrorKind::too_large);
}

/// Sends `pieces` as one body, with trailers.
asio::awaitable<Outcome> stream_pieces(http::Endpoint endpoint, http::Request request,
                                       std::vector<std::string> pieces, http::Headers trailers,
                                       Result<void>& written) {
  HttpExchange exchange(one_off());
  Outcome outcome;
  written = co_await exchange.start(std::move(endpoint), std::move(request));
  for (const std::string& piece : pieces) {
    if (written) written = co_await exchange.write(piece);
  }
  outcome.head = co_await exchange.finish(std::move(trailers));
  if (outcome.head) outcome.body = co_await exchange.read_rest();
  co_return outcome;
}

TEST(HttpClient, SendsABodyPieceByPieceWithTrailers) {
  asio::io_context io;
  const test::HttpPeer peer(io, {{{"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok"}}});
  Result<void> written;
  const http::Request request{"POST", "/response", {{"Host", "h"}, {"Trailer", "X-Error"}}, "first"};
  const http::Headers trailers{{"X-Error", "late"}, {"Content-Length", "1"}, {"X-Evil", "a\r\nb: c"}};
  const Outcome outcome = test::run_awaitable(
      io, stream_pieces(peer.endpoint(), request, {"", std::string(20, 'x'), "end"}, trailers, written));
  EXPECT_TRUE(written);
  EXPECT_EQ(outcome.head.value().status, 202U);
  EXPECT_EQ(outcome.body.value(), "ok");
  EXPECT_EQ(peer.requests().at(0),
            "0 POST /response HTTP/1.1\r\nConnection: close\r\nHost: h\r\nTrailer: X-Error\r\n"
            "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n14\r\nxxxxxxxxxxxxxxxxxxxx\r\n3\r\nend\r\n"
            "0\r\nX-Error: late\r\n\r\n");
}

TEST(HttpClient, ARefusalOfAStreamedBodyIsHeard) {
  asio::io_context io;
  const test::HttpPeer peer(
      io, {{{"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmuch"}, true, true}});
  Result<void> written;
  const std::vector<std::string> pieces(8, std::string(1000, 'x'));
  const Outcome outcome =
      test::run_awaitable(io, stream_pieces(peer.endpoint(), {"POST", "/", {}, {}}, pieces, {}, written));
  EXPECT_EQ(outcome.head.value().status, 413U);
  EXPECT_EQ(outcome.body.value(), "much");
}

RC_GTEST_PROP(HttpClientProperty, BodiesArriveWholeHoweverTheyAreCut, ()) {
  const auto body = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < answer.size();) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 40);
    pieces.push_back(answer.substr(at, size));
    at += size;
  }
  RC_ASSERT(answer_to(get(), pieces).body.value() == body);
}

}  // namespace skymarshal::net::http_client_test
