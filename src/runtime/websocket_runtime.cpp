#include "runtime/websocket_runtime.hpp"

#include "base/cancellable_scope.hpp"
#include "net/deadline.hpp"
#include "runtime/invocation_protocol.hpp"
#include "runtime/message_codec.hpp"
#include "runtime/message_intake.hpp"
#include "runtime/run_failure.hpp"
#include "runtime/runtime_requests.hpp"

#include <algorithm>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::runtime {
namespace {

namespace asio = boost::asio;
using net::WebSocketClient;
using Step = InvocationProtocol::Step;

SteadyTime now() { return std::chrono::steady_clock::now(); }

Milliseconds since(SteadyTime start) { return std::chrono::duration_cast<Milliseconds>(now() - start); }

}  // namespace

class WebSocketRuntime::Connection final : public Attempt {
 public:
  Connection(WebSocketRuntime& runtime, RuntimeRun& run)
      : runtime_(runtime),
        options_(runtime.options_),
        run_(run),
        socket_(net::make_websocket_client(run.executor, options_.endpoint,
                                           runtime.tls_ ? &*runtime.tls_ : nullptr, options_.websocket)),
        intake_(run, runtime.log_),
        stage_limit_(options_, run),
        access_scope_(run.executor),
        watchdog_(run.executor, [this] { on_watchdog(); }) {}

  asio::awaitable<AttemptOutcome> run() override {
    const StopSignal::Listener on_stop(run_.stop, [this] { abort(); });
    AttemptOutcome outcome = co_await converse();
    if (!outcome.from_runtime) {
      if (run_.stop.raised()) {
        outcome = {run_.stop.reason()};
      } else if (cut_) {
        outcome = failed_attempt(*cut_);
      }
    }
    // The outcome stands from here on: close() and what it still hears of the runtime do not change it.
    wait_for(Waiting::farewell, now() + options_.websocket.close_timeout);
    const std::string_view oddity = co_await socket_->close();
    if (outcome.from_runtime) note_after_end(oddity);
    if (!after_end_.empty()) {
      runtime_.log_.info("runtime_not_silent_after_its_end",
                         {{"request_id", run_.request.request_id.view()}, {"what", after_end_}});
    }
    co_return outcome;
  }

 private:
  enum class Waiting { for_runtime, for_data, farewell };

  asio::awaitable<AttemptOutcome> converse() {
    const SteadyTime started = now();
    expect(connect_stage, options_.connect_timeout);
    http::Request upgrade = request_to_runtime("GET", options_, run_.request);
    RuntimeAccess::Pass pass;
    if (options_.access != nullptr) {
      auto authorized = co_await access_scope_.run(options_.access->authorize(upgrade, pass));
      if (!authorized) co_return AttemptOutcome{};
      if (*authorized) co_return failed_attempt(**std::move(authorized), Again::later);
    }
    // Behind the signature: proxies add to a trace.
    http::Headers headers = std::move(upgrade.headers);
    headers.remove("Host");  // The client's own, and the same.
    for (const http::Header& field : run_.request.trace.fields()) headers.add(field.name, field.value);
    const auto connected = co_await socket_->connect(std::move(headers));
    if (connected.kind == WebSocketClient::ConnectOutcome::Kind::unreachable)
      co_return failed_attempt(unreachable(connected.message), Again::later);
    if (connected.kind == WebSocketClient::ConnectOutcome::Kind::refused) {
      // The runtime cannot have started where nothing but its front door was reached.
      Refusal refusal{{connected.http_status, connected.fields, connected.body},
                      connected.message,
                      false,
                      runtime_.clock_.wall_now()};
      auto judged =
          co_await access_scope_.run(judge_refusal(std::move(refusal), options_.access, std::move(pass)));
      co_return std::move(judged).value_or(AttemptOutcome{});
    }
    run_.timings.connect = since(started);

    pings_ = true;
    next_ping_ = now() + options_.ping_interval;
    expect(first_message_stage, options_.first_message_timeout);
    std::string invoke = encode_invoke(run_.request);
    const SteadyTime sent = now();
    run_.timings.reached = true;
    if (const auto error = co_await socket_->send(std::move(invoke))) {
      co_return failed_attempt(went_away(error.message()));
    }
    co_return co_await read_to_end(sent);
  }

  asio::awaitable<AttemptOutcome> read_to_end(SteadyTime sent) {
    for (;;) {
      std::string text;
      const auto read = co_await socket_->read(text);
      if (read.kind != WebSocketClient::ReadOutcome::Kind::message) co_return closed(read);
      if (!run_.timings.first_message) run_.timings.first_message = since(sent);
      Step step = protocol_.on_message(std::move(text));
      switch (intake_.take(std::move(step), protocol_.unreadable())) {
        case MessageIntake::Next::more:
          break;
        case MessageIntake::Next::ended:
          co_return intake_.take_outcome();
        case MessageIntake::Next::ended_without_data:
          co_return co_await read_data(intake_.take_outcome());
      }
      // What has been read already may hold more: it is not wanted any more.
      if (run_.stop.raised()) co_return AttemptOutcome{run_.stop.reason()};
      expect(silence_stage, options_.silence_timeout);
    }
  }

