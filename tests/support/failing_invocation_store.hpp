// An invocation store that passes everything on, unless the test says that it is down, or takes no writes.
// Safe to use from any thread.
#pragma once

#include "invocations/invocation_store.hpp"

#include <atomic>
#include <utility>

namespace skymarshal::test {

class FailingInvocationStore : public invocations::InvocationStore {
 public:
  template <typename T>
  using Reply = boost::asio::awaitable<Result<T>>;

  explicit FailingInvocationStore(invocations::InvocationStore& inner) : inner_(inner) {}

  std::atomic<bool> is_down = false;
  std::atomic<bool> is_read_only = false;
  /// What is begun is begun, and whoever began it is told that it failed.
  std::atomic<bool> loses_begins = false;

  Reply<invocations::BeginOutcome> begin(invocations::InvocationRecord record) override {
    if (is_down || is_read_only) co_return down();
    auto begun = co_await inner_.begin(std::move(record));
    if (loses_begins) co_return down();
    co_return begun;
  }
  Reply<bool> start(RequestId id, Principal owner) override {
    if (is_down || is_read_only) co_return down();
    co_return co_await inner_.start(id, std::move(owner));
  }
  Reply<bool> append(RequestId id, Principal owner, invocations::JournalBatch batch) override {
    if (is_down || is_read_only) co_return down();
    co_return co_await inner_.append(id, std::move(owner), std::move(batch));
  }
  Reply<invocations::FinishOutcome> finish(invocations::FinishedInvocation finished) override {
    if (is_down || is_read_only) co_return down();
    co_return co_await inner_.finish(std::move(finished));
  }
  Reply<void> withdraw(RequestId id, SessionId session, Principal owner) override {
    if (is_down || is_read_only) co_return down();
    co_return co_await inner_.withdraw(id, session, std::move(owner));
  }
  Reply<std::optional<invocations::InvocationHead>> claimant(Principal owner, std::string key) override {
    if (is_down) co_return down();
    co_return co_await inner_.claimant(std::move(owner), std::move(key));
  }
  Reply<invocations::StoredJournal> read(RequestId id, Principal principal, std::uint64_t after) override {
    if (is_down) co_return down();
    co_return co_await inner_.read(id, std::move(principal), after);
  }
  Reply<invocations::InvocationPage> list(Principal principal,
                                          std::optional<invocations::InvocationState> state,
                                          invocations::PageRequest page) override {
    if (is_down) co_return down();
    co_return co_await inner_.list(std::move(principal), state, std::move(page));
  }
  Reply<std::vector<invocations::InvocationRecord>> open_ones(std::string runner) override {
    if (is_down) co_return down();
    co_return co_await inner_.open_ones(std::move(runner));
  }
  Reply<std::size_t> remove_old_journals() override {
    if (is_down || is_read_only) co_return down();
    co_return co_await inner_.remove_old_journals();
  }

 protected:
  static Error down() { return make_error(Errc::store_unavailable, "the store is down: try again"); }
  invocations::InvocationStore& inner() { return inner_; }

 private:
  invocations::InvocationStore& inner_;
};

}  // namespace skymarshal::test
