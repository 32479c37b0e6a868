#include "server/upgraded_stream.hpp"

#include <optional>

namespace skymarshal::server {

boost::asio::awaitable<net::IoResult> UpgradedStream::read_some(boost::asio::mutable_buffer buffer) {
  Wakeup read(stream_->executor());
  std::optional<net::IoResult> result;
  input_->async_read_some(buffer, [&read, &result](const net::IoResult& outcome) {
    result = outcome;
    read.wake();
  });
  while (!result) co_await read.wait_until(Wakeup::never);
  co_return *result;
}

}  // namespace skymarshal::server
