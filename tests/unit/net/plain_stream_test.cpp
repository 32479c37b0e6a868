// Bytes over TCP.
#include "net/byte_stream.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace skymarshal::net::plain_stream_test {

namespace asio = boost::asio;
using asio::ip::tcp;
using test::run_awaitable;

class PlainStreamTest : public testing::Test {
 protected:
  PlainStreamTest() {
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    tcp::socket socket(io);
    socket.connect(acceptor.local_endpoint());
    peer = acceptor.accept();
    stream = make_plain_stream(std::move(socket));
  }

  std::string read(std::size_t size_max) {
    std::string text(size_max, '\0');
    const IoResult result = run_awaitable(io, stream->read_some(asio::buffer(text)));
    EXPECT_FALSE(result.error) << result.error.message();
    text.resize(result.bytes);
    return text;
  }

  asio::io_context io;
  tcp::socket peer{io};
  std::unique_ptr<ByteStream> stream;
};

TEST_F(PlainStreamTest, ReadsWhatIsThere) {
  asio::write(peer, asio::buffer(std::string("hello")));
  EXPECT_EQ(read(3), "hel");
  EXPECT_EQ(read(100), "lo");
}

TEST_F(PlainStreamTest, ReadsForAHandler) {
  asio::write(peer, asio::buffer(std::string("hello")));
  std::string text(10, '\0');
  std::optional<IoResult> result;
  stream->async_read_some(asio::buffer(text), [&](IoResult read) { result = read; });
  EXPECT_FALSE(result) << "never before the call returns";
  ASSERT_TRUE(test::run_until(io, [&] { return result.has_value(); }));
  EXPECT_EQ(text.substr(0, result->bytes), "hello");
}

TEST_F(PlainStreamTest, WritesManyBuffersAsOne) {
  const std::vector<std::string> texts = {"one ", "", "two ", "three"};
  std::vector<asio::const_buffer> buffers;
  for (const std::string& text : texts) buffers.push_back(asio::buffer(text));
  const IoResult written = run_awaitable(io, stream->write(buffers));
  EXPECT_FALSE(written.error);
  EXPECT_EQ(written.bytes, 13u);
  std::string got(13, '\0');
  asio::read(peer, asio::buffer(got));
  EXPECT_EQ(got, "one two three");
}

TEST_F(PlainStreamTest, ReportsTheEnd) {
  peer.shutdown(tcp::socket::shutdown_send);
  std::string text(10, '\0');
  const IoResult result = run_awaitable(io, stream->read_some(asio::buffer(text)));
  EXPECT_EQ(result.error, asio::error::eof);
  EXPECT_EQ(result.bytes, 0u);
}

asio::awaitable<bool> shut_down(ByteStream& stream) {
  co_await stream.shutdown();
  co_return true;
}

TEST_F(PlainStreamTest, SaysGoodbyeAndStillListens) {
  EXPECT_TRUE(run_awaitable(io, shut_down(*stream)));
  std::string text(10, '\0');
  boost::system::error_code end;
  peer.read_some(asio::buffer(text), end);
  EXPECT_EQ(end, asio::error::eof);
  asio::write(peer, asio::buffer(std::string("last word")));
  EXPECT_EQ(read(100), "last word");
}

TEST_F(PlainStreamTest, EndsAReadWhenItIsClosed) {
  std::string text(10, '\0');
  std::optional<IoResult> result;
  stream->async_read_some(asio::buffer(text), [&](IoResult read) { result = read; });
  stream->close();
  stream->close();
  ASSERT_TRUE(test::run_until(io, [&] { return result.has_value(); }));
  EXPECT_EQ(result->error, asio::error::operation_aborted);
}

TEST_F(PlainStreamTest, ReportsAPeerThatIsGone) {
  peer.set_option(asio::socket_base::linger(true, 0));
  peer.close();
  const std::string text(1'000'000, 'x');
  const std::vector<asio::const_buffer> buffers = {asio::buffer(text)};
  EXPECT_TRUE(run_awaitable(io, stream->write(buffers)).error);
}

}  // namespace skymarshal::net::plain_stream_test
