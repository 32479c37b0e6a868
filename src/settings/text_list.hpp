// Lists as settings give them: texts with commas between them. Pure.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::settings {

/// The items between commas, without the blanks around them; empty ones are left out.
inline std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    std::string_view item = text.substr(from, comma - from);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    from = comma + 1;
  }
  return items;
}

}  // namespace skymarshal::settings
