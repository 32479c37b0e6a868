#include "cli/progress_view.hpp"

#include "invocations/agents_of_skymarshal.hpp"

#include <array>

#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

constexpr std::size_t name_columns = 18;
constexpr std::size_t status_columns = 13;
constexpr std::array<std::string_view, 10> spinner = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};

std::string_view mark_of(std::string_view status) {
  if (status == "approved") return "✓";
  if (status == "conditional") return "~";
  if (status == "rejected") return "✗";
  return "·";
}

}  // namespace

ProgressView::ProgressView(Terminal terminal) : terminal_(terminal), painter_(terminal.color) {
  groups_.resize(2);
  groups_[0].title = "Safety";
  groups_[1].title = "Business";
  for (const std::string_view name : invocations::safety_agents)
    groups_[0].agents.push_back({std::string(name)});
  for (const std::string_view name : invocations::business_agents)
    groups_[1].agents.push_back({std::string(name)});
}

std::string ProgressView::on_started(const StreamStarted& started, Milliseconds elapsed) {
  if (terminal_.live) return draw(elapsed);
  return fmt::format("[{:>7}] request {}, session {}\n", time_taken(elapsed), one_line(started.request_id),
                     one_line(started.session_id));
}

std::string ProgressView::on_agent(const AgentSpoke& spoke, Milliseconds elapsed) {
  const std::string name = one_line(spoke.agent);
  const std::string status = one_line(spoke.status);
  if (!terminal_.live) {
    return fmt::format("[{:>7}] {} {}\n", time_taken(elapsed), fit(name, name_columns),
                       painter_.paint(tone_of(status), status));
  }
  Agent& speaker = agent(name);
  speaker.status = status;
  if (!speaker.began) speaker.began = elapsed;
  if (is_verdict(status)) speaker.ended = elapsed;
  return draw(elapsed);
}

std::string ProgressView::on_tick(Milliseconds elapsed) {
  if (!terminal_.live || over_) return "";
  ++frame_;
  return draw(elapsed);
}

std::string ProgressView::on_end(Milliseconds elapsed) {
  over_ = true;
  return terminal_.live ? draw(elapsed) + "\n" : "\n";
}

ProgressView::Agent& ProgressView::agent(const std::string& name) {
  for (Group& group : groups_) {
    for (Agent& known : group.agents) {
      if (known.name == name) return known;
    }
  }
  // A runtime may have agents of its own.
  if (groups_.size() == 2) groups_.push_back({"Others", {}});
  groups_[2].agents.push_back({name});
  return groups_[2].agents.back();
}

/// Goes up over what was drawn before, and draws it anew.
std::string ProgressView::draw(Milliseconds elapsed) {
  std::string out;
  if (lines_drawn_ > 0) out = fmt::format("\x1b[{}A", lines_drawn_);
  lines_drawn_ = 0;
  const auto add_line = [&](std::string_view line) {
    out += "\r";
    out += line;
    out += "\x1b[K\n";
    ++lines_drawn_;
  };
  for (const Group& group : groups_) {
    add_line(painter_.paint(Tone::bold, group.title));
    for (const Agent& member : group.agents) add_line(agent_line(member, elapsed));
  }
  add_line(painter_.paint(Tone::dim, time_taken(elapsed)));
  return out;
}

std::string ProgressView::agent_line(const Agent& agent, Milliseconds elapsed) const {
  const bool busy = agent.began && !agent.ended && !over_;
  std::string status = agent.status;
  if (!agent.began) status = over_ ? "not asked" : "waiting";
  if (agent.began && !agent.ended && over_) status += " (no verdict)";
  Tone tone = agent.began ? tone_of(status) : Tone::dim;
  if (busy) tone = Tone::busy;
  const std::string_view mark = busy ? spinner[frame_ % spinner.size()] : mark_of(agent.status);
  std::string time;
  if (agent.ended || busy) time = time_taken(agent.ended.value_or(elapsed) - *agent.began);
  // Colours take no columns, so the text is cut before it is painted.
  const std::size_t status_room = terminal_.width - std::min(terminal_.width, name_columns + 5 + 10);
  return fmt::format("  {} {} {} {}", painter_.paint(tone, mark), fit(agent.name, name_columns),
                     painter_.paint(tone, fit(status, std::min(status_columns, status_room))),
                     painter_.paint(Tone::dim, time));
}

std::string time_taken(Milliseconds duration) {
  const double seconds = static_cast<double>(duration.count()) / 1000.0;
  if (seconds < 10) return fmt::format("{:.2f} s", seconds);
  if (seconds < 100) return fmt::format("{:.1f} s", seconds);
  const auto whole = duration.count() / 1000;
  return fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

}  // namespace skymarshal::cli
