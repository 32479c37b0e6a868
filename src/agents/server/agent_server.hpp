// The embedded runtime on a port: AgentCore's container contract with /ws, /ping and /invocations.
// Contract: "HTTP protocol contract" of the Amazon Bedrock AgentCore developer guide; messages as in frames
// of type chunk, complete and error; beyond the contract a session is forgotten when
// {"action":"forget","payload":{"session_id":…}} asks for it. It is a handler behind the house's own HTTP
// server. Everything runs on the executor it is given, which must be one thread's. It keeps sessions in
// memory only, does no TLS and no authentication: it belongs on a loopback address or behind something that
// has both.
#pragma once

#include "agents/assessment/agent.hpp"
#include "agents/assessment/assessment.hpp"
#include "agents/assessment/recovery.hpp"
#include "agents/assessment/session_memory.hpp"
#include "agents/server/runtime_messages.hpp"
#include "agents/wording/language_model.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

namespace skymarshal::agents::server {

class AgentServer {
 public:
  struct Options {
    /// Waits this long between two messages of a stream, so that a person can watch. 0: as fast as it goes.
    Milliseconds chunk_delay{0};
    /// Further connections wait in the kernel's backlog.
    std::size_t connections_max = 10'000;
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t body_bytes_max = 1024 * 1024;
    std::size_t message_bytes_max = 1024 * 1024;
    /// Invocations that may wait on one WebSocket while one runs; one more closes it.
    std::size_t queued_messages_max = 8;
    Milliseconds header_timeout = std::chrono::seconds(10);
    Milliseconds body_timeout = std::chrono::seconds(30);
    /// HTTP: silence before and between requests. WebSocket: silence in spite of our pings.
    Milliseconds idle_timeout = std::chrono::seconds(120);
    /// For one message, or one piece of an HTTP answer, to leave; then the connection is cut.
    Milliseconds write_timeout = std::chrono::seconds(30);
    /// What still runs after stop() is cut after this long.
    Milliseconds stop_grace = std::chrono::seconds(5);
    InvokeLimits invoke = {};
    assessment::SessionMemory::Options memory = {};
    assessment::ScoreWeights weights = {};
    std::vector<assessment::Agent> agents = {};
    /// Words the agents' reasoning; without it the rules' own words are sent.
    std::optional<wording::LanguageModel::Options> language_model = {};
    /// The airline's data, used by this server alone and on its executor's thread; nullptr: the agents work
    /// from the prompts alone.
    std::shared_ptr<ops::OperationsDatabase> operations = {};
  };

  /// Without agents in the options the seven of SkyMarshal serve. `clock` and `logger` must live until the
  /// executor's context has run out of work or is gone. This too, if that is to run any more.
  AgentServer(boost::asio::any_io_executor executor, Options options, const Clock& clock, Logger& logger);
  ~AgentServer();
  AgentServer(const AgentServer&) = delete;
  AgentServer& operator=(const AgentServer&) = delete;

  /// Binds to a numeric address (or "localhost") and returns the real port; port 0 takes any that is free.
  /// Fails with Errc::invalid_request.
  Result<std::uint16_t> listen(const std::string& host, std::uint16_t port);

  /// Begins to accept. Only after listen().
  void start();

  /// From any thread, any number of times: accepts no more, ends idle connections, lets running invocations
  /// finish without pacing and in the rules' own words, cuts what is left after `stop_grace`. Then the
  /// executor has nothing of ours left.
  void stop();

 private:
  struct State;

  boost::asio::any_io_executor executor_;
  std::shared_ptr<State> state_;
};

}  // namespace skymarshal::agents::server
