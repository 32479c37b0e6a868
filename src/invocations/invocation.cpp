#include "invocations/invocation.hpp"

#include "http/problem.hpp"
#include "invocations/invoke_response.hpp"
#include "invocations/received.hpp"

#include <exception>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>

namespace skymarshal::invocations {
namespace {

namespace asio = boost::asio;

Error internal_error() {
  return make_error(Errc::internal, "something went wrong inside the gateway: try again");
}

InteractionStatus status_of(const InvocationEnd& end) {
  if (end.response) return InteractionStatus::success;
  return end.response.error().code == Errc::timeout ? InteractionStatus::timeout : InteractionStatus::error;
}

}  // namespace

Invocation::Attachment::Attachment(std::shared_ptr<Invocation> invocation)
    : invocation_(std::move(invocation)) {
  asio::dispatch(invocation_->executor_, [invocation = invocation_] { invocation->attach(); });
}

Invocation::Attachment::~Attachment() {
  asio::dispatch(invocation_->executor_, [invocation = invocation_] { invocation->detach(); });
}

Invocation::Invocation(Services services, Subject subject, const asio::any_io_executor& executor)
    : services_(services),
      subject_(std::move(subject)),
      executor_(executor),
      grace_(executor),
      accepted_at_(services.clock.steady_now()) {}

void Invocation::start(std::shared_ptr<Invocation> invocation, SessionTurns::Turn turn,
                       ConcurrencyGate::Admission admission) {
  const asio::any_io_executor executor = invocation->executor_;
  invocation->services_.registry.add(invocation->subject_.request_id, invocation);
  asio::co_spawn(executor, run(std::move(invocation), std::move(turn), std::move(admission)), asio::detached);
}

void Invocation::stop(Error reason) {
  asio::dispatch(executor_,
                 [self = shared_from_this(), reason = std::move(reason)] { self->stop_.raise(reason); });
}

asio::awaitable<void> Invocation::run(std::shared_ptr<Invocation> self, SessionTurns::Turn turn,
                                      ConcurrencyGate::Admission admission) {
  InvocationEnd end{internal_error(), {}, self->services_.clock.wall_now(), {}, {}, false};
  try {
    // Both are given back at the end of this block, on every path, before anybody can read the end.
    SessionTurns::Turn held_turn = std::move(turn);
    ConcurrencyGate::Admission held_admission = std::move(admission);
    RunOutcome outcome = co_await self->converse(held_turn, held_admission);
    end = self->make_end(std::move(outcome));
    end.persisted = co_await self->save(end);
  } catch (const std::exception& bug) {
    self->log_bug(bug);
  }
  self->grace_.cancel();
  self->services_.registry.remove(self->subject_.request_id);
  self->journal_.append_end(std::move(end));
}

asio::awaitable<RunOutcome> Invocation::converse(SessionTurns::Turn& turn,
                                                 ConcurrencyGate::Admission& admission) {
  try {
    const bool my_turn = co_await turn.wait(stop_);
    const bool entered = my_turn && co_await admission.enter(stop_);
    if (!entered) co_return RunOutcome{stop_.reason(), {}};
    queued_ = std::chrono::duration_cast<Milliseconds>(services_.clock.steady_now() - accepted_at_);
    RuntimeRequest request{subject_.request_id, subject_.session_id, subject_.prompt};
    co_return co_await services_.runtime.run(std::move(request), *this, stop_);
  } catch (const std::exception& bug) {
    log_bug(bug);
  }
  // An end like any other: it is saved and told.
  co_return RunOutcome{internal_error(), {}};
}

InvocationEnd Invocation::make_end(RunOutcome outcome) {
  InvocationEnd end{Error(), {}, {}, {}, {}, false};
  end.execution_time = std::chrono::duration_cast<Milliseconds>(services_.clock.steady_now() - accepted_at_);
  end.ended_at = services_.clock.wall_now();
  end.queued = queued_;
  end.timings = outcome.timings;
  if (outcome.end) {
    end.response = write_response(*outcome.end, end);
  } else {
    Error error = outcome.end.error();
    add_received(error, journal_);
    end.response = std::move(error);
  }
  return end;
}

std::string Invocation::write_response(const RuntimeMessage& complete, const InvocationEnd& end) const {
  std::vector<std::string_view> chunks;
  for (std::uint64_t seq = 1; const JournalEvent* event = journal_.find(seq); ++seq) {
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
  JsonReader reader;
  return write_invoke_response(reader, input);
}

asio::awaitable<bool> Invocation::save(const InvocationEnd& end) {
  Interaction interaction;
  interaction.session_id = subject_.session_id;
  interaction.request_id = subject_.request_id;
  interaction.principal = subject_.principal;
  interaction.timestamp = end.ended_at;
  interaction.prompt = subject_.prompt;
  interaction.status = status_of(end);
  interaction.execution_time_ms = end.execution_time.count();
  if (end.response) {
    interaction.response = *end.response;
  } else {
    interaction.response = http::problem_body(end.response.error(), subject_.request_id, end.ended_at);
    interaction.error_message = end.response.error().message;
  }
  const auto saved = co_await services_.store.save(std::move(interaction));
  if (!saved) {
    services_.log.error("interaction_not_saved",
                        {{"request_id", subject_.request_id.view()},
                         {"session_id", subject_.session_id.view()},
                         {"error_message", std::string_view(saved.error().message)}});
  }
  co_return saved && *saved == SaveOutcome::stored;
}

void Invocation::log_bug(const std::exception& bug) const {
  services_.log.error("invocation_failed", {{"request_id", subject_.request_id.view()},
                                            {"error_message", std::string_view(bug.what())}});
}

void Invocation::on_chunk(RuntimeMessage chunk) {
  // Every reader needs it on one line, so it is folded once, here.
  if (auto line = json_on_one_line(chunk.data())) {
    pad_json(*line);
    const std::size_t size = line->size();
    chunk = RuntimeMessage(std::move(*line), 0, size);
  }
  if (journal_.memory_bytes() + chunk.memory_bytes() > services_.options.journal_bytes_max) {
    stop_.raise(
        make_error(Errc::runtime_protocol_error, "the runtime said more than " +
                                                     std::to_string(services_.options.journal_bytes_max) +
                                                     " bytes in one invocation"));
    return;
  }
  journal_.append_chunk(std::move(chunk));
}

void Invocation::attach() {
  ++readers_;
  grace_.cancel();
}

void Invocation::detach() {
  if (--readers_ > 0 || journal_.end() != nullptr) return;
  grace_.expires_after(services_.options.disconnect_grace);
  grace_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || self->readers_ > 0) return;
    self->stop_.raise(make_error(Errc::cancelled, "cancelled: the client left and nobody came back in time"));
  });
}

}  // namespace skymarshal::invocations
