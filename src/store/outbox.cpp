#include "store/outbox.hpp"

#include "base/spawn.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace skymarshal::store {

using boost::asio::awaitable;
using boost::asio::use_awaitable;
using invocations::FinishedInvocation;
using invocations::FinishOutcome;
using invocations::Interaction;
using invocations::SaveOutcome;

namespace {

constexpr std::string_view refused_suffix = ".refused";

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

Error shutting_down() { return make_error(Errc::shutting_down, "the server is shutting down"); }

}  // namespace

Result<std::shared_ptr<Outbox>> Outbox::open(Options options, Inner inner, Logger& log) {
  auto file = OutboxFile::open(options.path);
  if (!file) return file.error();
  if (file->dropped_bytes() > 0) {
    log.warning("outbox_tail_dropped", {{"bytes", static_cast<std::int64_t>(file->dropped_bytes())}});
  }
  auto records = WaitingRecords::open(*std::move(file));
  if (!records) return records.error();
  auto refused = std::make_unique<RefusedRecords>(options.path.string() + std::string(refused_suffix),
                                                  options.bytes_max);
  if (const auto opened = refused->open(); !opened) return opened.error();
  if (refused->size() > 0) {
    log.error("outbox_has_refused_records", {{"records", static_cast<std::int64_t>(refused->size())}});
  }
  return std::shared_ptr<Outbox>(
      new Outbox(std::move(options), std::move(inner), log, *std::move(records), std::move(refused)));
}

Outbox::Outbox(Options options, Inner inner, Logger& log, WaitingRecords records,
               std::unique_ptr<RefusedRecords> refused)
    : options_(std::move(options)),
      inner_(std::move(inner)),
      log_(log),
      records_(std::move(records)),
      waiting_(records_.size()),
      refused_(std::move(refused)),
      wakeup_(io_.get_executor()),
      next_drain_(std::chrono::steady_clock::now()),
      thread_([this] {
        spawn_or_log(io_.get_executor(), serve(), log_, "outbox");
        io_.run();
      }) {}

Outbox::~Outbox() {
  boost::asio::post(io_, [this] {
    stopping_ = true;
    wakeup_.wake();
  });
  thread_.join();
}

awaitable<Result<FinishOutcome>> Outbox::deliver(OutboxRecord record) {
  if (waiting_ > 0) co_return co_await put_aside(record);
  std::optional<SteadyTime> give_up;
  if (options_.deliver_timeout) give_up = steady_now() + *options_.deliver_timeout;
  for (std::size_t attempt = 0;; ++attempt) {
    OutboxRecord copy = record;
    auto stored = co_await store_until(give_up, std::move(copy));
    if (!stored && stored.error().code == Errc::store_refused) co_await put_beside(record);
    if (stored || stored.error().code != Errc::store_unavailable) co_return stored;
    if (attempt == options_.retry_delays.size()) break;
    const SteadyTime next = steady_now() + options_.retry_delays[attempt];
    if (give_up && next >= *give_up) break;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, next);
    (void)co_await timer.async_wait(boost::asio::as_tuple(use_awaitable));
  }
  co_return co_await put_aside(record);
}

/// One attempt, and what has become of it.
struct Outbox::Attempt {
  OutboxRecord record;
  std::optional<Result<FinishOutcome>> outcome = {};
  std::exception_ptr thrown = {};
};

/// What is cut off in the middle is what a crash there leaves: whoever drains the record finds out how far it
/// was.
awaitable<Result<FinishOutcome>> Outbox::store_until(std::optional<SteadyTime> give_up, OutboxRecord record) {
  if (!give_up) co_return co_await store(std::move(record));
  using boost::asio::experimental::awaitable_operators::operator||;
  Attempt attempt{std::move(record)};
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, *give_up);
  auto limit = timer.async_wait(use_awaitable);
  auto race = run(attempt) || std::move(limit);
  const std::size_t first = (co_await std::move(race)).index();
  // It may have come to its end as the time did.
  if (attempt.outcome) co_return *std::move(attempt.outcome);
  if (first == 0) std::rethrow_exception(attempt.thrown);
  co_return make_error(Errc::store_unavailable, "the session store is too slow: try again soon");
}

/// Its end is no exception, so that it ends the race.
awaitable<void> Outbox::run(Attempt& attempt) {
  try {
    attempt.outcome = co_await store(std::move(attempt.record));
  } catch (...) {
    attempt.thrown = std::current_exception();
  }
}

awaitable<Result<FinishOutcome>> Outbox::store(OutboxRecord record) {
  auto* const finished = std::get_if<FinishedInvocation>(&record);
  if (finished != nullptr) return inner_.invocations->finish(std::move(*finished));
  return save(std::get<Interaction>(std::move(record)));
}

