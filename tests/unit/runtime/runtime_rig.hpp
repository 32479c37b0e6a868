// A WebSocketRuntime face to face with a scripted peer, on one thread.
#pragma once

#include "runtime/websocket_runtime.hpp"
#include "support/manual_clock.hpp"
#include "support/run_until.hpp"
#include "support/scripted_runtime.hpp"

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>

namespace skymarshal::test {

class RecordingSink final : public invocations::AgentRuntime::ChunkSink {
 public:
  std::vector<std::string> chunks;
  /// Called after each chunk was taken in.
  std::function<void()> heard = [] {};

  void on_chunk(invocations::RuntimeMessage chunk) override {
    chunks.emplace_back(chunk.data());
    heard();
  }
};

inline std::string chunk_message(const std::string& data) {
  return R"({"type":"chunk","data":)" + data + "}";
}
inline std::string complete_message(const std::string& data) {
  return R"({"type":"complete","data":)" + data + "}";
}

class RuntimeRig {
 public:
  explicit RuntimeRig(std::optional<net::TlsContext> server_tls = std::nullopt)
      : log(Logger::Options{LogLevel::off, 16}, clock), server(io, std::move(server_tls)) {
    options.endpoint = server.endpoint();
    options.name = "scripted";
    options.retry.delays = {Milliseconds(1), Milliseconds(2)};
  }

  struct Outcome {
    Result<std::string> end;
    invocations::RunTimings timings;
    /// When run() returned.
    int open_connections = 0;
    Milliseconds took{};
  };

  /// One run to its end.
  Outcome run(std::optional<net::TlsContext> tls = std::nullopt) {
    runtime::WebSocketRuntime subject(options, std::move(tls), clock, random, log);
    return run(subject);
  }

  Outcome run(runtime::WebSocketRuntime& subject) {
    const auto started = std::chrono::steady_clock::now();
    invocations::RuntimeRequest request{RequestId::generate(random), session, prompt};
    std::optional<Outcome> outcome;
    std::exception_ptr failure;
    boost::asio::co_spawn(
        io, subject.run(std::move(request), sink, stop),
        [&](std::exception_ptr thrown, invocations::RunOutcome ended) {
          failure = thrown;
          outcome.emplace(Outcome{text_of(ended.end), ended.timings, server.open_connections(), {}});
        });
    if (!run_until(io, [&] { return outcome.has_value(); })) throw std::runtime_error("run() never ended");
    if (failure) std::rethrow_exception(failure);
    outcome->took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - started);
    return *outcome;
  }

  /// Lets the peer see what has happened to its connections.
  bool peer_has_seen(const std::function<bool()>& condition) { return run_until(io, condition); }

  ManualClock clock;
  SystemRandom random;
  Logger log;
  runtime::WebSocketRuntimeOptions options;
  SessionId session = SessionId::generate(random);
  std::string prompt = "EY283 is three hours late";
  RecordingSink sink;
  StopSignal stop;
  /// What is still under way refers to all of the above, and the peer lives on it.
  boost::asio::io_context io;
  ScriptedRuntime server;

 private:
  static Result<std::string> text_of(const Result<invocations::RuntimeMessage>& end) {
    if (!end) return end.error();
    return std::string(end->data());
  }
};

}  // namespace skymarshal::test
