// The answer of an HTTP runtime (AgentCore's HTTP contract: one JSON document, or server-sent events),
// without a socket: pieces of the body go in, steps of the conversation come out. Used by one attempt.
// Source: docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-http-protocol-contract.html
#pragma once

#include "http/message.hpp"
#include "http/sse.hpp"
#include "runtime/invocation_protocol.hpp"
#include "runtime/run_failure.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::runtime {

/// A document is what a `complete` message has as its data. An event whose data is one of the protocol's
/// messages means what it means on a WebSocket, and a stream that has begun so owes its end. The contract
/// itself names no messages: other events are chunks as they are, and the end of the whole stream ends the
/// run. Its answer is then the last event if that is an object of no agent, else the list of all that no
/// agent sent.
class HttpAnswer {
 public:
  using Step = InvocationProtocol::Step;
  enum class Form { document, events };

  /// By its Content-Type.
  static Form form_of(const http::Headers& headers);

  /// `message_bytes_max`: of a document, of an event, and of the list.
  HttpAnswer(Form form, std::size_t message_bytes_max) : form_(form), bytes_max_(message_bytes_max) {}

  /// The next piece of the body. message_too_large.
  std::optional<Failure> feed(std::string_view piece);
  /// The body has ended, and is whole.
  void end() { is_over_ = true; }
  /// The next step that can be taken, in order; behind end() there is one that is an end, unless one was
  /// before.
  std::optional<Step> next();
  /// It ended before it was whole.
  Failure broken() const { return protocol_.on_broken("the answer was cut off"); }

  const Unreadable& unreadable() const { return protocol_.unreadable(); }

 private:
  std::optional<http::SseEvent> next_event();
  Step take_event(http::SseEvent event);
  Step end_of_events();
  Step end_of_document();
  void add_other(std::string_view json);

  const Form form_;
  const std::size_t bytes_max_;
  InvocationProtocol protocol_;
  std::string document_;
  http::SseParser events_;
  /// Fed since the last event.
  std::size_t pending_bytes_ = 0;
  bool is_over_ = false;
  /// An end has come by a message.
  bool has_answered_ = false;
  /// Nothing is left to say.
  bool has_ended_ = false;
  bool has_events_ = false;
  /// One of the protocol's own messages has come.
  bool is_typed_ = false;
  /// The last event, where it may be the answer.
  std::string last_;
  /// The events that no agent sent, as the inside of a JSON array.
  std::string others_;
  bool too_many_others_ = false;
};

}  // namespace skymarshal::runtime
