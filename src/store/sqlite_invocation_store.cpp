#include "store/sqlite_invocation_store.hpp"

#include "invocations/invocation_errors.hpp"
#include "store/invocation_codec.hpp"
#include "store/invocation_queries.hpp"
#include "store/page_cursor.hpp"
#include "store/session_queries.hpp"
#include "store/sqlite_schema.hpp"

#include <algorithm>
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

namespace {

Result<BeginOutcome> begin_in(SqliteDatabase& database, const InvocationRecord& record, WallTime now,
                              Milliseconds expire_after) {
  if (record.claim) {
    auto claimant = find_claimant(database, record.owner, record.claim->key);
    if (!claimant) return claimant.error();
    if (*claimant) return BeginOutcome{false, std::move((*claimant)->head)};
  }
  const auto session = claim_session(database, record.session_id, record.owner, now, expire_after);
  if (!session) return session.error();
  const auto inserted = insert_invocation(database, record, session->key);
  if (!inserted) return inserted.error();
  if (!*inserted) return make_error(Errc::internal, "the new invocation's id is in use");
  return BeginOutcome{true, head_of(record)};
}

Result<FinishOutcome> finish_in(SqliteDatabase& database, const FinishedInvocation& finished) {
  const auto& interaction = finished.interaction;
  const auto found = find_invocation(database, interaction.principal, interaction.request_id);
  if (!found) return found.error();
  if (!*found) return invocations::invocation_not_found();
  const bool is_corrected = stands_over(finished.end, (*found)->head.state);
  if (has_ended((*found)->head.state) && !is_corrected) return FinishOutcome::ended_before;
  if (is_corrected) {
    if (auto replaced = replace_interaction(database, (*found)->session_key, interaction); !replaced)
      return replaced.error();
  }
  if (auto kept = insert_batch(database, (*found)->key, finished.rest); !kept) return kept.error();
  if (auto saved = insert_interaction(database, interaction); !saved) return saved.error();
  const bool frees = frees_claim(finished, (*found)->head.state);
  const auto ended = end_invocation(database, (*found)->key, finished.end, frees);
  if (!ended) return ended.error();
  return FinishOutcome::finished;
}

/// The end, and with it the answer, behind the last chunk.
Result<void> add_end(SqliteDatabase& database, const StoredInvocation& invocation, StoredJournal& journal) {
  journal.end = decode_ending(invocation.ending);
  if (!journal.end) return not_ours();
  auto answer = find_answer(database, invocation);
  if (!answer) return answer.error();
  journal.end->body = *std::move(answer);
  return {};
}

Result<StoredJournal> read_in(SqliteDatabase& database, const Principal& principal, const RequestId& id,
                              std::uint64_t after, std::size_t bytes_max) {
  auto found = find_invocation(database, principal, id);
  if (!found) return found.error();
  if (!*found) return invocations::invocation_not_found();
  const StoredInvocation invocation = **std::move(found);
  StoredJournal journal;
  journal.head = invocation.head;
  journal.journal_removed = invocation.journal_removed;
  const auto last = last_chunk(database, invocation.key);
  if (!last) return last.error();
  journal.last_chunk = *last;
  auto chunks = list_chunks(database, invocation.key, after, bytes_max);
  if (!chunks) return chunks.error();
  journal.batch = std::move(chunks->batch);
  journal.has_more = chunks->has_more;
  if (journal.has_more || !has_ended(invocation.head.state)) return journal;
  if (auto added = add_end(database, invocation, journal); !added) return added.error();
  return journal;
}

std::string invocations_scope(const Principal& principal, std::optional<InvocationState> state) {
  return "invocations " + std::string(state ? to_text(*state) : std::string_view("all")) + ' ' + principal.id;
}

}  // namespace

SqliteInvocationStore::SqliteInvocationStore(const Options& options,
                                             std::shared_ptr<SqliteConnections> connections,
                                             const Clock& clock)
    : options_(options), connections_(std::move(connections)), clock_(clock) {}

awaitable<Result<BeginOutcome>> SqliteInvocationStore::begin(InvocationRecord record) {
  auto work = [record = std::move(record), now = clock_.wall_now(), expire_after = options_.expire_after](
                  SqliteDatabase& database) { return begin_in(database, record, now, expire_after); };
  return connections_->write<BeginOutcome>(std::move(work));
}