  /// The run has ended without `data`: what brings it may follow for a short time.
  asio::awaitable<AttemptOutcome> read_data(AttemptOutcome bare) {
    wait_for(Waiting::for_data, std::min(now() + options_.websocket.close_timeout, run_.total_deadline));
    for (;;) {
      std::string text;
      const auto read = co_await socket_->read(text);
      if (read.kind != WebSocketClient::ReadOutcome::Kind::message) co_return bare;
      Step step = protocol_.on_message(std::move(text));
      if (step.kind == Step::Kind::complete) co_return completed_attempt(std::move(step.message));
      note_after_end("a message");
    }
  }

  AttemptOutcome closed(const WebSocketClient::ReadOutcome& read) {
    switch (read.kind) {
      case WebSocketClient::ReadOutcome::Kind::too_large:
        return failed_attempt(message_too_large(options_.websocket.message_bytes_max));
      case WebSocketClient::ReadOutcome::Kind::closed: {
        // "Try again" before any message: it has not taken it.
        const bool may_retry = !protocol_.started() && InvocationProtocol::is_try_again(read.close_code);
        run_.timings.reached = !may_retry;
        return failed_attempt(protocol_.on_closed(read.close_code, read.reason),
                              may_retry ? Again::later : Again::no);
      }
      default:
        return failed_attempt(protocol_.on_broken(read.reason));
    }
  }

  void note_after_end(std::string_view what) {
    if (after_end_.empty()) after_end_ = what;
  }

  /// From now on the runtime has `limit` for its next step.
  void expect(const Stage& stage, Milliseconds limit) {
    limit_ = stage_limit_.expect(stage, limit);
    watchdog_.expires_at(pings_ ? std::min(limit_, next_ping_) : limit_);
  }

  /// From now on nothing is owed any more.
  void wait_for(Waiting what, SteadyTime until) {
    waiting_ = what;
    pings_ = false;
    limit_ = until;
    watchdog_.expires_at(limit_);
  }

  void on_watchdog() {
    if (now() >= limit_) return on_limit();
    socket_->ping();
    next_ping_ = now() + options_.ping_interval;
    watchdog_.expires_at(std::min(limit_, next_ping_));
  }

  void on_limit() {
    switch (waiting_) {
      case Waiting::for_runtime:
        cut_ = stage_limit_.passed(socket_->unanswered_pings());
        return abort();
      case Waiting::for_data:
        return socket_->stop_reading();
      case Waiting::farewell:
        return socket_->abort();
    }
  }

  void abort() {
    access_scope_.cancel();
    socket_->abort();
  }

  WebSocketRuntime& runtime_;
  const WebSocketRuntimeOptions& options_;
  RuntimeRun& run_;
  std::unique_ptr<WebSocketClient> socket_;
  InvocationProtocol protocol_;
  MessageIntake intake_;
  Waiting waiting_ = Waiting::for_runtime;
  SteadyTime limit_;
  SteadyTime next_ping_;
  bool pings_ = false;
  StageLimit stage_limit_;
  /// Credentials may be long in coming.
  CancellableScope access_scope_;
  /// Why the connection was cut by us.
  std::optional<Failure> cut_;
  /// What came first of all that came after the end.
  std::string_view after_end_;
  net::Deadline watchdog_;
};

WebSocketRuntime::WebSocketRuntime(WebSocketRuntimeOptions options, std::optional<net::TlsContext> tls,
                                   const Clock& clock, RandomSource& random, Logger& log)
    : options_(std::move(options)),
      tls_(std::move(tls)),
      clock_(clock),
      random_(random),
      log_(log),
      probe_(log) {}

asio::awaitable<invocations::RunOutcome> WebSocketRuntime::run(invocations::RuntimeRequest request,
                                                               ChunkSink& sink, StopSignal& stop) {
  const auto executor = co_await asio::this_coro::executor;
  RuntimeRun run{request, sink, stop, executor, now() + options_.total_timeout};
  const MakeAttempt connect = [this](RuntimeRun& of) { return std::make_unique<Connection>(*this, of); };
  AttemptParts parts{options_, random_, log_};
  co_return co_await run_attempts(parts, run, connect);
}

asio::awaitable<Result<void>> WebSocketRuntime::forget(SessionId session) {
  if (!options_.can_forget) co_return Result<void>();
  const auto executor = co_await asio::this_coro::executor;
  net::TlsContext* const tls = tls_ ? &*tls_ : nullptr;
  const auto socket = net::make_websocket_client(executor, options_.endpoint, tls, options_.websocket);
  net::Deadline deadline(executor, [&socket] { socket->abort(); });
  deadline.expires_after(options_.connect_timeout);
  const auto connected = co_await socket->connect(http::Headers());
  bool is_forgotten = false;
  if (connected.kind == WebSocketClient::ConnectOutcome::Kind::open) {
    std::string message = encode_forget(session);
    const auto unsent = co_await socket->send(std::move(message));
    std::string answer;
    const auto read = co_await socket->read(answer);
    is_forgotten = !unsent && read.kind == WebSocketClient::ReadOutcome::Kind::message &&
                   decode_message(std::move(answer)).kind == DecodedMessage::Kind::complete;
  }
  (void)co_await socket->close();
  if (!is_forgotten)
    co_return make_error(Errc::runtime_error, "the runtime did not say that it has forgotten");
  co_return Result<void>();
}

asio::awaitable<Result<void>> WebSocketRuntime::probe() {
  return probe_.look(options_.endpoint, options_.connect_timeout);
}

}  // namespace skymarshal::runtime
