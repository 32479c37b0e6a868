#include "store/outbox_invocation_store.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::store {

using boost::asio::awaitable;
using invocations::BeginOutcome;
using invocations::FinishedInvocation;
using invocations::FinishOutcome;
using invocations::InvocationEnd;
using invocations::InvocationHead;
using invocations::InvocationPage;
using invocations::InvocationRecord;
using invocations::InvocationState;
using invocations::JournalBatch;
using invocations::PageRequest;
using invocations::StoredJournal;

namespace {

void note_end(InvocationHead& head, const InvocationEnd& end) {
  head.state = state_of(end);
  head.ended_at = end.ended_at;
}

/// As the store will tell it once it has it.
void add_waiting_end(StoredJournal& stored, FinishedInvocation waiting, std::uint64_t after) {
  note_end(stored.head, waiting.end);
  const std::uint64_t first_to_add = std::max(stored.last_chunk, after) + 1;
  std::uint64_t seq = waiting.rest.first_seq;
  for (std::string& chunk : waiting.rest.chunks) {
    stored.last_chunk = std::max(stored.last_chunk, seq);
    if (seq >= first_to_add && !stored.has_more) {
      if (stored.batch.chunks.empty()) stored.batch.first_seq = seq;
      stored.batch.chunks.push_back(std::move(chunk));
    }
    ++seq;
  }
  if (stored.has_more) return;
  stored.end = std::move(waiting.end);
  stored.end->persisted = invocations::Persisted::later;
}

}  // namespace

awaitable<Result<BeginOutcome>> OutboxInvocationStore::begin(InvocationRecord record) {
  // A session whose first interaction waits has its owner.
  (void)co_await outbox_->drain_now(record.session_id);
  const SessionId session = record.session_id;
  const Principal owner = record.owner;
  const WallTime at = record.accepted_at;
  auto begun = co_await outbox_->invocations().begin(std::move(record));
  if (begun && begun->begun) known_->note_activity(session, owner, at);
  co_return begun;
}

awaitable<Result<bool>> OutboxInvocationStore::start(RequestId id, Principal owner) {
  return outbox_->invocations().start(id, std::move(owner));
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

awaitable<Result<void>> OutboxInvocationStore::withdraw(RequestId id, SessionId session, Principal owner) {
  return outbox_->invocations().withdraw(id, session, std::move(owner));
}

awaitable<Result<std::optional<InvocationHead>>> OutboxInvocationStore::claimant(Principal owner,
                                                                                 std::string key) {
  const auto drained = co_await outbox_->drain_now();
  auto claimant = co_await outbox_->invocations().claimant(std::move(owner), std::move(key));
  if (drained || !claimant || !*claimant) co_return claimant;
  const auto waiting = co_await outbox_->waiting_end((*claimant)->request_id);
  if (!waiting) co_return waiting.error();
  if (!*waiting) co_return claimant;
  if ((*waiting)->releases_claim) co_return std::optional<InvocationHead>();
  note_end(**claimant, (*waiting)->end);
  co_return claimant;
}

awaitable<Result<StoredJournal>> OutboxInvocationStore::read(RequestId id, Principal principal,
                                                             std::uint64_t after) {
  const auto drained = co_await outbox_->drain_now();
  std::optional<FinishedInvocation> waiting;
  if (!drained) {
    // Before the store is read: what it takes in between is there then.
    auto found = co_await outbox_->waiting_end(id);
    if (!found) co_return found.error();
    waiting = *std::move(found);
  }
  auto stored = co_await outbox_->invocations().read(id, std::move(principal), after);
  if (stored && !stored->end && waiting) add_waiting_end(*stored, *std::move(waiting), after);
  co_return stored;
}

awaitable<Result<InvocationPage>> OutboxInvocationStore::list(Principal principal,
                                                              std::optional<InvocationState> state,
                                                              PageRequest page) {
  const auto drained = co_await outbox_->drain_now();
  auto listed = co_await outbox_->invocations().list(std::move(principal), state, std::move(page));
  if (drained || !listed) co_return listed;
  for (InvocationHead& head : listed->invocations) {
    if (has_ended(head.state)) continue;
    const auto waiting = co_await outbox_->waiting_end(head.request_id);
    if (!waiting) co_return waiting.error();
    if (*waiting) note_end(head, (*waiting)->end);
  }
  if (state) {
    std::erase_if(listed->invocations, [&](const InvocationHead& head) { return head.state != *state; });
  }
  co_return listed;
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
