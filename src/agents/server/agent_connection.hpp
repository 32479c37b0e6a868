// One socket of the agent server from its first byte to its last: HTTP requests one after the other, or a
// WebSocket with one invocation after the other. Beast stays in the .cpp.
// Everything here belongs to one server and runs on its executor, on one thread.
#pragma once

#include "agents/assessment/orchestrator.hpp"
#include "agents/assessment/session_memory.hpp"
#include "agents/server/agent_server.hpp"
#include "agents/wording/language_model.hpp"
#include "base/wakeup.hpp"

#include <memory>
#include <unordered_set>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace skymarshal::agents::server {

class AgentConnection : public std::enable_shared_from_this<AgentConnection> {
 public:
  AgentConnection() = default;
  virtual ~AgentConnection() = default;
  AgentConnection(const AgentConnection&) = delete;
  AgentConnection& operator=(const AgentConnection&) = delete;

  /// An idle connection ends now, a busy one after its answer, which is no longer paced.
  virtual void stop() = 0;
  /// Ends it in the middle of whatever it does.
  virtual void cut() = 0;
};

/// What the connections of one server share.
struct AgentServerState {
  AgentServerState(boost::asio::any_io_executor the_executor, AgentServer::Options the_options,
                   const Clock& the_clock, Logger& the_logger);

  void invocation_began();
  void invocation_ended();
  void connection_ended(AgentConnection* connection);
  /// assessment.next(), and an error line for everything that failed in it: the answer says nothing of why.
  bool next_message(assessment::Assessment& assessment, std::string& message);

  boost::asio::any_io_executor executor;
  AgentServer::Options options;
  const Clock& clock;
  Logger& logger;
  boost::asio::ip::tcp::acceptor acceptor;
  /// Wakes the accepting coroutine when a connection has ended.
  Wakeup room;
  boost::asio::steady_timer grace;
  assessment::SessionMemory memory;
  assessment::Orchestrator orchestrator;
  /// Only if the options name one.
  std::unique_ptr<wording::LanguageModel> language_model;
  std::unordered_set<AgentConnection*> connections;
  std::size_t running = 0;
  WallTime status_changed;
  bool stopping = false;
};

/// Counts an invocation as running for as long as it lives.
class RunningMark {
 public:
  explicit RunningMark(AgentServerState& server) : server_(server) { server_.invocation_began(); }
  ~RunningMark() { server_.invocation_ended(); }
  RunningMark(const RunningMark&) = delete;
  RunningMark& operator=(const RunningMark&) = delete;

 private:
  AgentServerState& server_;
};

/// Serves `socket` until it ends. The connection is among the state's connections for as long as it lives.
boost::asio::awaitable<void> serve_connection(std::shared_ptr<AgentServerState> server,
                                              boost::asio::ip::tcp::socket socket);

}  // namespace skymarshal::agents::server
