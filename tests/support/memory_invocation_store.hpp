// An invocation store in memory for tests of the core: keeps the contract of stores (tests/contract) over a
// session store in memory. Calls may come from any thread.
#pragma once

#include "base/mutex.hpp"
#include "base/text.hpp"
#include "invocations/invocation_errors.hpp"
#include "invocations/invocation_store.hpp"
#include "support/memory_session_store.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace skymarshal::test {

class MemoryInvocationStore final : public invocations::InvocationStore {
 public:
  template <typename T>
  using Reply = boost::asio::awaitable<Result<T>>;

  MemoryInvocationStore(MemorySessionStore& sessions, const Clock& clock)
      : sessions_(sessions), clock_(clock) {}

  std::chrono::hours journal_retain{24};
  /// Most chunks that one read() gives.
  std::size_t read_chunks_max = 100;
  /// Called before each read().
  std::function<void()> on_read = [] {};

  Reply<invocations::BeginOutcome> begin(invocations::InvocationRecord record) override {
    if (auto held = claimed(record)) co_return invocations::BeginOutcome{false, *std::move(held)};
    const auto session = co_await sessions_.claim(record.session_id, record.owner);
    if (!session) co_return session.error();
    const MutexLock lock(mutex_);
    // Somebody may have been faster while the session was claimed.
    if (auto held = claim_holder(record)) co_return invocations::BeginOutcome{false, *std::move(held)};
    if (find(record.owner, record.request_id) != nullptr) {
      co_return make_error(Errc::internal, "the invocation exists already");
    }
    rows_.push_back({});
    Row& row = rows_.back();
    row.record = std::move(record);
    co_return invocations::BeginOutcome{true, head_of(row)};
  }

  Reply<bool> start(RequestId id, Principal owner) override {
    const MutexLock lock(mutex_);
    drop_erased();
    Row* const row = find(owner, id);
    if (row == nullptr || row->end) co_return false;
    row->record.waits = false;
    co_return true;
  }

  Reply<bool> append(RequestId id, Principal owner, invocations::JournalBatch batch) override {
    const MutexLock lock(mutex_);
    drop_erased();
    Row* const row = find(owner, id);
    if (row == nullptr || row->end) co_return false;
    keep(*row, std::move(batch));
    co_return true;
  }

  Reply<invocations::FinishOutcome> finish(invocations::FinishedInvocation finished) override {
    const auto interaction = finished.interaction;
    {
      const MutexLock lock(mutex_);
      drop_erased();
      Row* const row = find(interaction.principal, interaction.request_id);
      if (row == nullptr) co_return invocations::invocation_not_found();
      const bool is_corrected = row->end && stands_over(finished.end, state_of(*row->end));
      if (row->end && !is_corrected) co_return invocations::FinishOutcome::ended_before;
      if (is_corrected) sessions_.replace(interaction);
      keep(*row, std::move(finished.rest));
      if (frees_claim(finished, head_of(*row).state)) row->claim_held = false;
      row->end = std::move(finished.end);
      row->end->timings.stage = {};
      row->end->persisted = invocations::Persisted::stored;
      row->record.prompt.clear();
    }
    const auto saved = co_await sessions_.save(interaction);
    if (!saved) co_return saved.error();
    co_return invocations::FinishOutcome::finished;
  }

  Reply<void> withdraw(RequestId id, SessionId, Principal owner) override {
    const MutexLock lock(mutex_);
    drop_erased();
    std::erase_if(rows_, [&](const Row& row) {
      return row.record.owner == owner && row.record.request_id == id && !row.end;
    });
    co_return Result<void>();
  }

  Reply<std::optional<invocations::InvocationHead>> claimant(Principal owner, std::string key) override {
    invocations::InvocationRecord record;
    record.owner = std::move(owner);
    record.claim.emplace().key = std::move(key);
    co_return claimed(record);
  }

  Reply<invocations::StoredJournal> read(RequestId id, Principal principal, std::uint64_t after) override {
    on_read();
    const MutexLock lock(mutex_);
    drop_erased();
    const Row* const row = find(principal, id);
    if (row == nullptr) co_return invocations::invocation_not_found();
    invocations::StoredJournal journal;
    journal.head = head_of(*row);
    journal.batch.first_seq = after + 1;
    journal.journal_removed = row->journal_removed;
    if (!row->chunks.empty()) journal.last_chunk = row->chunks.rbegin()->first;
    for (auto next = row->chunks.upper_bound(after); next != row->chunks.end(); ++next) {
      journal.has_more = journal.batch.chunks.size() == read_chunks_max;
      if (journal.has_more) co_return journal;
      journal.batch.chunks.push_back(next->second);
    }
    journal.end = row->end;
    co_return journal;
  }

