// The text that a number comes from. Every table of this folder names one.
#pragma once

#include <string_view>

namespace skymarshal::agents::rules {

/// Texts of static lifetime.
struct Citation {
  /// As a lawyer would look it up: "Regulation (EU) No 965/2012, ORO.FTL.205(b)(1), Table 2".
  std::string_view source;
  /// Since when it holds in the form used here, ISO 8601 ("2016-02-18"); empty if the source has no date.
  std::string_view effective;
};

}  // namespace skymarshal::agents::rules
