// Carries out invocations: reads the prompt after what its session said before, has the agents assess it and
// the language model word it. One object a server, on its executor, which must be one thread's; it keeps
// sessions in memory only. How the messages travel is nothing to it.
#pragma once

#include "agents/assessment/orchestrator.hpp"
#include "agents/assessment/session_memory.hpp"
#include "agents/server/agent_server.hpp"
#include "agents/server/runtime_messages.hpp"
#include "agents/wording/language_model.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/stop_signal.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace skymarshal::agents::server {

/// Where the messages of an invocation go as they come.
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  /// False: whoever asked has gone.
  virtual boost::asio::awaitable<bool> send(const std::string& message) = 0;
};

/// How long whoever asked waits for what takes its time: until it has come, unless end() was called. Belongs
/// to one client and lives on the server's executor.
class Patience {
 public:
  explicit Patience(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  /// The client has gone, or the server has no more time: pauses end, and no words are waited for any more.
  void end(Errc why);
  boost::asio::awaitable<void> pause(Milliseconds duration);
  StopSignal& end_signal() { return end_signal_; }

 private:
  boost::asio::steady_timer timer_;
  StopSignal end_signal_;
};

class Assessor {
 public:
  /// `options`, `clock` and `log` must outlive it.
  Assessor(boost::asio::any_io_executor executor, const AgentServer::Options& options, const Clock& clock,
           Logger& log);
  Assessor(const Assessor&) = delete;
  Assessor& operator=(const Assessor&) = delete;

  /// Gives the data of the "complete" message. All messages, that one too, go to `sink`; nullptr: nobody
  /// wants more than the answer, and it is not paced. Errc::cancelled if the sink's client has gone,
  /// Errc::internal for a bug, which is in the log.
  boost::asio::awaitable<Result<std::string>> assess(InvokeRequest request, MessageSink* sink,
                                                     Patience& patience);

  /// What a session has said is not known any more.
  void forget(std::string_view session_id) { memory_.forget(session_id); }

  /// Whether an invocation runs.
  bool busy() const { return running_ > 0; }
  /// When an invocation last did something: it began, said something, or ended.
  WallTime last_work() const { return last_work_; }
  const AgentServer::Options& options() const { return options_; }

 private:
  class Running;

  /// assessment.next(), and an error line for everything that failed in it: the answer says nothing of why.
  bool next_message(assessment::Assessment& assessment, std::string& message);
  void note_work() { last_work_ = clock_.wall_now(); }
  boost::asio::awaitable<Result<std::string>> tell(assessment::Assessment& assessment, MessageSink* sink,
                                                   Patience& patience);

  const AgentServer::Options& options_;
  const Clock& clock_;
  Logger& log_;
  assessment::SessionMemory memory_;
  assessment::Orchestrator orchestrator_;
  /// Only if the options name one.
  std::unique_ptr<wording::LanguageModel> language_model_;
  std::size_t running_ = 0;
  WallTime last_work_;
};

}  // namespace skymarshal::agents::server