awaitable<Result<bool>> SqliteInvocationStore::start(RequestId id, Principal owner) {
  auto work = [id, owner = std::move(owner)](SqliteDatabase& database) {
    return start_invocation(database, owner, id);
  };
  return connections_->write<bool>(std::move(work));
}

awaitable<Result<bool>> SqliteInvocationStore::append(RequestId id, Principal owner, JournalBatch batch) {
  auto work = [id, owner = std::move(owner),
               batch = std::move(batch)](SqliteDatabase& database) -> Result<bool> {
    const auto found = find_invocation(database, owner, id);
    if (!found) return found.error();
    if (!*found || has_ended((*found)->head.state)) return false;
    if (auto kept = insert_batch(database, (*found)->key, batch); !kept) return kept.error();
    return true;
  };
  return connections_->write<bool>(std::move(work));
}

awaitable<Result<FinishOutcome>> SqliteInvocationStore::finish(FinishedInvocation finished) {
  auto work = [finished = std::move(finished)](SqliteDatabase& database) {
    return finish_in(database, finished);
  };
  return connections_->write<FinishOutcome>(std::move(work));
}

awaitable<Result<void>> SqliteInvocationStore::withdraw(RequestId id, SessionId, Principal owner) {
  auto work = [id, owner = std::move(owner)](SqliteDatabase& database) {
    return delete_unfinished(database, owner, id);
  };
  return connections_->write<void>(std::move(work));
}

awaitable<Result<std::optional<InvocationHead>>> SqliteInvocationStore::claimant(Principal owner,
                                                                                 std::string key) {
  auto look = [owner = std::move(owner),
               key = std::move(key)](SqliteDatabase& database) -> Result<std::optional<InvocationHead>> {
    auto found = find_claimant(database, owner, key);
    if (!found) return found.error();
    if (!*found) return std::optional<InvocationHead>();
    return std::optional(std::move((*found)->head));
  };
  return connections_->read<std::optional<InvocationHead>>(std::move(look));
}

awaitable<Result<StoredJournal>> SqliteInvocationStore::read(RequestId id, Principal principal,
                                                             std::uint64_t after) {
  auto work = [id, principal = std::move(principal), after, bytes_max = options_.read_bytes_max](
                  SqliteDatabase& database) { return read_in(database, principal, id, after, bytes_max); };
  return connections_->read<StoredJournal>(std::move(work));
}

awaitable<Result<InvocationPage>> SqliteInvocationStore::list(Principal principal,
                                                              std::optional<InvocationState> state,
                                                              PageRequest page) {
  const std::string scope = invocations_scope(principal, state);
  const auto position = read_cursor(page.limit, page.cursor, scope);
  if (!position) co_return position.error();
  const std::size_t limit = std::min(page.limit, options_.page_items_max);
  InvocationRange range;
  range.owner = std::move(principal);
  range.state = state;
  range.limit = limit + 1;
  if (*position) range.after = **position;
  const auto look = [&range](SqliteDatabase& database) { return list_invocations(database, range); };
  auto heads = co_await connections_->read<std::vector<InvocationHead>>(look);
  if (!heads) co_return heads.error();

  InvocationPage answer{std::move(*heads), {}};
  if (answer.invocations.size() > limit) {
    answer.invocations.pop_back();
    const InvocationHead& last = answer.invocations.back();
    answer.next_cursor = encode_cursor({unix_ms(last.accepted_at), last.request_id.str()}, scope);
  }
  co_return answer;
}

awaitable<Result<std::vector<InvocationRecord>>> SqliteInvocationStore::open_ones(std::string runner) {
  auto look = [runner = std::move(runner)](SqliteDatabase& database) {
    return list_running(database, runner);
  };
  return connections_->read<std::vector<InvocationRecord>>(std::move(look));
}

awaitable<Result<std::size_t>> SqliteInvocationStore::remove_old_journals() {
  const std::int64_t before_ms = unix_ms(clock_.wall_now() - options_.journal_retain);
  const auto remove = [before_ms, rows_max = options_.remove_rows_max](SqliteDatabase& database) {
    return delete_old_journals(database, before_ms, rows_max);
  };
  std::size_t removed = 0;
  for (;;) {
    const auto batch = co_await connections_->write<std::size_t>(remove);
    if (!batch) co_return batch.error();
    removed += *batch;
    if (*batch < options_.remove_rows_max) co_return removed;
  }
}

}  // namespace skymarshal::store
