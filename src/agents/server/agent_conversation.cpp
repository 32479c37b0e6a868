#include "agents/server/agent_conversation.hpp"

#include "agents/server/runtime_messages.hpp"
#include "base/spawn.hpp"
#include "base/wakeup.hpp"
#include "net/deadline.hpp"

#include <deque>
#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace skymarshal::agents::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// The connection's stream in the form that Beast reads and writes (AsyncStream).
class BeastLayer {
 public:
  using executor_type = asio::any_io_executor;

  explicit BeastLayer(std::shared_ptr<net::ByteStream> stream) : stream_(std::move(stream)) {}

  executor_type get_executor() const { return stream_->executor(); }
  void close() { stream_->close(); }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const auto start = [stream = stream_](auto handler, asio::mutable_buffer room) {
      const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      stream->async_read_some(
          room, [shared](const net::IoResult& result) { (*shared)(result.error, result.bytes); });
    };
    return asio::async_initiate<Token, void(error_code, std::size_t)>(start, token, first_of(buffers));
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    const auto start = [stream = stream_](auto handler, std::vector<asio::const_buffer> pieces) {
      const auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      asio::co_spawn(stream->executor(), write(stream, std::move(pieces)),
                     [shared](const std::exception_ptr& failure, const net::IoResult& result) {
                       const error_code error = failure ? error_code(asio::error::no_memory) : result.error;
                       (*shared)(error, result.bytes);
                     });
    };
    std::vector<asio::const_buffer> pieces(asio::buffer_sequence_begin(buffers),
                                           asio::buffer_sequence_end(buffers));
    return asio::async_initiate<Token, void(error_code, std::size_t)>(start, token, std::move(pieces));
  }

 private:
  /// A read may bring less than there is room for, so the first buffer that has any is enough.
  template <typename Buffers>
  static asio::mutable_buffer first_of(const Buffers& buffers) {
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers); ++it) {
      const asio::mutable_buffer buffer = *it;
      if (buffer.size() > 0) return buffer;
    }
    return {};
  }

  static asio::awaitable<net::IoResult> write(std::shared_ptr<net::ByteStream> stream,
                                              std::vector<asio::const_buffer> pieces) {
    co_return co_await stream->write(pieces);
  }

  std::shared_ptr<net::ByteStream> stream_;
};

/// Found by Beast when its idle limit is over.
void beast_close_socket(BeastLayer& layer) { layer.close(); }

