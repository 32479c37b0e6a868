#include "dynamodb/json_attribute.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdint>

namespace skymarshal::dynamodb {
namespace {

/// DynamoDB's limit is 32, and its documents do not say whether what stands in the innermost counts
/// (docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html): one less is right either way.
/// The item's own map of attributes counts as none.
constexpr int nesting_max = 31;
constexpr std::size_t number_digits_max = 38;
/// Of the leading digit: 1E-130 to 9.9…E+125.
constexpr std::int64_t exponent_min = -130;
constexpr std::int64_t exponent_max = 125;

void write_attribute(JsonWriter& json, std::string_view value, int depth);

void write_text(JsonWriter& json, std::string_view text) {
  json.begin_object().member("S", text).end_object();
}

bool has_a_name_for_all(const JsonObject& object) { return !object.repeated_name() && !object.has(""); }

void write_map(JsonWriter& json, const JsonObject& object, int depth) {
  json.begin_object().key("M").begin_object();
  for (const JsonMember& member : object) {
    json.key(member.key);
    write_attribute(json, member.value, depth + 1);
  }
  json.end_object().end_object();
}

void write_list(JsonWriter& json, std::string_view list, int depth) {
  json.begin_object().key("L").begin_array();
  for (const std::string_view element : json_elements(list)) write_attribute(json, element, depth + 1);
  json.end_array().end_object();
}

void write_attribute(JsonWriter& json, std::string_view value, int depth) {
  value = trim(value, json_space);
  switch (json_kind(value)) {
    case JsonKind::object: {
      const JsonObject object = json_object(value);
      if (depth <= nesting_max && has_a_name_for_all(object)) return write_map(json, object, depth);
      return write_text(json, value);
    }
    case JsonKind::array:
      return depth <= nesting_max ? write_list(json, value, depth) : write_text(json, value);
    case JsonKind::string: {
      const auto text = json_string(value);
      // One that names half a character is kept as it is written.
      return write_text(json, text ? std::string_view(*text) : value);
    }
    case JsonKind::number:
      if (!is_exact_number(value)) return write_text(json, value);
      json.begin_object().member("N", value).end_object();
      return;
    case JsonKind::boolean:
      json.begin_object().member("BOOL", value == "true").end_object();
      return;
    case JsonKind::null:
      json.begin_object().member("NULL", true).end_object();
      return;
  }
}

}  // namespace

std::optional<std::string> json_as_map(std::string_view json, std::size_t bytes_max) {
  json = trim(json, json_space);
  if (json.empty() || json_kind(json) != JsonKind::object) return std::nullopt;
  const JsonObject object = json_object(json);
  if (!has_a_name_for_all(object)) return std::nullopt;
  std::string text;
  JsonWriter writer(text);
  write_map(writer, object, 1);
  if (text.size() > bytes_max) return std::nullopt;
  return text;
}

bool is_exact_number(std::string_view number) {
  const std::size_t mark = std::min(number.find_first_of("eE"), number.size());
  std::string_view mantissa = number.substr(0, mark);
  if (mantissa.starts_with('-')) mantissa.remove_prefix(1);
  std::string_view exponent_text = mark < number.size() ? number.substr(mark + 1) : "0";
  if (exponent_text.starts_with('+')) exponent_text.remove_prefix(1);
  const auto exponent = parse_number<std::int64_t>(exponent_text);

  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  std::string digits(mantissa.substr(0, point));
  if (point < mantissa.size()) digits += mantissa.substr(point + 1);
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size());
  // More digits than a number holds make an exponent that no range holds; of a nought too, which is then
  // better not sent as a number.
  if (!exponent || *exponent > 10'000 || *exponent < -10'000) return false;
  if (first == digits.size()) return *exponent >= exponent_min && *exponent <= exponent_max;
  const std::size_t last = digits.find_last_not_of('0');
  const std::int64_t leading =
      static_cast<std::int64_t>(point) - 1 - static_cast<std::int64_t>(first) + *exponent;
  return last - first + 1 <= number_digits_max && leading >= exponent_min && leading <= exponent_max;
}

}  // namespace skymarshal::dynamodb
