#include "cli/answer_text.hpp"
#include "cli/json_view.hpp"
#include "cli/text_layout.hpp"

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t id_columns = 36;
/// Indents every line.
std::string labelled(std::string_view label, std::string_view text, std::size_t width) {
  return wrap(text, width, {fmt::format("  {:<9}", label), std::string(11, ' ')});
}

/// One interaction of the history.
std::string turn_text(const json::object* turn, std::size_t width) {
  std::string out =
      fmt::format("\n{}  {}  {} ms  request {}\n", time_in(turn, "timestamp"), text_in(turn, "status"),
                  text_in(turn, "execution_time_ms"), text_in(turn, "request_id"));
  out += labelled("prompt", text_in(turn, "prompt"), width);
  const std::string error = text_in(turn, "error_message");
  if (!error.empty()) return out + labelled("error", error, width);
  const json::object* const response = object_in(turn, "response");
  if (response == nullptr) return out;
  return out + labelled("decision", text_in(response, "final_decision"), width);
}

}  // namespace

std::string session_list_text(std::string_view body) {
  const auto value = parse_json(body);
  const json::object* const page = value ? value->if_object() : nullptr;
  const json::array* const sessions = array_in(page, "sessions");
  if (sessions == nullptr || sessions->empty()) return "No sessions.\n";
  std::string out =
      fmt::format("{} {:<8} {:>5}  {}\n", fit("SESSION", id_columns), "STATUS", "TURNS", "LAST ACTIVITY");
  for (const json::value& entry : *sessions) {
    const json::object* const session = entry.if_object();
    out += fmt::format("{} {:<8} {:>5}  {}\n", fit(text_in(session, "session_id"), id_columns),
                       text_in(session, "status"), text_in(session, "interaction_count"),
                       time_in(session, "last_interaction_at"));
  }
  return out + next_page(page);
}

std::string session_history_text(std::string_view body, std::size_t width) {
  const auto value = parse_json(body);
  const json::object* const page = value ? value->if_object() : nullptr;
  std::string out =
      fmt::format("session {}: {}, {} turns, created {}\n", text_in(page, "session_id"),
                  text_in(page, "status"), text_in(page, "interaction_count"), time_in(page, "created_at"));
  if (const json::array* const interactions = array_in(page, "interactions")) {
    for (const json::value& entry : *interactions) out += turn_text(entry.if_object(), width);
  }
  if (const std::string more = next_page(page); !more.empty()) out += "\n" + more;
  return out;
}

}  // namespace skymarshal::cli