awaitable<Result<FinishOutcome>> Outbox::save(Interaction interaction) {
  const auto saved = co_await inner_.sessions->save(std::move(interaction));
  if (!saved) co_return saved.error();
  if (*saved == SaveOutcome::outboxed) co_return FinishOutcome::outboxed;
  co_return FinishOutcome::finished;
}

awaitable<Result<FinishOutcome>> Outbox::put_aside(const OutboxRecord& record) {
  const RequestId request_id = interaction_of(record).request_id;
  const WaitingRecords::Name name{request_id, interaction_of(record).session_id};
  auto start = [this, name, bytes = encode_record(record)](Reply<FinishOutcome> reply) mutable {
    boost::asio::post(io_, [this, append = Append{name, std::move(bytes), std::move(reply)}]() mutable {
      enqueue(std::move(append));
    });
  };
  auto kept = co_await await_reply<FinishOutcome>(std::move(start));
  // Of a loss the caller hears, and tells.
  if (kept) log_.warning("interaction_outboxed", {{"request_id", request_id.view()}});
  co_return kept;
}

/// Whether the disk took it, the log says.
awaitable<void> Outbox::put_beside(const OutboxRecord& record) {
  const RequestId request_id = interaction_of(record).request_id;
  auto start = [this, request_id, bytes = encode_record(record)](Reply<void> reply) mutable {
    boost::asio::post(io_, [this, request_id, kept = std::move(bytes), asked = std::move(reply)]() mutable {
      asked.send(keep_refused(request_id, kept));
    });
  };
  (void)co_await await_reply<void>(std::move(start));
}

Result<void> Outbox::keep_refused(const RequestId& request_id, const std::string& record) {
  auto kept = refused_->keep(request_id, record);
  // What the store said stands in its own line, right before.
  log_.error(kept ? "outbox_record_refused" : "outbox_refused_record_not_kept",
             {{"request_id", request_id.view()},
              {"error_message", kept ? std::string_view("the store takes it never")
                                     : std::string_view(kept.error().message)}});
  return kept;
}

void Outbox::enqueue(Append append) {
  const std::uint64_t bytes = OutboxFile::frame_bytes(append.record.size());
  if (records_.file_bytes() + append_bytes_ + bytes > options_.bytes_max) {
    append.reply.send(
        make_error(Errc::store_unavailable, "the session store is not available and the outbox is full"));
    return;
  }
  append_bytes_ += bytes;
  appends_.push_back(std::move(append));
  // Behind whatever is queued by now: those records share one sync of the disk.
  if (appends_.size() == 1) boost::asio::post(io_, [this] { flush(); });
}

void Outbox::flush() {
  const bool was_empty = records_.empty();
  std::vector<Append> appends = std::exchange(appends_, {});
  append_bytes_ = 0;
  std::vector<std::string> records;
  std::vector<WaitingRecords::Name> names;
  for (Append& append : appends) {
    records.push_back(std::move(append.record));
    names.push_back(append.name);
  }
  const auto appended = records_.append(records, names);
  waiting_ = records_.size();
  for (Append& append : appends) {
    if (appended) {
      append.reply.send(FinishOutcome::outboxed);
    } else {
      append.reply.send(appended.error());
    }
  }
  if (!was_empty || records_.empty()) return;
  // The store has just failed, and more than once: it gets a period's rest.
  next_drain_ = steady_now() + options_.drain_period;
  wakeup_.wake();
}

awaitable<void> Outbox::serve() {
  while (!stopping_) {
    const SteadyTime due = records_.empty() ? Wakeup::never : next_drain_;
    const bool woken = co_await wakeup_.wait_until(due);
    if (woken && drain_requests_.empty()) continue;
    const Result<void> drained = co_await drain();
    next_drain_ = steady_now() + options_.drain_period;
    if (drained) continue;
    // Whoever asked since has asked of the same store.
    for (DrainRequest& request : std::exchange(drain_requests_, {})) request.reply.send(drained);
  }
  for (DrainRequest& request : drain_requests_) request.reply.send(shutting_down());
}

/// What is given to the stores at a time, on one thread.
struct Outbox::Round {
  Wakeup ended;
  std::size_t under_way = 0;
  std::size_t taken = 0;
  /// The first failure: nothing is begun behind it.
  Result<void> result = {};

  /// A store that may still be down is asked with one record, and with more as it takes them.
  std::size_t width(std::size_t most) const { return std::min(most, 1 + taken); }
};

awaitable<Result<void>> Outbox::drain() {
  Round round{Wakeup(io_.get_executor())};
  for (;;) {
    if (stopping_ && round.result) round.result = shutting_down();
    while (round.result && round.under_way < round.width(options_.drained_at_once_max)) {
      const auto next = records_.begin_next();
      if (!next) break;
      ++round.under_way;
      spawn_or_log(io_.get_executor(), drain_one(round, *next), log_, "outbox_drain");
    }
    if (round.result) answer_done_requests();
    if (round.under_way == 0) break;
    co_await round.ended.wait_until(Wakeup::never);
  }
  if (round.taken > 0) {
    // Whoever erases next must not see these come back after a crash.
    if (const auto synced = records_.sync(); round.result && !synced) round.result = synced;
    log_.info("outbox_drained", {{"records", static_cast<std::int64_t>(round.taken)},
                                 {"waiting", static_cast<std::int64_t>(records_.size())}});
  }
  co_return round.result;
}

