// What is wrong with the files of an import, collected so that one run names up to 20 places.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace skymarshal::agents::ops {

class Problems {
 public:
  static constexpr std::size_t named_max = 20;

  /// "flights.csv:12: destination: XXX is in no row of airports.csv". `column` may be empty.
  void add(std::string_view file, std::size_t line, std::string_view column, std::string_view problem);
  /// "airports.csv: is missing"
  void add_file(std::string_view file, std::string_view problem);

  bool none() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  /// Errc::invalid_request with a line a problem.
  Error as_error() const;

 private:
  void add_line(std::string_view line);

  std::string lines_;
  std::size_t count_ = 0;
};

}  // namespace skymarshal::agents::ops
