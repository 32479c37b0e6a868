// What the core's tests stand on does what a real store does.
#include "session_store_contract.hpp"
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

INSTANTIATE_TEST_SUITE_P(InMemory, SessionStoreContract,
                         testing::Values(StoreKind{"Memory",
                                                   [] { return std::make_unique<MemoryHarness>(); }}),
                         name_of_kind);

}  // namespace skymarshal::test::memory_contract_test
