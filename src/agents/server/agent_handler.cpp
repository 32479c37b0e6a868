#include "agents/server/agent_handler.hpp"

#include "agents/server/agent_conversation.hpp"
#include "agents/server/runtime_http.hpp"
#include "agents/server/runtime_messages.hpp"
#include "http/problem.hpp"
#include "http/sse.hpp"

#include <array>
#include <span>
#include <utility>

#include <boost/asio/buffer.hpp>

namespace skymarshal::agents::server {
namespace {

namespace asio = boost::asio;

constexpr std::string_view session_header = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";

/// An entry in a set for as long as the scope lasts.
template <typename T>
class Listed {
 public:
  Listed(std::unordered_set<T*>& set, T& entry) : set_(set), entry_(&entry) { set_.insert(entry_); }
  ~Listed() { set_.erase(entry_); }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

 private:
  std::unordered_set<T*>& set_;
  T* entry_;
};

/// Ends the patience of a client that leaves, for as long as the scope lasts.
class LeavingWatch {
 public:
  LeavingWatch(http::ResponseWriter& writer, Patience& patience) : writer_(writer) {
    writer_.on_client_gone([&patience] { patience.end(Errc::cancelled); });
  }
  ~LeavingWatch() { writer_.on_client_gone({}); }
  LeavingWatch(const LeavingWatch&) = delete;
  LeavingWatch& operator=(const LeavingWatch&) = delete;

 private:
  http::ResponseWriter& writer_;
};

/// Each message leaves as one server-sent event.
class EventSink final : public MessageSink {
 public:
  explicit EventSink(http::ResponseWriter& writer) : writer_(writer) {}

  asio::awaitable<bool> send(const std::string& message) override {
    const std::array<asio::const_buffer, 3> event = {
        asio::buffer(http::sse_data_begin), asio::buffer(message), asio::buffer(http::sse_event_end)};
    const std::span<const asio::const_buffer> piece(event);
    co_return co_await writer_.write(piece);
  }

 private:
  http::ResponseWriter& writer_;
};

}  // namespace

AgentHandler::AgentHandler(asio::any_io_executor executor, AgentServer::Options options, const Clock& clock,
                           Logger& log)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      log_(log),
      assessor_(executor_, options_, clock, log) {}

asio::awaitable<void> AgentHandler::handle(http::Request request, http::ResponseWriter& writer) {
  const auto self = shared_from_this();
  const std::string_view path = path_of(request.target);
  if (path == "/invocations" && request.method == "POST") {
    co_await invoke(std::move(request), writer);
    co_return;
  }
  if (stopping_ && asks_for_websocket(request)) {
    co_await refuse(make_error(Errc::shutting_down, "The runtime is shutting down."), writer);
    co_return;
  }
  http::Response response =
      answer_without_agents(request.method, path, assessor_.busy(), assessor_.last_work());
  co_await writer.send(std::move(response));
}

asio::awaitable<void> AgentHandler::refuse(Error error, http::ResponseWriter& writer) {
  http::Response response =
      refusal(http::http_status(error.code), http::error_code(error.code), error.message);
  co_await writer.send(std::move(response));
}

bool AgentHandler::upgrades(const http::Request& request) const {
  return !stopping_ && asks_for_websocket(request);
}

asio::awaitable<void> AgentHandler::upgrade(http::Request request, std::shared_ptr<net::ByteStream> stream) {
  const auto self = shared_from_this();
  if (stopping_) co_return;
  // What runs beside this coroutine keeps the handler alive by itself.
  std::shared_ptr<Assessor> assessor(self, &assessor_);
  const auto conversation =
      AgentConversation::make(std::move(assessor), std::move(stream), session_of(request), log_);
  const Listed listed(conversations_, *conversation);
  co_await conversation->run(std::move(request));
}

/// Ending one takes it off no list before this returns: it hears of it through the executor.
void AgentHandler::stop() {
  stopping_ = true;
  for (Patience* const patience : patiences_) patience->end(Errc::shutting_down);
  for (AgentConversation* const conversation : conversations_) conversation->stop();
}

asio::awaitable<void> AgentHandler::invoke(http::Request request, http::ResponseWriter& writer) {
  Patience patience(executor_);
  const Listed listed(patiences_, patience);
  const LeavingWatch leaving(writer, patience);
  if (stopping_) patience.end(Errc::shutting_down);

  http::Response response;
  auto invocation = parse_invocation_body(request.body, options_.invoke);
  if (!invocation) {
    response = refusal(400, "INVALID_REQUEST", invocation.error().message);
  } else {
    if (invocation->session_id.empty()) invocation->session_id = session_of(request);
    if (asks_for_events(request.headers)) {
      co_await stream(*std::move(invocation), writer, patience);
      co_return;
    }
    auto data = co_await assessor_.assess(*std::move(invocation), nullptr, patience);
    response = data ? json_answer(*std::move(data)) : refusal(500, "INTERNAL_ERROR", data.error().message);
  }
  co_await writer.send(std::move(response));
}

asio::awaitable<void> AgentHandler::stream(InvokeRequest invocation, http::ResponseWriter& writer,
                                           Patience& patience) {
  http::ResponseHead head;
  head.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-cache"}};
  writer.start(std::move(head));
  EventSink sink(writer);
  const auto data = co_await assessor_.assess(std::move(invocation), &sink, patience);
  bool listening = data || data.error().code != Errc::cancelled;
  if (!data && listening) {
    const std::string text = error_message("INTERNAL_ERROR", data.error().message);
    listening = co_await sink.send(text);
  }
  if (!listening) co_return;
  const std::span<const asio::const_buffer> nothing_more;
  co_await writer.finish(nothing_more);
}

/// For payloads that name none. One that is too long names none either.
std::string AgentHandler::session_of(const http::Request& request) const {
  const std::string_view session = request.headers.find(session_header).value_or(std::string_view());
  return std::string(session.size() <= options_.invoke.session_id_bytes_max ? session : std::string_view());
}

}  // namespace skymarshal::agents::server
