// Questions about ASCII letters and digits that the readers of codes ask. Pure.
#pragma once

#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace skymarshal::agents::facts {

inline bool all_capitals(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_capital);
}
inline bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}
inline std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals;
}

}  // namespace skymarshal::agents::facts
