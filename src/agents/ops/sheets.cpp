#include "agents/ops/sheets.hpp"

#include "agents/ops/csv_reader.hpp"
#include "agents/ops/tables.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace skymarshal::agents::ops {
namespace {

/// Shown of a cell that is refused; the rest adds nothing.
constexpr std::size_t shown_bytes_max = 40;

std::string shown(std::string_view cell) {
  if (!is_plain_text(cell)) return "the cell";
  if (cell.size() <= shown_bytes_max) return fmt::format("'{}'", cell);
  std::size_t end = shown_bytes_max;
  // Never within a character.
  while (end > 0 && (static_cast<unsigned char>(cell[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("'{}…'", cell.substr(0, end));
}

template <typename Row>
constexpr std::size_t column_count = std::tuple_size_v<decltype(Table<Row>::columns)>;

template <typename Row, typename Visit>
void each_column(Visit visit) {
  std::apply([&](const auto&... column) { (visit(column), ...); }, Table<Row>::columns);
}

template <typename Row>
std::string column_names() {
  std::string names;
  each_column<Row>([&](const auto& column) {
    if (!names.empty()) names += ", ";
    names += column.name;
  });
  return names;
}

/// Where in a record each column of the table stands.
template <typename Row>
using Positions = std::array<std::optional<std::size_t>, column_count<Row>>;

template <typename Row>
Positions<Row> read_header(const CsvRecord& header, Problems& problems) {
  constexpr std::string_view file = Table<Row>::file;
  Positions<Row> positions;
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const std::string& name = header.cells[i];
    std::size_t index = 0;
    bool known = false;
    each_column<Row>([&](const auto& column) {
      if (column.name == name) {
        known = true;
        if (positions[index]) problems.add(file, header.line, name, "the column stands there twice");
        positions[index] = i;
      }
      ++index;
    });
    if (!known) {
      problems.add(file, header.line, "",
                   fmt::format("{} is no column of this file; it has {}", shown(name), column_names<Row>()));
    }
  }
  std::size_t index = 0;
  each_column<Row>([&](const auto& column) {
    if (column.need == Need::required && !positions[index])
      problems.add(file, header.line, column.name, "the column is missing");
    ++index;
  });
  return positions;
}

/// False if a cell does not keep its rule.
template <typename Row>
bool read_row(const CsvRecord& record, const Positions<Row>& positions, Row& row, Problems& problems) {
  bool good = true;
  std::size_t index = 0;
  const auto refuse = [&](std::string_view column, const std::string& why) {
    problems.add(Table<Row>::file, record.line, column, why);
    good = false;
  };
  each_column<Row>([&](const auto& column) {
    const auto position = positions[index++];
    if (!position) return;
    const std::string& cell = record.cells[*position];
    if (cell.empty()) {
      if (column.need == Need::required)
        refuse(column.name, fmt::format("is empty: write {}", column.rule.expected));
      return;
    }
    if (!ops::read_cell(cell, column.rule, row.*column.field))
      refuse(column.name, fmt::format("{} is not {}", shown(cell), column.rule.expected));
  });
  return good;
}

template <typename Row>
void read_rows(CsvReader& reader, const CsvRecord& header, const SheetLimits& limits, Sheet<Row>& sheet,
               Problems& problems) {
  constexpr std::string_view file = Table<Row>::file;
  const std::size_t before = problems.count();
  const Positions<Row> positions = read_header<Row>(header, problems);
  if (problems.count() > before) return;
  while (const auto record = reader.next()) {
    if (sheet.rows.size() == limits.rows_max) {
      problems.add(file, record->line, "", fmt::format("more than {} rows", limits.rows_max));
      return;
    }
    if (record->cells.size() != header.cells.size()) {
      problems.add(
          file, record->line, "",
          fmt::format("{} cells where the first line names {}", record->cells.size(), header.cells.size()));
      continue;
    }
    Row row;
    if (!read_row(*record, positions, row, problems)) continue;
    sheet.rows.push_back(std::move(row));
    sheet.lines.push_back(record->line);
  }
}

template <typename Row>
void read_sheet(const Files& files, const SheetLimits& limits, Sheet<Row>& sheet, Problems& problems) {
  constexpr std::string_view file = Table<Row>::file;
  const auto found = files.find(file);
  if (found == files.end()) {
    if (Table<Row>::must_exist) problems.add_file(file, "is missing");
    return;
  }
  if (found->second.size() > limits.file_bytes_max) {
    problems.add_file(file, fmt::format("is larger than {} bytes", limits.file_bytes_max));
    return;
  }
  CsvReader reader(found->second);
  if (const auto header = reader.next()) {
    read_rows(reader, *header, limits, sheet, problems);
  } else if (reader.problem().empty()) {
    problems.add_file(file,
                      fmt::format("is empty: its first line names the columns, {}", column_names<Row>()));
  }
  if (!reader.problem().empty()) problems.add(file, reader.line(), "", reader.problem());
}

/// A file that belongs to no table is a slip of the pen: silence would lose its rows.
void refuse_unknown_files(const Files& files, Problems& problems) {
  std::vector<std::string_view> known;
  std::apply(
      [&](const auto&... sheet) {
        (known.push_back(Table<typename std::decay_t<decltype(sheet.rows)>::value_type>::file), ...);
      },
      Sheets());
  for (const auto& [name, content] : files) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    problems.add_file(name, fmt::format("is no file of an import; there are {}", fmt::join(known, ", ")));
  }
}

}  // namespace

Sheets read_sheets(const Files& files, const SheetLimits& limits, Problems& problems) {
  Sheets sheets;
  refuse_unknown_files(files, problems);
  std::apply([&](auto&... sheet) { (read_sheet(files, limits, sheet, problems), ...); }, sheets);
  return sheets;
}

void Problems::add(std::string_view file, std::size_t line, std::string_view column,
                   std::string_view problem) {
  const std::string_view separator = column.empty() ? "" : ": ";
  add_line(fmt::format("{}:{}: {}{}{}", file, line, column, separator, problem));
}

void Problems::add_file(std::string_view file, std::string_view problem) {
  add_line(fmt::format("{}: {}", file, problem));
}

void Problems::add_line(std::string_view line) {
  ++count_;
  if (count_ > named_max) return;
  if (!lines_.empty()) lines_ += '\n';
  lines_ += line;
}

Error Problems::as_error() const {
  std::string message = lines_;
  if (count_ > named_max) message += fmt::format("\nand {} more", count_ - named_max);
  return make_error(Errc::invalid_request, std::move(message));
}

}  // namespace skymarshal::agents::ops
