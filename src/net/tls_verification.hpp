// What every TLS client of ours sets before its handshake. For the files of net/ that hold an ssl::stream.
#pragma once

#include "net/tls_sessions.hpp"

#include <string>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace skymarshal::net {

/// SNI (RFC 6066 section 3, names only, never addresses), the check of the certificate's names (RFC 6125),
/// and a session of an earlier connection, which that check has passed.
template <typename Stream>
void expect_host(Stream& stream, const std::string& host) {
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  if (not_an_address) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());
  stream.set_verify_callback(boost::asio::ssl::host_name_verification(host));
  offer_session(stream.native_handle(), host);
}

}  // namespace skymarshal::net
