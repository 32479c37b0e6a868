#include "runtime/websocket_runtime.hpp"

#include "base/wakeup.hpp"
#include "http/retry_after.hpp"
#include "net/deadline.hpp"
#include "net/dial.hpp"
#include "runtime/invocation_protocol.hpp"
#include "runtime/message_codec.hpp"
#include "runtime/run_failure.hpp"

#include <algorithm>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::runtime {
namespace {

namespace asio = boost::asio;
using net::WebSocketClient;
using Step = InvocationProtocol::Step;

/// The name that AgentCore gives the header that routes a session to its own micro-VM.
constexpr std::string_view session_header = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";
/// As the log has it once the runtime has said its last word.
constexpr std::string_view ended_stage = "end";

SteadyTime now() { return std::chrono::steady_clock::now(); }

Milliseconds since(SteadyTime start) { return std::chrono::duration_cast<Milliseconds>(now() - start); }

RuntimeWords words_of_refusal(const WebSocketClient::ConnectOutcome& refusal, WallTime now) {
  RuntimeWords words;
  words.http_status = refusal.http_status;
  words.body = plain_words(refusal.body, RuntimeWords::body_bytes_max);
  words.retry_after = http::parse_retry_after(refusal.retry_after, now);
  return words;
}

/// How one connection went.
struct AttemptOutcome {
  Result<invocations::RuntimeMessage> end;
  /// Of a failure, for the log; empty where it was ended from outside.
  std::string cause = {};
  bool may_retry = false;
  /// The runtime itself ended the run, well or badly.
  bool from_runtime = false;
};

AttemptOutcome failed(Failure failure, bool may_retry = false) {
  return {std::move(failure.error), std::move(failure.cause), may_retry};
}

AttemptOutcome completed(invocations::RuntimeMessage message) {
  return {std::move(message), {}, false, true};
}

}  // namespace

/// One connection, from dialling to closing.
class WebSocketRuntime::Attempt {
 public:
  Attempt(WebSocketRuntime& runtime, const asio::any_io_executor& executor, SteadyTime total_deadline,
          StopSignal& stop, invocations::RunTimings& timings)
      : runtime_(runtime),
        options_(runtime.options_),
        total_deadline_(total_deadline),
        stop_(stop),
        timings_(timings),
        socket_(net::make_websocket_client(executor, options_.endpoint,
                                           runtime.tls_ ? &*runtime.tls_ : nullptr, options_.websocket)),
        watchdog_(executor, [this] { on_watchdog(); }) {}

  asio::awaitable<AttemptOutcome> run(const invocations::RuntimeRequest& request, ChunkSink& sink) {
    const StopSignal::Listener on_stop(stop_, [this] { socket_->abort(); });
    AttemptOutcome outcome = co_await converse(request, sink);
    if (!outcome.from_runtime) {
      if (stop_.raised()) {
        outcome = {stop_.reason()};
      } else if (cut_) {
        outcome = failed(*cut_);
      }
    }
    // The outcome stands from here on: close() and what it still hears of the runtime do not change it.
    wait_for(Waiting::farewell, now() + options_.websocket.close_timeout);
    const std::string_view oddity = co_await socket_->close();
    if (outcome.from_runtime) note_after_end(oddity);
    if (!after_end_.empty()) {
      runtime_.log_.info("runtime_not_silent_after_its_end",
                         {{"request_id", request.request_id.view()}, {"what", after_end_}});
    }
    co_return outcome;
  }

 private:
  enum class Waiting { for_runtime, for_data, farewell };

  asio::awaitable<AttemptOutcome> converse(const invocations::RuntimeRequest& request, ChunkSink& sink) {
    const SteadyTime started = now();
    expect(connect_stage, options_.connect_timeout);
    http::Headers headers;
    headers.add(std::string(session_header), request.session_id.str());
    const auto connected = co_await socket_->connect(std::move(headers));
    if (connected.kind != WebSocketClient::ConnectOutcome::Kind::open) co_return not_connected(connected);
    timings_.connect = since(started);

    pings_ = true;
    next_ping_ = now() + options_.ping_interval;
    expect(first_message_stage, options_.first_message_timeout);
    std::string invoke = encode_invoke(request);
    const SteadyTime sent = now();
    timings_.reached = true;
    if (const auto error = co_await socket_->send(std::move(invoke))) {
      co_return failed(went_away(error.message()));
    }
    co_return co_await read_to_end(sent, request, sink);
  }

