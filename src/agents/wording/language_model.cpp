#include "agents/wording/language_model.hpp"

#include "agents/wording/wording.hpp"
#include "agents/wording/wording_check.hpp"
#include "base/jitter.hpp"
#include "base/text.hpp"
#include "base/wakeup.hpp"
#include "http/message.hpp"
#include "http/retry_after.hpp"
#include "http/sse.hpp"
#include "net/http_client.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::agents::wording {
namespace {

namespace asio = boost::asio;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t head_bytes_max = 16 * 1024;

Milliseconds time_left(SteadyTime until) {
  const auto left = std::chrono::ceil<Milliseconds>(until - std::chrono::steady_clock::now());
  return std::max(left, Milliseconds(0));
}

/// What one attempt came to.
struct Attempt {
  Result<std::string> text = make_error(Errc::internal, "not asked");
  /// Nothing of a text had come, and another attempt may fare better.
  bool retry = false;
  Milliseconds retry_after{0};
};

Attempt failed(Error error) {
  Attempt attempt;
  attempt.text = std::move(error);
  return attempt;
}

/// What sockets report, in the API's words.
Error error_of(const net::Error& error) {
  const bool is_late = error.kind == net::ErrorKind::timed_out;
  return make_error(is_late ? Errc::timeout : Errc::connection_failed, error.message);
}

/// No answer has begun. One that broke off is not asked for again: it would have cost its tokens.
Attempt unanswered(const net::Error& error) {
  using Kind = net::ErrorKind;
  Attempt attempt = failed(error_of(error));
  attempt.retry =
      error.kind == Kind::unreachable || error.kind == Kind::untrusted || error.kind == Kind::timed_out;
  return attempt;
}

/// Seconds only: a date far away is none of our business.
Milliseconds retry_after(const http::ResponseHead& head) {
  const std::string_view text = head.headers.find("Retry-After").value_or("");
  return http::parse_retry_after_seconds(text).value_or(std::chrono::seconds(0));
}

bool is_event_stream(const http::ResponseHead& head) {
  constexpr std::string_view wanted = "text/event-stream";
  const std::string_view type = head.headers.find("Content-Type").value_or("");
  const std::string_view rest = type.substr(std::min(type.size(), wanted.size()));
  return equal_ignoring_case(type.substr(0, wanted.size()), wanted) &&
         (rest.empty() || rest[0] == ';' || rest[0] == ' ');
}

Attempt refused(const http::ResponseHead& head) {
  Attempt attempt =
      failed(make_error(Errc::runtime_refused, "the model's server answers " + std::to_string(head.status)));
  attempt.retry = head.status == 429 || head.status >= 500;
  attempt.retry_after = retry_after(head);
  return attempt;
}

/// Takes in what has come; an error once it cannot be an answer any more.
Result<void> take_events(http::SseParser& events, ChatAnswer& answer, std::string_view piece) {
  if (!events.feed(piece)) return make_error(Errc::payload_too_large, "an event is too long");
  while (auto event = events.next()) {
    if (const auto taken = answer.take(std::move(event->data)); !taken) return taken;
  }
  // Some servers leave out the empty line behind their last event; readers of the standard would drop it.
  if (auto last = piece.empty() ? events.unfinished() : std::nullopt)
    return answer.take(std::move(last->data));
  return {};
}

asio::awaitable<Attempt> read_answer(net::HttpExchange& exchange) {
  http::SseParser events;
  ChatAnswer answer(wording_bytes_max);
  while (!answer.complete()) {
    const auto piece = co_await exchange.read_piece();
    if (!piece) co_return failed(error_of(piece.error()));
    const Result<void> taken = take_events(events, answer, *piece);
    if (!taken) co_return failed(taken.error());
    if (piece->empty() && !answer.complete())
      co_return failed(make_error(Errc::interrupted, "the stream ended before the text"));
  }
  Attempt attempt;
  attempt.text = answer.text();
  co_return attempt;
}

}  // namespace

http::Endpoint chat_endpoint(http::Endpoint address) {
  constexpr std::string_view resource = "/chat/completions";
  const std::size_t query = std::min(address.target.find('?'), address.target.size());
  std::string path = address.target.substr(0, query);
  while (path.ends_with('/')) path.pop_back();
  if (path.empty()) path = "/v1";
  if (!path.ends_with(resource)) path += resource;
  address.target = path + address.target.substr(query);
  return address;
}

/// Outlives the model where calls are still ending.
struct LanguageModel::Shared {
  asio::any_io_executor executor;
  Options options;
  Logger& logger;
  /// An answer is often left before its end, and with it its connection: none is worth keeping.
  net::HttpClient client{net::one_connection_each, options.tls};
  Counts counts = {};
  std::size_t calls = 0;

  Milliseconds delay_before(std::size_t retry) const {
    const Milliseconds delay = options.retry_delays[retry];
    return options.random == nullptr ? delay : jittered(delay, options.jitter, *options.random);
  }
};

/// The calls of one word(). They hold it, as some may still be ending when word() has returned.
struct LanguageModel::Round {
  struct Call {
    std::size_t assessment = 0;
    std::string body;
    std::optional<std::string> text;
    Error failure = make_error(Errc::timeout, "the deadline");
    bool ended = false;
    asio::cancellation_signal cancel;
  };

  explicit Round(std::shared_ptr<Shared> the_shared)
      : shared(std::move(the_shared)),
        limit(std::chrono::steady_clock::now() + shared->options.deadline),
        done(shared->executor) {}

