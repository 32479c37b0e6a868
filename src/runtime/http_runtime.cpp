#include "runtime/http_runtime.hpp"

#include "base/cancellable_scope.hpp"
#include "net/deadline.hpp"
#include "net/dial.hpp"
#include "net/http_client.hpp"
#include "runtime/http_answer.hpp"
#include "runtime/message_codec.hpp"
#include "runtime/message_intake.hpp"
#include "runtime/runtime_requests.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::runtime {
namespace {

namespace asio = boost::asio;

/// The exchange's own limits stand behind those of the run, which say more.
constexpr Milliseconds behind_limits{5'000};

SteadyTime clock_now() { return std::chrono::steady_clock::now(); }

Milliseconds time_since(SteadyTime start) {
  return std::chrono::duration_cast<Milliseconds>(clock_now() - start);
}

}  // namespace

class HttpRuntime::Exchange final : public Attempt {
 public:
  Exchange(HttpRuntime& runtime, RuntimeRun& run)
      : runtime_(runtime),
        options_(runtime.options_),
        run_(run),
        intake_(run, runtime.log_),
        stage_limit_(options_, run),
        scope_(run.executor),
        watchdog_(run.executor, [this] { on_limit(); }) {}

  asio::awaitable<AttemptOutcome> run() override {
    const StopSignal::Listener on_stop(run_.stop, [this] { scope_.cancel(); });
    std::optional<AttemptOutcome> outcome = co_await scope_.run(converse());
    watchdog_.clear();
    if (outcome && outcome->from_runtime) co_return *std::move(outcome);
    if (run_.stop.raised()) co_return AttemptOutcome{run_.stop.reason()};
    if (bare_) co_return *std::move(bare_);
    if (cut_) co_return failed_attempt(*std::move(cut_));
    co_return std::move(outcome).value();
  }

 private:
  asio::awaitable<AttemptOutcome> converse() {
    started_ = clock_now();
    expect(connect_stage, options_.connect_timeout);
    http::Request request = request_to_runtime("POST", options_, run_.request);
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Accept", "text/event-stream, application/json;q=0.9");
    request.body = encode_payload(run_.request);
    if (options_.access != nullptr) {
      auto refused = co_await options_.access->authorize(request, pass_);
      if (refused) co_return failed_attempt(*std::move(refused), Again::later);
    }
    // Behind the signature: proxies add to a trace.
    for (const http::Header& field : run_.request.trace.fields())
      request.headers.add(field.name, field.value);

    const net::HttpClient::Connect connect = [this](http::Endpoint endpoint, const net::TlsContext* tls,
                                                    Milliseconds limit) {
      return dial(std::move(endpoint), tls, limit);
    };
    const net::HttpClient client(net::one_connection_each, runtime_.tls_, connect);
    net::FetchOptions limits;
    limits.connect_timeout = options_.connect_timeout + behind_limits;
    limits.total_timeout = options_.total_timeout + behind_limits;
    limits.body_bytes_max = std::numeric_limits<std::uint64_t>::max();
    net::HttpExchange exchange(client, limits);
    const auto head = co_await exchange.send(options_.endpoint, std::move(request));
    if (!head) co_return unanswered(head.error());
    if (head->status < 200 || head->status > 299) co_return co_await refused_by(exchange, *head);
    co_return co_await read_to_end(exchange, *head);
  }

  asio::awaitable<net::Result<std::unique_ptr<net::ByteStream>>> dial(http::Endpoint endpoint,
                                                                      const net::TlsContext* tls,
                                                                      Milliseconds limit) {
    auto stream = co_await net::dial(std::move(endpoint), tls, limit);
    if (stream) {
      run_.timings.connect = time_since(started_);
      run_.timings.reached = true;
      sent_ = clock_now();
      expect(first_message_stage, options_.first_message_timeout);
    }
    co_return stream;
  }

  /// Until it is connected the runtime cannot have begun; from then on nobody knows.
  AttemptOutcome unanswered(const net::Error& error) const {
    if (!run_.timings.reached) return failed_attempt(unreachable(error.message), Again::later);
    return failed_attempt({broken_off("it answered nothing", Unreadable()).error, error.message});
  }

