// The HTTP half of the runtime's contract as text: answers, their heads, the health report, stream events.
// Pure: the connection that sends them holds no text of its own.
#pragma once

#include "base/clock.hpp"

#include <string>
#include <string_view>

namespace skymarshal::agents::server {

struct HttpAnswer {
  int status = 200;
  std::string body;
  /// Methods for the Allow header of a 405, or empty.
  std::string_view allow = {};
};

/// An answer with the error of the runtime protocol as its body.
HttpAnswer refuse(int status, std::string_view code, std::string_view message);

/// What there is to say of a request that asks for nothing of an agent: the health report on /ping, else 404,
/// 405 or 426. `busy` and `changed` (when that last changed) are reported as AgentCore reads them.
HttpAnswer answer_without_agents(std::string_view method, std::string_view path, bool busy, WallTime changed);

/// Status line and header of `answer`, with the length of its body and the blank line at the end.
std::string answer_head(const HttpAnswer& answer, bool keep_alive);

/// The head of a stream of server-sent events: in chunks, or (HTTP/1.0) until the connection closes.
std::string stream_head(bool chunked, bool keep_alive);
/// `message` (JSON on one line) as one event, framed as one chunk if `chunked`.
std::string stream_event(std::string_view message, bool chunked);
/// What ends a stream in chunks.
inline constexpr std::string_view stream_end = "0\r\n\r\n";

/// A request target without its query.
std::string_view path_of(std::string_view target);

}  // namespace skymarshal::agents::server
