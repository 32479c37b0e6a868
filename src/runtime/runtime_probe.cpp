#include "runtime/runtime_probe.hpp"

#include "net/dial.hpp"

#include <utility>

namespace skymarshal::runtime {

boost::asio::awaitable<Result<void>> RuntimeProbe::look(http::Endpoint endpoint, Milliseconds limit) {
  endpoint.scheme = "http";
  auto stream = co_await net::dial(std::move(endpoint), nullptr, limit);
  const bool was_reachable = reachable_.exchange(stream.has_value());
  if (!stream) {
    if (was_reachable)
      log_.warning("runtime_unreachable", {{"cause", std::string_view(stream.error().message)}});
    co_return make_error(Errc::connection_failed, "the runtime cannot be reached");
  }
  (*stream)->close();
  if (!was_reachable) log_.info("runtime_reachable_again", {});
  co_return Result<void>();
}

}  // namespace skymarshal::runtime
