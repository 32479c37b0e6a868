#include "store/outbox_invocation_store.hpp"

#include <utility>

namespace skymarshal::store {

using boost::asio::awaitable;
using invocations::BeginOutcome;
using invocations::FinishedInvocation;
using invocations::FinishOutcome;
using invocations::InvocationHead;
using invocations::InvocationPage;
using invocations::InvocationRecord;
using invocations::InvocationState;
using invocations::JournalBatch;
using invocations::PageRequest;
using invocations::StoredJournal;

awaitable<Result<BeginOutcome>> OutboxInvocationStore::begin(InvocationRecord record) {
  // A session whose first interaction waits has its owner.
  (void)co_await outbox_->drain_now();
  const SessionId session = record.session_id;
  const Principal owner = record.owner;
  const WallTime at = record.accepted_at;
  auto begun = co_await outbox_->invocations().begin(std::move(record));
  if (begun && begun->begun) known_->note_activity(session, owner, at);
  co_return begun;
}

awaitable<Result<bool>> OutboxInvocationStore::append(RequestId id, Principal owner, JournalBatch batch) {
  return outbox_->invocations().append(id, std::move(owner), std::move(batch));
}

awaitable<Result<FinishOutcome>> OutboxInvocationStore::finish(FinishedInvocation finished) {
  const SessionId session = finished.interaction.session_id;
  const Principal owner = finished.interaction.principal;
  const WallTime at = finished.interaction.timestamp;
  OutboxRecord record(std::move(finished));
  const auto done = co_await outbox_->deliver(std::move(record));
  if (done) known_->note_activity(session, owner, at);
  co_return done;
}

awaitable<Result<void>> OutboxInvocationStore::withdraw(RequestId id, Principal owner) {
  return outbox_->invocations().withdraw(id, std::move(owner));
}

awaitable<Result<std::optional<InvocationHead>>> OutboxInvocationStore::claimant(Principal owner,
                                                                                 std::string key) {
  (void)co_await outbox_->drain_now();
  co_return co_await outbox_->invocations().claimant(std::move(owner), std::move(key));
}

awaitable<Result<StoredJournal>> OutboxInvocationStore::read(RequestId id, Principal principal,
                                                             std::uint64_t after) {
  (void)co_await outbox_->drain_now();
  co_return co_await outbox_->invocations().read(id, std::move(principal), after);
}

awaitable<Result<InvocationPage>> OutboxInvocationStore::list(Principal principal,
                                                              std::optional<InvocationState> state,
                                                              PageRequest page) {
  (void)co_await outbox_->drain_now();
  co_return co_await outbox_->invocations().list(std::move(principal), state, std::move(page));
}

awaitable<Result<std::vector<InvocationRecord>>> OutboxInvocationStore::open_ones(std::string runner) {
  const auto drained = co_await outbox_->drain_now();
  if (!drained) co_return drained.error();
  co_return co_await outbox_->invocations().open_ones(std::move(runner));
}

awaitable<Result<std::size_t>> OutboxInvocationStore::remove_old_journals() {
  return outbox_->invocations().remove_old_journals();
}

}  // namespace skymarshal::store