  asio::awaitable<AttemptOutcome> refused_by(net::HttpExchange& exchange, const http::ResponseHead& head) {
    Refusal refusal{{head.status, head.headers, {}},
                    options_.endpoint.authority() + " refused the invocation",
                    true,
                    runtime_.clock_.wall_now()};
    // Its own words, as far as they come.
    while (refusal.answer.body.size() < RuntimeWords::message_bytes_max) {
      const auto piece = co_await exchange.read_piece();
      if (!piece || piece->empty()) break;
      refusal.answer.body += *piece;
    }
    AttemptOutcome outcome = co_await judge_refusal(std::move(refusal), options_.access, pass_);
    if (outcome.again != Again::no) run_.timings.reached = false;
    co_return outcome;
  }

  asio::awaitable<AttemptOutcome> read_to_end(net::HttpExchange& exchange, const http::ResponseHead& head) {
    const HttpAnswer::Form form = HttpAnswer::form_of(head.headers);
    HttpAnswer answer(form, options_.message_bytes_max);
    for (;;) {
      const auto piece = co_await exchange.read_piece();
      if (!piece) co_return failed_attempt({answer.broken().error, piece.error().message});
      const bool is_over = piece->empty();
      if (is_over) answer.end();
      if (auto failure = answer.feed(*piece)) co_return failed_attempt(*std::move(failure));
      // A document comes when it is whole, an event when it is: its bytes are no message yet.
      if (form == HttpAnswer::Form::document && !is_over) expect(silence_stage, options_.silence_timeout);
      while (auto step = answer.next()) {
        if (take(*std::move(step), answer)) co_return intake_.take_outcome();
        // What has been read already may hold more: it is not wanted any more.
        if (run_.stop.raised()) co_return AttemptOutcome{run_.stop.reason()};
      }
      // The last step was an end, but for one that had no data.
      if (is_over) co_return *std::exchange(bare_, std::nullopt);
    }
  }

  /// Whether that was the end.
  bool take(HttpAnswer::Step step, const HttpAnswer& answer) {
    if (!run_.timings.first_message) run_.timings.first_message = time_since(sent_);
    const bool is_fuller = bare_ && step.kind == HttpAnswer::Step::Kind::complete;
    if (bare_ && !is_fuller) return false;
    switch (intake_.take(std::move(step), answer.unreadable())) {
      case MessageIntake::Next::more:
        expect(silence_stage, options_.silence_timeout);
        return false;
      case MessageIntake::Next::ended_without_data:
        bare_ = intake_.take_outcome();
        watchdog_.expires_at(std::min(clock_now() + options_.close_timeout, run_.total_deadline));
        return false;
      case MessageIntake::Next::ended:
        break;
    }
    return true;
  }

  void expect(const Stage& stage, Milliseconds limit) {
    watchdog_.expires_at(stage_limit_.expect(stage, limit));
  }

  void on_limit() {
    if (!bare_) cut_ = stage_limit_.passed(0);
    scope_.cancel();
  }

  HttpRuntime& runtime_;
  const HttpRuntimeOptions& options_;
  RuntimeRun& run_;
  RuntimeAccess::Pass pass_;
  MessageIntake intake_;
  StageLimit stage_limit_;
  SteadyTime started_;
  SteadyTime sent_;
  /// An end without data, while a fuller one may follow.
  std::optional<AttemptOutcome> bare_;
  /// Why it was cut by us.
  std::optional<Failure> cut_;
  CancellableScope scope_;
  net::Deadline watchdog_;
};

HttpRuntime::HttpRuntime(HttpRuntimeOptions options, std::optional<net::TlsContext> tls, const Clock& clock,
                         RandomSource& random, Logger& log)
    : options_(std::move(options)),
      tls_(std::move(tls)),
      clock_(clock),
      random_(random),
      log_(log),
      probe_(log) {}

asio::awaitable<invocations::RunOutcome> HttpRuntime::run(invocations::RuntimeRequest request,
                                                          ChunkSink& sink, StopSignal& stop) {
  const auto executor = co_await asio::this_coro::executor;
  RuntimeRun run{request, sink, stop, executor, clock_now() + options_.total_timeout};
  const MakeAttempt connect = [this](RuntimeRun& of) { return std::make_unique<Exchange>(*this, of); };
  AttemptParts parts{options_, random_, log_};
  co_return co_await run_attempts(parts, run, connect);
}

asio::awaitable<Result<void>> HttpRuntime::probe() {
  return probe_.look(options_.endpoint, options_.connect_timeout);
}

}  // namespace skymarshal::runtime
