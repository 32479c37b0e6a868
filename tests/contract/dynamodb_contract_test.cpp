// The stores over DynamoDB, against somebody else's DynamoDB: dynalite, or whatever
// SKYMARSHAL_DYNAMODB_ENDPOINT names.
#include "base/log.hpp"
#include "dynamodb/invocation_store.hpp"
#include "dynamodb/session_store.hpp"
#include "invocation_store_contract.hpp"
#include "session_store_contract.hpp"
#include "support/running_dynalite.hpp"

namespace skymarshal::test::dynamodb_contract_test {

using dynamodb::InvocationStore;
using dynamodb::SessionStore;
using dynamodb::StoreOptions;
using dynamodb::TableAccess;

class DynamoDbStores {
 public:
  DynamoDbStores() { open(); }
  ~DynamoDbStores() { close(); }

  void open() {
    StoreOptions options;
    options.names = tables_.names();
    auto access = std::make_shared<TableAccess>(options, tables_.connect(), clock_, random_, log_);
    sessions_ = std::make_unique<SessionStore>(access);
    invocations_ = std::make_unique<InvocationStore>(access);
  }
  void close() {
    sessions_.reset();
    invocations_.reset();
  }

  DynamoDbTables tables_;
  ManualClock clock_;
  SystemRandom random_;
  Logger log_{{LogLevel::off}, clock_};
  std::unique_ptr<SessionStore> sessions_;
  std::unique_ptr<InvocationStore> invocations_;
};

class DynamoDbHarness final : public StoreHarness {
 public:
  invocations::SessionStore& store() override { return *stores_.sessions_; }
  ManualClock& clock() override { return stores_.clock_; }
  void reopen() override {
    stores_.close();
    stores_.open();
  }

 private:
  DynamoDbStores stores_;
};

class DynamoDbInvocationHarness final : public InvocationStoreHarness {
 public:
  invocations::InvocationStore& store() override { return *stores_.invocations_; }
  invocations::SessionStore& sessions() override { return *stores_.sessions_; }
  ManualClock& clock() override { return stores_.clock_; }
  void reopen() override {
    stores_.close();
    stores_.open();
  }

 private:
  DynamoDbStores stores_;
};

INSTANTIATE_TEST_SUITE_P(Shared, SessionStoreContract,
                         testing::Values(StoreKind{"DynamoDb",
                                                   [] { return std::make_unique<DynamoDbHarness>(); }}),
                         name_of_kind);

INSTANTIATE_TEST_SUITE_P(Shared, InvocationStoreContract,
                         testing::Values(InvocationStoreKind{
                             "DynamoDb", [] { return std::make_unique<DynamoDbInvocationHarness>(); }}),
                         name_of_invocation_kind);

}  // namespace skymarshal::test::dynamodb_contract_test
