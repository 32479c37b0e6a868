// The HTTP half of the runtime's contract: what is answered without an agent, and what a request asks for.
// Pure: values in, values out.
#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"

#include <string_view>

namespace skymarshal::agents::server {

/// An answer with the error of the runtime protocol as its body.
http::Response refusal(unsigned status, std::string_view code, std::string_view message);

/// An answer in JSON.
http::Response json_answer(std::string body);

/// What there is to say of a request that asks for nothing of an agent: the health report on /ping, else 404,
/// 405 or 426. `busy` and `last_work` are reported as AgentCore reads them: a session that is asked for its
/// health is kept by what it does, not by being asked
/// (docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-long-run.html;
/// github.com/aws/bedrock-agentcore-sdk-python/issues/471).
http::Response answer_without_agents(std::string_view method, std::string_view path, bool busy,
                                     WallTime last_work);

/// Whether it opens a WebSocket on /ws (RFC 6455 section 4.1). What is wrong with its other fields is said in
/// the handshake.
bool asks_for_websocket(const http::Request& request);
/// Whether the answer is to be a stream of server-sent events.
bool asks_for_events(const http::Headers& headers);

/// A request target without its query.
std::string_view path_of(std::string_view target);

}  // namespace skymarshal::agents::server
