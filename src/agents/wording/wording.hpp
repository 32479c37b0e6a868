// What is said to a language model and what it answers, as text: chat completions as OpenAI's API has them
// and many servers understand ("Create chat completion", streamed). The model words an assessment's reasoning
// anew; whether its words may be used is for wording_check to say. Pure.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace skymarshal::agents::wording {

using assessment::AgentAssessment;

/// The body of the request. It holds the assessment, but neither the prompt nor what facts were read from:
/// a prompt must not speak to the model. Without a `model` the server takes its own.
std::string chat_request(const AgentAssessment& assessment, std::string_view model);

/// Puts the pieces of a streamed answer together.
class ChatAnswer {
 public:
  /// `text_bytes_max`: longer texts are errors.
  explicit ChatAnswer(std::size_t text_bytes_max) : text_bytes_max_(text_bytes_max) {}

  /// The data of the next server-sent event. Errc::runtime_protocol_error if it is no chunk of a chat
  /// completion, is an error of the server's, or ends the text before the model had ended it;
  /// Errc::payload_too_large. Neither names what came.
  Result<void> take(std::string data);

  /// The model has ended its text. Before that it is a part.
  bool complete() const { return complete_; }
  const std::string& text() const { return text_; }

 private:
  Result<void> take_choice(std::string choice);

  std::size_t text_bytes_max_;
  std::string text_;
  bool complete_ = false;
};

}  // namespace skymarshal::agents::wording
