// What every SessionStore must do: one suite, run for each implementation that a test program instantiates it
// with. The tests stand in session_store_contract.cpp, _concurrency.cpp and _properties.cpp.
#pragma once

#include "invocations/session_store.hpp"
#include "support/manual_clock.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace skymarshal::test {

/// A store under test with an expiry of 30 minutes and a retention of 30 days.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  virtual invocations::SessionStore& store() = 0;
  /// The store's clock.
  virtual ManualClock& clock() = 0;
  /// Ends the store and begins a new one over what it kept.
  virtual void reopen() = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreHarness>()> make;
};

class SessionStoreContract : public testing::TestWithParam<StoreKind> {
 protected:
  SessionStoreContract() : harness_(GetParam().make()) {}

  invocations::SessionStore& store() { return harness_->store(); }
  ManualClock& clock() { return harness_->clock(); }
  WallTime now() { return clock().wall_now(); }
  void reopen() { harness_->reopen(); }
  /// Lives as long as the store, as executors of its callers must.
  boost::asio::io_context& new_executor() { return executors_.emplace_back(); }

  /// Every page of a history, in one.
  std::vector<invocations::Interaction> whole_history(const SessionId& id, const Principal& principal,
                                                      std::size_t limit = 500);
  /// Every page of a list, in one.
  std::vector<invocations::Session> whole_list(
      const Principal& principal, invocations::SessionFilter filter = invocations::SessionFilter::all,
      std::size_t limit = 500);

 private:
  std::deque<boost::asio::io_context> executors_;
  std::unique_ptr<StoreHarness> harness_;
};

inline std::string name_of_kind(const testing::TestParamInfo<StoreKind>& kind) { return kind.param.name; }

}  // namespace skymarshal::test
