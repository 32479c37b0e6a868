#include "store/outbox.hpp"

#include "base/spawn.hpp"
#include "invocations/session_errors.hpp"
#include "store/session_codec.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace skymarshal::store {

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using invocations::Interaction;
using invocations::PageRequest;
using invocations::SaveOutcome;
using invocations::Session;
using invocations::SessionFilter;
using invocations::SessionHistory;
using invocations::SessionPage;

namespace {

Error shutting_down() { return make_error(Errc::shutting_down, "the server is shutting down"); }

}  // namespace

Result<std::unique_ptr<OutboxSessionStore>> OutboxSessionStore::open(
    Options options, std::unique_ptr<invocations::SessionStore> inner, const Clock& clock, Logger& log) {
  auto file = OutboxFile::open(options.path);
  if (!file) return file.error();
  if (file->dropped_bytes() > 0) {
    log.warning("outbox_tail_dropped", {{"bytes", static_cast<std::int64_t>(file->dropped_bytes())}});
  }
  return std::unique_ptr<OutboxSessionStore>(
      new OutboxSessionStore(std::move(options), std::move(inner), clock, log, std::move(*file)));
}

OutboxSessionStore::OutboxSessionStore(Options options, std::unique_ptr<invocations::SessionStore> inner,
                                       const Clock& clock, Logger& log, OutboxFile file)
    : options_(std::move(options)),
      inner_(std::move(inner)),
      clock_(clock),
      log_(log),
      known_(options_.known_sessions_max),
      file_(std::move(file)),
      waiting_(file_.size()),
      wakeup_(io_.get_executor()),
      next_drain_(std::chrono::steady_clock::now()),
      thread_([this] {
        spawn_or_log(io_.get_executor(), serve(), log_, "outbox");
        io_.run();
      }) {}

OutboxSessionStore::~OutboxSessionStore() {
  boost::asio::post(io_, [this] {
    stopping_ = true;
    wakeup_.wake();
  });
  thread_.join();
}

awaitable<Result<SaveOutcome>> OutboxSessionStore::save(Interaction interaction) {
  const auto saved = co_await save_or_put_aside(interaction);
  if (saved) known_.note_activity(interaction.session_id, interaction.principal, interaction.timestamp);
  co_return saved;
}

awaitable<Result<SaveOutcome>> OutboxSessionStore::save_or_put_aside(const Interaction& interaction) {
  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  for (std::size_t attempt = 0;; ++attempt) {
    Interaction copy = interaction;
    auto saved = co_await inner_->save(std::move(copy));
    if (saved || saved.error().code != Errc::store_unavailable) co_return saved;
    if (attempt == options_.retry_delays.size()) break;
    boost::asio::steady_timer timer(executor, options_.retry_delays[attempt]);
    (void)co_await timer.async_wait(boost::asio::as_tuple(use_awaitable));
  }
  co_return co_await put_aside(interaction);
}

awaitable<Result<SaveOutcome>> OutboxSessionStore::put_aside(const Interaction& interaction) {
  const std::string request_id = interaction.request_id.str();
  auto start = [this, record = encode_interaction(interaction)](Reply<SaveOutcome> reply) mutable {
    boost::asio::post(io_, [this, append = Append{std::move(record), std::move(reply)}]() mutable {
      enqueue(std::move(append));
    });
  };
  auto kept = co_await await_reply<SaveOutcome>(std::move(start));
  // Of a loss the caller hears, and tells.
  if (kept) log_.warning("interaction_outboxed", {{"request_id", request_id}});
  co_return kept;
}

void OutboxSessionStore::enqueue(Append append) {
  const std::uint64_t bytes = OutboxFile::frame_bytes(append.record.size());
  if (file_.bytes() + append_bytes_ + bytes > options_.bytes_max) {
    append.reply.send(
        make_error(Errc::store_unavailable, "the session store is not available and the outbox is full"));
    return;
  }
  append_bytes_ += bytes;
  appends_.push_back(std::move(append));
  // Behind whatever is queued by now: those records share one sync of the disk.
  if (appends_.size() == 1) boost::asio::post(io_, [this] { flush(); });
}

void OutboxSessionStore::flush() {
  const bool was_empty = file_.empty();
  std::vector<Append> appends = std::exchange(appends_, {});
  append_bytes_ = 0;
  std::vector<std::string> records;
  for (Append& append : appends) records.push_back(std::move(append.record));

  const auto appended = file_.append(records);
  waiting_ = file_.size();
  for (Append& append : appends) {
    if (appended) {
      append.reply.send(SaveOutcome::outboxed);
    } else {
      append.reply.send(appended.error());
    }
  }
  if (!was_empty || file_.empty()) return;
  // The store has just failed, and more than once: it gets a period's rest.
  next_drain_ = std::chrono::steady_clock::now() + options_.drain_period;
  wakeup_.wake();
}

