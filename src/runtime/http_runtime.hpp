// Agents behind HTTP: AgentCore's HTTP contract, POST …/invocations with the answer as JSON or as server-sent
// events; one connection an invocation, closed on every path before it ends. One object serves all threads;
// each run stays on the executor it was started on. What an answer means is HttpAnswer's; here are the
// exchange and its limits. Source:
// docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-http-protocol-contract.html
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "invocations/agent_runtime.hpp"
#include "net/tls.hpp"
#include "runtime/run_attempt.hpp"
#include "runtime/runtime_probe.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace skymarshal::runtime {

struct HttpRuntimeOptions : RuntimeOptions {
  /// Of a whole document, or of one event.
  std::size_t message_bytes_max = 16 * 1024 * 1024;
  /// For a fuller end to follow one without data.
  Milliseconds close_timeout{1'000};
};

class HttpRuntime final : public invocations::AgentRuntime {
 public:
  /// `tls` is needed for https endpoints. The references must outlive the object.
  HttpRuntime(HttpRuntimeOptions options, std::optional<net::TlsContext> tls, const Clock& clock,
              RandomSource& random, Logger& log);

  boost::asio::awaitable<invocations::RunOutcome> run(invocations::RuntimeRequest request, ChunkSink& sink,
                                                      StopSignal& stop) override;
  boost::asio::awaitable<Result<void>> probe() override;
  std::string_view name() const override { return options_.name; }

 private:
  class Exchange;

  HttpRuntimeOptions options_;
  std::optional<net::TlsContext> tls_;
  const Clock& clock_;
  RandomSource& random_;
  Logger& log_;
  RuntimeProbe probe_;
};

}  // namespace skymarshal::runtime
