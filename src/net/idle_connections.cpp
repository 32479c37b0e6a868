#include "net/idle_connections.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

namespace skymarshal::net {
namespace {

namespace asio = boost::asio;

/// A socket must not outlive its event loop; so the loop itself keeps those that nobody else holds.
class IdleService final : public asio::execution_context::service {
 public:
  using key_type = IdleService;
  static inline asio::execution_context::id id;

  explicit IdleService(asio::execution_context& context) : service(context) {}

  IdleConnections connections;

 private:
  void shutdown() override { connections.clear(); }
};

bool is_owned_by(const std::weak_ptr<const void>& owner, const IdleConnections::Owner& whom) {
  return !owner.owner_before(whom) && !whom.owner_before(owner);
}

}  // namespace

std::unique_ptr<ByteStream> IdleConnections::take(const Place& place, const Limits& limits, SteadyTime now) {
  for (auto at = resting_.end(); at != resting_.begin();) {
    --at;
    if (at->peer != place.peer || !is_owned_by(at->owner, place.owner)) continue;
    Resting found = std::move(*at);
    at = resting_.erase(at);
    if (now - found.since < limits.time_max && found.stream->is_quiet()) return std::move(found.stream);
  }
  return nullptr;
}

void IdleConnections::keep(const Place& place, std::unique_ptr<ByteStream> stream, const Limits& limits,
                           SteadyTime now) {
  resting_.push_back({place.owner, place.peer, std::move(stream), now});
  const auto is_same = [&](const Resting& resting) { return is_owned_by(resting.owner, place.owner); };
  resting_.remove_if([&](const Resting& resting) {
    return resting.owner.expired() || (is_same(resting) && now - resting.since >= limits.time_max);
  });
  close_over(limits.per_peer_max,
             [&](const Resting& resting) { return is_same(resting) && resting.peer == place.peer; });
  close_over(limits.total_max, is_same);
}

void IdleConnections::close_over(std::size_t max, const std::function<bool(const Resting&)>& counts) {
  auto count = static_cast<std::size_t>(std::ranges::count_if(resting_, counts));
  for (auto at = resting_.begin(); count > max && at != resting_.end();) {
    const bool is_one = counts(*at);
    at = is_one ? resting_.erase(at) : std::next(at);
    if (is_one) --count;
  }
}

IdleConnections& idle_connections(const asio::any_io_executor& executor) {
  return asio::use_service<IdleService>(asio::query(executor, asio::execution::context)).connections;
}

IdleConnections* find_idle_connections(const asio::any_io_executor& executor) {
  asio::execution_context& context = asio::query(executor, asio::execution::context);
  return asio::has_service<IdleService>(context) ? &asio::use_service<IdleService>(context).connections
                                                 : nullptr;
}

}  // namespace skymarshal::net
