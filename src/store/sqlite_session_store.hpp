// The embedded session store, in one SQLite file. Contract: invocations/session_store.hpp. Safe to use from
// any thread; of its end, see sqlite_connections.
#pragma once

#include "base/clock.hpp"
#include "invocations/session_store.hpp"
#include "store/sqlite_connections.hpp"

#include <memory>

namespace skymarshal::store {

class SqliteSessionStore final : public invocations::SessionStore {
 public:
  struct Options {
    SqliteConnections::Options file;
    std::chrono::minutes expire_after{30};
    std::chrono::days retain_for{30};
    /// Longest page of a list or a history.
    std::size_t page_items_max = 500;
    /// A page of a history ends with the interaction that brings it over this.
    std::size_t page_bytes_max = 16U << 20;
    /// Rows that remove_old() deletes in one transaction; other writes come in between.
    std::size_t remove_rows_max = 64;
  };

  /// Errors as of SqliteConnections::open. `clock` must outlive the store.
  static Result<std::unique_ptr<SqliteSessionStore>> open(Options options, const Clock& clock);
  SqliteSessionStore(Options options, std::shared_ptr<SqliteConnections> connections, const Clock& clock);

  boost::asio::awaitable<Result<invocations::Session>> create(SessionId id, Principal owner) override;
  boost::asio::awaitable<Result<invocations::Session>> claim(SessionId id, Principal principal) override;
  boost::asio::awaitable<Result<invocations::SaveOutcome>> save(
      invocations::Interaction interaction) override;
  boost::asio::awaitable<Result<invocations::SessionPage>> list(Principal principal,
                                                                invocations::SessionFilter filter,
                                                                invocations::PageRequest page) override;
  boost::asio::awaitable<Result<invocations::SessionHistory>> history(SessionId id, Principal principal,
                                                                      invocations::PageRequest page) override;
  boost::asio::awaitable<Result<void>> erase(SessionId id, Principal principal) override;
  boost::asio::awaitable<Result<std::size_t>> remove_old() override;
  boost::asio::awaitable<Result<void>> probe() override;

 private:
  const Options options_;
  const std::shared_ptr<SqliteConnections> connections_;
  const Clock& clock_;
};

}  // namespace skymarshal::store
