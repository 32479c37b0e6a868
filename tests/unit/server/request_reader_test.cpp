#include "server/request_reader.hpp"

#include "support/http_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::server::request_reader_test {

using State = RequestReader::State;

/// Feeds `bytes` in pieces of `piece` bytes, keeping what the reader has not taken, as a connection does.
State feed_all(RequestReader& reader, std::string_view bytes, std::size_t piece) {
  std::string waiting;
  while (!bytes.empty() && reader.state() != State::complete && reader.state() != State::failed) {
    waiting += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    waiting.erase(0, reader.feed(waiting));
  }
  return reader.state();
}

TEST(RequestReader, ReadsAWholeRequest) {
  RequestReader reader({});
  const std::string text = test::post_request("/api/v1/invoke?x=1", R"({"prompt":"0123456789"})");
  EXPECT_EQ(reader.feed(text), text.size());
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_TRUE(reader.keep_alive());
  EXPECT_TRUE(reader.understands_chunks());
  const http::Request request = reader.take();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/api/v1/invoke?x=1");
  EXPECT_EQ(request.headers.find("content-type"), "application/json");
  EXPECT_EQ(request.body, R"({"prompt":"0123456789"})");
}

RC_GTEST_PROP(RequestReader, ReadsTheSameInPiecesOfAnySize, ()) {
  const auto body = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const auto piece = *rc::gen::inRange<std::size_t>(1, 64);
  RequestReader reader({});
  RC_ASSERT(feed_all(reader, test::post_request("/a", body), piece) == State::complete);
  const http::Request request = reader.take();
  RC_ASSERT(request.body == body);
  RC_ASSERT(request.target == "/a");
}

RC_GTEST_PROP(RequestReader, SurvivesAnyBytes, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const auto prefix =
      *rc::gen::element<std::string>("", "GET ", "POST / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n");
  RequestReader reader({});
  feed_all(reader, prefix + bytes, 7);
  if (reader.state() == State::failed) RC_ASSERT(!reader.error().message.empty());
}

TEST(RequestReader, LeavesWhatFollowsForTheNextRequest) {
  RequestReader reader({});
  const std::string first = test::get_request("/one");
  const std::string both = first + test::get_request("/two");
  EXPECT_EQ(reader.feed(both), first.size());
  EXPECT_EQ(reader.state(), State::complete);
  EXPECT_EQ(reader.take().target, "/one");
}

TEST(RequestReader, TakesTheAbsoluteFormForItsPath) {
  RequestReader reader({});
  reader.feed("GET http://example.org/api?x=2 HTTP/1.1\r\nHost: example.org\r\n\r\n");
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_EQ(reader.take().target, "/api?x=2");
  RequestReader bare({});
  bare.feed("GET http://example.org HTTP/1.1\r\nHost: example.org\r\n\r\n");
  EXPECT_EQ(bare.take().target, "/");
}

