#include "net/websocket_tls.hpp"

#include "net/tls_verification.hpp"
#include "net/websocket_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace skymarshal::net {
namespace {

using Secure = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

class TlsWebSocket final : public WebSocketStream<Secure> {
 public:
  TlsWebSocket(const boost::asio::any_io_executor& executor, http::Endpoint endpoint, TlsContext& tls,
               Options options)
      : WebSocketStream(executor, endpoint, options, executor, tls.native()),
        host_(std::move(endpoint.host)) {}

 private:
  boost::asio::awaitable<boost::system::error_code> secure(Secure& layer) override {
    expect_host(layer, host_);
    const auto [error] = co_await layer.async_handshake(boost::asio::ssl::stream_base::client,
                                                        boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return error;
  }

  std::string host_;
};

}  // namespace

std::unique_ptr<WebSocketClient> make_tls_websocket(const boost::asio::any_io_executor& executor,
                                                    http::Endpoint endpoint, TlsContext& tls,
                                                    WebSocketClient::Options options) {
  return std::make_unique<TlsWebSocket>(executor, std::move(endpoint), tls, options);
}

}  // namespace skymarshal::net
