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
  auto names = names_of(*file);
  if (!names) return names.error();
  auto refused = std::make_unique<RefusedRecords>(options.path.string() + std::string(refused_suffix),
                                                  options.bytes_max);
  if (const auto opened = refused->open(); !opened) return opened.error();
  if (refused->size() > 0) {
    log.error("outbox_has_refused_records", {{"records", static_cast<std::int64_t>(refused->size())}});
  }
  return std::shared_ptr<Outbox>(new Outbox(std::move(options), std::move(inner), log, std::move(*file),
                                            *std::move(names), std::move(refused)));
}

Result<Outbox::Names> Outbox::names_of(const OutboxFile& file) {
  Names names;
  for (std::size_t number = 0; number < file.size(); ++number) {
    const auto bytes = file.record(number);
    if (!bytes) return bytes.error();
    const auto record = decode_record(*bytes);
    names.push_back(record ? std::optional(interaction_of(*record).request_id) : std::nullopt);
  }
  return names;
}

Outbox::Outbox(Options options, Inner inner, Logger& log, OutboxFile file, Names names,
               std::unique_ptr<RefusedRecords> refused)
    : options_(std::move(options)),
      inner_(std::move(inner)),
      log_(log),
      file_(std::move(file)),
      names_(std::move(names)),
      waiting_(file_.size()),
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
  auto start = [this, request_id, bytes = encode_record(record)](Reply<FinishOutcome> reply) mutable {
    boost::asio::post(io_, [this, append = Append{request_id, std::move(bytes), std::move(reply)}]() mutable {
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

void Outbox::flush() {
  const bool was_empty = file_.empty();
  std::vector<Append> appends = std::exchange(appends_, {});
  append_bytes_ = 0;
  std::vector<std::string> records;
  for (Append& append : appends) records.push_back(std::move(append.record));

  const auto appended = file_.append(records);
  waiting_ = file_.size();
  for (Append& append : appends) {
    if (appended) {
      names_.emplace_back(append.request_id);
      append.reply.send(FinishOutcome::outboxed);
    } else {
      append.reply.send(appended.error());
    }
  }
  if (!was_empty || file_.empty()) return;
  // The store has just failed, and more than once: it gets a period's rest.
  next_drain_ = std::chrono::steady_clock::now() + options_.drain_period;
  wakeup_.wake();
}

awaitable<void> Outbox::serve() {
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

awaitable<Result<void>> Outbox::drain() {
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
awaitable<Result<FinishOutcome>> Outbox::store_or_fail(OutboxRecord record) {
  try {
    Interaction interaction = interaction_of(record);
    auto stored = co_await store(std::move(record));
    if (stored || stored.error().code != Errc::invocation_not_found) co_return stored;
    // Of a file that was replaced since: it never heard of the beginning, and still gets the end.
    co_return co_await save(std::move(interaction));
  } catch (const std::exception& bug) {
    log_.error("outbox_not_drained", {{"error_message", std::string_view(bug.what())}});
  }
  co_return make_error(Errc::store_unavailable, "the session store failed unexpectedly");
}

awaitable<Result<void>> Outbox::drain_one() {
  const auto bytes = file_.record(0);
  if (!bytes) co_return bytes.error();
  auto record = decode_record(*bytes);
  if (!record) {
    log_.error("outbox_record_dropped", {{"reason", "unreadable"}});
    co_return pop();
  }
  const RequestId request_id = interaction_of(*record).request_id;
  const auto stored = co_await store_or_fail(*std::move(record));
  if (stored) co_return pop();
  if (stored.error().code == Errc::store_refused) {
    // On the disk there before it is gone here: it is in both rather than in none.
    const auto kept = keep_refused(request_id, *bytes);
    co_return kept ? pop() : kept;
  }
  if (stored.error().code != Errc::session_not_found) co_return stored.error();
  log_.warning("outbox_record_dropped",
               {{"reason", "the session belongs to somebody else"}, {"request_id", request_id.view()}});
  co_return pop();
}

Result<void> Outbox::pop() {
  auto popped = file_.pop();
  // Taken it is also where the file behind it could not be cut off.
  if (names_.size() > file_.size()) names_.pop_front();
  return popped;
}

awaitable<Result<std::optional<FinishedInvocation>>> Outbox::waiting_end(RequestId id) {
  if (waiting_ == 0) co_return std::optional<FinishedInvocation>();
  auto start = [this, id](Reply<std::optional<FinishedInvocation>> reply) {
    boost::asio::post(io_, [this, id, asked = std::move(reply)]() mutable { asked.send(find_end(id)); });
  };
  co_return co_await await_reply<std::optional<FinishedInvocation>>(start);
}

Result<std::optional<FinishedInvocation>> Outbox::find_end(const RequestId& id) const {
  const auto name = std::ranges::find(names_, std::optional(id));
  if (name == names_.end()) return std::optional<FinishedInvocation>();
  const auto bytes = file_.record(static_cast<std::size_t>(name - names_.begin()));
  if (!bytes) return bytes.error();
  auto record = decode_record(*bytes);
  auto* const finished = record ? std::get_if<FinishedInvocation>(&*record) : nullptr;
  if (finished == nullptr) return std::optional<FinishedInvocation>();
  return std::optional(std::move(*finished));
}

awaitable<Result<void>> Outbox::drain_now() {
  if (waiting_ == 0) co_return Result<void>();
  auto start = [this](Reply<void> reply) {
    boost::asio::post(io_, [this, request = std::move(reply)]() mutable {
      drain_requests_.push_back(std::move(request));
      wakeup_.wake();
    });
  };
  co_return co_await await_reply<void>(start);
}

}  // namespace skymarshal::store
