// A whole gateway on one thread, with everything around it made of test parts: requests go in by hand.
#pragma once

#include "gateway/gateway.hpp"
#include "limits/local_rate_limiter.hpp"
#include "support/fake_runtime.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/memory_session_store.hpp"
#include "support/no_limits.hpp"
#include "support/recording_writer.hpp"
#include "support/run_until.hpp"

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace skymarshal::test {

/// Believes whoever names themselves in X-Principal; nobody else comes in.
class HeaderAuthorizer final : public gateway::Authorizer {
 public:
  int calls = 0;

  boost::asio::awaitable<Result<Principal>> authorize(gateway::Attempt attempt) override {
    ++calls;
    const auto name = attempt.request.headers.find("X-Principal");
    if (!name) co_return make_error(Errc::unauthorized, "say who you are");
    if (*name == "banned") co_return make_error(Errc::forbidden, "you may not");
    co_return Principal{std::string(*name)};
  }
};

inline http::Request request_of(std::string method, std::string target, std::string body = {}) {
  http::Request request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers = {{"X-Principal", "alice"}};
  if (!body.empty()) request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

inline http::Request invoke_request(std::string body = R"({"prompt":"EY283 is three hours late"})") {
  return request_of("POST", "/api/v1/invoke", std::move(body));
}

/// Body of POST /invoke for a session.
inline std::string invoke_body(std::string_view session_id, bool streaming = false) {
  return R"({"prompt":"EY283 is three hours late","session_id":")" + std::string(session_id) +
         R"(","streaming":)" + (streaming ? "true}" : "false}");
}

class GatewayRig {
 public:
  /// A request that is being answered.
  struct Call {
    RecordingWriter writer;
    bool done = false;
    std::exception_ptr failure;
  };

  explicit GatewayRig(gateway::GatewayOptions options = {},
                      invocations::AgentRuntime* other_runtime = nullptr,
                      invocations::SessionStore* other_store = nullptr)
      : log(Logger::Options{LogLevel::off, 16}, clock),
        limiter(no_limits(), clock),
        store(clock),
        invocations(store, clock),
        gateway(std::move(options),
                {authorizer, limiter, other_runtime != nullptr ? *other_runtime : runtime,
                 other_store != nullptr ? *other_store : store, invocations, fleet, clock, random, log}) {}

  std::shared_ptr<Call> begin(http::Request request, RecordingWriter::Options client = {}) {
    auto call = std::make_shared<Call>();
    call->writer = RecordingWriter(client);
    boost::asio::co_spawn(io, gateway.handle(std::move(request), call->writer),
                          [call](std::exception_ptr failure) {
                            call->failure = failure;
                            call->done = true;
                          });
    return call;
  }

  void finish(const std::shared_ptr<Call>& call) {
    if (!run_until(io, [&] { return call->done; })) throw std::runtime_error("no answer in time");
    if (call->failure) std::rethrow_exception(call->failure);
  }

  std::shared_ptr<Call> ask(http::Request request, RecordingWriter::Options client = {}) {
    auto call = begin(std::move(request), client);
    finish(call);
    return call;
  }

  /// Lets everything that is ready happen.
  void settle() {
    io.restart();
    io.poll();
  }

  /// Lets only so many handlers run, so that what is under way stays under way.
  void step(int handlers) {
    io.restart();
    for (int i = 0; i < handlers; ++i) io.poll_one();
  }

  /// False if invocations are still alive after the limit.
  bool wait_idle() {
    return run_until(io, [this] { return gateway.idle() && runtime.open == 0; });
  }

  ManualClock clock;
  SystemRandom random;
  Logger log;
  HeaderAuthorizer authorizer;
  limits::LocalRateLimiter limiter;
  FakeRuntime runtime;
  MemorySessionStore store;
  MemoryInvocationStore invocations;
  skymarshal::invocations::LoneGateway fleet;
  gateway::Gateway gateway;
  /// The last member: what is still under way refers to the others.
  boost::asio::io_context io;
};

}  // namespace skymarshal::test
