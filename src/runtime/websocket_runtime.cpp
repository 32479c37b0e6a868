#include "runtime/websocket_runtime.hpp"

#include "base/json_writer.hpp"
#include "base/wakeup.hpp"
#include "net/deadline.hpp"
#include "net/dial.hpp"
#include "runtime/invocation_protocol.hpp"
#include "runtime/message_codec.hpp"

#include <algorithm>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::runtime {
namespace {

namespace asio = boost::asio;
using net::WebSocketClient;

constexpr std::chrono::seconds busy_retry_after{5};
constexpr int unanswered_pings_max = 2;
/// The name that AgentCore gives the header that routes a session to its own micro-VM.
constexpr std::string_view session_header = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";

SteadyTime now() { return std::chrono::steady_clock::now(); }

Milliseconds since(SteadyTime start) { return std::chrono::duration_cast<Milliseconds>(now() - start); }

/// What the runtime owes next, and for how long.
struct Stage {
  std::string_view name;
  /// "the runtime …"
  std::string_view failure;
};
constexpr Stage connect_stage{"connect", "did not accept a connection"};
constexpr Stage first_message_stage{"first_message", "did not begin to answer"};
constexpr Stage silence_stage{"silence", "sent nothing more"};
constexpr Stage total_stage{"total", "did not finish"};

Error timed_out(const Stage& stage, Milliseconds limit) {
  Error error = make_error(Errc::timeout, "the runtime " + std::string(stage.failure) + " within " +
                                              std::to_string(limit.count()) + " ms");
  JsonWriter json(error.details);
  json.begin_object().member("stage", stage.name).member("limit_ms", limit.count()).end_object();
  return error;
}

Error error_of(const WebSocketClient::ConnectOutcome& outcome) {
  if (outcome.kind == WebSocketClient::ConnectOutcome::Kind::unreachable) {
    return make_error(Errc::connection_failed, outcome.message);
  }
  Error error = make_error(Errc::connection_failed, outcome.message);
  JsonWriter json(error.details);
  json.begin_object().member("http_status", outcome.http_status).end_object();
  if (outcome.http_status == 429 || outcome.http_status == 503) {
    error.code = Errc::runtime_unavailable;
    error.retry_after = busy_retry_after;
  } else if (outcome.http_status < 500) {
    error.code = Errc::runtime_refused;
  }
  return error;
}

/// The runtime cannot have started: nothing but its front door was reached.
bool may_retry(const WebSocketClient::ConnectOutcome& outcome) {
  return outcome.kind == WebSocketClient::ConnectOutcome::Kind::unreachable || outcome.http_status == 429 ||
         outcome.http_status >= 500;
}

}  // namespace

/// One connection, from dialling to closing.
class WebSocketRuntime::Attempt {
 public:
  struct Outcome {
    Result<invocations::RuntimeMessage> end;
    bool may_retry = false;
  };

  Attempt(WebSocketRuntime& runtime, const asio::any_io_executor& executor, SteadyTime total_deadline,
          StopSignal& stop)
      : runtime_(runtime),
        options_(runtime.options_),
        total_deadline_(total_deadline),
        stop_(stop),
        socket_(net::make_websocket_client(executor, options_.endpoint,
                                           runtime.tls_ ? &*runtime.tls_ : nullptr, options_.websocket)),
        watchdog_(executor, [this] { on_watchdog(); }) {}

  asio::awaitable<Outcome> run(const invocations::RuntimeRequest& request, ChunkSink& sink,
                               invocations::RunTimings& timings) {
    const StopSignal::Listener on_stop(stop_, [this] { socket_->abort(); });
    Outcome outcome = co_await converse(request, sink, timings);
    // The verdict stands before the farewell: what ends the farewell early must not change it.
    const bool cut = cut_.has_value();
    limit_ = now() + options_.websocket.close_timeout;
    pings_ = false;
    watchdog_.expires_at(limit_);
    const bool late_message = co_await socket_->close();
    if (outcome.end && late_message) outcome.end = InvocationProtocol::on_late_messages();
    if (stop_.raised() && !outcome.end)
      outcome = Outcome{stop_.reason()};
    else if (cut)
      outcome = Outcome{*cut_};
    co_return outcome;
  }

 private:
  asio::awaitable<Outcome> converse(const invocations::RuntimeRequest& request, ChunkSink& sink,
                                    invocations::RunTimings& timings) {
    const SteadyTime started = now();
    expect(connect_stage, options_.connect_timeout);
    http::Headers headers;
    headers.add(std::string(session_header), request.session_id.str());
    const auto connected = co_await socket_->connect(std::move(headers));
    if (connected.kind != WebSocketClient::ConnectOutcome::Kind::open) {
      co_return Outcome{error_of(connected), may_retry(connected)};
    }
    timings.connect = since(started);

    pings_ = true;
    next_ping_ = now() + options_.ping_interval;
    expect(first_message_stage, options_.first_message_timeout);
    std::string invoke = encode_invoke(request);
    const SteadyTime sent = now();
    if (const auto error = co_await socket_->send(std::move(invoke))) {
      co_return Outcome{make_error(Errc::connection_failed, "the runtime went away: " + error.message())};
    }
    co_return co_await read_to_end(sent, request, sink, timings);
  }

