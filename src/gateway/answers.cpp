#include "gateway/answers.hpp"

#include "base/json_writer.hpp"
#include "gateway/invocation_url.hpp"
#include "http/problem.hpp"
#include "http/sse.hpp"

#include <boost/asio/this_coro.hpp>

namespace skymarshal::gateway {
namespace {

namespace asio = boost::asio;

/// Hears of the client's leaving for as long as it lives.
class ClientWatch {
 public:
  ClientWatch(http::ResponseWriter& writer, invocations::JournalReader& reader) : writer_(writer) {
    writer_.on_client_gone([&reader] { reader.cancel(); });
  }
  ~ClientWatch() { writer_.on_client_gone({}); }
  ClientWatch(const ClientWatch&) = delete;
  ClientWatch& operator=(const ClientWatch&) = delete;

 private:
  http::ResponseWriter& writer_;
};

void note_timings(Exchange& exchange, const invocations::InvocationEnd& end) {
  exchange.timings.queue = end.queued;
  exchange.timings.connect = end.timings.connect;
  exchange.timings.first_message = end.timings.first_message;
}

}  // namespace

asio::awaitable<Waited> wait_for_end(Exchange& exchange, const invocations::AnswerSource& source,
                                     SteadyTime deadline) {
  const auto executor = co_await asio::this_coro::executor;
  // Only the end is looked for: all that is there already is passed over.
  invocations::JournalReader reader(source.journal, executor, source.journal->last_seq());
  const ClientWatch watch(exchange.writer(), reader);
  while (source.journal->end() == nullptr) {
    const auto waited = co_await reader.wait_until(deadline);
    if (waited == invocations::JournalReader::Waited::timed_out) co_return Waited::deadline;
    if (waited == invocations::JournalReader::Waited::cancelled) co_return Waited::client_gone;
    while (reader.next() != nullptr) {
    }
  }
  co_return Waited::end;
}

asio::awaitable<void> answer_with_end(Exchange& exchange, const invocations::AnswerSource& source) {
  const invocations::InvocationEnd& end = *source.journal->end()->end;
  note_timings(exchange, end);
  http::ResponseHead head;
  if (end.error) {
    head = http::problem_head(*end.error);
    exchange.note_error(*end.error);
  } else {
    head.headers.add("Content-Type", "application/json");
  }
  if (end.persisted != invocations::Persisted::stored) {
    head.headers.add("X-Session-Persisted", fmt::format("false; {}", invocations::to_text(end.persisted)));
  }
  co_await exchange.send(std::move(head), *end.body);
}

asio::awaitable<void> answer_accepted(Exchange& exchange, const invocations::AnswerSource& source) {
  http::ResponseHead head;
  head.status = 202;
  head.headers.add("Content-Type", "application/json");
  head.headers.add("Location", status_url(source.request_id));
  head.headers.add("Retry-After", std::string(poll_seconds));
  std::string body;
  JsonWriter json(body);
  json.begin_object().member("status", "accepted");
  json.member("request_id", source.request_id.view()).member("session_id", source.session_id.view());
  json.member("status_url", std::string_view(status_url(source.request_id)));
  json.member("events_url", std::string_view(events_url(source.request_id))).end_object();
  co_await exchange.send(std::move(head), body);
}

asio::awaitable<void> answer_nothing_more(Exchange& exchange) {
  http::ResponseHead head;
  head.status = 204;
  co_await exchange.send(std::move(head), std::string_view());
}

asio::awaitable<void> answer_streamed(Exchange& exchange, invocations::AnswerSource source,
                                      StreamOptions options) {
  const auto executor = co_await asio::this_coro::executor;
  invocations::JournalReader reader(source.journal, executor, options.after.value_or(0));
  http::ResponseWriter& writer = exchange.writer();
  const ClientWatch watch(writer, reader);

  http::ResponseHead head;
  head.headers.add("Content-Type", std::string(http::sse_content_type));
  head.headers.add("Cache-Control", "no-cache");
  head.headers.add("X-Accel-Buffering", "no");
  exchange.start(std::move(head));
  if (exchange.request().method == "HEAD") {
    co_await writer.finish({});
    co_return;
  }

  // Who comes again has had the metadata.
  std::string opening = std::string(sse_retry) + "\n";
  if (!options.after) opening = metadata_event(source.request_id, source.session_id, options.ids);
  EventBatch batch(options.ids);
  batch.add_text(opening);
  for (;;) {
    const invocations::JournalEvent* event = nullptr;
    while (!batch.full() && (event = reader.next()) != nullptr) {
      batch.add(*event, source.request_id);
      if (!event->end) continue;
      note_timings(exchange, *event->end);
      if (event->end->error) exchange.note_error(*event->end->error);
      co_await writer.finish(batch.buffers());
      co_return;
    }
    if (!batch.empty() && !co_await writer.write(batch.buffers())) co_return;
    batch.clear();
    const SteadyTime silent_until = std::chrono::steady_clock::now() + options.keep_alive;
    const auto waited = co_await reader.wait_until(silent_until);
    if (waited == invocations::JournalReader::Waited::cancelled) co_return;
    if (waited == invocations::JournalReader::Waited::timed_out) batch.add_text(http::sse_keep_alive);
  }
}

}  // namespace skymarshal::gateway
