#include "support/scripted_runtime.hpp"

#include "http/message.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/evp.h>

namespace skymarshal::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr unsigned opcode_text = 1, opcode_binary = 2, opcode_close = 8, opcode_ping = 9, opcode_pong = 10;

/// RFC 6455 section 5.2, unmasked, as a server sends it.
std::string frame(unsigned opcode, std::string_view payload, bool last = true) {
  std::string out(1, static_cast<char>((last ? 0x80u : 0u) | opcode));
  const std::size_t size = payload.size();
  const int length_bytes = size < 126 ? 0 : size < 65'536 ? 2 : 8;
  out += static_cast<char>(length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127);
  for (int i = length_bytes - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i) & 0xFF);
  return out.append(payload);
}

std::string close_payload(std::uint16_t code) {
  return {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
}

/// RFC 6455 section 4.2.2, item 5.4.
std::string accept_of(std::string_view head) {
  static constexpr std::string_view name = "Sec-WebSocket-Key: ";
  const std::size_t at = head.find(name);
  if (at == std::string_view::npos) return {};
  std::string key(head.substr(at + name.size(), head.find("\r\n", at) - at - name.size()));
  key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(key.data(), key.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::string encoded(28, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), digest.data(), static_cast<int>(size));
  return encoded;
}

std::string upgrade_response(std::string_view head) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         accept_of(head) + "\r\n\r\n";
}

/// Whether the other end has closed its side, as far as the kernel knows, read or not.
bool closed_by_peer(int descriptor) {
  pollfd query{descriptor, POLLRDHUP, 0};
  return ::poll(&query, 1, 0) > 0;
}

}  // namespace

struct ScriptedRuntime::State {
  explicit State(asio::io_context& io) : acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}
  tcp::acceptor acceptor;
  std::optional<net::TlsContext> tls;
  std::vector<Script> scripts;
  std::size_t bytes_max = std::numeric_limits<std::size_t>::max();
  struct Entry {
    Connection seen;
    /// Of the socket, while it is open at this end.
    int descriptor = -1;
  };
  std::deque<Entry> entries;
};

/// One connection, played by its script.
class ScriptedRuntime::Peer {
 public:
  Peer(std::shared_ptr<State> state, std::size_t index, std::unique_ptr<net::ByteStream> stream)
      : state_(std::move(state)), index_(index), stream_(std::move(stream)) {}
  ~Peer() { entry().descriptor = -1; }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  asio::awaitable<void> play(Script script) {
    for (const Step& step : script) {
      if (!co_await take(step)) co_return;
    }
    while (co_await read_frame()) {
    }
  }

 private:
  State::Entry& entry() { return state_->entries[index_]; }
  Connection& seen() { return entry().seen; }

  asio::awaitable<bool> take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::bytes:
        co_return co_await write(step.bytes);
      case Step::Kind::read_head:
        co_return co_await read_head();
      case Step::Kind::upgrade: {
        if (!co_await read_head()) co_return false;
        std::string response = upgrade_response(seen().head);
        co_return co_await write(std::move(response));
      }
      case Step::Kind::read_message:
        for (const std::size_t before = seen().messages.size(); seen().messages.size() == before;) {
          if (!co_await read_frame()) co_return false;
        }
        co_return true;
      case Step::Kind::read_close:
        answering_ = false;
        while (!seen().close_code && co_await read_frame()) {
        }
        co_return seen().close_code.has_value();
      case Step::Kind::mute:
        answering_ = false;
        while (co_await fill()) input_.clear();
        co_return false;
      case Step::Kind::freeze:
        co_await freeze();
        co_return false;
      case Step::Kind::reset: {
        const linger at_once{1, 0};
        ::setsockopt(entry().descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        stream_->close();
        co_return false;
      }
      case Step::Kind::drop:
        break;
    }
    co_return false;
  }

  asio::awaitable<void> freeze() {
    asio::steady_timer timer(stream_->executor());
    while (!closed_by_peer(entry().descriptor)) {
      timer.expires_after(std::chrono::milliseconds(20));
      co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

  asio::awaitable<bool> fill() {
    std::array<char, 4096> piece;
    const auto buffer = asio::buffer(piece);
    const auto [error, n] = co_await stream_->read_some(buffer);
    input_.append(piece.data(), n);
    co_return !error;
  }

  asio::awaitable<bool> read_head() {
    std::size_t end = std::string::npos;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!co_await fill()) co_return false;
    }
    seen().head = input_.substr(0, end + 4);
    input_.erase(0, end + 4);
    co_return true;
  }

  asio::awaitable<bool> write(std::string bytes) {
    const std::size_t left = state_->bytes_max - std::min(state_->bytes_max, seen().sent);
    const bool whole = bytes.size() <= left;
    if (!whole) bytes.resize(left);
    seen().sent += bytes.size();
    const std::array<asio::const_buffer, 1> buffers = {asio::buffer(bytes)};
    const auto [error, n] = co_await stream_->write(buffers);
    co_return whole && !error;
  }

  /// Takes one frame of the client in and answers it where that is due. False: nothing more will come.
  asio::awaitable<bool> read_frame() {
    while (input_.size() < 2) {
      if (!co_await fill()) co_return false;
    }
    const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(input_[at]); };
    const unsigned opcode = byte(0) & 0x0Fu;
    const bool last = (byte(0) & 0x80u) != 0;
    std::size_t size = byte(1) & 0x7Fu;
    const std::size_t length_bytes = size < 126 ? 0 : size == 126 ? 2 : 8;
    const std::size_t header = 2 + length_bytes + 4;
    while (input_.size() < header) {
      if (!co_await fill()) co_return false;
    }
    for (std::size_t i = 0; i < length_bytes; ++i) size = (i == 0 ? 0 : size << 8) | byte(2 + i);
    while (input_.size() < header + size) {
      if (!co_await fill()) co_return false;
    }
    std::string payload = input_.substr(header, size);
    for (std::size_t i = 0; i < size; ++i)
      payload[i] = static_cast<char>(payload[i] ^ input_[header - 4 + i % 4]);
    input_.erase(0, header + size);
    co_return co_await take_frame(opcode, last, std::move(payload));
  }

  asio::awaitable<bool> take_frame(unsigned opcode, bool last, std::string payload) {
    if (opcode == opcode_pong) {
      ++seen().pongs;
    } else if (opcode == opcode_ping) {
      ++seen().pings;
      std::string pong = frame(opcode_pong, payload);
      if (answering_) co_return co_await write(std::move(pong));
    } else if (opcode == opcode_close) {
      const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(payload.at(at)); };
      seen().close_code =
          payload.empty() ? std::uint16_t{1005} : static_cast<std::uint16_t>(byte(0) << 8 | byte(1));
      std::string echo = frame(opcode_close, payload);
      if (answering_) co_await write(std::move(echo));
      co_return false;
    } else {
      ++seen().frames;
      seen().longest_frame = std::max(seen().longest_frame, payload.size());
      message_ += payload;
      if (last) seen().messages.push_back(std::exchange(message_, {}));
    }
    co_return true;
  }

  std::shared_ptr<State> state_;
  std::size_t index_;
  std::unique_ptr<net::ByteStream> stream_;
  std::string input_;
  std::string message_;
  bool answering_ = true;
};

