#include "cli/terminal.hpp"

#include <algorithm>
#include <sys/ioctl.h>
#include <unistd.h>

namespace skymarshal::cli {
namespace {

/// Headings, seven agents, a few more that a runtime may have, and the line below.
constexpr std::size_t rows_min = 15;
constexpr std::size_t columns_min = 40;
constexpr std::size_t columns_max = 120;

}  // namespace

Terminal terminal_of(WindowSize window, const std::map<std::string, std::string>& environment) {
  Terminal terminal;
  const auto term = environment.find("TERM");
  const bool dumb = term == environment.end() || term->second.empty() || term->second == "dumb";
  if (window.rows == 0 || dumb) return terminal;
  const auto no_color = environment.find("NO_COLOR");
  terminal.color = no_color == environment.end() || no_color->second.empty();
  terminal.live = window.rows >= rows_min && window.columns >= columns_min;
  terminal.width = std::clamp(window.columns, columns_min, columns_max);
  return terminal;
}

WindowSize window_of_standard_output() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0) return {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return {24, 80};
  return {size.ws_row, size.ws_col};
}

}  // namespace skymarshal::cli
