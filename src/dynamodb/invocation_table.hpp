// What is asked of the table of invocations, one method a question; as session_table.hpp says of its own:
// no transactions, every step may come twice. Shared by all threads.
#pragma once

#include "dynamodb/invocation_items.hpp"
#include "dynamodb/session_table.hpp"
#include "dynamodb/table_access.hpp"
#include "invocations/invocation_store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::dynamodb {

class InvocationTable {
 public:
  template <typename T>
  using Answer = boost::asio::awaitable<skymarshal::Result<T>>;

  explicit InvocationTable(std::shared_ptr<TableAccess> access) : access_(std::move(access)) {}

  Answer<std::optional<InvocationItem>> find(RequestId id);
  /// False: there is one of that id.
  Answer<bool> put(const invocations::InvocationRecord& record);
  /// Queued before. False: it has ended, or is not the owner's.
  Answer<bool> start(RequestId id, Principal owner);

  /// How one ended, and where its answer stands.
  struct End {
    RequestId id;
    invocations::InvocationState state = invocations::InvocationState::success;
    WallTime ended_at;
    SessionTable::Ending ending;
    WallTime interaction_at;
    bool releases_claim = false;
    /// Not if it has begun to run.
    bool only_if_it_waits = false;
    /// Over the interruption that it ended with, and no other end.
    bool corrects = false;
  };
  /// False: it had ended before, or is not there.
  Answer<bool> end(End end);
  /// All of it, if it has not ended.
  Answer<void> remove_open(RequestId id);
  /// All of it. Its claim stays taken, as long as if it were still there.
  Answer<void> forget(RequestId id);

  Answer<void> put_batch(RequestId id, const invocations::JournalBatch& batch);
  /// Of the newest chunk that is kept.
  Answer<std::int64_t> last_chunk(RequestId id);
  struct Chunks {
    invocations::JournalBatch batch;
    bool has_more = false;
    /// As far as it was looked: 0 if nothing is kept behind `after`, nor at it.
    std::int64_t last_chunk = 0;
  };
  /// Behind the chunk `after`, in parts. `consistent`: all that is kept, and not only what has come
  /// everywhere.
  Answer<Chunks> chunks(RequestId id, std::uint64_t after, bool consistent);

  /// Nullopt if it is free. What may be taken over is named, for put_claim().
  struct Claimed {
    std::optional<invocations::InvocationHead> head;
    std::optional<RequestId> may_be_taken_from;
  };
  Answer<Claimed> claimant(const Principal& owner, const std::string& key);
  /// False: somebody else was quicker.
  Answer<bool> put_claim(const invocations::InvocationRecord& record, std::optional<RequestId> taken_from);
  /// If it holds it.
  Answer<void> drop_claim(const Principal& owner, const std::string& key, RequestId held_by);

  struct ListRange {
    Principal owner;
    std::optional<invocations::InvocationState> state = {};
    /// The last one of the page before.
    std::optional<std::pair<std::int64_t, RequestId>> behind = {};
    std::size_t limit = 0;
  };
  struct Listed {
    std::vector<invocations::InvocationHead> heads;
    /// Where to go on: there may be more behind it. None at the end, and where `limit` ended it.
    std::optional<std::pair<std::int64_t, RequestId>> looked_until = {};
  };
  /// Newest first. Looks at a few thousand at most, so that a state that is rare costs no more.
  Answer<Listed> list(ListRange range);
  /// Oldest first.
  Answer<std::vector<invocations::InvocationRecord>> open_ones(std::string runner);
  /// Has `runner` find it in stop_asked(), if it has not ended.
  Answer<void> ask_to_stop(RequestId id, Principal owner);
  Answer<std::vector<RequestId>> stop_asked(std::string runner);
  /// Of those that ended before; returns of how many. Looks at every item of the table.
  Answer<std::size_t> remove_journals(std::int64_t ended_before_ms);

 private:
  Answer<bool> write_if(Call call);
  Answer<std::vector<Item>> items_of(RequestId id);
  Answer<void> remove_batches(RequestId id);
  Answer<invocations::InvocationRecord> record_of(Item item);
  Answer<bool> remove_old(const Item& item);
  bool is_forgotten(const InvocationItem& invocation) const;

  const std::shared_ptr<TableAccess> access_;
};

/// For the table of sessions.
SessionTable::Forget forget_by(std::shared_ptr<TableAccess> access);

}  // namespace skymarshal::dynamodb
