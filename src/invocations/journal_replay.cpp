#include "invocations/journal_replay.hpp"

#include "base/json_reader.hpp"
#include "base/spawn.hpp"

#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::invocations {
namespace {

namespace asio = boost::asio;

RuntimeMessage as_message(std::string chunk) {
  const std::size_t size = chunk.size();
  pad_json(chunk);
  return {std::move(chunk), 0, size};
}

/// True: it has its end, and nothing follows.
bool take(Journal& journal, StoredJournal part) {
  append_chunks(journal, std::move(part.batch));
  if (!part.end) return false;
  journal.append_end(*std::move(part.end));
  return true;
}

/// Erased while it was read: there is no more of it, and never will be.
void end_with(Journal& journal, const Error& error) {
  InvocationEnd end;
  end.error = error;
  end.body = share_text({});
  journal.append_end(std::move(end));
}

asio::awaitable<void> pause(Milliseconds interval) {
  asio::steady_timer timer(co_await asio::this_coro::executor, interval);
  (void)co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> follow(ReplaySource source, RequestId id, Principal principal, bool has_more,
                             std::weak_ptr<Journal> watched) {
  bool is_failing = false;
  for (;;) {
    if (!has_more) co_await pause(source.interval);
    // Held for the time of one look only: without readers there is nobody to look for.
    const std::shared_ptr<Journal> journal = watched.lock();
    if (!journal) co_return;
    auto part = co_await source.store.read(id, principal, journal->last_seq());
    if (part) {
      is_failing = false;
      has_more = part->has_more;
      if (take(*journal, *std::move(part))) co_return;
      continue;
    }
    has_more = false;
    if (part.error().code == Errc::invocation_not_found) co_return end_with(*journal, part.error());
    if (!std::exchange(is_failing, true)) {
      source.log.warning("journal_not_read", {{"request_id", id.view()},
                                              {"error_message", std::string_view(part.error().message)}});
    }
  }
}

}  // namespace

void append_chunks(Journal& journal, JournalBatch batch) {
  for (std::string& chunk : batch.chunks) journal.append_chunk(as_message(std::move(chunk)));
}

std::shared_ptr<Journal> replay_journal(ReplaySource source, const Principal& principal, std::uint64_t after,
                                        StoredJournal first, const asio::any_io_executor& executor) {
  auto journal = std::make_shared<Journal>(after);
  const RequestId id = first.head.request_id;
  const bool has_more = first.has_more;
  if (!take(*journal, std::move(first))) {
    spawn_or_log(executor, follow(source, id, principal, has_more, journal), source.log, "journal_replay");
  }
  return journal;
}

}  // namespace skymarshal::invocations
