#include "base/json_reader.hpp"
#include "cli/answer_text.hpp"
#include "cli/json_view.hpp"
#include "cli/text_layout.hpp"

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t invocation_columns = 36;

}  // namespace

std::string invocation_list_text(std::string_view body) {
  const auto value = parse_json(body);
  const json::object* const page = value ? value->if_object() : nullptr;
  const json::array* const invocations = array_in(page, "invocations");
  if (invocations == nullptr || invocations->empty()) {
    // A page may be empty and not the last: what it was filtered by changes while it is read.
    const std::string next = next_page(page);
    return next.empty() ? "No invocations.\n" : "No invocations on this page.\n" + next;
  }
  std::string out = fmt::format("{} {:<11}  {:<24}  {}\n", fit("INVOCATION", invocation_columns), "STATUS",
                                "ACCEPTED", "SESSION");
  for (const json::value& entry : *invocations) {
    const json::object* const invocation = entry.if_object();
    out += fmt::format("{} {:<11}  {:<24}  {}\n", fit(text_in(invocation, "request_id"), invocation_columns),
                       text_in(invocation, "status"), time_in(invocation, "accepted_at"),
                       text_in(invocation, "session_id"));
  }
  return out + next_page(page);
}

std::string invocation_text(std::string_view body, const ResultContext& context, bool explain) {
  const auto value = parse_json(body);
  const json::object* const invocation = value ? value->if_object() : nullptr;
  std::string out = fmt::format("invocation {}: {}, accepted {}", text_in(invocation, "request_id"),
                                text_in(invocation, "status"), time_in(invocation, "accepted_at"));
  const std::string ended = time_in(invocation, "ended_at");
  out += ended.empty() ? "\n" : fmt::format(", ended {}\n", ended);
  if (const json::object* const error = object_in(invocation, "error")) {
    return out + wrap(fmt::format("{}: {}", text_in(error, "error_code"), text_in(error, "error_message")),
                      context.terminal.width, {"", ""});
  }
  // As it came: a value that was read and written again may look different.
  std::string text(body);
  const auto result = json_object(pad_json(text)).find("result");
  if (!result) return out;
  out += result_text(*result, context);
  if (explain) out += explanation_text(*result, context.terminal);
  return out;
}

}  // namespace skymarshal::cli
