#include "agents/ops/cells.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace skymarshal::agents::ops {
namespace {

bool is_capital_or_digit(char c) { return is_capital(c) || is_digit(c); }

bool all(std::string_view text, bool (*is_allowed)(char)) {
  return std::all_of(text.begin(), text.end(), is_allowed);
}

/// The whole of `cell` as a number within the rule's limits.
template <typename Number>
bool read_number(std::string_view cell, const CellRule& rule, Number& value) {
  const auto number = parse_number<Number>(cell);
  if (!number) return false;
  value = *number;
  return static_cast<double>(value) >= rule.min && static_cast<double>(value) <= rule.max;
}

bool read_clock(std::string_view cell, std::int32_t& minute) {
  if (cell.size() != 5 || cell[2] != ':') return false;
  if (!all(cell.substr(0, 2), is_digit) || !all(cell.substr(3), is_digit)) return false;
  const std::int32_t hours = (cell[0] - '0') * 10 + (cell[1] - '0');
  const std::int32_t minutes = (cell[3] - '0') * 10 + (cell[4] - '0');
  minute = hours * 60 + minutes;
  return hours < 24 && minutes < 60;
}

}  // namespace

bool read_cell(std::string_view cell, const CellRule& rule, std::string& value) {
  value = cell;
  if (cell.size() > text_bytes_max || !is_plain_text(cell)) return false;
  return rule.valid == nullptr || rule.valid(cell);
}

bool read_cell(std::string_view cell, const CellRule& rule, std::int32_t& value) {
  if (rule.format == CellFormat::clock) return read_clock(cell, value);
  return read_number(cell, rule, value);
}

bool read_cell(std::string_view cell, const CellRule& rule, double& value) {
  // parse_number also knows "inf" and "nan".
  const bool digits = all(cell, [](char c) { return is_digit(c) || c == '.' || c == '-'; });
  return digits && read_number(cell, rule, value);
}

bool read_cell(std::string_view cell, const CellRule&, bool& value) {
  value = cell == "true";
  return value || cell == "false";
}

bool read_cell(std::string_view cell, const CellRule& rule, char& value) {
  if (cell.size() != 1 || (rule.valid != nullptr && !rule.valid(cell))) return false;
  value = cell.front();
  return true;
}

bool read_cell(std::string_view cell, const CellRule&, reference::Date& value) {
  const auto date = reference::parse_date(cell);
  if (date) value = *date;
  return date.has_value();
}

bool read_cell(std::string_view cell, const CellRule&, reference::UtcMinutes& value) {
  const auto instant = reference::parse_instant(cell);
  if (instant) value = *instant;
  return instant.has_value();
}

bool is_iata_airport(std::string_view text) { return text.size() == 3 && all(text, is_capital); }
bool is_icao_airport(std::string_view text) { return text.size() == 4 && all(text, is_capital_or_digit); }
bool is_country(std::string_view text) { return text.size() == 2 && all(text, is_capital); }

bool is_designator(std::string_view text) {
  return text.size() == 2 && all(text, is_capital_or_digit) && !all(text, is_digit);
}

bool is_flight_number(std::string_view text) {
  if (text.size() < 3 || !is_designator(text.substr(0, 2))) return false;
  std::string_view number = text.substr(2);
  // An operational suffix (IATA SSIM) may end it.
  if (is_capital(number.back())) number.remove_suffix(1);
  return !number.empty() && number.size() <= 4 && number.front() != '0' && all(number, is_digit);
}

bool is_registration(std::string_view text) {
  return text.size() >= 2 && text.size() <= 10 && is_capital_or_digit(text.front()) &&
         all(text, [](char c) { return is_capital_or_digit(c) || c == '-'; });
}

bool is_type(std::string_view text) {
  return text.size() >= 2 && text.size() <= 4 && is_capital(text.front()) && all(text, is_capital_or_digit);
}

bool is_type_list(std::string_view text) {
  while (true) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (!is_type(text.substr(0, end))) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_un_number(std::string_view text) {
  return text.size() == 6 && text.starts_with("UN") && all(text.substr(2), is_digit);
}

bool is_id(std::string_view text) {
  return text.size() <= 40 && all(text, [](char c) {
           return is_capital_or_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.' ||
                  c == '/';
         });
}

bool is_plain_text(std::string_view text) {
  const bool printable = std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
  return printable && is_utf8(text);
}

}  // namespace skymarshal::agents::ops
