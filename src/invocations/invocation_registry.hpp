// The invocations that are alive, by name: for whoever must find one or end them all. Shared by all threads.
#pragma once

#include "base/error.hpp"
#include "base/id.hpp"
#include "base/mutex.hpp"

#include <array>
#include <memory>
#include <unordered_map>

namespace skymarshal::invocations {

class Invocation;

class InvocationRegistry {
 public:
  InvocationRegistry() = default;
  InvocationRegistry(const InvocationRegistry&) = delete;
  InvocationRegistry& operator=(const InvocationRegistry&) = delete;

  void add(const RequestId& id, std::weak_ptr<Invocation> invocation);
  void remove(const RequestId& id);
  /// Null if none of that name is alive.
  std::shared_ptr<Invocation> find(const RequestId& id);
  /// Whether none is alive.
  bool empty() const;
  /// Asks all of them to end for this reason.
  void stop_all(const Error& reason);

 private:
  struct Shard {
    mutable Mutex mutex;
    std::unordered_map<RequestId, std::weak_ptr<Invocation>> invocations GUARDED_BY(mutex);
  };
  Shard& shard_of(const RequestId& id) { return shards_[std::hash<RequestId>()(id) % shards_.size()]; }

  std::array<Shard, 16> shards_;
};

}  // namespace skymarshal::invocations
