// An InvokeResponse as people read it: the decision first, then why, then what to do. Pure. Shows what is
// there and passes over what is not: runtimes differ in what they say.
#pragma once

#include "cli/terminal.hpp"

#include <string>
#include <string_view>

namespace skymarshal::cli {

struct ResultContext {
  Terminal terminal;
  /// The command that goes on in this session, up to the prompt: "skymarshal invoke --session 6f1c…".
  std::string next_command = {};
};

/// `response` is the JSON of an InvokeResponse. What is no JSON is shown as it is.
std::string result_text(std::string_view response, const ResultContext& context);

/// A field of an InvokeResponse that holds a text; empty if it does not.
std::string response_field(std::string_view response, std::string_view name);

}  // namespace skymarshal::cli
