#include "net/tls.hpp"

#include "net/tls_sessions.hpp"
#include "net/tls_verification.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace skymarshal::net {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;

std::shared_ptr<ssl::context> modern_context(ssl::context::method method) {
  auto context = std::make_shared<ssl::context>(method);
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 |
                       ssl::context::no_compression);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  // A connection that waits gives its 34 KB of buffers back.
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Error bad_file(const std::string& what, const std::string& file, const error_code& error) {
  return {ErrorKind::bad_file, "cannot use " + what + " '" + file + "': " + error.message()};
}

class SslStream final : public TlsStream {
 public:
  SslStream(asio::ip::tcp::socket socket, ssl::context& context, ssl::stream_base::handshake_type role)
      : stream_(std::move(socket), context), role_(role) {}

  ssl::stream<asio::ip::tcp::socket>& native() { return stream_; }

  asio::awaitable<error_code> handshake() override {
    const auto [error] = co_await stream_.async_handshake(role_, asio::as_tuple(asio::use_awaitable));
    co_return error;
  }

  void async_read_some(asio::mutable_buffer buffer, ReadHandler handler) override {
    stream_.async_read_some(
        buffer, [handler = std::move(handler)](error_code error, std::size_t n) { handler({error, n}); });
  }

  asio::awaitable<IoResult> read_some(asio::mutable_buffer buffer) override {
    const auto [error, n] = co_await stream_.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
    co_return IoResult{error, n};
  }

  asio::awaitable<IoResult> write(std::span<const asio::const_buffer> buffers) override {
    // TLS encrypts one buffer at a time; joined, an event is one record and one system call.
    joined_.clear();
    for (const asio::const_buffer& buffer : buffers) {
      joined_.append(static_cast<const char*>(buffer.data()), buffer.size());
    }
    const asio::const_buffer whole = asio::buffer(joined_);
    const auto [error, n] = co_await asio::async_write(stream_, whole, asio::as_tuple(asio::use_awaitable));
    co_return IoResult{error, n};
  }

  asio::awaitable<void> shutdown() override {
    // A peer that went without its close_notify is reported as an error; there is nobody left to tell.
    co_await stream_.async_shutdown(asio::as_tuple(asio::use_awaitable));
  }

  void close() noexcept override {
    error_code ignored;  // The descriptor is released either way.
    stream_.lowest_layer().close(ignored);
  }

  bool is_quiet() override {
    SSL* const session = stream_.native_handle();
    // What was read ahead of its turn counts too, decrypted or not.
    return SSL_has_pending(session) == 0 && BIO_ctrl_pending(SSL_get_rbio(session)) == 0 &&
           has_nothing_to_read(stream_.next_layer());
  }

  asio::any_io_executor executor() override { return stream_.get_executor(); }

 private:
  ssl::stream<asio::ip::tcp::socket> stream_;
  ssl::stream_base::handshake_type role_;
  std::string joined_;
};

}  // namespace

Result<TlsContext> TlsContext::server(const std::string& certificate_file, const std::string& key_file) {
  auto context = modern_context(ssl::context::tls_server);
  error_code error;
  context->use_certificate_chain_file(certificate_file, error);
  if (error) return bad_file("the certificate file", certificate_file, error);
  context->use_private_key_file(key_file, ssl::context::pem, error);
  if (error) return bad_file("the key file", key_file, error);
  return TlsContext(std::move(context));
}

Result<TlsContext> TlsContext::client(const std::string& authority_file) {
  auto context = modern_context(ssl::context::tls_client);
  context->set_verify_mode(ssl::verify_peer);
  error_code error;
  if (authority_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(authority_file, error);
  }
  if (error) return bad_file("the authority file", authority_file, error);
  remember_sessions(context->native_handle());
  return TlsContext(std::move(context));
}

std::unique_ptr<TlsStream> make_tls_server_stream(asio::ip::tcp::socket socket, const TlsContext& context) {
  return std::make_unique<SslStream>(std::move(socket), context.native(), ssl::stream_base::server);
}

std::unique_ptr<TlsStream> make_tls_client_stream(asio::ip::tcp::socket socket, const TlsContext& context,
                                                  const std::string& host) {
  auto stream = std::make_unique<SslStream>(std::move(socket), context.native(), ssl::stream_base::client);
  expect_host(stream->native(), host);
  return stream;
}

}  // namespace skymarshal::net
