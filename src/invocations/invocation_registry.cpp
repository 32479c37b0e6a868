#include "invocations/invocation_registry.hpp"

#include "invocations/invocation.hpp"

#include <algorithm>
#include <vector>

namespace skymarshal::invocations {

void InvocationRegistry::add(const RequestId& id, std::weak_ptr<Invocation> invocation) {
  Shard& shard = shard_of(id);
  const MutexLock lock(shard.mutex);
  shard.invocations.emplace(id, std::move(invocation));
}

void InvocationRegistry::remove(const RequestId& id) {
  Shard& shard = shard_of(id);
  const MutexLock lock(shard.mutex);
  shard.invocations.erase(id);
}

std::shared_ptr<Invocation> InvocationRegistry::find(const RequestId& id) {
  Shard& shard = shard_of(id);
  const MutexLock lock(shard.mutex);
  const auto found = shard.invocations.find(id);
  return found == shard.invocations.end() ? nullptr : found->second.lock();
}

bool InvocationRegistry::empty() const {
  return std::ranges::all_of(shards_, [](const Shard& shard) {
    const MutexLock lock(shard.mutex);
    return shard.invocations.empty();
  });
}

void InvocationRegistry::stop_all(const Error& reason) {
  for (Shard& shard : shards_) {
    std::vector<std::shared_ptr<Invocation>> alive;
    {
      const MutexLock lock(shard.mutex);
      for (const auto& [id, invocation] : shard.invocations) {
        if (auto strong = invocation.lock()) alive.push_back(std::move(strong));
      }
    }
    // Outside the lock: an invocation that ends takes itself out.
    for (const auto& invocation : alive) invocation->stop(reason);
  }
}

}  // namespace skymarshal::invocations
