// An invocation store that loses no end while the store behind it is down: see outbox.
// Safe to use from any thread. Only finish() is held back. What asks for an invocation first has what waits
// taken, if the store takes it: its end may be among it. If the store does not, and can be read all the same,
// an end that waits is told from the outbox.
#pragma once

#include "invocations/invocation_store.hpp"
#include "store/known_sessions.hpp"
#include "store/outbox.hpp"

#include <memory>

namespace skymarshal::store {

class OutboxInvocationStore final : public invocations::InvocationStore {
 public:
  /// `known`: of the session store that shares the outbox.
  OutboxInvocationStore(std::shared_ptr<Outbox> outbox, std::shared_ptr<KnownSessions> known)
      : outbox_(std::move(outbox)), known_(std::move(known)) {}

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
  /// A list of those that ended so or so lacks what waits until the store has it.
  boost::asio::awaitable<Result<invocations::InvocationPage>> list(
      Principal principal, std::optional<invocations::InvocationState> state,
      invocations::PageRequest page) override;
  /// Fails while what waits is not taken: an end among it would be told as missing.
  boost::asio::awaitable<Result<std::vector<invocations::InvocationRecord>>> open_ones(
      std::string runner) override;
  boost::asio::awaitable<Result<std::size_t>> remove_old_journals() override;

 private:
  const std::shared_ptr<Outbox> outbox_;
  const std::shared_ptr<KnownSessions> known_;
};

}  // namespace skymarshal::store
