// The embedded invocation store, in the file that the session store uses too: an end and its interaction are
// one transaction. Contract: invocations/invocation_store.hpp. Safe to use from any thread; of its end, see
// sqlite_connections.
#pragma once

#include "base/clock.hpp"
#include "invocations/invocation_store.hpp"
#include "store/sqlite_connections.hpp"

#include <memory>

namespace skymarshal::store {

class SqliteInvocationStore final : public invocations::InvocationStore {
 public:
  struct Options {
    /// As the session store's.
    std::chrono::minutes expire_after{30};
    std::chrono::hours journal_retain{24};
    /// Longest page of a list.
    std::size_t page_items_max = 500;
    /// A part of a journal ends with the batch that brings it over this.
    std::size_t read_bytes_max = 1U << 20;
    /// Journals that remove_old_journals() deletes in one transaction; other writes come in between.
    std::size_t remove_rows_max = 64;
  };

  /// `clock` must outlive the store.
  SqliteInvocationStore(const Options& options, std::shared_ptr<SqliteConnections> connections,
                        const Clock& clock);

  boost::asio::awaitable<Result<invocations::BeginOutcome>> begin(
      invocations::InvocationRecord record) override;
  boost::asio::awaitable<Result<bool>> start(RequestId id, Principal owner) override;
  boost::asio::awaitable<Result<bool>> append(RequestId id, Principal owner,
                                              invocations::JournalBatch batch) override;
  boost::asio::awaitable<Result<invocations::FinishOutcome>> finish(
      invocations::FinishedInvocation finished) override;
  boost::asio::awaitable<Result<void>> withdraw(RequestId id, SessionId session, Principal owner) override;
  boost::asio::awaitable<Result<std::optional<invocations::InvocationHead>>> claimant(
      Principal owner, std::string key) override;
  boost::asio::awaitable<Result<invocations::StoredJournal>> read(RequestId id, Principal principal,
                                                                  std::uint64_t after) override;
  boost::asio::awaitable<Result<invocations::InvocationPage>> list(
      Principal principal, std::optional<invocations::InvocationState> state,
      invocations::PageRequest page) override;
  boost::asio::awaitable<Result<std::vector<invocations::InvocationRecord>>> open_ones(
      std::string runner) override;
  boost::asio::awaitable<Result<std::size_t>> remove_old_journals() override;

 private:
  const Options options_;
  const std::shared_ptr<SqliteConnections> connections_;
  const Clock& clock_;
};

}  // namespace skymarshal::store
