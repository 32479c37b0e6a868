#include "agents/server/agent_connection.hpp"

#include "agents/facts/prompt_facts.hpp"
#include "agents/server/client_watch.hpp"
#include "agents/server/runtime_http.hpp"
#include "agents/server/runtime_messages.hpp"

#include <deque>
#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace skymarshal::agents::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

using HttpRequest = http::request<http::string_body>;
using HttpParser = http::request_parser<http::string_body>;
/// Without permessage-deflate: messages are small and the peer is near.
using WebSocket = websocket::stream<beast::tcp_stream, false>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view session_header = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id";
/// How much of a refused request is read away, so that the refusal reaches a client that is still sending.
constexpr int drain_reads_max = 64;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// How the messages of an assessment leave: each by itself, or only the data of the last.
enum class Output { websocket, sse_chunked, sse_until_close, data_only };

class SocketConnection final : public AgentConnection {
 public:
  SocketConnection(std::shared_ptr<AgentServerState> server, tcp::socket socket)
      : server_(std::move(server)), ws_(std::move(socket)), pace_(server_->executor) {
    error_code ignored;
    tcp_stream().socket().set_option(tcp::no_delay(true), ignored);
    server_->connections.insert(this);
  }
  ~SocketConnection() override { server_->connection_ended(this); }
  SocketConnection(const SocketConnection&) = delete;
  SocketConnection& operator=(const SocketConnection&) = delete;

  asio::awaitable<void> run();
  void stop() override;
  void cut() override {
    leave(Errc::cancelled);
    tcp_stream().close();
  }

 private:
  beast::tcp_stream& tcp_stream() { return ws_.next_layer(); }
  std::shared_ptr<SocketConnection> self() {
    return std::static_pointer_cast<SocketConnection>(shared_from_this());
  }

  asio::awaitable<bool> serve_request(bool first);
  asio::awaitable<void> refuse_request(error_code failure);
  asio::awaitable<bool> answer_request(const HttpRequest& request);
  asio::awaitable<bool> answer_invocation(const HttpRequest& request, bool keep_alive);
  asio::awaitable<bool> stream_invocation(InvokeRequest invocation, bool chunked, bool keep_alive);
  asio::awaitable<bool> write_answer(HttpAnswer answer, bool keep_alive, bool with_body = true);
  asio::awaitable<bool> write_text(std::string_view text);
  asio::awaitable<void> drain();

  asio::awaitable<void> serve_websocket(HttpRequest request);
  asio::awaitable<void> read_messages();
  asio::awaitable<void> answer_messages();
  asio::awaitable<bool> answer_message(const std::string& message);
  asio::awaitable<void> close_websocket(websocket::close_code code);

  asio::awaitable<bool> assess(InvokeRequest request, Output output, std::string& data);
  asio::awaitable<bool> send(Output output, const std::string& message);
  asio::awaitable<void> pause();
  asio::awaitable<void> word(assessment::Assessment& assessment);
  /// Nobody waits for an answer any more, or not for long.
  void leave(Errc why) {
    pace_.cancel();
    leaving_.raise(make_error(why, "leaving"));
  }

  std::shared_ptr<AgentServerState> server_;
  WebSocket ws_;
  beast::flat_buffer buffer_;
  asio::steady_timer pace_;
  StopSignal leaving_;
  /// The session that the header of the request names, for payloads that name none.
  std::string header_session_;
  std::deque<std::string> queued_;
  /// An invocation runs: stop() lets it finish.
  bool busy_ = false;
  bool upgraded_ = false;
  /// The socket is read no more.
  bool ended_ = false;
};

/// Holds the connection for as long as the coroutine runs.
template <typename... Arguments>
asio::awaitable<void> run_on(std::shared_ptr<SocketConnection> connection,
                             asio::awaitable<void> (SocketConnection::*what)(Arguments...),
                             Arguments... arguments) {
  co_await ((*connection).*what)(arguments...);
}

