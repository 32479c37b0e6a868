// The embedded session store: one SQLite file, one thread that writes, a few that read.
// Safe to use from any thread. Destroying it finishes the writes that are queued and hands their results
// over, so the executors of its callers must outlive it; no call may begin after that. Contract:
// invocations/session_store.hpp.
#pragma once

#include "base/clock.hpp"
#include "invocations/session_store.hpp"
#include "store/sqlite_readers.hpp"
#include "store/sqlite_writer.hpp"

#include <filesystem>
#include <memory>

namespace skymarshal::store {

class SqliteSessionStore final : public invocations::SessionStore {
 public:
  struct Options {
    /// Its folder must exist. Two files of the same name with -wal and -shm stand beside it.
    std::filesystem::path path;
    std::chrono::minutes expire_after{30};
    std::chrono::days retain_for{30};
    /// Requests that may wait for the writer, and as many for the readers.
    std::size_t queue_max = 4'096;
    std::size_t readers = 2;
    /// Longest page of a list or a history.
    std::size_t page_items_max = 500;
    /// A page of a history ends with the interaction that brings it over this.
    std::size_t page_bytes_max = 16U << 20;
    /// Rows that remove_old() deletes in one transaction; other writes come in between.
    std::size_t remove_rows_max = 64;
  };

  /// Opens or creates the file and brings its schema up to date. Errc::store_unavailable, with the reason, if
  /// it is not ours to use. `clock` must outlive the store.
  static Result<std::unique_ptr<SqliteSessionStore>> open(Options options, const Clock& clock);

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
  SqliteSessionStore(Options options, const Clock& clock, SqliteDatabase writer,
                     std::vector<SqliteDatabase> readers);

  template <typename T, typename Work>
  boost::asio::awaitable<Result<T>> read(Work work) {
    return run_on<T>(readers_.queue(), std::move(work));
  }
  template <typename T, typename Work>
  boost::asio::awaitable<Result<T>> write(Work work) {
    return run_on<T>(writer_.queue(), std::move(work));
  }

  bool is_expired(const invocations::Session& session, WallTime now) const;
  /// What a claim of one's own session answers.
  Result<invocations::Session> admit(invocations::Session session) const;

  const Options options_;
  const Clock& clock_;
  SqliteReaders readers_;
  SqliteWriter writer_;
};

}  // namespace skymarshal::store
