#include "agents/server/assessor.hpp"

#include "agents/facts/prompt_facts.hpp"

#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::agents::server {

namespace asio = boost::asio;

void Patience::end(Errc why) {
  timer_.cancel();
  end_signal_.raise(make_error(why, "nobody waits any longer"));
}

asio::awaitable<void> Patience::pause(Milliseconds duration) {
  if (duration == Milliseconds::zero() || end_signal_.raised()) co_return;
  timer_.expires_after(duration);
  co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
}

/// Counts an invocation as running for as long as it lives.
class Assessor::Running {
 public:
  explicit Running(Assessor& assessor) : assessor_(assessor) {
    ++assessor_.running_;
    assessor_.note_work();
  }
  ~Running() {
    --assessor_.running_;
    assessor_.note_work();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  Assessor& assessor_;
};

Assessor::Assessor(asio::any_io_executor executor, const AgentServer::Options& options, const Clock& clock,
                   Logger& log)
    : options_(options),
      clock_(clock),
      log_(log),
      memory_(options.memory, clock),
      orchestrator_(options.agents.empty() ? assessment::seven_agents() : options.agents, options.weights,
                    clock),
      last_work_(clock.wall_now()) {
  if (options.language_model) {
    language_model_ =
        std::make_unique<wording::LanguageModel>(std::move(executor), *options.language_model, log);
  }
}

asio::awaitable<Result<std::string>> Assessor::assess(InvokeRequest request, MessageSink* sink,
                                                      Patience& patience) {
  const Running running(*this);
  try {
    facts::Facts facts = request.session_id.empty() ? facts::read_facts(request.prompt)
                                                    : memory_.add_turn(request.session_id, request.prompt);
    assessment::Assessment assessment =
        orchestrator_.begin(assessment::understand(std::move(facts), options_.operations.get()));
    co_return co_await tell(assessment, sink, patience);
  } catch (const std::exception& bug) {
    log_.error("assessment_failed", {{"reason", std::string_view(bug.what())}});
  }
  co_return make_error(Errc::internal, "The assessment failed.");
}

bool Assessor::next_message(assessment::Assessment& assessment, std::string& message) {
  const bool more = assessment.next(message);
  for (const assessment::Failure& failure : assessment.take_failures()) {
    log_.error("assessment_incomplete",
               {{"what", std::string_view(failure.what)}, {"reason", std::string_view(failure.reason)}});
  }
  return more;
}

asio::awaitable<Result<std::string>> Assessor::tell(assessment::Assessment& assessment, MessageSink* sink,
                                                    Patience& patience) {
  std::string message;
  for (bool first = true; next_message(assessment, message); first = false) {
    if (sink != nullptr) {
      if (!first) co_await patience.pause(options_.chunk_delay);
      const bool sent = co_await sink->send(message);
      if (!sent) co_return make_error(Errc::cancelled, "Whoever asked has gone.");
    }
    note_work();
    std::vector<assessment::AgentAssessment>* const pending = assessment.pending_wording();
    if (language_model_ && pending != nullptr) {
      co_await language_model_->word(*pending, patience.end_signal());
    }
  }
  co_return assessment.data();
}

}  // namespace skymarshal::agents::server