  void call_ended(Call& call) {
    call.ended = true;
    --shared->calls;
    if (--running == 0) done.wake();
  }
  void cancel() {
    for (const auto& call : calls) {
      if (!call->ended) call->cancel.emit(asio::cancellation_type::terminal);
    }
  }

  std::shared_ptr<Shared> shared;
  SteadyTime limit;
  Wakeup done;
  std::vector<std::unique_ptr<Call>> calls;
  std::size_t running = 0;
};

namespace {

asio::awaitable<Attempt> ask(const net::HttpClient& client, const LanguageModel::Options& options,
                             const std::string& body, Milliseconds left) {
  net::FetchOptions limits;
  limits.head_bytes_max = head_bytes_max;
  limits.body_bytes_max = options.answer_bytes_max;
  limits.connect_timeout = options.connect_timeout;
  limits.total_timeout = left;
  net::HttpExchange exchange(client, limits);
  http::Request request{"POST", options.endpoint.target, {}, body};
  request.headers.add("Content-Type", "application/json");
  request.headers.add("Accept", "text/event-stream");
  if (!options.api_key.empty()) {
    request.headers.add("Authorization", "Bearer " + std::string(options.api_key.reveal()));
  }
  const auto head = co_await exchange.send(options.endpoint, std::move(request));
  if (!head) co_return unanswered(head.error());
  if (head->status != 200) co_return refused(*head);
  if (!is_event_stream(*head)) {
    co_return failed(make_error(Errc::runtime_protocol_error, "the answer is no event stream"));
  }
  Attempt attempt = co_await read_answer(exchange);
  co_return attempt;
}

}  // namespace

asio::awaitable<void> LanguageModel::run_call(std::shared_ptr<Round> round, std::size_t index) {
  const Shared& shared = *round->shared;
  Round::Call& call = *round->calls[index];
  const std::size_t attempts_max = shared.options.retry_delays.size() + 1;
  for (std::size_t attempt = 1;; ++attempt) {
    Attempt result = co_await ask(shared.client, shared.options, call.body, time_left(round->limit));
    if (result.text) {
      call.text = std::move(*result.text);
      co_return;
    }
    call.failure = result.text.error();
    if (!result.retry || attempt == attempts_max) co_return;
    const Milliseconds wait = std::max(shared.delay_before(attempt - 1), result.retry_after);
    // A wait that ends too late would only keep others waiting.
    if (wait >= time_left(round->limit)) co_return;
    asio::steady_timer timer(shared.executor, wait);
    co_await timer.async_wait(as_result);
  }
}

void LanguageModel::start_call(const std::shared_ptr<Round>& round, std::size_t index) {
  Round::Call& call = *round->calls[index];
  ++round->shared->calls;
  ++round->running;
  const auto ended = [round, index](const std::exception_ptr& failure) {
    Round::Call& ending = *round->calls[index];
    // A cancelled call ends by an exception, like one that finds no memory.
    if (failure) ending.failure = make_error(Errc::cancelled, "cancelled");
    round->call_ended(ending);
  };
  asio::co_spawn(round->shared->executor, run_call(round, index),
                 asio::bind_cancellation_slot(call.cancel.slot(), ended));
}

LanguageModel::LanguageModel(asio::any_io_executor executor, Options options, Logger& logger)
    : shared_(std::make_shared<Shared>(Shared{std::move(executor), std::move(options), logger})) {}

LanguageModel::~LanguageModel() = default;

const LanguageModel::Counts& LanguageModel::counts() const { return shared_->counts; }

asio::awaitable<void> LanguageModel::word(std::vector<AgentAssessment>& assessments, StopSignal& stop) {
  if (stop.raised()) co_return;
  const auto round = std::make_shared<Round>(shared_);
  for (std::size_t i = 0; i < assessments.size(); ++i) {
    // An agent that failed has reckoned nothing, and one that has nothing to say needs no words for it.
    if (assessments[i].failed() || assessments[i].reasoning.empty()) continue;
    if (shared_->calls + round->calls.size() >= shared_->options.calls_max) continue;
    round->calls.push_back(std::make_unique<Round::Call>());
    round->calls.back()->assessment = i;
    round->calls.back()->body = chat_request(assessments[i], shared_->options.model);
  }
  for (std::size_t i = 0; i < round->calls.size(); ++i) start_call(round, i);
  if (round->calls.empty()) co_return;
  {
    const StopSignal::Listener listener(stop, [&round] { round->done.wake(); });
    co_await round->done.wait_until(round->limit);
  }
  round->cancel();
  if (stop.raised()) {
    shared_->counts.stopped += round->calls.size();
    co_return;
  }
  take(*round, assessments);
}

void LanguageModel::take(const Round& round, std::vector<AgentAssessment>& assessments) {
  const auto report = [this](std::string_view event, const AgentAssessment& assessment,
                             std::string_view reason) {
    shared_->logger.warning(event, {{"agent", std::string_view(assessment.agent_name)}, {"reason", reason}});
  };
  for (const auto& call : round.calls) {
    AgentAssessment& assessment = assessments[call->assessment];
    if (!call->text) {
      ++shared_->counts.failed;
      report("wording_failed", assessment, call->failure.message);
      continue;
    }
    auto checked = check_wording(assessment, *call->text);
    if (checked) {
      if (const auto whole = check_nothing_left_out(assessment, *checked); !whole) checked = whole.error();
    }
    if (checked) {
      ++shared_->counts.worded;
      assessment.reasoning = std::move(*checked);
    } else {
      ++shared_->counts.refused;
      report("wording_refused", assessment, checked.error().message);
    }
  }
}

}  // namespace skymarshal::agents::wording