  Reply<invocations::InvocationPage> list(Principal principal,
                                          std::optional<invocations::InvocationState> state,
                                          invocations::PageRequest page) override {
    if (page.limit == 0) co_return make_error(Errc::invalid_request, "limit must be at least 1");
    const std::string scope = principal.id + (state ? std::string(to_text(*state)) : "all");
    const auto skipped = position_of(page.cursor, scope);
    if (!skipped) co_return skipped.error();
    const MutexLock lock(mutex_);
    drop_erased();
    std::vector<invocations::InvocationHead> own;
    for (const Row& row : rows_) {
      if (row.record.owner != principal) continue;
      invocations::InvocationHead head = head_of(row);
      const bool comes = page.cursor.empty() || key_of(head) < *skipped;
      if (comes && (!state || head.state == *state)) own.push_back(std::move(head));
    }
    std::ranges::sort(own, [](const auto& a, const auto& b) { return key_of(b) < key_of(a); });
    invocations::InvocationPage out;
    if (own.size() > page.limit) {
      own.resize(page.limit);
      const auto [time_ms, name] = key_of(own.back());
      out.next_cursor = std::to_string(time_ms) + ':' + name + ':' + scope;
    }
    out.invocations = std::move(own);
    co_return out;
  }

  Reply<std::vector<invocations::InvocationRecord>> open_ones(std::string runner) override {
    const MutexLock lock(mutex_);
    drop_erased();
    std::vector<invocations::InvocationRecord> open;
    for (const Row& row : rows_) {
      if (row.record.runner == runner && !row.end) open.push_back(row.record);
    }
    co_return open;
  }

  Reply<std::size_t> remove_old_journals() override {
    const MutexLock lock(mutex_);
    drop_erased();
    std::size_t removed = 0;
    std::erase_if(erased_,
                  [this](const Row& row) { return clock_.wall_now() - claimed_since(row) > journal_retain; });
    for (Row& row : rows_) {
      const bool is_old = row.end && clock_.wall_now() - row.end->ended_at > journal_retain;
      if (!is_old || row.journal_removed) continue;
      row.journal_removed = true;
      row.claim_held = false;
      row.chunks.clear();
      ++removed;
    }
    co_return removed;
  }

 private:
  struct Row {
    invocations::InvocationRecord record;
    std::map<std::uint64_t, std::string> chunks;
    std::optional<invocations::InvocationEnd> end;
    bool claim_held = true;
    bool journal_removed = false;
  };
  using Key = std::pair<std::int64_t, std::string>;

  static void keep(Row& row, invocations::JournalBatch batch) {
    std::uint64_t seq = batch.first_seq;
    for (std::string& chunk : batch.chunks) row.chunks.emplace(seq++, std::move(chunk));
  }

  static Key key_of(const invocations::InvocationHead& head) {
    return {unix_ms(head.accepted_at), head.request_id.str()};
  }

  /// TIME:NAME:SCOPE
  static Result<Key> position_of(const std::string& cursor, const std::string& scope) {
    if (cursor.empty()) return Key();
    const std::vector<std::string_view> parts = split(cursor, ':');
    const auto time_ms = parse_number<std::int64_t>(parts[0]);
    if (parts.size() == 3 && time_ms && parts[2] == scope) return Key{*time_ms, std::string(parts[1])};
    return make_error(Errc::invalid_request, "the cursor is not ours");
  }

  static invocations::InvocationHead head_of(const Row& row) {
    invocations::InvocationHead head{row.record.request_id, row.record.session_id, row.record.owner,
                                     row.record.accepted_at};
    if (row.record.waits) head.state = invocations::InvocationState::queued;
    if (row.end) {
      head.state = invocations::state_of(*row.end);
      head.ended_at = row.end->ended_at;
    }
    if (row.record.claim) head.fingerprint = row.record.claim->fingerprint;
    return head;
  }

  /// Invocations go with their session; what they claimed stays claimed.
  void drop_erased() REQUIRES(mutex_) {
    const auto is_erased = [this](const Row& row) { return !sessions_.contains(row.record.session_id); };
    for (const Row& row : rows_) {
      if (row.record.claim && row.claim_held && is_erased(row)) erased_.push_back(row);
    }
    std::erase_if(rows_, is_erased);
  }

  static WallTime claimed_since(const Row& row) {
    return row.end ? row.end->ended_at : row.record.accepted_at;
  }
  static bool has_claim(const Row& row, const invocations::InvocationRecord& record) {
    return row.record.claim && row.claim_held && row.record.owner == record.owner &&
           row.record.claim->key == record.claim->key;
  }

  Row* find(const Principal& owner, const RequestId& id) REQUIRES(mutex_) {
    const auto row = std::ranges::find_if(
        rows_, [&](const Row& each) { return each.record.owner == owner && each.record.request_id == id; });
    return row == rows_.end() ? nullptr : &*row;
  }

  std::optional<invocations::InvocationHead> claim_holder(const invocations::InvocationRecord& record) const
      REQUIRES(mutex_) {
    if (!record.claim) return std::nullopt;
    for (const Row& row : rows_) {
      if (has_claim(row, record)) return head_of(row);
    }
    for (const Row& row : erased_) {
      if (!has_claim(row, record)) continue;
      invocations::InvocationHead head;
      head.request_id = row.record.request_id;
      head.owner = row.record.owner;
      head.fingerprint = row.record.claim->fingerprint;
      return head;
    }
    return std::nullopt;
  }

  std::optional<invocations::InvocationHead> claimed(const invocations::InvocationRecord& record) {
    const MutexLock lock(mutex_);
    drop_erased();
    return claim_holder(record);
  }

  MemorySessionStore& sessions_;
  const Clock& clock_;
  Mutex mutex_;
  std::deque<Row> rows_ GUARDED_BY(mutex_);
  std::deque<Row> erased_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal::test
