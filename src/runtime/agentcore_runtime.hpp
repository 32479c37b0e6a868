// AWS Bedrock AgentCore Runtime: a runtime behind AWS's service, by WebSocket or by HTTP as the one inside it
// speaks, and the call that ends a session's micro-VM. One object serves all threads.
// Source: docs.aws.amazon.com/bedrock-agentcore/latest/APIReference/API_StopRuntimeSession.html
#pragma once

#include "http/url.hpp"
#include "invocations/agent_runtime.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "runtime/runtime_access.hpp"

#include <memory>
#include <optional>
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
  };

  /// `stop_timeout`: of one StopRuntimeSession, connecting included.
  AgentCoreRuntime(Parts parts, Milliseconds stop_timeout);

  boost::asio::awaitable<invocations::RunOutcome> run(invocations::RuntimeRequest request, ChunkSink& sink,
                                                      StopSignal& stop) override {
    return parts_.inner->run(std::move(request), sink, stop);
  }
  boost::asio::awaitable<Result<void>> probe() override { return parts_.inner->probe(); }
  std::string_view name() const override { return parts_.inner->name(); }
  /// StopRuntimeSession. A session that the service does not know is forgotten already.
  boost::asio::awaitable<Result<void>> forget(SessionId session) override;

 private:
  Parts parts_;
  net::HttpClient client_;
  Milliseconds stop_timeout_;
};

}  // namespace skymarshal::runtime
