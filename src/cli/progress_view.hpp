// The agents at work, as text: drawn again in place on a terminal, a line for each thing that happens
// elsewhere. Events and times in, text out; writes nowhere itself.
#pragma once

#include "base/clock.hpp"
#include "cli/invoke_events.hpp"
#include "cli/terminal.hpp"
#include "cli/text_layout.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::cli {

class ProgressView {
 public:
  explicit ProgressView(Terminal terminal);

  /// `elapsed` is the time since the prompt was sent.
  std::string on_started(const StreamStarted& started, Milliseconds elapsed);
  std::string on_agent(const AgentSpoke& spoke, Milliseconds elapsed);
  /// Time goes by: only where lines are drawn in place.
  std::string on_tick(Milliseconds elapsed);
  /// Nothing more will come.
  std::string on_end(Milliseconds elapsed);

 private:
  struct Agent {
    std::string name;
    /// Empty until it spoke.
    std::string status = {};
    std::optional<Milliseconds> began = {};
    std::optional<Milliseconds> ended = {};
  };
  struct Group {
    std::string_view title;
    std::vector<Agent> agents;
  };

  Agent& agent(const std::string& name);
  std::string draw(Milliseconds elapsed);
  std::string agent_line(const Agent& agent, Milliseconds elapsed) const;

  Terminal terminal_;
  Painter painter_;
  std::vector<Group> groups_;
  /// On the screen, to be drawn over.
  std::size_t lines_drawn_ = 0;
  std::size_t frame_ = 0;
  bool over_ = false;
};

/// "0.12 s", "12.3 s", "2 min 05 s"
std::string time_taken(Milliseconds duration);

}  // namespace skymarshal::cli