/// Found by Beast when both have said goodbye. The rest is said by the server, whose connection it is.
template <typename Handler>
void async_teardown(beast::role_type, BeastLayer& layer, Handler&& handler) {
  asio::post(layer.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

/// Without permessage-deflate: messages are small and the peer is near.
using WebSocket = websocket::stream<BeastLayer, false>;
using UpgradeRequest = beast::http::request<beast::http::empty_body>;

UpgradeRequest as_beast(const http::Request& request) {
  constexpr unsigned version = 11;
  UpgradeRequest same(beast::http::verb::get, request.target, version);
  for (const http::Header& field : request.headers) same.insert(field.name, field.value);
  return same;
}

class WebSocketConversation final : public AgentConversation, private MessageSink {
 public:
  WebSocketConversation(std::shared_ptr<Assessor> assessor, std::shared_ptr<net::ByteStream> stream,
                        std::string session, Logger& log)
      : assessor_(std::move(assessor)),
        options_(assessor_->options()),
        log_(log),
        executor_(stream->executor()),
        session_(std::move(session)),
        ws_(std::move(stream)),
        write_deadline_(executor_, [this] { cut(); }),
        patience_(executor_),
        task_ended_(executor_) {}

  asio::awaitable<void> run(http::Request upgrade) override;
  void stop() override;

 private:
  class Task;
  using Step = asio::awaitable<void> (WebSocketConversation::*)();

  void begin(Step step, std::string_view name);
  static asio::awaitable<void> carry_out(std::shared_ptr<WebSocketConversation> self, Step step);
  void apply_options();
  asio::awaitable<void> read_messages();
  asio::awaitable<void> answer_messages();
  asio::awaitable<bool> answer_message(const std::string& message);
  asio::awaitable<void> go_away();
  asio::awaitable<void> close(websocket::close_code code);
  asio::awaitable<bool> send(const std::string& message) override;
  void cut() { ws_.next_layer().close(); }

  std::shared_ptr<Assessor> assessor_;
  const AgentServer::Options& options_;
  Logger& log_;
  asio::any_io_executor executor_;
  std::string session_;
  WebSocket ws_;
  beast::flat_buffer buffer_;
  /// Beast's own limit begins anew with all that the client sends, whether or not it reads.
  net::Deadline write_deadline_;
  Patience patience_;
  std::deque<std::string> queued_;
  /// Coroutines beside the one that reads; run() waits for them.
  int tasks_ = 0;
  Wakeup task_ended_;
  /// The upgrade has been answered. The client may know before we do: whoever stops leaves the goodbye to it.
  bool accepted_ = false;
  /// An invocation runs: stop() lets it finish.
  bool answering_ = false;
  bool stopping_ = false;
  /// Nothing is read any more.
  bool ended_ = false;
};

/// Counts a task as ended when it is, however that came about.
class WebSocketConversation::Task {
 public:
  explicit Task(WebSocketConversation& conversation) : conversation_(conversation) {}
  ~Task() {
    --conversation_.tasks_;
    conversation_.task_ended_.wake();
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

 private:
  WebSocketConversation& conversation_;
};

void WebSocketConversation::begin(Step step, std::string_view name) {
  ++tasks_;
  auto self = std::static_pointer_cast<WebSocketConversation>(shared_from_this());
  spawn_or_log(executor_, carry_out(std::move(self), step), log_, name);
}

asio::awaitable<void> WebSocketConversation::carry_out(std::shared_ptr<WebSocketConversation> self,
                                                       Step step) {
  const Task task(*self);
  co_await ((*self).*step)();
}

asio::awaitable<void> WebSocketConversation::run(http::Request upgrade) {
  apply_options();
  const UpgradeRequest request = as_beast(upgrade);
  auto [refused] = co_await ws_.async_accept(request, as_result);
  if (!refused) {
    accepted_ = true;
    if (stopping_) begin(&WebSocketConversation::go_away, "websocket_goodbye");
    co_await read_messages();
  }
  ended_ = true;
  patience_.end(Errc::cancelled);
  while (tasks_ > 0) co_await task_ended_.wait_until(Wakeup::never);
}

void WebSocketConversation::stop() {
  stopping_ = true;
  patience_.end(Errc::shutting_down);
  if (accepted_ && !answering_) begin(&WebSocketConversation::go_away, "websocket_goodbye");
}

void WebSocketConversation::apply_options() {
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = options_.header_timeout;
  timeout.idle_timeout = options_.idle_timeout;
  timeout.keep_alive_pings = true;
  ws_.set_option(timeout);
  ws_.read_message_max(options_.message_bytes_max);
  ws_.auto_fragment(false);
  ws_.text(true);
}

asio::awaitable<void> WebSocketConversation::read_messages() {
  while (true) {
    auto [failed, count] = co_await ws_.async_read(buffer_, as_result);
    if (failed) co_return;
    std::string message = beast::buffers_to_string(buffer_.data());
    buffer_.consume(buffer_.size());
    // Nothing new is begun; the goodbye is on its way, or follows the answer under way.
    if (stopping_) continue;
    if (queued_.size() >= options_.queued_messages_max) {
      co_await close(websocket::close_code::policy_error);
      co_return;
    }
    queued_.push_back(std::move(message));
    // Reading goes on while an answer is written, so that pings are answered and a leaving client is noticed.
    if (std::exchange(answering_, true)) continue;
    begin(&WebSocketConversation::answer_messages, "websocket_answers");
  }
}

asio::awaitable<void> WebSocketConversation::answer_messages() {
  bool answered = true;
  while (answered && !queued_.empty() && !ended_) {
    const std::string message = std::move(queued_.front());
    queued_.pop_front();
    answered = co_await answer_message(message);
  }
  answering_ = false;
  if (ended_) co_return;
  if (!answered) {
    cut();
  } else if (stopping_) {
    co_await go_away();
  }
}

/// False: the client has gone.
asio::awaitable<bool> WebSocketConversation::answer_message(const std::string& message) {
  if (const auto erased = parse_forget_message(message, options_.invoke)) {
    assessor_->forget(*erased);
    const std::string text = forgotten_message();
    co_return co_await send(text);
  }
  auto invocation = parse_invoke_message(message, options_.invoke);
  if (!invocation) {
    const std::string text = error_message("INVALID_REQUEST", invocation.error().message);
    co_return co_await send(text);
  }
  if (invocation->session_id.empty()) invocation->session_id = session_;
  const auto data = co_await assessor_->assess(*std::move(invocation), this, patience_);
  if (data) co_return true;
  if (data.error().code == Errc::cancelled) co_return false;
  const std::string text = error_message("INTERNAL_ERROR", data.error().message);
  co_return co_await send(text);
}

asio::awaitable<void> WebSocketConversation::go_away() { co_await close(websocket::close_code::going_away); }

asio::awaitable<void> WebSocketConversation::close(websocket::close_code code) {
  const websocket::close_reason reason(code);
  auto [failed] = co_await ws_.async_close(reason, as_result);
  if (failed) cut();
}

asio::awaitable<bool> WebSocketConversation::send(const std::string& message) {
  write_deadline_.expires_after(options_.write_timeout);
  auto [failed, written] = co_await ws_.async_write(asio::buffer(message), as_result);
  write_deadline_.clear();
  co_return !failed;
}

}  // namespace

std::shared_ptr<AgentConversation> AgentConversation::make(std::shared_ptr<Assessor> assessor,
                                                           std::shared_ptr<net::ByteStream> stream,
                                                           std::string session, Logger& log) {
  return std::make_shared<WebSocketConversation>(std::move(assessor), std::move(stream), std::move(session),
                                                 log);
}

}  // namespace skymarshal::agents::server