  /// The runtime cannot have started where nothing but its front door was reached.
  AttemptOutcome not_connected(const WebSocketClient::ConnectOutcome& outcome) const {
    if (outcome.kind == WebSocketClient::ConnectOutcome::Kind::unreachable) {
      return failed(unreachable(outcome.message), true);
    }
    const RuntimeWords words = words_of_refusal(outcome, runtime_.clock_.wall_now());
    return failed(refused(words, outcome.message), words.http_status == 429 || words.http_status >= 500);
  }

  asio::awaitable<AttemptOutcome> read_to_end(SteadyTime sent, const invocations::RuntimeRequest& request,
                                              ChunkSink& sink) {
    for (;;) {
      std::string text;
      const auto read = co_await socket_->read(text);
      if (read.kind != WebSocketClient::ReadOutcome::Kind::message) co_return closed(read);
      if (!timings_.first_message) timings_.first_message = since(sent);
      Step step = protocol_.on_message(std::move(text));
      warn_of(step, request);
      switch (step.kind) {
        case Step::Kind::chunk:
          sink.on_chunk(std::move(step.message));
          break;
        case Step::Kind::skipped:
        case Step::Kind::late:
          break;
        case Step::Kind::complete:
          timings_.stage = ended_stage;
          co_return completed(std::move(step.message));
        case Step::Kind::complete_without_data:
          timings_.stage = ended_stage;
          co_return co_await read_data(std::move(step.message));
        case Step::Kind::failed: {
          timings_.stage = ended_stage;
          AttemptOutcome outcome = failed(std::move(step.failure));
          outcome.from_runtime = true;
          co_return outcome;
        }
      }
      // What has been read already may hold more: it is not wanted any more.
      if (stop_.raised()) co_return AttemptOutcome{stop_.reason()};
      expect(silence_stage, options_.silence_timeout);
    }
  }

  /// The run has ended without `data`: what brings it may follow for a short time.
  asio::awaitable<AttemptOutcome> read_data(invocations::RuntimeMessage bare) {
    wait_for(Waiting::for_data, std::min(now() + options_.websocket.close_timeout, total_deadline_));
    for (;;) {
      std::string text;
      const auto read = co_await socket_->read(text);
      if (read.kind != WebSocketClient::ReadOutcome::Kind::message) co_return completed(std::move(bare));
      Step step = protocol_.on_message(std::move(text));
      if (step.kind == Step::Kind::complete) co_return completed(std::move(step.message));
      note_after_end("a message");
    }
  }

  AttemptOutcome closed(const WebSocketClient::ReadOutcome& read) {
    switch (read.kind) {
      case WebSocketClient::ReadOutcome::Kind::too_large:
        return failed(message_too_large(options_.websocket.message_bytes_max));
      case WebSocketClient::ReadOutcome::Kind::closed: {
        // "Try again" before any message: it has not taken it.
        const bool may_retry = !protocol_.started() && InvocationProtocol::is_try_again(read.close_code);
        timings_.reached = !may_retry;
        return failed(protocol_.on_closed(read.close_code, read.reason), may_retry);
      }
      default:
        return failed(protocol_.on_broken(read.reason));
    }
  }

  void warn_of(const Step& step, const invocations::RuntimeRequest& request) {
    timings_.unreadable_messages = protocol_.unreadable().count;
    if (step.first_of_unknown_type) {
      runtime_.log_.warning("runtime_message_of_unknown_type", {{"request_id", request.request_id.view()}});
    }
    if (step.first_skipped) {
      runtime_.log_.warning("runtime_message_unreadable",
                            {{"request_id", request.request_id.view()},
                             {"reason", std::string_view(protocol_.unreadable().last)}});
    }
  }

  void note_after_end(std::string_view what) {
    if (after_end_.empty()) after_end_ = what;
  }