asio::awaitable<void> SocketConnection::run() {
  bool goes_on = true;
  for (bool first = true; goes_on && !server_->stopping; first = false) {
    goes_on = co_await serve_request(first);
  }
  if (!upgraded_) co_await drain();
  ended_ = true;
  leave(Errc::cancelled);
}

void SocketConnection::stop() {
  leave(Errc::shutting_down);
  if (busy_) return;
  if (!upgraded_ || !ws_.is_open()) return cut();
  asio::co_spawn(server_->executor,
                 run_on(self(), &SocketConnection::close_websocket, websocket::close_code::going_away),
                 asio::detached);
}

asio::awaitable<bool> SocketConnection::serve_request(bool first) {
  const AgentServer::Options& options = server_->options;
  HttpParser parser;
  parser.header_limit(static_cast<std::uint32_t>(options.header_bytes_max));
  parser.body_limit(options.body_bytes_max);
  tcp_stream().expires_after(first ? options.header_timeout : options.idle_timeout);
  auto [header_failed, header_bytes] =
      co_await http::async_read_header(tcp_stream(), buffer_, parser, as_result);
  if (header_failed) {
    co_await refuse_request(header_failed);
    co_return false;
  }
  const std::string_view session = view(parser.get()[session_header]);
  header_session_ = session.size() <= options.invoke.session_id_bytes_max ? session : std::string_view();
  if (websocket::is_upgrade(parser.get()) && path_of(view(parser.get().target())) == "/ws") {
    co_await serve_websocket(parser.release());
    co_return false;
  }
  if (parser.get()[http::field::expect] == "100-continue") {
    const bool written = co_await write_text("HTTP/1.1 100 Continue\r\n\r\n");
    if (!written) co_return false;
  }
  tcp_stream().expires_after(options.body_timeout);
  auto [body_failed, body_bytes] = co_await http::async_read(tcp_stream(), buffer_, parser, as_result);
  if (body_failed) {
    co_await refuse_request(body_failed);
    co_return false;
  }
  const HttpRequest request = parser.release();
  busy_ = true;
  const bool answered = co_await answer_request(request);
  busy_ = false;
  co_return answered&& request.keep_alive();
}

asio::awaitable<void> SocketConnection::refuse_request(error_code failure) {
  const bool malformed = failure.category() == error_code(http::error::bad_method).category();
  if (!malformed || failure == http::error::end_of_stream || failure == http::error::partial_message) {
    // The client is gone, or was too slow and is cut: nobody is left to tell.
    co_return;
  }
  HttpAnswer answer = refuse(400, "INVALID_REQUEST", "This is no valid HTTP request.");
  if (failure == http::error::header_limit) {
    answer = refuse(431, "INVALID_REQUEST", "The header is too large.");
  } else if (failure == http::error::body_limit) {
    answer = refuse(413, "INVALID_REQUEST", "The body is too large.");
  }
  co_await write_answer(std::move(answer), false);
}

asio::awaitable<bool> SocketConnection::answer_request(const HttpRequest& request) {
  const bool keep_alive = request.keep_alive() && !server_->stopping;
  const std::string_view path = path_of(view(request.target()));
  if (path == "/invocations" && request.method() == http::verb::post) {
    const bool answered = co_await answer_invocation(request, keep_alive);
    co_return answered;
  }
  HttpAnswer answer = answer_without_agents(view(request.method_string()), path, server_->running > 0,
                                            server_->status_changed);
  const bool with_body = request.method() != http::verb::head;
  const bool written = co_await write_answer(std::move(answer), keep_alive, with_body);
  co_return written;
}

