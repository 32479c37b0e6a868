// What standard output can do: move the cursor, show colours, and how much fits.
// The decision is pure; only window_of_standard_output looks at the process.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace skymarshal::cli {

struct Terminal {
  /// Lines may be drawn again in place.
  bool live = false;
  bool color = false;
  std::size_t width = 100;
};

/// Size of the window; zero rows where standard output is no terminal.
struct WindowSize {
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Pure: NO_COLOR (no-color.org) takes the colours, TERM=dumb and windows too small take everything.
Terminal terminal_of(WindowSize window, const std::map<std::string, std::string>& environment);
/// Of standard output, now.
WindowSize window_of_standard_output();

}  // namespace skymarshal::cli