ScriptedRuntime::Step ScriptedRuntime::refuse(unsigned status, const std::string& fields,
                                              const std::string& body) {
  return raw("HTTP/1.1 " + std::to_string(status) + " " + std::string(http::reason_phrase(status)) +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields +
             "Connection: close\r\n\r\n" + body);
}

ScriptedRuntime::Step ScriptedRuntime::text(std::string_view message) {
  return raw(frame(opcode_text, message));
}

ScriptedRuntime::Step ScriptedRuntime::binary(std::string_view message) {
  return raw(frame(opcode_binary, message));
}

ScriptedRuntime::Step ScriptedRuntime::fragments(std::string_view message, std::size_t frame_bytes) {
  std::string bytes;
  for (std::size_t from = 0; from < message.size(); from += frame_bytes) {
    const bool last = from + frame_bytes >= message.size();
    bytes += frame(from == 0 ? opcode_text : 0, message.substr(from, frame_bytes), last);
  }
  return raw(std::move(bytes));
}

ScriptedRuntime::Step ScriptedRuntime::ping(std::string_view payload) {
  return raw(frame(opcode_ping, payload));
}

ScriptedRuntime::Step ScriptedRuntime::close(std::uint16_t code, std::string_view reason) {
  return raw(frame(opcode_close, close_payload(code).append(reason)));
}

ScriptedRuntime::Script ScriptedRuntime::answer(const std::vector<std::string>& messages) {
  Script script = {upgrade(), read_message()};
  for (const std::string& message : messages) script.push_back(text(message));
  return script;
}

asio::awaitable<void> ScriptedRuntime::serve(std::shared_ptr<State> state, std::size_t index,
                                             tcp::socket socket) {
  std::unique_ptr<net::ByteStream> stream;
  if (state->tls) {
    auto secure = net::make_tls_server_stream(std::move(socket), *state->tls);
    const auto failure = co_await secure->handshake();
    if (failure) {
      state->entries[index].descriptor = -1;
      co_return;
    }
    stream = std::move(secure);
  } else {
    stream = net::make_plain_stream(std::move(socket));
  }
  const std::vector<Script>& scripts = state->scripts;
  Script script = scripts.empty() ? Script() : scripts[std::min(index, scripts.size() - 1)];
  Peer peer(state, index, std::move(stream));
  co_await peer.play(std::move(script));
}

asio::awaitable<void> ScriptedRuntime::accept(std::shared_ptr<State> state) {
  for (;;) {
    auto [error, socket] = co_await state->acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (error) co_return;
    const std::size_t index = state->entries.size();
    state->entries.push_back({{}, socket.native_handle()});
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, serve(state, index, std::move(socket)), asio::detached);
  }
}

ScriptedRuntime::ScriptedRuntime(asio::io_context& io, std::optional<net::TlsContext> tls)
    : state_(std::make_shared<State>(io)) {
  state_->tls = std::move(tls);
  asio::co_spawn(io, accept(state_), asio::detached);
}

ScriptedRuntime::~ScriptedRuntime() {
  boost::system::error_code ignored;  // It ends either way.
  state_->acceptor.close(ignored);
}

void ScriptedRuntime::play(std::vector<Script> scripts) { state_->scripts = std::move(scripts); }

void ScriptedRuntime::drop_after(std::size_t bytes) { state_->bytes_max = bytes; }

http::Endpoint ScriptedRuntime::endpoint(const std::string& host) const {
  return {state_->tls ? "wss" : "ws", host, state_->acceptor.local_endpoint().port(), "/ws"};
}

std::vector<ScriptedRuntime::Connection> ScriptedRuntime::connections() const {
  std::vector<Connection> seen;
  for (const State::Entry& entry : state_->entries) seen.push_back(entry.seen);
  return seen;
}

int ScriptedRuntime::open_connections() const {
  return static_cast<int>(std::ranges::count_if(state_->entries, [](const State::Entry& entry) {
    return entry.descriptor >= 0 && !closed_by_peer(entry.descriptor);
  }));
}

}  // namespace skymarshal::test
