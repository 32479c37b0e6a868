#include "agents/ops/csv_reader.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace skymarshal::agents::ops {
namespace {}  // namespace

CsvReader::CsvReader(std::string_view text) : rest_(text) { rest_ = without_byte_order_mark(rest_); }

std::optional<CsvRecord> CsvReader::next() {
  while (!rest_.empty() && problem_.empty()) {
    if (at_line_end()) {
      skip_line_end();
      continue;
    }
    CsvRecord record;
    record.line = line_;
    if (!read_record(record)) return std::nullopt;
    return record;
  }
  return std::nullopt;
}

bool CsvReader::read_record(CsvRecord& record) {
  while (true) {
    std::string cell;
    if (!read_cell(cell)) return false;
    record.cells.push_back(std::move(cell));
    if (rest_.empty()) return true;
    if (at_line_end()) {
      skip_line_end();
      return true;
    }
    // read_cell stops only at a comma, a line end, or the end.
    rest_.remove_prefix(1);
  }
}

bool CsvReader::read_cell(std::string& cell) {
  if (rest_.starts_with('"')) return read_quoted(cell);
  const std::size_t end = std::min(rest_.find_first_of(",\r\n\""), rest_.size());
  cell = rest_.substr(0, end);
  rest_.remove_prefix(end);
  if (rest_.starts_with('"')) return fail("a quote stands inside a cell that does not begin with one");
  if (rest_.starts_with('\r') && !at_line_end()) return fail("a carriage return stands alone");
  return true;
}

bool CsvReader::read_quoted(std::string& cell) {
  const std::size_t begin = line_;
  rest_.remove_prefix(1);
  while (true) {
    const std::size_t end = rest_.find('"');
    if (end == std::string_view::npos) {
      line_ = begin;
      return fail("a quoted cell is not closed");
    }
    cell += rest_.substr(0, end);
    line_ += static_cast<std::size_t>(
        std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    rest_.remove_prefix(end + 1);
    if (!rest_.starts_with('"')) break;
    // Two quotes are one quote of the text.
    cell += '"';
    rest_.remove_prefix(1);
  }
  if (rest_.empty() || rest_.starts_with(',') || at_line_end()) return true;
  return fail("text follows the closing quote of a cell");
}

bool CsvReader::at_line_end() const { return rest_.starts_with('\n') || rest_.starts_with("\r\n"); }

void CsvReader::skip_line_end() {
  rest_.remove_prefix(rest_.front() == '\r' ? 2 : 1);
  ++line_;
}

bool CsvReader::fail(std::string_view problem) {
  problem_ = problem;
  return false;
}

}  // namespace skymarshal::agents::ops
