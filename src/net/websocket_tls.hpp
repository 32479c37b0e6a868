// The TLS kind of WebSocketClient, compiled apart. Only make_websocket_client calls it.
#pragma once

#include "net/websocket_client.hpp"

#include <memory>

namespace skymarshal::net {

std::unique_ptr<WebSocketClient> make_tls_websocket(const boost::asio::any_io_executor& executor,
                                                    http::Endpoint endpoint, TlsContext& tls,
                                                    WebSocketClient::Options options);

}  // namespace skymarshal::net
