#include "server/http_response_writer.hpp"

#include "support/http_text.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/scripted_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::server::http_response_writer_test {

namespace asio = boost::asio;

struct WriterRig {
  asio::io_context io;
  std::shared_ptr<test::ScriptedStream> stream = std::make_shared<test::ScriptedStream>(io.get_executor());
  std::shared_ptr<ConnectionInput> input = std::make_shared<ConnectionInput>(stream, 8192);
  net::Deadline deadline{io.get_executor(), [this] { stream->close(); }};
  test::ManualClock clock;

  HttpResponseWriter writer(HttpResponseWriter::Options options = {}) {
    return HttpResponseWriter(options, *stream, *input, deadline, clock);
  }
  bool write(HttpResponseWriter& to, const std::string& text) {
    const asio::const_buffer buffer = asio::buffer(text);
    return test::run_awaitable(io, to.write(std::span(&buffer, 1)));
  }
  bool finish(HttpResponseWriter& to, const std::string& text) {
    const asio::const_buffer buffer = asio::buffer(text);
    return test::run_awaitable(io, to.finish(std::span(&buffer, 1)));
  }
};

http::Response hello() {
  http::Response response;
  response.headers.add("Content-Type", "text/plain");
  response.body = "hello";
  return response;
}

TEST(HttpResponseWriter, SendsAWholeAnswerAsOnePiece) {
  WriterRig rig;
  HttpResponseWriter writer = rig.writer();
  EXPECT_TRUE(test::run_awaitable(rig.io, writer.send(hello())));
  EXPECT_EQ(rig.stream->written,
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
            "Connection: keep-alive\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(rig.stream->writes, 1U);
  EXPECT_TRUE(writer.reusable());
}

TEST(HttpResponseWriter, HeadGetsTheHeadOnly) {
  WriterRig rig;
  HttpResponseWriter::Options options;
  options.head_only = true;
  HttpResponseWriter writer = rig.writer(options);
  EXPECT_TRUE(test::run_awaitable(rig.io, writer.send(hello())));
  EXPECT_NE(rig.stream->written.find("Content-Length: 5\r\n\r\n"), std::string::npos);
  EXPECT_TRUE(rig.stream->written.ends_with("\r\n\r\n"));
}

TEST(HttpResponseWriter, NoContentHasNoLength) {
  WriterRig rig;
  HttpResponseWriter writer = rig.writer();
  http::Response response;
  response.status = 204;
  EXPECT_TRUE(test::run_awaitable(rig.io, writer.send(std::move(response))));
  EXPECT_EQ(rig.stream->written.find("Content-Length"), std::string::npos);
}

RC_GTEST_PROP(HttpResponseWriter, ChunksCarryEveryPieceInOrderAndEachLeavesAtOnce, ()) {
  const auto pieces = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
      rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::arbitrary<char>()))));
  WriterRig rig;
  HttpResponseWriter writer = rig.writer();
  writer.start({});
  std::string all;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    all += pieces[i];
    const bool last = i + 1 == pieces.size();
    const bool written = last ? rig.finish(writer, pieces[i]) : rig.write(writer, pieces[i]);
    RC_ASSERT(written);
    RC_ASSERT(rig.stream->writes == i + 1);
    RC_ASSERT(test::unchunked(test::body_of(rig.stream->written)) == all);
  }
  RC_ASSERT(rig.stream->written.ends_with("0\r\n\r\n"));
  RC_ASSERT(writer.reusable());
}

TEST(HttpResponseWriter, OldClientsGetTheStreamUpToTheConnectionsEnd) {
  WriterRig rig;
  HttpResponseWriter::Options options;
  options.chunked = false;
  HttpResponseWriter writer = rig.writer(options);
  writer.start({});
  EXPECT_TRUE(rig.write(writer, "one"));
  EXPECT_TRUE(rig.finish(writer, "two"));
  EXPECT_TRUE(rig.stream->written.ends_with("Connection: close\r\n\r\nonetwo"));
  EXPECT_FALSE(writer.reusable());
}

TEST(HttpResponseWriter, EmptyLastPieceEndsTheStream) {
  WriterRig rig;
  HttpResponseWriter writer = rig.writer();
  writer.start({});
  EXPECT_TRUE(rig.write(writer, "one"));
  EXPECT_TRUE(rig.finish(writer, ""));
  EXPECT_TRUE(rig.stream->written.ends_with("3\r\none\r\n0\r\n\r\n"));
}

TEST(HttpResponseWriter, SaysWhenTheClientIsGone) {
  WriterRig rig;
  rig.stream->broken = true;
  HttpResponseWriter writer = rig.writer();
  EXPECT_FALSE(test::run_awaitable(rig.io, writer.send(hello())));
  EXPECT_FALSE(writer.reusable());
}

TEST(HttpResponseWriter, PassesOnTheClientsLeaving) {
  WriterRig rig;
  HttpResponseWriter writer = rig.writer();
  bool gone = false;
  writer.on_client_gone([&gone] { gone = true; });
  rig.input->read_on();
  rig.stream->end();
  rig.io.restart();
  rig.io.poll();
  EXPECT_TRUE(gone);
}

TEST(HttpResponseWriter, AnswerThatClosesIsNotReusable) {
  WriterRig rig;
  HttpResponseWriter::Options options;
  options.keep_alive = false;
  HttpResponseWriter writer = rig.writer(options);
  EXPECT_TRUE(test::run_awaitable(rig.io, writer.send(hello())));
  EXPECT_NE(rig.stream->written.find("Connection: close\r\n"), std::string::npos);
  EXPECT_FALSE(writer.reusable());
}

}  // namespace skymarshal::server::http_response_writer_test
