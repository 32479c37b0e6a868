// AgentCore's container contract as requests and answers: /ping, /invocations with JSON or server-sent
// events, and /ws, whose connections it takes over. One object a server, on its executor; what is under way
// shares it.
#pragma once

#include "agents/server/agent_server.hpp"
#include "agents/server/assessor.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "http/handler.hpp"

#include <memory>
#include <unordered_set>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal::agents::server {

class AgentConversation;

class AgentHandler final : public http::Handler, public std::enable_shared_from_this<AgentHandler> {
 public:
  /// `clock` and `log` must live until the executor's context has run out of work.
  AgentHandler(boost::asio::any_io_executor executor, AgentServer::Options options, const Clock& clock,
               Logger& log);

  boost::asio::awaitable<void> handle(http::Request request, http::ResponseWriter& writer) override;
  boost::asio::awaitable<void> refuse(Error error, http::ResponseWriter& writer) override;
  bool upgrades(const http::Request& request) const override;
  boost::asio::awaitable<void> upgrade(http::Request request,
                                       std::shared_ptr<net::ByteStream> stream) override;

  /// Ends idle WebSockets; what runs finishes, no longer paced and in the rules' own words. Once.
  void stop();

 private:
  boost::asio::awaitable<void> invoke(http::Request request, http::ResponseWriter& writer);
  boost::asio::awaitable<void> stream(InvokeRequest invocation, http::ResponseWriter& writer,
                                      Patience& patience);
  std::string session_of(const http::Request& request) const;

  boost::asio::any_io_executor executor_;
  AgentServer::Options options_;
  Logger& log_;
  Assessor assessor_;
  /// Of the HTTP requests that are being answered.
  std::unordered_set<Patience*> patiences_;
  std::unordered_set<AgentConversation*> conversations_;
  bool stopping_ = false;
};

}  // namespace skymarshal::agents::server