asio::awaitable<bool> SocketConnection::answer_invocation(const HttpRequest& request, bool keep_alive) {
  HttpAnswer answer;
  auto invocation = parse_invocation_body(request.body(), server_->options.invoke);
  if (!invocation) {
    answer = refuse(400, "INVALID_REQUEST", invocation.error().message);
  } else if (view(request[http::field::accept]).find("text/event-stream") != std::string_view::npos) {
    const bool chunked = request.version() >= 11;
    const bool streamed = co_await stream_invocation(std::move(*invocation), chunked, keep_alive);
    co_return streamed;
  } else {
    const bool assessed = co_await assess(std::move(*invocation), Output::data_only, answer.body);
    if (!assessed) answer = refuse(500, "INTERNAL_ERROR", "The assessment failed.");
  }
  const bool written = co_await write_answer(std::move(answer), keep_alive);
  co_return written;
}

asio::awaitable<bool> SocketConnection::stream_invocation(InvokeRequest invocation, bool chunked,
                                                          bool keep_alive) {
  const std::string head = stream_head(chunked, keep_alive);
  const bool begun = co_await write_text(head);
  if (!begun) co_return false;
  std::string data;
  const Output output = chunked ? Output::sse_chunked : Output::sse_until_close;
  const bool assessed = co_await assess(std::move(invocation), output, data);
  if (!assessed || !chunked) co_return false;
  const bool ended = co_await write_text(stream_end);
  co_return ended&& keep_alive;
}

asio::awaitable<bool> SocketConnection::write_answer(HttpAnswer answer, bool keep_alive, bool with_body) {
  std::string text = answer_head(answer, keep_alive);
  if (with_body) text += answer.body;
  const bool written = co_await write_text(text);
  co_return written&& keep_alive;
}

asio::awaitable<bool> SocketConnection::write_text(std::string_view text) {
  tcp_stream().expires_after(server_->options.write_timeout);
  const asio::const_buffer bytes(text.data(), text.size());
  auto [failed, written] = co_await asio::async_write(tcp_stream(), bytes, as_result);
  co_return !failed;
}

asio::awaitable<void> SocketConnection::drain() {
  error_code failed;
  tcp_stream().socket().shutdown(tcp::socket::shutdown_send, failed);
  buffer_.clear();
  tcp_stream().expires_after(std::chrono::seconds(1));
  for (int reads = 0; reads < drain_reads_max && !failed && !server_->stopping; ++reads) {
    const auto space = buffer_.prepare(std::size_t{16} * 1024);
    auto [read_failed, count] = co_await tcp_stream().async_read_some(space, as_result);
    failed = read_failed;
  }
}

asio::awaitable<void> SocketConnection::serve_websocket(HttpRequest request) {
  const AgentServer::Options& options = server_->options;
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = options.header_timeout;
  timeout.idle_timeout = options.idle_timeout;
  timeout.keep_alive_pings = true;
  ws_.set_option(timeout);
  ws_.read_message_max(options.message_bytes_max);
  ws_.auto_fragment(false);
  ws_.text(true);
  tcp_stream().expires_never();
  upgraded_ = true;
  auto [refused] = co_await ws_.async_accept(request, as_result);
  if (refused) co_return;
  buffer_.clear();
  co_await read_messages();
}

asio::awaitable<void> SocketConnection::read_messages() {
  while (true) {
    auto [failed, count] = co_await ws_.async_read(buffer_, as_result);
    if (failed) co_return;
    if (server_->stopping || queued_.size() >= server_->options.queued_messages_max) {
      const auto code =
          server_->stopping ? websocket::close_code::going_away : websocket::close_code::policy_error;
      co_await close_websocket(code);
      co_return;
    }
    queued_.push_back(beast::buffers_to_string(buffer_.data()));
    buffer_.consume(buffer_.size());
    // Reading goes on while an answer is written, so that pings are answered and a leaving client is noticed.
    if (std::exchange(busy_, true)) continue;
    asio::co_spawn(server_->executor, run_on(self(), &SocketConnection::answer_messages), asio::detached);
  }
}

