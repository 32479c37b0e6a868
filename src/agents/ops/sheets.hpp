// The CSV files of an import as records, each with the line it stands on. Pure: the files come as text.
#pragma once

#include "agents/ops/problems.hpp"
#include "agents/ops/records.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace skymarshal::agents::ops {

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
