#include "cli/sessions_text.hpp"

#include "base/clock.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"
#include "cli/result_text.hpp"
#include "cli/text_layout.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

constexpr std::size_t id_columns = 36;
/// The last millisecond of the year 9999.
constexpr std::int64_t time_ms_max = 253'402'300'799'999;

using Members = JsonObject;

std::string text_of(const Members& members, std::string_view key) {
  const auto value = members.find(key);
  if (!value) return {};
  return one_line(json_string(*value).value_or(std::string(*value)));
}

/// A member that holds Unix milliseconds.
std::string time_of(const Members& members, std::string_view key) {
  const std::string text = text_of(members, key);
  const auto ms = parse_number<std::int64_t>(text);
  if (!ms) return text;
  return iso8601(from_unix_ms(std::clamp<std::int64_t>(*ms, 0, time_ms_max)));
}

std::string next_page(const Members& page) {
  const std::string cursor = text_of(page, "next_cursor");
  if (cursor.empty() || cursor == "null") return {};
  return fmt::format("There are more: --cursor {}\n", cursor);
}

/// Indents every line.
std::string labelled(std::string_view label, std::string_view text, std::size_t width) {
  return wrap(text, width, {fmt::format("  {:<9}", label), std::string(11, ' ')});
}

}  // namespace

std::string session_list_text(std::string_view body) {
  JsonReader reader;
  std::string text(body);
  const Members page = reader.object(pad_json(text));
  const auto sessions = page.find("sessions");
  const auto entries = sessions ? reader.elements(*sessions) : std::vector<std::string_view>();
  if (entries.empty()) return "No sessions.\n";
  std::string out =
      fmt::format("{} {:<8} {:>5}  {}\n", fit("SESSION", id_columns), "STATUS", "TURNS", "LAST ACTIVITY");
  for (const std::string_view entry : entries) {
    const Members session = reader.object(entry);
    out += fmt::format("{} {:<8} {:>5}  {}\n", fit(text_of(session, "session_id"), id_columns),
                       text_of(session, "status"), text_of(session, "interaction_count"),
                       time_of(session, "last_interaction_at"));
  }
  return out + next_page(page);
}

std::string session_history_text(std::string_view body, std::size_t width) {
  JsonReader reader;
  std::string text(body);
  const Members page = reader.object(pad_json(text));
  std::string out =
      fmt::format("session {}: {}, {} turns, created {}\n", text_of(page, "session_id"),
                  text_of(page, "status"), text_of(page, "interaction_count"), time_of(page, "created_at"));
  const auto interactions = page.find("interactions");
  for (const std::string_view entry :
       interactions ? reader.elements(*interactions) : std::vector<std::string_view>()) {
    const Members turn = reader.object(entry);
    out += fmt::format("\n{}  {}  {} ms  request {}\n", time_of(turn, "timestamp"), text_of(turn, "status"),
                       text_of(turn, "execution_time_ms"), text_of(turn, "request_id"));
    out += labelled("prompt", text_of(turn, "prompt"), width);
    const std::string error = text_of(turn, "error_message");
    if (!error.empty()) {
      out += labelled("error", error, width);
    } else if (const auto response = turn.find("response")) {
      out += labelled("decision", response_field(*response, "final_decision"), width);
    }
  }
  if (const std::string more = next_page(page); !more.empty()) out += "\n" + more;
  return out;
}

}  // namespace skymarshal::cli
