#include "net/websocket_stream.hpp"
#include "net/websocket_tls.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace skymarshal::net {
namespace {

using boost::asio::ip::tcp;

class PlainWebSocket final : public WebSocketStream<tcp::socket> {
 public:
  PlainWebSocket(const boost::asio::any_io_executor& executor, http::Endpoint endpoint, Options options)
      : WebSocketStream(executor, std::move(endpoint), options, executor) {}

 private:
  boost::asio::awaitable<boost::system::error_code> secure(tcp::socket&) override {
    co_return boost::system::error_code();
  }
};

}  // namespace

std::unique_ptr<WebSocketClient> make_websocket_client(const boost::asio::any_io_executor& executor,
                                                       http::Endpoint endpoint, TlsContext* tls,
                                                       WebSocketClient::Options options) {
  if (endpoint.secure()) return make_tls_websocket(executor, std::move(endpoint), *tls, options);
  return std::make_unique<PlainWebSocket>(executor, std::move(endpoint), options);
}

}  // namespace skymarshal::net
