// The CSV files of an import as records, each with the line it stands on, and what is wrong with them.
// Pure: the files come as text.
#pragma once

#include "agents/ops/records.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace skymarshal::agents::ops {

/// What is wrong with the files of an import, collected so that one run names up to 20 places.
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

/// Contents by name: "flights.csv".
using Files = std::map<std::string, std::string, std::less<>>;

struct SheetLimits {
  std::size_t file_bytes_max = 64 * 1024 * 1024;
  std::size_t rows_max = 500'000;
};

template <typename Row>
struct Sheet {
  std::vector<Row> rows;
  /// Of the row at the same index.
  std::vector<std::size_t> lines;
};

/// In the order in which they are read: what is referred to before what refers to it.
using Sheets = std::tuple<Sheet<Airport>, Sheet<Operator>, Sheet<Aircraft>, Sheet<Flight>, Sheet<CrewMember>,
                          Sheet<Duty>, Sheet<DutyFlight>, Sheet<Roster>, Sheet<MaintenanceItem>,
                          Sheet<Booking>, Sheet<Consignment>>;

template <typename Row>
const Sheet<Row>& sheet_of(const Sheets& sheets) {
  return std::get<Sheet<Row>>(sheets);
}

/// Reads every file that belongs to a table. Whatever is wrong with a file, its columns or its cells goes to
/// `problems`; rows with a wrong cell are left out.
Sheets read_sheets(const Files& files, const SheetLimits& limits, Problems& problems);

}  // namespace skymarshal::agents::ops
