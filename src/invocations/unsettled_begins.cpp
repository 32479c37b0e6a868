#include "invocations/unsettled_begins.hpp"

#include <utility>
#include <vector>

namespace skymarshal::invocations {

using boost::asio::awaitable;

bool UnsettledBegins::note(const RequestId& id, const SessionId& session, const Principal& owner) {
  const MutexLock lock(mutex_);
  if (begins_.size() >= most_) return false;
  begins_.insert_or_assign(id, Begin{session, owner});
  return true;
}

bool UnsettledBegins::holds(const RequestId& id) const {
  const MutexLock lock(mutex_);
  return begins_.contains(id);
}

std::size_t UnsettledBegins::size() const {
  const MutexLock lock(mutex_);
  return begins_.size();
}

awaitable<Result<void>> UnsettledBegins::settle(RequestId id) {
  const auto begin = find(id);
  if (!begin) co_return Result<void>();
  const auto withdrawn = co_await store_.withdraw(id, begin->session, begin->owner);
  if (!withdrawn) co_return withdrawn.error();
  const MutexLock lock(mutex_);
  begins_.erase(id);
  co_return Result<void>();
}

awaitable<Result<void>> UnsettledBegins::settle_all(std::function<bool(const RequestId&)> runs) {
  std::vector<RequestId> ids;
  {
    const MutexLock lock(mutex_);
    for (const auto& [id, begin] : begins_) ids.push_back(id);
  }
  for (const RequestId& id : ids) {
    if (runs(id)) continue;
    const auto settled = co_await settle(id);
    if (!settled) co_return settled.error();
  }
  co_return Result<void>();
}

std::optional<UnsettledBegins::Begin> UnsettledBegins::find(const RequestId& id) const {
  const MutexLock lock(mutex_);
  const auto found = begins_.find(id);
  if (found == begins_.end()) return std::nullopt;
  return found->second;
}

}  // namespace skymarshal::invocations
