// The fast runtime stub: a WebSocket server of the runtime protocol that costs as little as a server can.
// One thread, raw epoll, loopback by default. It stands for the agents when the gateway itself is measured.
#include "runtime_answer.hpp"
#include "sockets.hpp"
#include "stub_connection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <queue>
#include <sys/signalfd.h>
#include <unordered_map>
#include <vector>

#include <CLI/CLI.hpp>

namespace skymarshal::bench {
namespace {

struct StubOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  AnswerOptions answer;
  std::int64_t delay_ms = 0;
};

/// When a connection's next message is due.
struct Due {
  std::int64_t at_ns;
  std::uint64_t connection;
  bool operator>(const Due& other) const { return at_ns > other.at_ns; }
};

AnswerOptions lengthened(AnswerOptions options) {
  options.chunk_bytes = options.long_chunk_bytes;
  return options;
}

class RuntimeStub {
 public:
  explicit RuntimeStub(const StubOptions& options);

  std::uint16_t port() const { return local_port(listener_.get()); }
  /// Serves until SIGTERM or SIGINT.
  void run();
  void print_counts() const;

 private:
  void on_event(const epoll_event& event);
  void accept_some();
  void answer(StubConnection& connection);
  void send_due();
  std::optional<timespec> time_to_next() const;
  void drop(const StubConnection& connection) { connections_.erase(connection.id()); }

  std::int64_t delay_ns_;
  RuntimeAnswer& answer_of(const StubConnection& connection) {
    return connection.wants_length() ? long_answer_ : answer_;
  }

  RuntimeAnswer answer_;
  RuntimeAnswer long_answer_;
  FileDescriptor epoll_;
  FileDescriptor listener_;
  FileDescriptor signals_;
  std::unordered_map<std::uint64_t, std::unique_ptr<StubConnection>> connections_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  StubCounts counts_;
  std::size_t most_connections_ = 0;
  bool stopped_ = false;
};

RuntimeStub::RuntimeStub(const StubOptions& options)
    : delay_ns_(options.delay_ms * 1'000'000),
      answer_(options.answer),
      long_answer_(lengthened(options.answer)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      listener_(listen_socket(options.host, options.port)) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  signals_.reset(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!epoll_.is_open() || !signals_.is_open()) throw_errno("epoll or signalfd");
  epoll_event event{};
  event.events = EPOLLIN;
  for (FileDescriptor* descriptor : {&listener_, &signals_}) {
    event.data.ptr = descriptor;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor->get(), &event) != 0) throw_errno("epoll_ctl");
  }
}

void RuntimeStub::run() {
  std::array<epoll_event, 256> events;
  while (!stopped_) {
    const std::optional<timespec> wait = time_to_next();
    const int count = ::epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                     wait ? &*wait : nullptr, nullptr);
    if (count < 0 && errno != EINTR) throw_errno("epoll_pwait2");
    for (int index = 0; index < count; ++index) on_event(events[static_cast<std::size_t>(index)]);
    send_due();
  }
}

void RuntimeStub::on_event(const epoll_event& event) {
  if (event.data.ptr == &signals_) {
    stopped_ = true;
    return;
  }
  if (event.data.ptr == &listener_) return accept_some();
  auto& connection = *static_cast<StubConnection*>(event.data.ptr);
  const StubConnection::Next next = connection.on_event(event.events);
  if (next == StubConnection::Next::drop) return drop(connection);
  if (next == StubConnection::Next::answer) answer(connection);
}

void RuntimeStub::accept_some() {
  // Not all that wait: connections that stand already have their turn in between.
  for (int accepted = 0; accepted < 64; ++accepted) {
    FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.is_open()) return;
    set_no_delay(socket.get());
    const std::uint64_t id = ++counts_.connections;
    auto connection = std::make_unique<StubConnection>(id, std::move(socket), counts_);
    watch(epoll_.get(), connection->socket(), connection.get());
    connections_.emplace(id, std::move(connection));
    most_connections_ = std::max(most_connections_, connections_.size());
  }
}

void RuntimeStub::answer(StubConnection& connection) {
  if (delay_ns_ > 0) {
    // Streams that began together are spread over one delay, or every measurement would be of a queue.
    const double phase = std::fmod(static_cast<double>(connection.id()) * 0.618033988749895, 1.0);
    const auto first_wait = static_cast<std::int64_t>(static_cast<double>(delay_ns_) * phase);
    due_.push({monotonic_ns() + first_wait, connection.id()});
    return;
  }
  // A system call for each message, as a runtime that streams does.
  while (!connection.answer_sent()) {
    if (!connection.send_next(answer_of(connection))) return drop(connection);
  }
}

void RuntimeStub::send_due() {
  if (due_.empty()) return;
  const std::int64_t now = monotonic_ns();
  while (!due_.empty() && due_.top().at_ns <= now) {
    const Due due = due_.top();
    due_.pop();
    const auto found = connections_.find(due.connection);
    if (found == connections_.end()) continue;
    StubConnection& connection = *found->second;
    if (!connection.send_next(answer_of(connection))) {
      drop(connection);
    } else if (!connection.answer_sent()) {
      due_.push({due.at_ns + delay_ns_, due.connection});
    }
  }
}

std::optional<timespec> RuntimeStub::time_to_next() const {
  if (due_.empty()) return std::nullopt;
  const std::int64_t wait_ns = std::max<std::int64_t>(due_.top().at_ns - monotonic_ns(), 0);
  return timespec{wait_ns / 1'000'000'000, wait_ns % 1'000'000'000};
}

void RuntimeStub::print_counts() const {
  std::printf(
      "{\"cpu_us\":%lld,\"connections\":%llu,\"invocations\":%llu,\"unclean_ends\":%llu,"
      "\"open_at_end\":%zu,\"most_connections\":%zu}\n",
      static_cast<long long>(own_cpu_us()), static_cast<unsigned long long>(counts_.connections),
      static_cast<unsigned long long>(counts_.invocations),
      static_cast<unsigned long long>(counts_.unclean_ends), connections_.size(), most_connections_);
}

int run_stub(int argc, char** argv) {
  StubOptions options;
  CLI::App app{"A fast runtime to measure a gateway against. Ends on SIGTERM with a line of its own counts."};
  app.add_option("--host", options.host, "IPv4 address to listen on")->capture_default_str();
  app.add_option("--port", options.port, "port; 0 takes a free one")->capture_default_str();
  app.add_option("--chunks", options.answer.chunks, "chunk messages an answer")->capture_default_str();
  app.add_option("--chunk-bytes", options.answer.chunk_bytes, "size of each")->capture_default_str();
  app.add_option("--complete-bytes", options.answer.complete_bytes, "size of the last message")
      ->capture_default_str();
  app.add_option("--delay-ms", options.delay_ms, "between the messages of an answer")
      ->check(CLI::Range(0, 60'000))
      ->capture_default_str();
  app.add_flag("--stamp", options.answer.stamp, "put the time of sending into each chunk");
  CLI11_PARSE(app, argc, argv);

  raise_descriptor_limit();
  RuntimeStub stub(options);
  std::printf("listening %u\n", static_cast<unsigned>(stub.port()));
  std::fflush(stdout);
  stub.run();
  stub.print_counts();
  return 0;
}

}  // namespace
}  // namespace skymarshal::bench

int main(int argc, char** argv) {
  try {
    return skymarshal::bench::run_stub(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "runtime_stub: %s\n", error.what());
    return 1;
  }
}