awaitable<void> OutboxSessionStore::serve() {
  while (!stopping_) {
    const SteadyTime due = file_.empty() ? Wakeup::never : next_drain_;
    const bool woken = co_await wakeup_.wait_until(due);
    if (woken && drain_requests_.empty()) continue;
    std::vector<Reply<void>> requests = std::exchange(drain_requests_, {});
    const Result<void> drained = co_await drain();
    next_drain_ = std::chrono::steady_clock::now() + options_.drain_period;
    for (Reply<void>& request : requests) request.send(drained);
  }
  for (Reply<void>& request : drain_requests_) request.send(shutting_down());
}

awaitable<Result<void>> OutboxSessionStore::drain() {
  std::int64_t count = 0;
  Result<void> drained;
  while (drained && !file_.empty()) {
    if (stopping_) {
      drained = shutting_down();
      break;
    }
    drained = co_await drain_one();
    waiting_ = file_.size();
    if (drained) ++count;
  }
  if (count > 0) {
    // Whoever erases next must not see these come back after a crash.
    if (const auto synced = file_.sync(); drained && !synced) drained = synced;
    log_.info("outbox_drained", {{"records", count}, {"waiting", static_cast<std::int64_t>(file_.size())}});
  }
  co_return drained;
}

/// A store with a bug is one that fails: the records wait, and the outbox goes on.
awaitable<Result<SaveOutcome>> OutboxSessionStore::save_or_fail(Interaction interaction) {
  try {
    co_return co_await inner_->save(std::move(interaction));
  } catch (const std::exception& bug) {
    log_.error("outbox_not_drained", {{"error_message", std::string_view(bug.what())}});
  }
  co_return make_error(Errc::store_unavailable, "the session store failed unexpectedly");
}

awaitable<Result<void>> OutboxSessionStore::drain_one() {
  const auto record = file_.front();
  if (!record) co_return record.error();
  auto interaction = decode_interaction(*record);
  if (!interaction) {
    log_.error("outbox_record_dropped", {{"reason", "unreadable"}});
    co_return file_.pop();
  }
  const std::string request_id = interaction->request_id.str();
  const auto saved = co_await save_or_fail(*std::move(interaction));
  if (!saved && saved.error().code != Errc::session_not_found) co_return saved.error();
  if (!saved) {
    log_.warning("outbox_record_dropped",
                 {{"reason", "the session belongs to somebody else"}, {"request_id", request_id}});
  }
  co_return file_.pop();
}

awaitable<Result<void>> OutboxSessionStore::drain_now() {
  auto start = [this](Reply<void> reply) {
    boost::asio::post(io_, [this, request = std::move(reply)]() mutable {
      drain_requests_.push_back(std::move(request));
      wakeup_.wake();
    });
  };
  return await_reply<void>(start);
}

awaitable<Result<void>> OutboxSessionStore::erase(SessionId id, Principal principal) {
  if (waiting_ > 0) {
    const auto drained = co_await drain_now();
    if (!drained) co_return drained.error();
  }
  auto erased = co_await inner_->erase(id, std::move(principal));
  if (erased) known_.forget(id);
  co_return erased;
}

awaitable<Result<Session>> OutboxSessionStore::create(SessionId id, Principal owner) {
  auto created = co_await inner_->create(id, std::move(owner));
  if (created) known_.note(*created);
  co_return created;
}

awaitable<Result<Session>> OutboxSessionStore::claim(SessionId id, Principal principal) {
  // A store that takes nothing makes no session for a stranger either, so then there is nothing to wait for.
  if (waiting_ > 0) (void)co_await drain_now();
  auto claimed = co_await inner_->claim(id, principal);
  if (claimed) {
    known_.note(*claimed);
  } else if (claimed.error().code == Errc::store_unavailable) {
    if (auto known = claim_known(id, principal)) co_return *std::move(known);
  }
  co_return claimed;
}

/// What the store would say of it, as far as this process can know; nullopt: it knows nothing.
std::optional<Result<Session>> OutboxSessionStore::claim_known(const SessionId& id,
                                                               const Principal& principal) const {
  auto session = known_.find(id);
  if (!session) return std::nullopt;
  if (session->owner != principal) return invocations::session_not_found();
  if (clock_.wall_now() - session->last_activity_at > options_.expire_after) {
    return invocations::session_expired();
  }
  return *std::move(session);
}

awaitable<Result<SessionPage>> OutboxSessionStore::list(Principal principal, SessionFilter filter,
                                                        PageRequest page) {
  return inner_->list(std::move(principal), filter, std::move(page));
}

awaitable<Result<SessionHistory>> OutboxSessionStore::history(SessionId id, Principal principal,
                                                              PageRequest page) {
  return inner_->history(id, std::move(principal), std::move(page));
}

awaitable<Result<std::size_t>> OutboxSessionStore::remove_old() { return inner_->remove_old(); }

awaitable<Result<void>> OutboxSessionStore::probe() { return inner_->probe(); }

}  // namespace skymarshal::store
