#include "base/log.hpp"
#include "session_store_contract.hpp"
#include "store/outbox.hpp"
#include "store/sqlite_session_store.hpp"
#include "support/temporary_folder.hpp"

namespace skymarshal::test::sqlite_contract_test {

using store::OutboxSessionStore;
using store::SqliteSessionStore;

class SqliteHarness : public StoreHarness {
 public:
  SqliteHarness() { store_ = open(); }

  invocations::SessionStore& store() override { return *store_; }
  ManualClock& clock() override { return clock_; }
  void reopen() override {
    store_.reset();
    store_ = open();
  }

 protected:
  virtual std::unique_ptr<invocations::SessionStore> open() { return open_sqlite(); }

  std::unique_ptr<SqliteSessionStore> open_sqlite() {
    SqliteSessionStore::Options options;
    options.path = folder_.file("sessions.db");
    return SqliteSessionStore::open(options, clock_).value();
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  std::unique_ptr<invocations::SessionStore> store_;
};

class OutboxHarness final : public SqliteHarness {
 public:
  OutboxHarness() { reopen(); }
  ~OutboxHarness() override { store_.reset(); }

 private:
  std::unique_ptr<invocations::SessionStore> open() override {
    OutboxSessionStore::Options options;
    options.path = folder_.file("outbox");
    return OutboxSessionStore::open(options, open_sqlite(), clock_, log_).value();
  }

  Logger log_{{LogLevel::off}, clock_};
};

template <typename Harness>
StoreKind kind(std::string name) {
  return {std::move(name), [] { return std::make_unique<Harness>(); }};
}

INSTANTIATE_TEST_SUITE_P(Embedded, SessionStoreContract,
                         testing::Values(kind<SqliteHarness>("Sqlite"),
                                         kind<OutboxHarness>("OutboxOverSqlite")),
                         name_of_kind);

}  // namespace skymarshal::test::sqlite_contract_test
