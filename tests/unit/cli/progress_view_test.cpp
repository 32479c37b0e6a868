#include "cli/progress_view.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::cli::progress_view_test {

constexpr Terminal pipe{};
constexpr Terminal screen{.live = true, .color = false, .width = 80};

/// What a terminal shows after `output`: understands what the view uses, cursor up and erase to the end.
std::vector<std::string> shown(std::string_view output) {
  std::vector<std::string> lines(1);
  std::size_t row = 0;
  for (std::size_t at = 0; at < output.size(); ++at) {
    if (output[at] == '\n') {
      if (++row == lines.size()) lines.emplace_back();
    } else if (output[at] == '\r') {
      lines[row].clear();
    } else if (output[at] == '\x1b') {
      const std::size_t end = output.find_first_of("AK", at);
      if (output[end] == 'A') row -= std::stoul(std::string(output.substr(at + 2, end - at - 2)));
      at = end;
    } else {
      lines[row] += output[at];
    }
  }
  return lines;
}

TEST(ProgressView, APipeGetsALineForEachThingThatHappens) {
  ProgressView view(pipe);
  EXPECT_EQ(view.on_started({"r-1", "s-1"}, Milliseconds(5)), "[ 0.01 s] request r-1, session s-1\n");
  EXPECT_EQ(view.on_agent({"maintenance", "analyzing"}, Milliseconds(20)),
            "[ 0.02 s] maintenance        analyzing\n");
  EXPECT_EQ(view.on_tick(Milliseconds(30)), "");
  EXPECT_EQ(view.on_agent({"maintenance", "approved"}, Milliseconds(12'345)),
            "[ 12.3 s] maintenance        approved\n");
  EXPECT_EQ(view.on_end(Milliseconds(13'000)), "\n");
}

TEST(ProgressView, APipeSeesNoEscapes) {
  ProgressView view(pipe);
  const std::string text = view.on_started({"r\x1b[2J", "s"}, Milliseconds(0)) +
                           view.on_agent({"evil\x1b]0;title\x07", "approved\r\n"}, Milliseconds(1));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
}

TEST(ProgressView, AScreenShowsSevenAgentsInTwoGroups) {
  ProgressView view(screen);
  const auto lines = shown(view.on_started({"r", "s"}, Milliseconds(0)));
  ASSERT_EQ(lines.size(), 11U);
  EXPECT_EQ(lines[0], "Safety");
  EXPECT_EQ(lines[1].find("  · crew_compliance    waiting"), 0U);
  EXPECT_EQ(lines[4], "Business");
  EXPECT_EQ(lines[8].find("  · finance            waiting"), 0U);
  EXPECT_EQ(lines[9], "0.00 s");
}

TEST(ProgressView, AScreenIsDrawnInPlace) {
  ProgressView view(screen);
  std::string output = view.on_started({"r", "s"}, Milliseconds(0));
  output += view.on_agent({"maintenance", "analyzing"}, Milliseconds(100));
  output += view.on_tick(Milliseconds(600));
  auto lines = shown(output);
  ASSERT_EQ(lines.size(), 11U);
  EXPECT_NE(lines[2].find("maintenance        analyzing     0.50 s"), std::string::npos);
  EXPECT_EQ(lines[9], "0.60 s");

  output += view.on_agent({"maintenance", "rejected"}, Milliseconds(900));
  output += view.on_tick(Milliseconds(5'000));
  lines = shown(output);
  EXPECT_EQ(lines[2], "  ✗ maintenance        rejected      0.80 s");
}

TEST(ProgressView, AgentsThatNeverSpokeWereNotAsked) {
  ProgressView view(screen);
  std::string output = view.on_agent({"maintenance", "rejected"}, Milliseconds(1));
  output += view.on_agent({"regulatory", "analyzing"}, Milliseconds(1));
  output += view.on_end(Milliseconds(2));
  const auto lines = shown(output);
  EXPECT_NE(lines[8].find("finance            not asked"), std::string::npos);
  EXPECT_NE(lines[3].find("regulatory         analyzing (no"), std::string::npos);
  EXPECT_EQ(view.on_tick(Milliseconds(3)), "");
}

TEST(ProgressView, OtherAgentsGetAGroupOfTheirOwn) {
  ProgressView view(screen);
  std::string output = view.on_started({"r", "s"}, Milliseconds(0));
  output += view.on_agent({"orchestrator", "thinking"}, Milliseconds(1));
  const auto lines = shown(output);
  EXPECT_EQ(lines[9], "Others");
  EXPECT_NE(lines[10].find("orchestrator       thinking"), std::string::npos);
  EXPECT_EQ(lines[11], "0.00 s");
}

TEST(ProgressView, ColoursAreLeftOutWhereTheyMayNotBe) {
  Terminal colored = screen;
  colored.color = true;
  ProgressView with(colored);
  ProgressView without(screen);
  EXPECT_NE(with.on_agent({"cargo", "approved"}, Milliseconds(1)).find("\x1b[32m"), std::string::npos);
  EXPECT_EQ(without.on_agent({"cargo", "approved"}, Milliseconds(1)).find("\x1b[32m"), std::string::npos);
}

TEST(ProgressView, TimesGetCoarserAsTheyGrow) {
  EXPECT_EQ(time_taken(Milliseconds(0)), "0.00 s");
  EXPECT_EQ(time_taken(Milliseconds(1'234)), "1.23 s");
  EXPECT_EQ(time_taken(Milliseconds(12'345)), "12.3 s");
  EXPECT_EQ(time_taken(Milliseconds(125'000)), "2 min 05 s");
}

RC_GTEST_PROP(ProgressViewProperty, LinesNeverPassTheWidthOfTheScreen, ()) {
  Terminal narrow = screen;
  narrow.width = 40;
  ProgressView view(narrow);
  std::string output;
  const auto events = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(rc::gen::pair(
      rc::gen::element<std::string>("cargo", "maintenance", "an_agent_with_a_very_long_name_indeed"),
      rc::gen::element<std::string>("approved", "analyzing", "a status that goes on and on")));
  Milliseconds elapsed{0};
  for (const auto& [agent, status] : events) {
    elapsed += Milliseconds(700);
    output += view.on_agent({agent, status}, elapsed);
  }
  output += view.on_end(elapsed);
  for (const std::string& line : shown(output)) RC_ASSERT(columns(line) <= 40U);
}

}  // namespace skymarshal::cli::progress_view_test
