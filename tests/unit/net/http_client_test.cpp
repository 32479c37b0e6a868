#include "net/http_client.hpp"

#include "support/run_awaitable.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::net {
namespace {

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

struct Outcome {
  Result<http::ResponseHead> head = Error{Error::Kind::broken, "not asked"};
  Result<std::string> body = Error{Error::Kind::broken, "not asked"};
};

asio::awaitable<Outcome> exchange(HttpClient& client, http::Endpoint endpoint, http::Request request) {
  Outcome outcome;
  outcome.head = co_await client.send(std::move(endpoint), std::move(request));
  if (outcome.head) outcome.body = co_await client.read_rest();
  co_return outcome;
}

Outcome answer_to(http::Request request, std::vector<std::string> pieces, HttpClient::Options options = {},
                  bool stays_open = false) {
  asio::io_context io;
  const OneAnswer server(io, std::move(pieces), stays_open);
  HttpClient client(io.get_executor(), options, nullptr);
  return test::run_awaitable(io, exchange(client, server.endpoint(), std::move(request)));
}

/// Of the head, or of the body: what comes in one piece fails in one piece.
Error::Kind failure_of(const Outcome& outcome) {
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

TEST(HttpClient, GivesPiecesAsTheyCome) {
  asio::io_context io;
  const OneAnswer server(io, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"}, true);
  HttpClient client(io.get_executor(), {}, nullptr);
  EXPECT_TRUE(test::run_awaitable(io, client.send(server.endpoint(), get())).has_value());
  EXPECT_EQ(test::run_awaitable(io, client.read_piece()).value(), "first");
}

TEST(HttpClient, SendsTheRequestWithHostAndLength) {
  asio::io_context io;
  const OneAnswer server(io, {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  HttpClient client(io.get_executor(), {}, nullptr);
  http::Request request{"POST", "/api?x=1", {{"Accept", "a/b"}}, "body"};
  EXPECT_TRUE(test::run_awaitable(io, exchange(client, server.endpoint(), request)).body.has_value());
  EXPECT_EQ(server.received(), "POST /api?x=1 HTTP/1.1\r\nHost: " + server.endpoint().authority() +
                                   "\r\nConnection: close\r\nAccept: a/b\r\nContent-Length: 4\r\n\r\nbody");
}

TEST(HttpClient, NamesTheHostThatTheRequestNames) {
  asio::io_context io;
  const OneAnswer server(io, {"HTTP/1.1 204 No Content\r\n\r\n"});
  HttpClient client(io.get_executor(), {}, nullptr);
  http::Request request = get();
  request.headers.add("host", "sts.amazonaws.com");
  EXPECT_TRUE(test::run_awaitable(io, client.send(server.endpoint(), request)).has_value());
  EXPECT_EQ(server.received(), "GET / HTTP/1.1\r\nConnection: close\r\nhost: sts.amazonaws.com\r\n\r\n");
}

TEST(HttpClient, FieldsCannotSmuggleLines) {
  asio::io_context io;
  const OneAnswer server(io, {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  HttpClient client(io.get_executor(), {}, nullptr);
  http::Request request{"GET", "/", {{"A", "b\r\nX-Evil: 1"}, {"C\nD", "e"}}, {}};
  EXPECT_TRUE(test::run_awaitable(io, exchange(client, server.endpoint(), request)).body.has_value());
  EXPECT_EQ(server.received().find("Evil"), std::string::npos);
  EXPECT_EQ(server.received().find('D'), std::string::npos);
}

TEST(HttpClient, SaysThatNobodyIsThere) {
  asio::io_context io;
  tcp::acceptor taken(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const http::Endpoint nobody{"http", "127.0.0.1", taken.local_endpoint().port(), "/"};
  taken.close();
  HttpClient client(io.get_executor(), {}, nullptr);
  const Outcome outcome = test::run_awaitable(io, exchange(client, nobody, get()));
  ASSERT_FALSE(outcome.head.has_value());
  EXPECT_EQ(outcome.head.error().kind, Error::Kind::unreachable);
}

TEST(HttpClient, GivesUpAfterItsTime) {
  HttpClient::Options options;
  options.total_timeout = Milliseconds(30);
  const Outcome silent = answer_to(get(), {}, options, true);
  EXPECT_EQ(silent.head.error().kind, Error::Kind::timed_out);
  const Outcome stuck = answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"}, options, true);
  EXPECT_EQ(stuck.body.error().kind, Error::Kind::timed_out);
}

TEST(HttpClient, TellsACutAnswerFromAWholeOne) {
  EXPECT_EQ(answer_to(get(), {}).head.error().kind, Error::Kind::broken);
  EXPECT_EQ(answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-"}).head.error().kind, Error::Kind::broken);
  EXPECT_EQ(answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"}).body.error().kind,
            Error::Kind::broken);
  EXPECT_EQ(answer_to(get(), {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n"})
                .body.error()
                .kind,
            Error::Kind::broken);
}

TEST(HttpClient, NoPrefixOfAnAnswerPassesForTheWhole) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_EQ(failure_of(answer_to(get(), {answer.substr(0, size)})), Error::Kind::broken) << size;
  }
  EXPECT_EQ(answer_to(get(), {answer}).body.value(), "hello");
}

TEST(HttpClient, RefusesWhatIsNoHttp) {
  EXPECT_EQ(failure_of(answer_to(get(), {"SSH-2.0-OpenSSH_9.2\r\n\r\n"})), Error::Kind::malformed);
  EXPECT_EQ(failure_of(answer_to(get(), {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"})),
            Error::Kind::malformed);
}

TEST(HttpClient, HeadAndBodyAreLimited) {
  HttpClient::Options options;
  options.head_bytes_max = 200;
  options.body_bytes_max = 10;
  const std::string long_field = "HTTP/1.1 200 OK\r\nX: " + std::string(300, 'x') + "\r\n\r\n";
  EXPECT_EQ(failure_of(answer_to(get(), {long_field}, options)), Error::Kind::malformed);
  EXPECT_EQ(failure_of(answer_to(get(), {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"}, options)),
            Error::Kind::too_large);
  EXPECT_EQ(failure_of(answer_to(get(),
                                 {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                                  "8\r\n12345678\r\n8\r\n12345678\r\n"},
                                 options)),
            Error::Kind::too_large);
  EXPECT_EQ(failure_of(answer_to(get(), {"HTTP/1.1 200 OK\r\n\r\n", "12345678901"}, options)),
            Error::Kind::too_large);
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

}  // namespace
}  // namespace skymarshal::net
