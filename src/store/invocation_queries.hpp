// What the invocation store asks of its database, one function a question.
// Called on a database thread, inside a transaction that the caller began. Knows no clock and no cursor:
// times and positions are parameters. A database that fails, or holds what we never wrote, is
// Errc::store_unavailable.
#pragma once

#include "base/sqlite_database.hpp"
#include "invocations/invocation_store.hpp"
#include "store/page_cursor.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::store {

struct StoredInvocation {
  /// Its number, and its session's, in this database.
  std::int64_t key = 0;
  std::int64_t session_key = 0;
  invocations::InvocationHead head;
  /// As encode_ending gives it; empty until it has ended.
  std::string ending;
  bool journal_removed = false;
};

/// By owner and id, in one index, as find_session and for its reason.
Result<std::optional<StoredInvocation>> find_invocation(SqliteDatabase& database, const Principal& owner,
                                                        const RequestId& id);

/// Whoever of the owner's has the key; of an erased session only request_id, owner and fingerprint are known.
Result<std::optional<StoredInvocation>> find_claimant(SqliteDatabase& database, const Principal& owner,
                                                      std::string_view idempotency_key);

/// False: the owner has one of that id.
Result<bool> insert_invocation(SqliteDatabase& database, const invocations::InvocationRecord& record,
                               std::int64_t session_key);

/// One that waits, waits no longer.
Result<bool> start_invocation(SqliteDatabase& database, const Principal& owner, const RequestId& id);

/// Without the chunks that are there already.
Result<void> insert_batch(SqliteDatabase& database, std::int64_t invocation_key,
                          const invocations::JournalBatch& batch);

/// `releases_claim`: the key is free again.
Result<void> end_invocation(SqliteDatabase& database, std::int64_t invocation_key,
                            const invocations::InvocationEnd& end, bool releases_claim);

/// Without a trace; one that has ended stays.
Result<void> delete_unfinished(SqliteDatabase& database, const Principal& owner, const RequestId& id);

/// Its seq; 0 if none is kept.
Result<std::uint64_t> last_chunk(SqliteDatabase& database, std::int64_t invocation_key);

struct FoundChunks {
  invocations::JournalBatch batch;
  bool has_more = false;
};

/// The chunks behind the event `after`; ends with the batch that brings them over `bytes_max`.
Result<FoundChunks> list_chunks(SqliteDatabase& database, std::int64_t invocation_key, std::uint64_t after,
                                std::size_t bytes_max);

/// The answer of one that has ended: its interaction's response. Errc::invocation_not_found once that has
/// been deleted with the rest of an old session.
Result<SharedText> find_answer(SqliteDatabase& database, const StoredInvocation& invocation);

struct InvocationRange {
  Principal owner;
  std::optional<invocations::InvocationState> state;
  /// Only what comes after this in the list's order.
  PagePosition after = {std::numeric_limits<std::int64_t>::max(), {}};
  std::size_t limit = 0;
};

/// Newest first; ids in falling order where they are of one millisecond.
Result<std::vector<invocations::InvocationHead>> list_invocations(SqliteDatabase& database,
                                                                  const InvocationRange& range);

/// Oldest first.
Result<std::vector<invocations::InvocationRecord>> list_running(SqliteDatabase& database,
                                                                std::string_view runner);

/// Deletes the chunks, and forgets the claims, of at most `rows_max` that ended before that time; returns of
/// how many.
Result<std::size_t> delete_old_journals(SqliteDatabase& database, std::int64_t before_ms,
                                        std::size_t rows_max);

}  // namespace skymarshal::store
