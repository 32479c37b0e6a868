// TLS for both ends of a connection, by OpenSSL: 1.2 and 1.3 only, certificates always checked.
// Contexts are made at start-up and shared by all threads; streams belong to one connection each.
#pragma once

#include "net/byte_stream.hpp"
#include "net/error.hpp"

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace boost::asio::ssl {
class context;
}

namespace skymarshal::net {

class TlsContext {
 public:
  /// What a server shows: certificate chain and private key as PEM files. bad_file says which one is wrong.
  static Result<TlsContext> server(const std::string& certificate_file, const std::string& key_file);
  /// What a client trusts: the system's authorities, or only those in `authority_file` (PEM) if it is not
  /// empty. bad_file.
  static Result<TlsContext> client(const std::string& authority_file);

  boost::asio::ssl::context& native() const { return *context_; }

 private:
  explicit TlsContext(std::shared_ptr<boost::asio::ssl::context> context) : context_(std::move(context)) {}
  std::shared_ptr<boost::asio::ssl::context> context_;
};

/// A byte stream that must shake hands before anything else is done with it.
class TlsStream : public ByteStream {
 public:
  /// The error is a network error, a TLS alert, or the reason why the certificate was not accepted.
  /// close() ends a handshake under way.
  virtual boost::asio::awaitable<boost::system::error_code> handshake() = 0;
};

std::unique_ptr<TlsStream> make_tls_server_stream(boost::asio::ip::tcp::socket socket,
                                                  const TlsContext& context);
/// `host` is what the certificate must be for, and is sent as SNI where it is a name.
std::unique_ptr<TlsStream> make_tls_client_stream(boost::asio::ip::tcp::socket socket,
                                                  const TlsContext& context, const std::string& host);

}  // namespace skymarshal::net
