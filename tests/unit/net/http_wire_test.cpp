// Requests as bytes, and answers from bytes, however they are cut.
#include "net/http_wire.hpp"

#include <cstring>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::net::http_wire_test {

const http::Endpoint example_server{"https", "server.test", 443, "/"};

TEST(RequestHead, NamesHostFramingAndFields) {
  const http::Request request{"POST", "/a?b", {{"Accept", "c/d"}}, "body"};
  EXPECT_EQ(request_head(example_server, request, {}).value(),
            "POST /a?b HTTP/1.1\r\nHost: server.test\r\nAccept: c/d\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(request_head(example_server, request, {.chunked = true, .close = true}).value(),
            "POST /a?b HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\nAccept: c/d\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
}

TEST(RequestHead, GivesALengthWhereABodyIsExpected) {
  EXPECT_EQ(request_head(example_server, {"GET", "/", {{"Host", "h"}}, {}}, {}).value(),
            "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(
      request_head(example_server, {"PUT", "/", {}, {}}, {})->ends_with("\r\nContent-Length: 0\r\n\r\n"));
}

TEST(RequestHead, LeavesOutWhatWouldFrameItAnew) {
  const http::Request request{"GET",
                              "/",
                              {{"Host", "h"},
                               {"content-length", "5"},
                               {"Transfer-Encoding", "chunked"},
                               {"Connection", "upgrade"},
                               {"A", "b\r\nX-Evil: 1"},
                               {"C\nD", "e"},
                               {"F", std::string("g\0h", 3)}},
                              {}};
  EXPECT_EQ(request_head(example_server, request, {}).value(), "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
}

TEST(RequestHead, RefusesWhatIsNoRequestLine) {
  for (const char* target : {"", "/a b", "/\r\nX: y", "/\t", "/\x7f", "/\xC3\xA9"}) {
    EXPECT_EQ(request_head(example_server, {"GET", target, {}, {}}, {}).error().kind, ErrorKind::malformed)
        << target;
  }
  EXPECT_FALSE(request_head(example_server, {"", "/", {}, {}}, {}));
  EXPECT_FALSE(request_head(example_server, {"GET /x", "/", {}, {}}, {}));
}

TEST(Chunks, CountInHexadecimalAndEndWithTrailers) {
  EXPECT_EQ(chunk_head(1), "1\r\n");
  EXPECT_EQ(chunk_head(4096), "1000\r\n");
  EXPECT_EQ(last_chunk({}), "0\r\n\r\n");
  EXPECT_EQ(last_chunk({{"X-Error", "late"}, {"Y", "z"}}), "0\r\nX-Error: late\r\nY: z\r\n\r\n");
  EXPECT_EQ(last_chunk({{"Content-Length", "1"}, {"host", "h"}, {"Authorization", "b"}, {"A", "b\nc"}}),
            "0\r\n\r\n");
}

/// Everything that a whole stream of bytes comes to.
struct ReadAnswer {
  std::string failure;
  unsigned status = 0;
  std::string body;
  std::vector<std::string> trailers;
  bool is_whole = false;
  bool leaves_open = false;

  bool operator==(const ReadAnswer&) const = default;
};

Result<void> give(AnswerReader& reader, std::string_view bytes) {
  while (!bytes.empty()) {
    const boost::asio::mutable_buffer room = reader.room();
    const std::size_t size = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), size);
    if (const auto taken = reader.took(size); !taken) return taken;
    bytes.remove_prefix(size);
  }
  return {};
}

ReadAnswer read_answer(const std::vector<std::string>& pieces, bool ends = false,
                       AnswerReader::Options options = {"server.test"}) {
  AnswerReader reader(options);
  ReadAnswer read;
  for (const std::string& piece : pieces) {
    if (const auto given = give(reader, piece); !given) {
      read.failure = given.error().message;
      return read;
    }
    if (reader.has_head()) read.body += reader.take_body();
  }
  if (ends && !reader.end()) read.failure = "cut";
  read.is_whole = reader.is_whole();
  if (!reader.has_head()) return read;
  read.status = reader.head().status;
  read.leaves_open = read.is_whole && reader.leaves_open();
  for (const http::Header& field : reader.trailers()) read.trailers.push_back(field.name + "=" + field.value);
  return read;
}

