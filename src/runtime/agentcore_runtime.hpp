// AWS Bedrock AgentCore Runtime: a runtime behind AWS's service, by WebSocket or by HTTP as the one inside it
// speaks, and the call that ends a session's micro-VM. One object serves all threads.
// Source: docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_StopRuntimeSession.html
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "http/url.hpp"
#include "invocations/agent_runtime.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "runtime/retry_policy.hpp"
#include "runtime/runtime_access.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::runtime {

class AgentCoreRuntime final : public invocations::AgentRuntime {
 public:
  struct Parts {
    std::unique_ptr<RuntimeAccess> access;
    /// Runs the invocations, by that access.
    std::unique_ptr<invocations::AgentRuntime> inner;
    http::Endpoint stop_endpoint;
    /// Needed for https.
    std::optional<net::TlsContext> tls;
    /// Must outlive it.
    RandomSource& random;
  };

  struct StopOptions {
    /// Of one StopRuntimeSession, with everything that is waited for and tried again.
    Milliseconds timeout{10'000};
    /// Where the service does not take it now: throttling, its own errors, a conflict that will pass.
    RetryPolicy retry;
  };

  AgentCoreRuntime(Parts parts, StopOptions stop_options);

  boost::asio::awaitable<invocations::RunOutcome> run(invocations::RuntimeRequest request, ChunkSink& sink,
                                                      StopSignal& stop) override {
    return parts_.inner->run(std::move(request), sink, stop);
  }
  boost::asio::awaitable<Result<void>> probe() override { return parts_.inner->probe(); }
  std::string_view name() const override { return parts_.inner->name(); }
  /// StopRuntimeSession, which needs repeating now and then and does no harm by it. A session that the
  /// service does not know is forgotten already.
  boost::asio::awaitable<Result<void>> forget(SessionId session) override;

 private:
  struct StopAnswer {
    /// Empty if it is stopped.
    std::string failure = {};
    Again again = Again::no;
  };

  boost::asio::awaitable<StopAnswer> ask_to_stop(SessionId session);
  /// Asks until it is stopped or no retry is left. `failure` is the last one at any time.
  boost::asio::awaitable<Result<void>> stop(SessionId session, std::string& failure);

  Parts parts_;
  net::HttpClient client_;
  StopOptions stop_options_;
};

}  // namespace skymarshal::runtime