bool Outbox::is_done(const DrainRequest& request) const {
  return request.session ? !records_.any_of(*request.session) : !records_.any_before(request.until);
}

void Outbox::answer_done_requests() {
  if (!std::ranges::any_of(drain_requests_, [this](const auto& request) { return is_done(request); })) return;
  const auto synced = records_.sync();
  std::vector<DrainRequest> requests = std::exchange(drain_requests_, {});
  for (DrainRequest& request : requests) {
    if (is_done(request)) {
      request.reply.send(synced);
    } else {
      drain_requests_.push_back(std::move(request));
    }
  }
}

awaitable<void> Outbox::drain_one(Round& round, WaitingRecords::Number number) {
  Result<void> taken;
  try {
    const auto bytes = records_.record(number);
    if (bytes) {
      taken = co_await give_to_store(*bytes);
    } else {
      taken = bytes.error();
    }
  } catch (const std::exception& bug) {
    // A store with a bug is one that fails: the records wait, and the outbox goes on.
    log_.error("outbox_not_drained", {{"error_message", std::string_view(bug.what())}});
    taken = make_error(Errc::store_unavailable, "the session store failed unexpectedly");
  }
  if (taken) {
    taken = records_.take(number);
  } else {
    records_.give_back(number);
  }
  waiting_ = records_.size();
  if (taken) ++round.taken;
  if (!taken && round.result) round.result = taken;
  --round.under_way;
  round.ended.wake();
}

awaitable<Result<void>> Outbox::give_to_store(const std::string& bytes) {
  auto record = decode_record(bytes);
  if (!record) {
    log_.error("outbox_record_dropped", {{"reason", "unreadable"}});
    co_return Result<void>();
  }
  const RequestId request_id = interaction_of(*record).request_id;
  const auto stored = co_await store_late(*std::move(record));
  if (stored) co_return Result<void>();
  // On the disk there before it is gone here: it is in both rather than in none.
  if (stored.error().code == Errc::store_refused) co_return keep_refused(request_id, bytes);
  if (stored.error().code != Errc::session_not_found) co_return stored.error();
  log_.warning("outbox_record_dropped",
               {{"reason", "the session belongs to somebody else"}, {"request_id", request_id.view()}});
  co_return Result<void>();
}

awaitable<Result<FinishOutcome>> Outbox::store_late(OutboxRecord record) {
  Interaction interaction = interaction_of(record);
  auto stored = co_await store(std::move(record));
  if (stored || stored.error().code != Errc::invocation_not_found) co_return stored;
  // Of a file that was replaced since: it never heard of the beginning, and still gets the end.
  co_return co_await save(std::move(interaction));
}

awaitable<Result<std::optional<FinishedInvocation>>> Outbox::waiting_end(RequestId id) {
  if (waiting_ == 0) co_return std::optional<FinishedInvocation>();
  auto start = [this, id](Reply<std::optional<FinishedInvocation>> reply) {
    boost::asio::post(io_, [this, id, asked = std::move(reply)]() mutable { asked.send(find_end(id)); });
  };
  co_return co_await await_reply<std::optional<FinishedInvocation>>(start);
}

Result<std::optional<FinishedInvocation>> Outbox::find_end(const RequestId& id) const {
  const auto number = records_.find(id);
  if (!number) return std::optional<FinishedInvocation>();
  const auto bytes = records_.record(*number);
  if (!bytes) return bytes.error();
  auto record = decode_record(*bytes);
  auto* const finished = record ? std::get_if<FinishedInvocation>(&*record) : nullptr;
  if (finished == nullptr) return std::optional<FinishedInvocation>();
  return std::optional(std::move(*finished));
}

awaitable<Result<void>> Outbox::drain_now() { return request_drain(std::nullopt); }

awaitable<Result<void>> Outbox::drain_now(SessionId session) { return request_drain(session); }

awaitable<Result<void>> Outbox::request_drain(std::optional<SessionId> session) {
  if (waiting_ == 0) co_return Result<void>();
  auto start = [this, session](Reply<void> reply) {
    boost::asio::post(io_, [this, session, asked = std::move(reply)]() mutable {
      request_drain(session, std::move(asked));
    });
  };
  co_return co_await await_reply<void>(start);
}

void Outbox::request_drain(std::optional<SessionId> session, Reply<void> reply) {
  if (session && !records_.any_of(*session)) return reply.send(records_.sync());
  drain_requests_.push_back({session, records_.end(), std::move(reply)});
  wakeup_.wake();
}

}  // namespace skymarshal::store
