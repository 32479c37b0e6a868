// The sample day (data/sample/*.csv) as it is built into the program. Constant.
#pragma once

#include <span>
#include <string_view>

namespace skymarshal::agents::ops {

struct SampleFile {
  /// "flights.csv".
  std::string_view name;
  std::string_view content;
};

/// By name. Defined by the source that cmake/embed_sample.cmake writes.
std::span<const SampleFile> sample_files();

}  // namespace skymarshal::agents::ops