ErrorKind refusal_of(const std::string& bytes, AnswerReader::Options options = {"server.test"}) {
  AnswerReader reader(options);
  const auto given = give(reader, bytes);
  EXPECT_FALSE(given) << bytes.substr(0, 100);
  return given ? ErrorKind::timed_out : given.error().kind;
}

const std::string chunked_answer =
    "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX-One: 1\r\nX-Two: 2\r\n\r\n";

TEST(AnswerReader, ReadsTheSameHoweverItIsCut) {
  const ReadAnswer whole = read_answer({chunked_answer});
  EXPECT_EQ(whole, (ReadAnswer{"", 200, "hello", {"X-One=1", "X-Two=2"}, true, true}));
  for (std::size_t size = 1; size < chunked_answer.size(); ++size) {
    EXPECT_EQ(read_answer({chunked_answer.substr(0, size), chunked_answer.substr(size)}), whole) << size;
    EXPECT_EQ(read_answer({chunked_answer.substr(0, size)}, true).failure, "cut") << size;
  }
}

TEST(AnswerReader, SaysWhetherTheConnectionStays) {
  const auto stays = [](const std::string& bytes, bool ends = false) {
    return read_answer({bytes}, ends).leaves_open;
  };
  EXPECT_TRUE(stays("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  EXPECT_TRUE(stays("HTTP/1.1 304 Not Modified\r\n\r\n"));
  EXPECT_TRUE(stays("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"));
  EXPECT_FALSE(stays("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  EXPECT_FALSE(stays("HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 2\r\n\r\nok"));
  EXPECT_FALSE(stays("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP"));
  EXPECT_FALSE(stays("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"));
  EXPECT_FALSE(stays("HTTP/1.1 200 OK\r\n\r\nok", true));
}

TEST(AnswerReader, TheEndOfSomeBodiesIsTheConnections) {
  EXPECT_EQ(read_answer({"HTTP/1.1 200 OK\r\n\r\nhello"}, true).body, "hello");
  EXPECT_EQ(read_answer({"HTTP/1.1 200 OK\r\n\r\nhello"}, true).is_whole, true);
  EXPECT_EQ(read_answer({"HTTP/1.1 200 OK\r\n"}, true).failure, "cut");
  EXPECT_EQ(read_answer({}, true).failure, "cut");
}

TEST(AnswerReader, AHeadOfAHeadHasNoBody) {
  const ReadAnswer only_head = read_answer({"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"}, false,
                                           {.peer = "p", .body_bytes_max = 10, .without_body = true});
  EXPECT_TRUE(only_head.is_whole) << only_head.failure;
  EXPECT_TRUE(only_head.leaves_open);
}

TEST(AnswerReader, RefusesWhatIsNoAnswer) {
  for (const char* bytes :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    EXPECT_EQ(refusal_of(bytes), ErrorKind::malformed) << bytes;
  }
}

TEST(AnswerReader, NothingGrowsBeyondItsLimit) {
  const AnswerReader::Options options{"server.test", 1000, 10, false};
  const std::string much(40'000, 'x');
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& bytes :
       {"HTTP/1.1 200 OK\r\nX: " + much, head + "2;" + much, head + "0\r\nX-Trailer: " + much, head + "b\r\n",
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\n\r\n12345678901")}) {
    EXPECT_EQ(refusal_of(bytes, options), ErrorKind::too_large) << bytes.substr(0, 80);
  }
}

RC_GTEST_PROP(AnswerReaderProperty, AnyBytesAreReadAlikeHoweverTheyAreCut, ()) {
  std::string bytes = chunked_answer;
  const auto changes = *rc::gen::inRange(0, 4);
  for (int i = 0; i < changes; ++i)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 20);
    pieces.push_back(bytes.substr(at, size));
    at += size;
  }
  const ReadAnswer in_pieces = read_answer(pieces, true);
  const ReadAnswer whole = read_answer({bytes}, true);
  RC_ASSERT(in_pieces.failure.empty() == whole.failure.empty());
  if (whole.failure.empty()) RC_ASSERT(in_pieces == whole);
}

}  // namespace skymarshal::net::http_wire_test
