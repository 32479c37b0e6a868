// A runtime that plays what a test wrote down, and counts what is asked of it. For one thread.
#pragma once

#include "base/json_reader.hpp"
#include "base/wakeup.hpp"
#include "invocations/agent_runtime.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::test {

/// A message as a real runtime hands it over: `data` somewhere inside a longer text.
inline invocations::RuntimeMessage runtime_message(std::string_view data) {
  static constexpr std::string_view before = R"({"type":"chunk","data":)";
  std::string text = std::string(before) + std::string(data) + "}";
  pad_json(text);
  return invocations::RuntimeMessage(std::move(text), before.size(), data.size());
}

class FakeRuntime final : public invocations::AgentRuntime {
 public:
  /// What one run does.
  struct Play {
    enum class End { complete, fail, hang, raise };
    /// `data` of each chunk.
    std::vector<std::string> chunks = {};
    End end = End::complete;
    /// Of the complete message.
    std::string data = "{}";
    /// Of a failure.
    Error error = {};
    /// What is told of the run.
    invocations::RunTimings timings = {Milliseconds(3), Milliseconds(7), 1, "silence", 0, true};
    /// Called after that many chunks, before the end.
    std::function<void()> before_end = [] {};
  };

  std::function<Play(const invocations::RuntimeRequest&)> play = [](const invocations::RuntimeRequest&) {
    return Play{};
  };
  std::vector<invocations::RuntimeRequest> requests;
  /// Connections open now, and the most there ever were.
  int open = 0;
  int open_max = 0;
  int probes = 0;
  Result<void> reachable;
  std::vector<SessionId> forgotten;
  Result<void> forgets;

  boost::asio::awaitable<invocations::RunOutcome> run(invocations::RuntimeRequest request, ChunkSink& sink,
                                                      StopSignal& stop) override {
    const Connection connection(*this);
    const Play now = play(request);
    requests.push_back(std::move(request));
    const invocations::RunTimings timings = now.timings;
    const auto executor = co_await boost::asio::this_coro::executor;
    for (const std::string& chunk : now.chunks) {
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
      if (stop.raised()) co_return invocations::RunOutcome{stop.reason(), timings};
      sink.on_chunk(runtime_message(chunk));
    }
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
    now.before_end();
    if (now.end == Play::End::hang) {
      Wakeup wakeup(executor);
      const StopSignal::Listener on_stop(stop, [&wakeup] { wakeup.wake(); });
      while (!stop.raised()) co_await wakeup.wait_until(Wakeup::never);
    }
    if (now.end == Play::End::raise) throw std::runtime_error("the runtime has a bug");
    if (stop.raised()) co_return invocations::RunOutcome{stop.reason(), timings};
    if (now.end == Play::End::fail) co_return invocations::RunOutcome{now.error, timings};
    co_return invocations::RunOutcome{runtime_message(now.data), timings};
  }

  boost::asio::awaitable<Result<void>> probe() override {
    ++probes;
    co_return reachable;
  }

  boost::asio::awaitable<Result<void>> forget(SessionId session) override {
    forgotten.push_back(session);
    co_return forgets;
  }

  std::string_view name() const override { return "fake"; }

 private:
  class Connection {
   public:
    explicit Connection(FakeRuntime& runtime) : runtime_(runtime) {
      runtime_.open_max = std::max(runtime_.open_max, ++runtime_.open);
    }
    ~Connection() { --runtime_.open; }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

   private:
    FakeRuntime& runtime_;
  };
};

}  // namespace skymarshal::test
