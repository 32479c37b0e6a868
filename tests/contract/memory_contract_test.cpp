// What the core's tests stand on does what a real store does.
#include "invocation_store_contract.hpp"
#include "session_store_contract.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/memory_session_store.hpp"

namespace skymarshal::test::memory_contract_test {

class MemoryHarness final : public StoreHarness {
 public:
  invocations::SessionStore& store() override { return store_; }
  ManualClock& clock() override { return clock_; }
  /// Its memory is all that it keeps.
  void reopen() override {}

 private:
  ManualClock clock_;
  MemorySessionStore store_{clock_};
};

class MemoryInvocationHarness final : public InvocationStoreHarness {
 public:
  invocations::InvocationStore& store() override { return store_; }
  invocations::SessionStore& sessions() override { return sessions_; }
  ManualClock& clock() override { return clock_; }
  void reopen() override {}

 private:
  ManualClock clock_;
  MemorySessionStore sessions_{clock_};
  MemoryInvocationStore store_{sessions_, clock_};
};

INSTANTIATE_TEST_SUITE_P(InMemory, InvocationStoreContract,
                         testing::Values(InvocationStoreKind{
                             "Memory", [] { return std::make_unique<MemoryInvocationHarness>(); }}),
                         name_of_invocation_kind);

INSTANTIATE_TEST_SUITE_P(InMemory, SessionStoreContract,
                         testing::Values(StoreKind{"Memory",
                                                   [] { return std::make_unique<MemoryHarness>(); }}),
                         name_of_kind);

}  // namespace skymarshal::test::memory_contract_test
