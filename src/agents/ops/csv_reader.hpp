// CSV text (RFC 4180) cut into records: quoted cells with commas, quotes and line ends in them, CRLF or LF,
// and a byte order mark at the beginning. Pure; looks at every byte once and copies only what was quoted.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::agents::ops {

struct CsvRecord {
  /// Where it begins; the first line is 1.
  std::size_t line = 0;
  std::vector<std::string> cells;
};

class CsvReader {
 public:
  /// `text` must outlive this.
  explicit CsvReader(std::string_view text);

  /// The next record that is not an empty line; nullopt at the end, or where the text is no CSV: see
  /// problem().
  std::optional<CsvRecord> next();

  /// Why reading ended early, in words, and the line; empty if it did not.
  const std::string& problem() const { return problem_; }
  std::size_t line() const { return line_; }

 private:
  bool read_record(CsvRecord& record);
  bool read_cell(std::string& cell);
  bool read_quoted(std::string& cell);
  bool at_line_end() const;
  void skip_line_end();
  bool fail(std::string_view problem);

  std::string_view rest_;
  std::size_t line_ = 1;
  std::string problem_;
};

}  // namespace skymarshal::agents::ops
