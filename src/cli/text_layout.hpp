// Text for people: wrapped to a width, coloured where it may be, and free of anything that would steer the
// terminal. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skymarshal::cli {

/// `text` from outside on one line: control characters, line ends too, become spaces. What a runtime says
/// must not move the cursor or rename the window.
std::string one_line(std::string_view text);

/// How many columns `text` (UTF-8 without control characters) takes, one a character.
std::size_t columns(std::string_view text);
/// Cut to `width` columns, or filled up with spaces.
std::string fit(std::string_view text, std::size_t width);
std::string cut(std::string_view text, std::size_t width);

struct Indents {
  /// Before the first line, and before each of the others.
  std::string first;
  std::string rest;
};
/// Words in lines of at most `width` columns, each ended; longer words stand alone.
std::string wrap(std::string_view text, std::size_t width, const Indents& indents);

enum class Tone { plain, bold, dim, good, caution, bad, busy };

/// Colours by ECMA-48 (SGR), or none.
class Painter {
 public:
  explicit Painter(bool color) : color_(color) {}
  std::string paint(Tone tone, std::string_view text) const;

 private:
  bool color_;
};

/// approved is good, conditional asks for caution, rejected is bad; a runtime's other words are plain.
Tone tone_of(std::string_view verdict);

}  // namespace skymarshal::cli
