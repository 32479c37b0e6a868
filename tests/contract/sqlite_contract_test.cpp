#include "base/log.hpp"
#include "invocation_store_contract.hpp"
#include "session_store_contract.hpp"
#include "store/outbox.hpp"
#include "store/outbox_invocation_store.hpp"
#include "store/outbox_session_store.hpp"
#include "store/sqlite_invocation_store.hpp"
#include "store/sqlite_session_store.hpp"
#include "support/temporary_folder.hpp"

namespace skymarshal::test::sqlite_contract_test {

using store::Outbox;
using store::OutboxInvocationStore;
using store::OutboxSessionStore;
using store::SqliteConnections;
using store::SqliteInvocationStore;
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
    options.file.path = folder_.file("sessions.db");
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
    Outbox::Options options;
    options.path = folder_.file("outbox");
    auto outbox = Outbox::open(options, {open_sqlite(), nullptr}, log_).value();
    return std::make_unique<OutboxSessionStore>(OutboxSessionStore::Options(), std::move(outbox), clock_);
  }

  Logger log_{{LogLevel::off}, clock_};
};

class SqliteInvocationHarness : public InvocationStoreHarness {
 public:
  SqliteInvocationHarness() { open(); }

  invocations::InvocationStore& store() override { return *store_; }
  invocations::SessionStore& sessions() override { return *sessions_; }
  ManualClock& clock() override { return clock_; }
  void reopen() override {
    store_.reset();
    sessions_.reset();
    open();
  }

 protected:
  virtual void open() {
    auto connections = SqliteConnections::open({.path = folder_.file("sessions.db")}).value();
    sessions_ = std::make_unique<SqliteSessionStore>(SqliteSessionStore::Options(), connections, clock_);
    store_ = std::make_unique<SqliteInvocationStore>(SqliteInvocationStore::Options(), connections, clock_);
  }

  TemporaryFolder folder_;
  ManualClock clock_;
  std::unique_ptr<invocations::SessionStore> sessions_;
  std::unique_ptr<invocations::InvocationStore> store_;
};

class OutboxInvocationHarness final : public SqliteInvocationHarness {
 public:
  OutboxInvocationHarness() { reopen(); }
  ~OutboxInvocationHarness() override {
    store_.reset();
    sessions_.reset();
  }

 private:
  void open() override {
    SqliteInvocationHarness::open();
    Outbox::Options options;
    options.path = folder_.file("outbox");
    Outbox::Inner inner{std::move(sessions_), std::move(store_)};
    auto outbox = Outbox::open(options, std::move(inner), log_).value();
    auto sessions = std::make_unique<OutboxSessionStore>(OutboxSessionStore::Options(), outbox, clock_);
    store_ = std::make_unique<OutboxInvocationStore>(outbox, sessions->known());
    sessions_ = std::move(sessions);
  }

  Logger log_{{LogLevel::off}, clock_};
};

template <typename Harness>
InvocationStoreKind invocation_kind(std::string name) {
  return {std::move(name), [] { return std::make_unique<Harness>(); }};
}

INSTANTIATE_TEST_SUITE_P(Embedded, InvocationStoreContract,
                         testing::Values(invocation_kind<SqliteInvocationHarness>("Sqlite"),
                                         invocation_kind<OutboxInvocationHarness>("OutboxOverSqlite")),
                         name_of_invocation_kind);

template <typename Harness>
StoreKind kind(std::string name) {
  return {std::move(name), [] { return std::make_unique<Harness>(); }};
}

INSTANTIATE_TEST_SUITE_P(Embedded, SessionStoreContract,
                         testing::Values(kind<SqliteHarness>("Sqlite"),
                                         kind<OutboxHarness>("OutboxOverSqlite")),
                         name_of_kind);

}  // namespace skymarshal::test::sqlite_contract_test
