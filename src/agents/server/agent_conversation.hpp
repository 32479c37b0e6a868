// A WebSocket of the runtime's contract (RFC 6455), on a connection that was taken over: one invocation after
// the other, while pings are answered. Beast stays in the .cpp. On the server's executor.
#pragma once

#include "agents/server/assessor.hpp"
#include "base/log.hpp"
#include "http/message.hpp"
#include "net/byte_stream.hpp"

#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace skymarshal::agents::server {

class AgentConversation : public std::enable_shared_from_this<AgentConversation> {
 public:
  /// `session` is what invocations belong to that name none themselves; may be empty. `log` must outlive it.
  static std::shared_ptr<AgentConversation> make(std::shared_ptr<Assessor> assessor,
                                                 std::shared_ptr<net::ByteStream> stream, std::string session,
                                                 Logger& log);

  AgentConversation() = default;
  virtual ~AgentConversation() = default;
  AgentConversation(const AgentConversation&) = delete;
  AgentConversation& operator=(const AgentConversation&) = delete;

  /// Answers the upgrade and then what is asked, until one side ends it or the stream is closed. Nothing of
  /// it is under way any more when it returns.
  virtual boost::asio::awaitable<void> run(http::Request upgrade) = 0;
  /// Says goodbye (1001) now, or after the answer under way, which is no longer paced.
  virtual void stop() = 0;
};

}  // namespace skymarshal::agents::server
