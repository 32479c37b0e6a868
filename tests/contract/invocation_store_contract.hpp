// What every InvocationStore must do: one suite, run for each implementation that a test program instantiates
// it with. The tests stand in invocation_store_contract.cpp, invocation_store_lists.cpp and
// invocation_store_properties.cpp.
#pragma once

#include "invocations/invocation_store.hpp"
#include "support/manual_clock.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace skymarshal::test {

/// A store under test, with the session store that it shares its sessions with: expiry after 30 minutes,
/// journals kept for 24 hours.
class InvocationStoreHarness {
 public:
  virtual ~InvocationStoreHarness() = default;
  virtual invocations::InvocationStore& store() = 0;
  virtual invocations::SessionStore& sessions() = 0;
  /// Of both.
  virtual ManualClock& clock() = 0;
  /// Ends the stores and begins new ones over what they kept.
  virtual void reopen() = 0;
};

struct InvocationStoreKind {
  std::string name;
  std::function<std::unique_ptr<InvocationStoreHarness>()> make;
};

class InvocationStoreContract : public testing::TestWithParam<InvocationStoreKind> {
 protected:
  InvocationStoreContract() : harness_(GetParam().make()) {}

  invocations::InvocationStore& store() { return harness_->store(); }
  invocations::SessionStore& sessions() { return harness_->sessions(); }
  ManualClock& clock() { return harness_->clock(); }
  WallTime now() { return clock().wall_now(); }
  void reopen() { harness_->reopen(); }
  /// From here on an empty store, and another clock.
  void begin_anew() { harness_ = GetParam().make(); }

  /// A record of `owner` in a session of its own, accepted now.
  invocations::InvocationRecord record_of(const Principal& owner);
  invocations::InvocationRecord record_of(const Principal& owner, const std::string& key);
  /// Of that invocation, now; a failure where `error` says why.
  invocations::FinishedInvocation end_of(const invocations::InvocationRecord& record,
                                         std::optional<Error> error = {});
  /// All parts of its journal behind `after`, in one.
  invocations::StoredJournal whole_journal(const invocations::InvocationRecord& record,
                                           std::uint64_t after = 0);
  /// Every page of a list, in one.
  std::vector<invocations::InvocationHead> whole_list(const Principal& principal,
                                                      std::optional<invocations::InvocationState> state = {},
                                                      std::size_t limit = 500);

 private:
  std::unique_ptr<InvocationStoreHarness> harness_;
};

inline std::string name_of_invocation_kind(const testing::TestParamInfo<InvocationStoreKind>& kind) {
  return kind.param.name;
}

}  // namespace skymarshal::test
