#include "server/connection.hpp"

#include "server/upgraded_stream.hpp"

namespace skymarshal::server {
namespace {

namespace asio = boost::asio;

/// How long, and for how many bytes, a client that was refused is listened to so that it can read why:
/// closing at once would reset the connection and take the answer with it (RFC 9112 section 9.6).
constexpr Milliseconds goodbye_timeout{2'000};
constexpr std::size_t goodbye_bytes_max = 1024 * 1024;
/// Room behind a full head, so that a head that is too long can be told from one that just fits.
constexpr std::size_t input_slack_bytes = 4096;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

SteadyTime now() { return std::chrono::steady_clock::now(); }

}  // namespace

Connection::Connection(std::unique_ptr<net::ByteStream> stream, std::string remote_address,
                       const ConnectionOptions& options, http::Handler& handler, const Clock& clock)
    : stream_(std::move(stream)),
      input_(std::make_shared<ConnectionInput>(stream_, options.limits.header_bytes_max + input_slack_bytes)),
      remote_address_(std::move(remote_address)),
      options_(options),
      handler_(handler),
      clock_(clock),
      write_deadline_(stream_->executor(), [this] { stream_->close(); }) {}

asio::awaitable<void> Connection::run() {
  bool reusable = true;
  while (reusable && !draining_) {
    RequestReader reader(options_.limits);
    Error refusal;
    const Read read = co_await read_request(reader, refusal);
    if (read == Read::closed) break;
    if (read == Read::refused) {
      co_await refuse(std::move(refusal));
      break;
    }
    http::Request request = reader.take();
    request.remote_address = remote_address_;
    // RFC 9110 section 7.8: clients of HTTP/1.0 cannot ask for it.
    if (reader.understands_chunks() && handler_.upgrades(request)) {
      auto stream = std::make_shared<UpgradedStream>(input_, stream_);
      co_await handler_.upgrade(std::move(request), std::move(stream));
      break;
    }
    reusable = co_await answer(reader, std::move(request));
  }
  co_await say_goodbye();
}

void Connection::drain() {
  draining_ = true;
  if (writer_) writer_->close_afterwards();
  if (waiting_for_request_ && input_->data().empty()) stream_->close();
}

asio::awaitable<Connection::Read> Connection::read_request(RequestReader& reader, Error& refusal) {
  bool begun = false;
  bool in_body = false;
  SteadyTime deadline = now() + options_.idle_timeout;
  waiting_for_request_ = true;
  for (;;) {
    if (!input_->data().empty()) {
      input_->consume(reader.feed(input_->data()));
      waiting_for_request_ = !reader.begun();
      if (!begun && reader.begun()) deadline = now() + options_.header_timeout;
      begun = reader.begun();
      if (reader.state() == RequestReader::State::complete) co_return Read::request;
      if (reader.state() == RequestReader::State::failed) {
        refusal = reader.error();
        co_return Read::refused;
      }
      if (reader.state() == RequestReader::State::in_body && !in_body) {
        in_body = true;
        deadline = now() + options_.body_timeout;
        if (reader.expects_continue() && !co_await ask_for_body()) co_return Read::closed;
      }
    }
    if (input_->ended()) co_return Read::closed;
    input_->read_on();
    if (co_await input_->wait_until(deadline)) continue;
    if (!begun) co_return Read::closed;
    refusal = make_error(Errc::request_timeout, "the request did not arrive in time: send it faster");
    co_return Read::refused;
  }
}

asio::awaitable<bool> Connection::ask_for_body() {
  const asio::const_buffer text = asio::buffer(go_on);
  const std::span<const asio::const_buffer> piece(&text, 1);
  write_deadline_.expires_after(options_.write_timeout);
  const net::IoResult sent = co_await stream_->write(piece);
  write_deadline_.clear();
  co_return !sent.error;
}

asio::awaitable<bool> Connection::answer(const RequestReader& reader, http::Request request) {
  HttpResponseWriter::Options options;
  options.head_only = request.method == "HEAD";
  options.chunked = reader.understands_chunks();
  options.keep_alive = reader.keep_alive() && !draining_;
  HttpResponseWriter& writer = begin_answer(options);
  // The next request may come, or the client may go, while this one is answered.
  input_->read_on();
  co_await handler_.handle(std::move(request), writer);
  co_return writer.reusable();
}

asio::awaitable<void> Connection::refuse(Error refusal) {
  HttpResponseWriter::Options options;
  options.keep_alive = false;
  co_await handler_.refuse(std::move(refusal), begin_answer(options));
}

HttpResponseWriter& Connection::begin_answer(HttpResponseWriter::Options options) {
  options.write_timeout = options_.write_timeout;
  return writer_.emplace(options, *stream_, *input_, write_deadline_, clock_);
}

asio::awaitable<void> Connection::say_goodbye() {
  write_deadline_.expires_after(goodbye_timeout);
  co_await stream_->shutdown();
  const SteadyTime deadline = now() + goodbye_timeout;
  for (std::size_t bytes = 0; bytes < goodbye_bytes_max && !input_->ended();) {
    bytes += input_->data().size();
    input_->consume(input_->data().size());
    input_->read_on();
    if (!co_await input_->wait_until(deadline)) break;
  }
  write_deadline_.clear();
  stream_->close();
}

}  // namespace skymarshal::server
