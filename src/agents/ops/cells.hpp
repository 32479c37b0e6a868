// What a cell of a CSV file may hold, and how it becomes a value. Pure.
// A rule belongs to a column; whatever does not keep it is refused in words, never mended.
#pragma once

#include "agents/reference/calendar.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::agents::ops {

/// Longest text of a cell, bytes.
inline constexpr std::size_t text_bytes_max = 400;

enum class CellFormat {
  /// As the field's type is written: digits, "true", "2026-06-15", "2026-06-15T05:30Z".
  plain,
  /// A minute of the day as "23:00".
  clock,
};

struct CellRule {
  /// What is allowed, as in "'AU' is not …": "an IATA airport code of three capitals".
  std::string_view expected;
  /// Of texts; nullptr: any.
  bool (*valid)(std::string_view text) = nullptr;
  /// Limits of numbers, both included.
  double min = std::numeric_limits<double>::lowest();
  double max = std::numeric_limits<double>::max();
  CellFormat format = CellFormat::plain;
};

/// Each reads `cell`, which is not empty, into `value`; false if it does not keep the rule.
bool read_cell(std::string_view cell, const CellRule& rule, std::string& value);
bool read_cell(std::string_view cell, const CellRule& rule, std::int32_t& value);
bool read_cell(std::string_view cell, const CellRule& rule, double& value);
bool read_cell(std::string_view cell, const CellRule& rule, bool& value);
bool read_cell(std::string_view cell, const CellRule& rule, char& value);
bool read_cell(std::string_view cell, const CellRule& rule, reference::Date& value);
bool read_cell(std::string_view cell, const CellRule& rule, reference::UtcMinutes& value);

template <typename T>
bool read_cell(std::string_view cell, const CellRule& rule, std::optional<T>& value) {
  return read_cell(cell, rule, value.emplace());
}

/// "AUH"; "OMAA"; "AE"; "EY"; "EY283", "BA12A"; "A6-BNC"; "B789"; "B789 B788"; "UN3480"; "CAPT-07" and the
/// like.
bool is_iata_airport(std::string_view text);
bool is_icao_airport(std::string_view text);
bool is_country(std::string_view text);
bool is_designator(std::string_view text);
bool is_flight_number(std::string_view text);
bool is_registration(std::string_view text);
bool is_type(std::string_view text);
bool is_type_list(std::string_view text);
bool is_un_number(std::string_view text);
bool is_id(std::string_view text);
/// UTF-8 without control characters.
bool is_plain_text(std::string_view text);

}  // namespace skymarshal::agents::ops
