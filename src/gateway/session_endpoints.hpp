// The sessions of the API: create, list, read, erase. Each handler answers its exchange or says what was
// wrong. Shared by all threads; the references outlive it.
#pragma once

#include "base/id.hpp"
#include "base/log.hpp"
#include "gateway/exchange.hpp"
#include "invocations/agent_runtime.hpp"
#include "invocations/fleet.hpp"
#include "invocations/session_store.hpp"
#include "invocations/session_turns.hpp"

#include <boost/asio/awaitable.hpp>

namespace skymarshal::gateway {

class SessionEndpoints {
 public:
  struct Parts {
    invocations::SessionStore& store;
    invocations::AgentRuntime& runtime;
    invocations::SessionTurns& turns;
    invocations::Fleet& fleet;
    RandomSource& random;
    Logger& log;
  };

  explicit SessionEndpoints(const Parts& parts) : parts_(parts) {}

  /// POST /api/v1/sessions
  boost::asio::awaitable<Result<void>> create(Exchange& exchange);
  /// GET /api/v1/sessions?status=&limit=&cursor=
  boost::asio::awaitable<Result<void>> list(Exchange& exchange);
  /// GET /api/v1/sessions/{session_id}?limit=&cursor=
  boost::asio::awaitable<Result<void>> history(Exchange& exchange);
  /// DELETE /api/v1/sessions/{session_id}: a turn of its own, so that no other one brings the session back
  /// while it goes. Busy sessions are left alone. The runtime is told to forget it, too; that it could not be
  /// told is logged and changes nothing: what is stored here is gone, and what is there ends by its own time.
  boost::asio::awaitable<Result<void>> erase(Exchange& exchange);

 private:
  boost::asio::awaitable<void> give_turn_back(SessionId session, RequestId request);

  Parts parts_;
};

}  // namespace skymarshal::gateway
