#include "gateway/answers.hpp"

#include "gateway/event_stream.hpp"
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

asio::awaitable<void> send_end(Exchange& exchange, const invocations::InvocationEnd& end) {
  note_timings(exchange, end);
  http::ResponseHead head;
  if (end.error) {
    head = http::problem_head(*end.error);
    exchange.note_error(*end.error);
  } else {
    head.headers.add("Content-Type", "application/json");
  }
  if (!end.persisted) head.headers.add("X-Session-Persisted", "false");
  co_await exchange.send(std::move(head), *end.body);
}

}  // namespace

asio::awaitable<void> answer_buffered(Exchange& exchange, AnswerSource source) {
  const auto executor = co_await asio::this_coro::executor;
  invocations::JournalReader reader(source.journal, executor);
  const ClientWatch watch(exchange.writer(), reader);
  while (co_await reader.wait_until(Wakeup::never) == invocations::JournalReader::Waited::ready) {
    while (const invocations::JournalEvent* const event = reader.next()) {
      if (event->end) co_return co_await send_end(exchange, *event->end);
    }
  }
}

asio::awaitable<void> answer_streamed(Exchange& exchange, AnswerSource source, Milliseconds keep_alive) {
  const auto executor = co_await asio::this_coro::executor;
  invocations::JournalReader reader(source.journal, executor);
  http::ResponseWriter& writer = exchange.writer();
  const ClientWatch watch(writer, reader);

  http::ResponseHead head;
  head.headers.add("Content-Type", std::string(http::sse_content_type));
  head.headers.add("Cache-Control", "no-cache");
  head.headers.add("X-Accel-Buffering", "no");
  exchange.start(std::move(head));

  const std::string metadata = metadata_event(source.request_id, source.session_id);
  EventBatch batch;
  batch.add_text(metadata);
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
    const SteadyTime silent_until = std::chrono::steady_clock::now() + keep_alive;
    const auto waited = co_await reader.wait_until(silent_until);
    if (waited == invocations::JournalReader::Waited::cancelled) co_return;
    if (waited == invocations::JournalReader::Waited::timed_out) batch.add_text(http::sse_keep_alive);
  }
}

}  // namespace skymarshal::gateway