TEST(RequestReader, TakesTheAbsoluteFormOnlyOfUrlsOfItsProtocol) {
  const auto target_of = [](const std::string& target) {
    RequestReader reader({});
    reader.feed("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return reader.state() == State::complete ? reader.take().target : std::string("refused");
  };
  EXPECT_EQ(target_of("HTTPS://a:443/x"), "/x");
  EXPECT_EQ(target_of("http://a?x=/y"), "/?x=/y");
  // Whatever does not begin with a slash is refused as no path.
  for (const std::string target : {"ftp://a/x", "://a/x", "x?http://a/x", "http:///x", "http://u:p@a/x",
                                   "http://a\\/x", "http:/x", "*", "a:80"}) {
    EXPECT_EQ(target_of(target), target);
  }
  EXPECT_EQ(target_of("http://a#/x"), "/#/x");
}

TEST(RequestReader, ReadsChunkedBodies) {
  RequestReader reader({});
  reader.feed(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_EQ(reader.take().body, "abcde");
}

/// As `bytes` behind a head with Transfer-Encoding: chunked.
State state_after_chunks(const std::string& bytes, std::size_t piece = 4096) {
  RequestReader reader({1024, 256, 64});
  return feed_all(reader, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + bytes, piece);
}

TEST(RequestReader, PassesOverChunkExtensions) {
  EXPECT_EQ(state_after_chunks("3;a=b;c=\"d\te\"\r\nabc\r\n0;f\r\n\r\n"), State::complete);
}

TEST(RequestReader, RefusesChunksThatOthersCouldReadDifferently) {
  for (const std::string chunks :
       {"3;a=\"\n\"\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0;a=\"\n\"\r\n\r\n", "3\nabc\r\n0\r\n\r\n",
        "3;a\nabc\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "+3\r\nabc\r\n0\r\n\r\n",
        "-3\r\nabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n", "3 \r\nabc\r\n0\r\n\r\n",
        "3\r\nabcd\r\n0\r\n\r\n", "3\r\nab\r\n0\r\n\r\n", "\r\nabc\r\n0\r\n\r\n",
        "10000000000000003\r\nabc\r\n0\r\n\r\n"}) {
    EXPECT_EQ(state_after_chunks(chunks), State::failed) << chunks;
    EXPECT_NE(state_after_chunks(chunks, 1), State::complete) << chunks;
  }
}

TEST(RequestReader, LimitsAllChunkExtensionsTogether) {
  const std::string chunk = "1;" + std::string(100, 'a') + "\r\nx\r\n";
  std::string chunks;
  for (int i = 0; i < 9; ++i) chunks += chunk;
  EXPECT_EQ(state_after_chunks(chunks + "0\r\n\r\n"), State::complete);
  for (int i = 0; i < 2; ++i) chunks += chunk;
  EXPECT_EQ(state_after_chunks(chunks + "0\r\n\r\n"), State::failed);
}

TEST(RequestReader, TrailersAreNoHeadersHoweverTheyArrive) {
  for (const std::size_t piece : {1U, 7U, 4096U}) {
    RequestReader reader({});
    const std::string text =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
        "Authorization: b\r\nHost: c\r\nConnection: close\r\n\r\n";
    ASSERT_EQ(feed_all(reader, text, piece), State::complete) << piece;
    EXPECT_TRUE(reader.keep_alive());
    const http::Request request = reader.take();
    EXPECT_EQ(request.headers.size(), 2U);
    EXPECT_EQ(request.headers.find("authorization"), std::nullopt);
    EXPECT_EQ(request.body, "abc");
  }
}

/// Each piece ends one byte behind a field, which is when the parser takes the field in.
TEST(RequestReader, LimitsTheWholeHeadHoweverItArrives) {
  RequestReader reader({1024, 256, 64});
  std::string waiting = "GET / HTTP/1.1\r\nHost: a\r\nX";
  std::size_t fed = 0;
  for (int i = 0; i < 100 && reader.state() == State::in_head; ++i) {
    const std::size_t taken = reader.feed(waiting);
    fed += taken;
    waiting.erase(0, taken);
    waiting += ": " + std::string(40, 'a') + "\r\nX";
  }
  EXPECT_EQ(reader.state(), State::failed);
  EXPECT_EQ(reader.error().code, Errc::headers_too_large);
  EXPECT_LE(fed, 1100U);
}

TEST(RequestReader, JudgesTheHeadBeforeItTakesABodyIn) {
  RequestReader reader({});
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 3\r\n\r\n";
  EXPECT_EQ(reader.feed(head + "abc"), head.size());
  EXPECT_EQ(reader.state(), State::failed);
}

RC_GTEST_PROP(RequestReader, NoOtherTransferEncodingThanChunkedIsTaken, ()) {
  const auto coding =
      *rc::gen::element<std::string>("xchunked", "chunked, identity", "identity, chunked", "identity", "gzip",
                                     "gzip, chunked", "chunked, chunked", "\"chunked\"", "chun ked",
                                     "chunked;q=1", "chunked,", ",chunked", "", "chunked\x0b");
  const auto more = *rc::gen::element<std::string>("", "Content-Length: 5\r\n");
  const auto piece = *rc::gen::inRange<std::size_t>(1, 200);
  RequestReader reader({});
  const std::string coded = "Transfer-Encoding: " + coding + "\r\n";
  const std::string fields = *rc::gen::arbitrary<bool>() ? coded + more : more + coded;
  feed_all(reader, "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n0\r\n\r\n", piece);
  RC_ASSERT(reader.state() == State::failed);
  RC_ASSERT(reader.error().code == Errc::invalid_request);
}

TEST(RequestReader, TakesChunkedInAnyLetterCaseAndSpacing) {
  for (const std::string coding : {"Chunked", "CHUNKED", "\tchunked \t"}) {
    RequestReader reader({});
    reader.feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:" + coding + "\r\n\r\n0\r\n\r\n");
    EXPECT_EQ(reader.state(), State::complete) << coding;
  }
}

TEST(RequestReader, TakesNoHostThatIsNone) {
  const auto state_with = [](const std::string& host) {
    RequestReader reader({});
    return feed_all(reader, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", 4096);
  };
  for (const std::string host : {"", "a", "a.example:8080", "127.0.0.1:1", "[::1]", "[::1]:80", "a:"})
    EXPECT_EQ(state_with(host), State::complete) << host;
  for (const std::string host :
       {"a b", "a/b", "a@b", "a:x", "[::1", "a:80:90", "a\x80", "a\\b", "a?b", "a#b"})
    EXPECT_EQ(state_with(host), State::failed) << host;
}

struct Refusal {
  const char* name;
  std::string bytes;
  Errc code;
};

class RequestReaderRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(RequestReaderRefuses, WithItsOwnError) {
  RequestReader reader({1024, 256, 64});
  EXPECT_EQ(feed_all(reader, GetParam().bytes, 4096), State::failed);
  EXPECT_EQ(reader.error().code, GetParam().code);
  EXPECT_FALSE(reader.error().message.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, RequestReaderRefuses,
    testing::Values(
        Refusal{"Garbage", "hello\r\n\r\n", Errc::invalid_request},
        Refusal{"TlsHello", std::string("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 11), Errc::invalid_request},
        Refusal{"NoHost", "GET / HTTP/1.1\r\n\r\n", Errc::invalid_request},
        Refusal{"TwoHosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", Errc::invalid_request},
        Refusal{"OtherVersion", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", Errc::invalid_request},
        Refusal{"LengthAndChunked",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
                Errc::invalid_request},
        Refusal{"TwoLengths",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
                Errc::invalid_request},
        Refusal{"SameLengthTwice",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                Errc::invalid_request},
        Refusal{"ListOfLengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc",
                Errc::invalid_request},
        Refusal{"ChunkedInOldVersion",
                "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                Errc::invalid_request},
        Refusal{"TwoHostsInOldVersion", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
                Errc::invalid_request},
        Refusal{"FoldedLine", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", Errc::invalid_request},
        Refusal{"FoldedLineBehindATab", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\tc\r\n\r\n",
                Errc::invalid_request},
        Refusal{"BareLineFeeds", "GET / HTTP/1.1\nHost: a\n\n", Errc::invalid_request},
        Refusal{"BareLineFeedInAValue", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", Errc::invalid_request},
        Refusal{"BareCarriageReturn", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n",
                Errc::invalid_request},
        Refusal{"SpaceBeforeColon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", Errc::invalid_request},
        Refusal{"NegativeLength", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                Errc::invalid_request},
        Refusal{"LongTarget", "GET /" + std::string(300, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
                Errc::uri_too_long},
        Refusal{"EndlessTarget", "GET /" + std::string(4000, 'a'), Errc::uri_too_long},
        Refusal{"LongHeaders", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'a') + "\r\n\r\n",
                Errc::headers_too_large},
        Refusal{"LongBodyAnnounced", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65\r\n\r\n",
                Errc::payload_too_large},
        Refusal{"LongBodyInChunks",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n" +
                    std::string(80, 'a') + "\r\n",
                Errc::payload_too_large}),
    [](const auto& info) { return info.param.name; });

TEST(RequestReader, LongHeadersAreToldFromLongTargetsHoweverTheyArrive) {
  for (const std::size_t piece : {1U, 7U, 64U, 4096U}) {
    RequestReader headers({1024, 256, 64});
    feed_all(headers, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'a') + "\r\n\r\n", piece);
    EXPECT_EQ(headers.error().code, Errc::headers_too_large) << piece;
    RequestReader target({1024, 256, 64});
    feed_all(target, "GET /" + std::string(2000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", piece);
    EXPECT_EQ(target.error().code, Errc::uri_too_long) << piece;
  }
}

TEST(RequestReader, BodyOfExactlyTheLimitIsFine) {
  RequestReader reader({1024, 256, 64});
  EXPECT_EQ(feed_all(reader, test::post_request("/", std::string(64, 'x')), 4096), State::complete);
}

TEST(RequestReader, TellsWhoWaitsForContinue) {
  RequestReader reader({});
  reader.feed("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(reader.state(), State::in_body);
  EXPECT_TRUE(reader.expects_continue());
  reader.feed("abc");
  EXPECT_EQ(reader.state(), State::complete);
  EXPECT_FALSE(reader.expects_continue());
}

TEST(RequestReader, OldClientsGetNoChunksAndNoSecondRequest) {
  RequestReader reader({});
  reader.feed("GET / HTTP/1.0\r\n\r\n");
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_FALSE(reader.understands_chunks());
  EXPECT_FALSE(reader.keep_alive());
}

TEST(RequestReader, ClientMayAskForTheConnectionToBeClosed) {
  RequestReader reader({});
  reader.feed("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_FALSE(reader.keep_alive());
}

TEST(RequestReader, SkipsEmptyLinesBeforeARequest) {
  const std::string request = test::get_request("/one");
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{4096}}) {
    RequestReader reader({});
    ASSERT_EQ(feed_all(reader, "\r\n\r\n" + request, piece), State::complete) << piece;
    EXPECT_EQ(reader.take().target, "/one");
  }
}

TEST(RequestReader, EmptyLinesAreNoneOfTheRequest) {
  RequestReader reader({});
  EXPECT_EQ(reader.feed("\r\n\r"), 3U);
  EXPECT_FALSE(reader.begun());
  EXPECT_EQ(reader.feed("\nG"), 1U) << "the parser takes a request line in as a whole";
  EXPECT_TRUE(reader.begun());
}

TEST(RequestReader, SkipsNoMoreEmptyLinesThanItsLimit) {
  RequestReader::Limits limits;
  limits.empty_lines_max = 2;
  RequestReader patient(limits);
  EXPECT_EQ(feed_all(patient, "\r\n\r\n" + test::get_request("/"), 4096), State::complete);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
    RequestReader reader(limits);
    EXPECT_EQ(feed_all(reader, "\r\n\r\n\r\n" + test::get_request("/"), piece), State::failed) << piece;
    EXPECT_EQ(reader.error().code, Errc::invalid_request);
  }
}

TEST(RequestReader, OnlyCrLfIsAnEmptyLine) {
  for (const std::string before : {"\n", "\r", "\r\r\n", " \r\n", "\r\n\n"}) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
      RequestReader reader({});
      EXPECT_EQ(feed_all(reader, before + test::get_request("/"), piece), State::failed) << piece;
    }
  }
}

}  // namespace skymarshal::server::request_reader_test
