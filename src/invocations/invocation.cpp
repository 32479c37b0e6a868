#include "invocations/invocation.hpp"

#include "base/json_reader.hpp"
#include "base/json_value.hpp"
#include "base/json_writer.hpp"
#include "base/spawn.hpp"
#include "base/utf8.hpp"
#include "http/problem.hpp"
#include "invocations/ending.hpp"
#include "invocations/invoke_response.hpp"
#include "invocations/shared_turn.hpp"

#include <algorithm>
#include <vector>

#include <boost/asio/dispatch.hpp>

namespace skymarshal::invocations {
namespace {

namespace asio = boost::asio;

Error unread() {
  return make_error(Errc::cancelled, "cancelled: the client left and nobody came back in time");
}

Error taken_for_dead() {
  return make_error(Errc::interrupted, "this gateway was taken for dead before this ran: ask again");
}

}  // namespace

Invocation::Invocation(Services services, Options options, Subject subject,
                       const asio::any_io_executor& executor)
    : services_(services),
      options_(options),
      subject_(std::move(subject)),
      executor_(executor),
      accepted_at_(services.clock.steady_now()) {}

std::shared_ptr<Invocation> Invocation::start(Services services, Options options, Subject subject,
                                              const asio::any_io_executor& executor, SessionTurns::Turn turn,
                                              ConcurrencyGate::Admission admission) {
  const std::shared_ptr<Invocation> self(new Invocation(services, options, std::move(subject), executor));
  self->readership_ =
      std::make_shared<Readership>(executor, options.when_unread, [weak = std::weak_ptr<Invocation>(self)] {
        if (const auto deserted = weak.lock()) deserted->stop_.raise(unread());
      });
  services.registry.add(self->subject_.request_id, self);
  spawn_or_log(executor, run(self, std::move(turn), std::move(admission)), services.log, "invocation");
  return self;
}

void Invocation::stop(Error reason) {
  asio::dispatch(executor_,
                 [self = shared_from_this(), reason = std::move(reason)] { self->stop_.raise(reason); });
}

asio::awaitable<void> Invocation::run(std::shared_ptr<Invocation> self, SessionTurns::Turn turn,
                                      ConcurrencyGate::Admission admission) {
  InvocationEnd end;
  {
    // Kept until the end is saved: the session's next turn finds it in the history.
    SessionTurns::Turn held_turn = std::move(turn);
    const std::shared_ptr<JournalKeeper> keeper = self->keep_journal();
    RunOutcome outcome = co_await self->converse(held_turn, std::move(admission));
    const bool has_run = outcome.timings.reached;
    end = self->make_end(std::move(outcome));
    end.persisted = co_await self->save(end, has_run, keeper.get());
  }
  if (end.error) self->log_failure(end);
  self->readership_->close();
  self->journal_->append_end(std::move(end));
  self->services_.registry.remove(self->subject_.request_id);
}

/// The slot is given back when this returns: what follows needs no runtime.
asio::awaitable<RunOutcome> Invocation::converse(SessionTurns::Turn& turn,
                                                 ConcurrencyGate::Admission admission) {
  ConcurrencyGate::Admission slot = std::move(admission);
  try {
    auto my_turn = co_await wait_for_turn(turn);
    const bool entered = my_turn && *my_turn && co_await slot.enter(stop_);
    // The slot is kept: whoever has the turn now needs none of this gateway's.
    if (entered && !has_sure_turn()) my_turn = co_await share_turn();
    if (!my_turn) co_return RunOutcome{my_turn.error(), {}};
    if (!entered || !*my_turn) co_return RunOutcome{stop_.reason(), {}};
    const auto started = co_await note_start();
    if (!started) co_return RunOutcome{started.error(), {}};
    if (!*started) co_return RunOutcome{taken_for_dead(), {}};
    queued_ = std::chrono::duration_cast<Milliseconds>(services_.clock.steady_now() - accepted_at_);
    runs_ = true;
    RuntimeRequest request{subject_.request_id, subject_.session_id, subject_.prompt, subject_.principal,
                           subject_.trace};
    co_return co_await services_.runtime.run(std::move(request), *this, stop_);
  } catch (const std::exception& bug) {
    // An end like any other: it is saved and told. Once it ran, nobody knows how far it came.
    RunTimings timings;
    timings.reached = runs_;
    co_return RunOutcome{internal_error(bug), timings};
  }
}

/// Among those of this gateway, and then among all.
asio::awaitable<Result<bool>> Invocation::wait_for_turn(SessionTurns::Turn& turn) {
  const bool is_first = co_await turn.wait(stop_);
  if (!is_first || !options_.shares_turn) co_return is_first;
  co_return co_await share_turn();
}

asio::awaitable<Result<bool>> Invocation::share_turn() {
  TurnWanted wanted{subject_.session_id, subject_.principal, subject_.request_id};
  auto taken = co_await wait_for_shared_turn(services_.fleet, std::move(wanted), stop_, services_.clock,
                                             services_.log);
  turn_at_ = services_.clock.steady_now();
  co_return taken;
}

bool Invocation::has_sure_turn() const {
  return !options_.shares_turn || services_.clock.steady_now() - turn_at_ < options_.shared_turn.sure_for;
}

InvocationEnd Invocation::make_end(RunOutcome outcome) {
  InvocationEnd end;
  end.execution_time = std::chrono::duration_cast<Milliseconds>(services_.clock.steady_now() - accepted_at_);
  end.ended_at = services_.clock.wall_now();
  end.queued = queued_;
  end.timings = outcome.timings;
  if (outcome.end) {
    try {
      end.body = share_text(write_response(*outcome.end, end));
      return end;
    } catch (const std::exception& bug) {
      outcome.end = internal_error(bug);
    }
  }
  fail_with(end, outcome.end.error(), *journal_, subject_.request_id);
  return end;
}

std::string Invocation::write_response(const RuntimeMessage& complete, const InvocationEnd& end) const {
  std::vector<std::string_view> chunks;
  for (std::uint64_t seq = 1; const JournalEvent* event = journal_->find(seq); ++seq) {
    chunks.push_back(event->chunk.data());
  }
  InvokeResponseInput input;
  input.request_id = subject_.request_id;
  input.session_id = subject_.session_id;
  input.execution_time = end.execution_time;
  input.timestamp = end.ended_at;
  input.runtime_name = services_.runtime.name();
  input.queued = end.queued.value_or(Milliseconds(0));
  input.timings = end.timings;
  input.complete_data = complete.data();
  input.chunks = chunks;
  return write_invoke_response(input);
}

InvocationState Invocation::state() const {
  if (const JournalEvent* const last = journal_->end()) return state_of(*last->end);
  return runs_ ? InvocationState::running : InvocationState::queued;
}

/// The store is told that it runs before it does: nobody takes it for one that never ran. Where it need not
/// be kept it has no claim that this could free, and runs also if the store says nothing. False: others have
/// ended it meanwhile.
asio::awaitable<Result<bool>> Invocation::note_start() {
  if (!options_.is_kept_as_waiting) co_return true;
  auto started = co_await services_.invocations.start(subject_.request_id, subject_.principal);
  if (!started && !options_.must_be_kept) co_return true;
  co_return started;
}

/// Null where nothing is kept of it before its end.
std::shared_ptr<JournalKeeper> Invocation::keep_journal() {
  if (!options_.is_kept) return nullptr;
  return JournalKeeper::start(options_.keeper, {subject_.request_id, subject_.principal}, journal_,
                              services_.invocations, services_.log, executor_);
}

/// Wherever its interaction went, its answer is told.
asio::awaitable<Persisted> Invocation::save(const InvocationEnd& end, bool has_run, JournalKeeper* keeper) {
  try {
    const auto saved = co_await store(end, has_run, keeper);
    if (saved) co_return *saved;
    log_not_saved(saved.error().message);
  } catch (const std::exception& bug) {
    log_not_saved(bug.what());
  }
  co_return Persisted::lost;
}

asio::awaitable<Result<Persisted>> Invocation::store(const InvocationEnd& end, bool has_run,
                                                     JournalKeeper* keeper) {
  Interaction interaction =
      interaction_of({subject_.request_id, subject_.session_id, subject_.principal, subject_.prompt}, end);
  if (keeper == nullptr) {
    const auto saved = co_await services_.sessions.save(std::move(interaction));
    if (!saved) co_return saved.error();
    if (*saved == SaveOutcome::outboxed) co_return Persisted::later;
    co_return Persisted::stored;
  }
  FinishedInvocation finished;
  finished.end = end;
  finished.interaction = std::move(interaction);
  finished.releases_claim = end.error && !has_run && end.error->code != Errc::cancelled;
  finished.rest = co_await keeper->stop();
  const auto done = co_await services_.invocations.finish(std::move(finished));
  if (!done) co_return done.error();
  if (*done == FinishOutcome::ended_before) {
    services_.log.error("invocation_ended_elsewhere", {{"request_id", subject_.request_id.view()}});
  }
  if (*done == FinishOutcome::outboxed) co_return Persisted::later;
  co_return Persisted::stored;
}

/// What is told of a bug says nothing of the inside; the log does.
Error Invocation::internal_error(const std::exception& bug) {
  bug_ = bug.what();
  return make_error(Errc::internal, "something went wrong inside the gateway: try again");
}

/// The one line about an invocation that did not succeed.
void Invocation::log_failure(const InvocationEnd& end) const {
  const LogLevel level = http::is_callers_doing(end.error->code) ? LogLevel::warning : LogLevel::error;
  if (!services_.log.enabled(level)) return;
  std::string context;
  JsonWriter json(context);
  json.begin_object().member("prompt_length", count_scalars(subject_.prompt));
  json.member("execution_time_ms", end.execution_time.count());
  json.member("retry_count", std::max(0, end.timings.attempts - 1));
  json.member("stage", end.queued ? end.timings.stage : std::string_view("queue"));
  if (!bug_.empty()) json.member("bug", std::string_view(bug_));
  json.end_object();
  services_.log.write(level, "invocation_failed",
                      {{"request_id", subject_.request_id.view()},
                       {"session_id", subject_.session_id.view()},
                       {"principal", std::string_view(subject_.principal.id)},
                       {"error_code", http::error_code(end.error->code)},
                       {"error_message", std::string_view(end.error->message)},
                       {"context", LogJson{context}}});
}

void Invocation::log_not_saved(std::string_view reason) const {
  services_.log.error("interaction_not_saved", {{"request_id", subject_.request_id.view()},
                                                {"session_id", subject_.session_id.view()},
                                                {"error_message", reason}});
}

void Invocation::on_chunk(RuntimeMessage chunk) {
  // Every reader needs it on one line, so it is folded once, here.
  if (auto line = json_on_one_line(chunk.data())) {
    pad_json(*line);
    const std::size_t size = line->size();
    chunk = RuntimeMessage(std::move(*line), 0, size);
  }
  if (journal_->memory_bytes() + chunk.memory_bytes() > options_.journal_bytes_max) {
    stop_.raise(make_error(Errc::runtime_protocol_error, "the runtime said more than " +
                                                             std::to_string(options_.journal_bytes_max) +
                                                             " bytes in one invocation"));
    return;
  }
  journal_->append_chunk(std::move(chunk));
}

}  // namespace skymarshal::invocations