  /// From now on the runtime has `limit` for its next step.
  void expect(const Stage& stage, Milliseconds limit) {
    const SteadyTime at = now() + limit;
    const bool within_total = at < total_deadline_;
    timings_.stage = stage.name;
    limit_stage_ = within_total ? &stage : &total_stage;
    stage_limit_ = within_total ? limit : options_.total_timeout;
    limit_ = std::min(at, total_deadline_);
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
        cut_ = timed_out(*limit_stage_, stage_limit_, socket_->unanswered_pings());
        return socket_->abort();
      case Waiting::for_data:
        return socket_->stop_reading();
      case Waiting::farewell:
        return socket_->abort();
    }
  }

  WebSocketRuntime& runtime_;
  const WebSocketRuntimeOptions& options_;
  SteadyTime total_deadline_;
  StopSignal& stop_;
  invocations::RunTimings& timings_;
  std::unique_ptr<WebSocketClient> socket_;
  InvocationProtocol protocol_;
  Waiting waiting_ = Waiting::for_runtime;
  SteadyTime limit_;
  SteadyTime next_ping_;
  bool pings_ = false;
  /// Whose limit `limit_` is, for the runtime.
  const Stage* limit_stage_ = &connect_stage;
  Milliseconds stage_limit_{};
  /// Why the connection was cut by us.
  std::optional<Failure> cut_;
  /// What came first of all that came after the end.
  std::string_view after_end_;
  net::Deadline watchdog_;
};

WebSocketRuntime::WebSocketRuntime(WebSocketRuntimeOptions options, std::optional<net::TlsContext> tls,
                                   const Clock& clock, RandomSource& random, Logger& log)
    : options_(std::move(options)), tls_(std::move(tls)), clock_(clock), random_(random), log_(log) {}

asio::awaitable<invocations::RunOutcome> WebSocketRuntime::run(invocations::RuntimeRequest request,
                                                               ChunkSink& sink, StopSignal& stop) {
  const auto executor = co_await asio::this_coro::executor;
  const SteadyTime total_deadline = now() + options_.total_timeout;
  invocations::RunTimings timings;
  for (;;) {
    if (stop.raised()) co_return invocations::RunOutcome{stop.reason(), timings};
    ++timings.attempts;
    Attempt attempt(*this, executor, total_deadline, stop, timings);
    AttemptOutcome outcome = co_await attempt.run(request, sink);
    const int retry = timings.attempts - 1;
    const bool again = outcome.may_retry && retry < options_.retry.retries_max();
    const SteadyTime again_at =
        again ? now() + options_.retry.delay_before(retry, random_) : SteadyTime::max();
    if (again_at >= total_deadline) {
      if (!outcome.cause.empty()) log_failure(request, timings, outcome.cause);
      co_return invocations::RunOutcome{std::move(outcome.end), timings};
    }
    log_.info("runtime_connect_retry",
              {{"request_id", request.request_id.view()}, {"reason", std::string_view(outcome.cause)}});
    Wakeup wakeup(executor);
    const StopSignal::Listener on_stop(stop, [&wakeup] { wakeup.wake(); });
    co_await wakeup.wait_until(again_at);
  }
}

void WebSocketRuntime::log_failure(const invocations::RuntimeRequest& request,
                                   const invocations::RunTimings& timings, std::string_view cause) {
  const std::string authority = options_.endpoint.authority();
  log_.warning("runtime_failed", {{"request_id", request.request_id.view()},
                                  {"runtime", std::string_view(authority)},
                                  {"stage", timings.stage},
                                  {"attempts", std::int64_t{timings.attempts}},
                                  {"cause", cause}});
}

asio::awaitable<Result<void>> WebSocketRuntime::probe() {
  http::Endpoint plain = options_.endpoint;
  plain.scheme = "http";  // A TCP connection is enough to know that somebody is there.
  auto stream = co_await net::dial(std::move(plain), nullptr, options_.connect_timeout);
  const bool was_reachable = reachable_.exchange(stream.has_value());
  if (!stream) {
    if (was_reachable)
      log_.warning("runtime_unreachable", {{"cause", std::string_view(stream.error().message)}});
    co_return make_error(Errc::connection_failed, "the runtime cannot be reached");
  }
  (*stream)->close();
  if (!was_reachable) log_.info("runtime_reachable_again", {});
  co_return Result<void>();
}

}  // namespace skymarshal::runtime