asio::awaitable<void> SocketConnection::answer_messages() {
  bool answered = true;
  while (answered && !queued_.empty() && !ended_) {
    const std::string message = std::move(queued_.front());
    queued_.pop_front();
    answered = co_await answer_message(message);
  }
  busy_ = false;
  if (ended_) co_return;
  if (!answered) {
    cut();
  } else if (server_->stopping) {
    co_await close_websocket(websocket::close_code::going_away);
  }
}

asio::awaitable<bool> SocketConnection::answer_message(const std::string& message) {
  auto invocation = parse_invoke_message(message, server_->options.invoke);
  if (!invocation) {
    const std::string text = error_message("INVALID_REQUEST", invocation.error().message);
    const bool sent = co_await send(Output::websocket, text);
    co_return sent;
  }
  std::string data;
  const bool assessed = co_await assess(std::move(*invocation), Output::websocket, data);
  co_return assessed;
}

asio::awaitable<void> SocketConnection::close_websocket(websocket::close_code code) {
  const websocket::close_reason reason(code);
  auto [failed] = co_await ws_.async_close(reason, as_result);
  if (failed) cut();
}

asio::awaitable<bool> SocketConnection::assess(InvokeRequest request, Output output, std::string& data) {
  if (request.session_id.empty()) request.session_id = header_session_;
  const RunningMark running(*server_);
  bool understood = false;
  try {
    facts::Facts facts = request.session_id.empty()
                             ? facts::read_facts(request.prompt)
                             : server_->memory.add_turn(request.session_id, request.prompt);
    assessment::Assessment assessment = server_->orchestrator.begin(
        assessment::understand(std::move(facts), server_->options.operations.get()));
    std::string message;
    for (bool first = true; server_->next_message(assessment, message); first = false) {
      if (output != Output::data_only) {
        if (!first) co_await pause();
        const bool sent = co_await send(output, message);
        if (!sent) co_return false;
      }
      if (server_->language_model) co_await word(assessment);
    }
    data = assessment.data();
    understood = true;
  } catch (const std::exception& bug) {
    server_->logger.error("assessment_failed", {{"reason", std::string_view(bug.what())}});
  }
  if (understood || output == Output::data_only) co_return understood;
  const std::string text = error_message("INTERNAL_ERROR", "The assessment failed.");
  const bool sent = co_await send(output, text);
  co_return sent;
}

asio::awaitable<void> SocketConnection::word(assessment::Assessment& assessment) {
  std::vector<assessment::AgentAssessment>* const pending = assessment.pending_wording();
  if (pending == nullptr) co_return;
  // A WebSocket is being read anyway.
  std::optional<ClientWatch> watch;
  if (!upgraded_) watch.emplace(tcp_stream().socket(), leaving_);
  co_await server_->language_model->word(*pending, leaving_);
}

asio::awaitable<bool> SocketConnection::send(Output output, const std::string& message) {
  if (output == Output::websocket) {
    auto [failed, written] = co_await ws_.async_write(asio::buffer(message), as_result);
    co_return !failed;
  }
  const std::string event = stream_event(message, output == Output::sse_chunked);
  const bool written = co_await write_text(event);
  co_return written;
}

asio::awaitable<void> SocketConnection::pause() {
  const Milliseconds delay = server_->options.chunk_delay;
  if (delay.count() == 0 || server_->stopping || ended_) co_return;
  pace_.expires_after(delay);
  co_await pace_.async_wait(as_result);
}

}  // namespace

asio::awaitable<void> serve_connection(std::shared_ptr<AgentServerState> server, tcp::socket socket) {
  auto connection = std::make_shared<SocketConnection>(server, std::move(socket));
  try {
    co_await connection->run();
  } catch (const std::exception& bug) {
    server->logger.error("connection_failed", {{"reason", std::string_view(bug.what())}});
    connection->cut();
  }
}

}  // namespace skymarshal::agents::server
