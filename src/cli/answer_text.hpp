// A gateway's answers as people read them. Shows what is there and passes over what is not: runtimes, and
// gateways of other versions, differ in what they say. Pure; what is shown cannot steer the terminal.
#pragma once

#include "cli/terminal.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace skymarshal::cli {

struct ResultContext {
  Terminal terminal;
  /// The command that goes on in this session, up to the prompt: "skymarshal invoke --session 6f1c…".
  std::string next_command = {};
};

/// An InvokeResponse (JSON): the decision first, then why, then what to do. What is no JSON is shown as it
/// is.
std::string result_text(std::string_view response, const ResultContext& context);
/// Where the numbers of an InvokeResponse come from: per agent the facts, the rules with their citations and
/// the arithmetic; per recovery option the costs, the scores and the steps. Says so where a runtime explains
/// nothing.
std::string explanation_text(std::string_view response, const Terminal& terminal);

/// A field of an InvokeResponse that holds a text; empty if it does not.
std::string response_field(std::string_view response, std::string_view name);

/// A page of GET /invocations as a table.
std::string invocation_list_text(std::string_view body);
/// How an invocation stands, and its result or error if it has ended; with `explain`, where the numbers of
/// the result come from.
std::string invocation_text(std::string_view body, const ResultContext& context, bool explain);

/// A page of GET /sessions as a table.
std::string session_list_text(std::string_view body);
/// A page of GET /sessions/{id}, wrapped to `width` columns.
std::string session_history_text(std::string_view body, std::size_t width);

}  // namespace skymarshal::cli
