#include "invocations/recovery.hpp"

#include "invocations/ending.hpp"
#include "invocations/journal_replay.hpp"

#include <utility>

namespace skymarshal::invocations {
namespace {

namespace asio = boost::asio;

Error died(const InvocationRecord& record) {
  if (record.waits) return make_error(Errc::interrupted, "the gateway stopped before this ran: ask again");
  return make_error(Errc::interrupted,
                    "the gateway stopped while this ran, and its answer is lost: ask again, under a new "
                    "Idempotency-Key if there was one");
}

/// What was kept of it.
asio::awaitable<Result<void>> read_back(InvocationStore& store, const InvocationRecord& record,
                                        Journal& journal) {
  for (bool has_more = true; has_more;) {
    auto part = co_await store.read(record.request_id, record.owner, journal.last_seq());
    if (!part) co_return part.error();
    has_more = part->has_more;
    append_chunks(journal, std::move(part->batch));
  }
  co_return Result<void>();
}

InvocationEnd interrupted_end(const InvocationRecord& record, const Journal& said, WallTime now) {
  InvocationEnd end;
  end.ended_at = now;
  end.execution_time = std::chrono::duration_cast<Milliseconds>(now - record.accepted_at);
  fail_with(end, died(record), said, record.request_id);
  return end;
}

asio::awaitable<Result<void>> end_one(InvocationStore& store, const InvocationRecord& record, WallTime now) {
  Journal said;
  const auto read = co_await read_back(store, record, said);
  if (!read) co_return read.error();
  FinishedInvocation finished;
  finished.end = interrupted_end(record, said, now);
  finished.interaction =
      interaction_of({record.request_id, record.session_id, record.owner, record.prompt}, finished.end);
  finished.releases_claim = record.waits;
  const auto ended = co_await store.finish(std::move(finished));
  if (!ended) co_return ended.error();
  co_return Result<void>();
}

}  // namespace

asio::awaitable<Result<std::size_t>> end_interrupted(InvocationStore& store, std::string runner,
                                                     const Clock& clock, IsLeft is_left) {
  const auto open = co_await store.open_ones(std::move(runner));
  if (!open) co_return open.error();
  std::size_t count = 0;
  for (const InvocationRecord& record : *open) {
    if (is_left) {
      const auto left = co_await is_left(record);
      if (!left) co_return left.error();
      if (!*left) continue;
    }
    const auto ended = co_await end_one(store, record, clock.wall_now());
    // One that the store never takes holds up none of the others.
    if (!ended && ended.error().code == Errc::store_refused) continue;
    if (!ended) co_return ended.error();
    ++count;
  }
  co_return count;
}

}  // namespace skymarshal::invocations