  asio::awaitable<Outcome> read_to_end(SteadyTime sent, const invocations::RuntimeRequest& request,
                                       ChunkSink& sink, invocations::RunTimings& timings) {
    for (;;) {
      std::string text;
      const auto read = co_await socket_->read(text);
      if (read.kind != WebSocketClient::ReadOutcome::Kind::message) co_return closed(read);
      if (!timings.first_message) timings.first_message = since(sent);
      auto step = protocol_.on_message(std::move(text));
      if (step.first_of_unknown_type) {
        runtime_.log_.warning("runtime_message_of_unknown_type", {{"request_id", request.request_id.view()}});
      }
      switch (step.kind) {
        case InvocationProtocol::Step::Kind::complete:
          co_return Outcome{std::move(step.message)};
        case InvocationProtocol::Step::Kind::failed:
          co_return Outcome{std::move(step.error)};
        case InvocationProtocol::Step::Kind::chunk:
          sink.on_chunk(std::move(step.message));
          break;
      }
      expect(silence_stage, options_.silence_timeout);
    }
  }

  Outcome closed(const WebSocketClient::ReadOutcome& read) const {
    switch (read.kind) {
      case WebSocketClient::ReadOutcome::Kind::too_large:
        return {make_error(Errc::runtime_protocol_error,
                           "the runtime sent a message of more than " +
                               std::to_string(options_.websocket.message_bytes_max) + " bytes")};
      case WebSocketClient::ReadOutcome::Kind::closed:
        return {protocol_.on_closed(read.close_code),
                !protocol_.started() && InvocationProtocol::is_try_again(read.close_code)};
      default:
        return {protocol_.on_closed(1006)};
    }
  }

  /// From now on the runtime has `limit` for its next step.
  void expect(const Stage& stage, Milliseconds limit) {
    const SteadyTime at = now() + limit;
    const bool within_total = at < total_deadline_;
    stage_ = within_total ? &stage : &total_stage;
    stage_limit_ = within_total ? limit : options_.total_timeout;
    limit_ = std::min(at, total_deadline_);
    watchdog_.expires_at(pings_ ? std::min(limit_, next_ping_) : limit_);
  }

  void on_watchdog() {
    if (now() >= limit_) return cut(timed_out(*stage_, stage_limit_));
    if (socket_->unanswered_pings() >= unanswered_pings_max) {
      return cut(make_error(Errc::connection_failed, "the runtime stopped answering pings"));
    }
    socket_->ping();
    next_ping_ = now() + options_.ping_interval;
    watchdog_.expires_at(std::min(limit_, next_ping_));
  }

  void cut(Error why) {
    if (!cut_) cut_ = std::move(why);
    socket_->abort();
  }

  WebSocketRuntime& runtime_;
  const WebSocketRuntimeOptions& options_;
  SteadyTime total_deadline_;
  StopSignal& stop_;
  std::unique_ptr<WebSocketClient> socket_;
  InvocationProtocol protocol_;
  SteadyTime limit_;
  SteadyTime next_ping_;
  bool pings_ = false;
  /// What is being waited for until `limit_`.
  const Stage* stage_ = &connect_stage;
  Milliseconds stage_limit_{};
  /// Why the connection was cut by us.
  std::optional<Error> cut_;
  net::Deadline watchdog_;
};

WebSocketRuntime::WebSocketRuntime(WebSocketRuntimeOptions options, std::optional<net::TlsContext> tls,
                                   RandomSource& random, Logger& log)
    : options_(std::move(options)), tls_(std::move(tls)), random_(random), log_(log) {}

asio::awaitable<invocations::RunOutcome> WebSocketRuntime::run(invocations::RuntimeRequest request,
                                                               ChunkSink& sink, StopSignal& stop) {
  const auto executor = co_await asio::this_coro::executor;
  const SteadyTime total_deadline = now() + options_.total_timeout;
  invocations::RunTimings timings;
  for (;;) {
    if (stop.raised()) co_return invocations::RunOutcome{stop.reason(), timings};
    ++timings.attempts;
    Attempt attempt(*this, executor, total_deadline, stop);
    Attempt::Outcome outcome = co_await attempt.run(request, sink, timings);
    const int retry = timings.attempts - 1;
    if (!outcome.may_retry || retry >= options_.retry.retries_max()) {
      co_return invocations::RunOutcome{std::move(outcome.end), timings};
    }
    const SteadyTime again = now() + options_.retry.delay_before(retry, random_);
    if (again >= total_deadline) co_return invocations::RunOutcome{std::move(outcome.end), timings};
    log_.info("runtime_connect_retry",
              {{"request_id", request.request_id.view()}, {"reason", outcome.end.error().message}});
    Wakeup wakeup(executor);
    const StopSignal::Listener on_stop(stop, [&wakeup] { wakeup.wake(); });
    co_await wakeup.wait_until(again);
  }
}

asio::awaitable<Result<void>> WebSocketRuntime::probe() {
  http::Endpoint plain = options_.endpoint;
  plain.scheme = "http";  // A TCP connection is enough to know that somebody is there.
  auto stream = co_await net::dial(std::move(plain), nullptr, options_.connect_timeout);
  if (!stream) co_return stream.error();
  (*stream)->close();
  co_return Result<void>();
}

}  // namespace skymarshal::runtime
