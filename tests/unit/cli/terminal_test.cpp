#include "cli/terminal.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::terminal_test {

constexpr WindowSize usual{24, 80};

TEST(Terminal, DrawsInPlaceAndInColour) {
  const Terminal terminal = terminal_of(usual, {{"TERM", "xterm"}});
  EXPECT_TRUE(terminal.live);
  EXPECT_TRUE(terminal.color);
  EXPECT_EQ(terminal.width, 80U);
}

TEST(Terminal, APipeGetsPlainLines) {
  const Terminal terminal = terminal_of({}, {{"TERM", "xterm"}});
  EXPECT_FALSE(terminal.live);
  EXPECT_FALSE(terminal.color);
}

TEST(Terminal, NoColorTakesTheColoursOnly) {
  const Terminal terminal = terminal_of(usual, {{"TERM", "xterm"}, {"NO_COLOR", "1"}});
  EXPECT_TRUE(terminal.live);
  EXPECT_FALSE(terminal.color);
  EXPECT_TRUE(terminal_of(usual, {{"TERM", "xterm"}, {"NO_COLOR", ""}}).color);
}

TEST(Terminal, DumbTerminalsGetPlainLines) {
  for (const char* name : {"dumb", ""}) {
    EXPECT_FALSE(terminal_of(usual, {{"TERM", name}}).live);
    EXPECT_FALSE(terminal_of(usual, {{"TERM", name}}).color);
  }
  EXPECT_FALSE(terminal_of(usual, {}).live);
}

TEST(Terminal, SmallWindowsAreNotDrawnIn) {
  EXPECT_FALSE(terminal_of({8, 80}, {{"TERM", "xterm"}}).live);
  EXPECT_FALSE(terminal_of({24, 20}, {{"TERM", "xterm"}}).live);
}

TEST(Terminal, TextStaysReadableInWideWindows) {
  EXPECT_EQ(terminal_of({50, 300}, {{"TERM", "xterm"}}).width, 120U);
}

}  // namespace skymarshal::cli::terminal_test
