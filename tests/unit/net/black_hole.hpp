// An address that swallows every attempt to connect: nobody accepts there, and the queue of those who wait
// for it is full, so that the next one hears nothing.
#pragma once

#include <sys/socket.h>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace skymarshal::test {

class BlackHole {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;

  explicit BlackHole(boost::asio::io_context& io,
                     const Endpoint& at = {boost::asio::ip::address_v4::loopback(), 0})
      : listener_(io) {
    listener_.open(at.protocol());
    listener_.bind(at);
    listener_.listen(0);
    const Endpoint there = endpoint();
    for (int i = 0; i < 4; ++i) {
      auto& next = waiting_.emplace_back(io);
      next.open(at.protocol());
      next.native_non_blocking(true);
      // Asio's own connect would wait.
      ::connect(next.native_handle(), there.data(), static_cast<socklen_t>(there.size()));
    }
  }

  Endpoint endpoint() const { return listener_.local_endpoint(); }

 private:
  boost::asio::ip::tcp::acceptor listener_;
  std::vector<boost::asio::ip::tcp::socket> waiting_;
};

}  // namespace skymarshal::test
