#include "cli/json_view.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"
#include "base/time_format.hpp"
#include "cli/text_layout.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace skymarshal::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 512;
/// The last millisecond of the year 9999.
constexpr std::int64_t time_ms_max = 253'402'300'799'999;

const json::value* member_of(const json::object* parent, std::string_view key) {
  return parent != nullptr ? parent->if_contains(json::string_view(key.data(), key.size())) : nullptr;
}

}  // namespace

std::optional<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) return std::nullopt;
  return value;
}

const json::object* object_in(const json::object* parent, std::string_view key) {
  const json::value* const value = member_of(parent, key);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* array_in(const json::object* parent, std::string_view key) {
  const json::value* const value = member_of(parent, key);
  return value == nullptr ? nullptr : value->if_array();
}

std::optional<double> number_in(const json::object* parent, std::string_view key) {
  const json::value* const value = member_of(parent, key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

std::string text_in(const json::object* parent, std::string_view key) {
  const json::value* const value = member_of(parent, key);
  return value == nullptr || value->is_null() ? std::string() : words(*value);
}

std::string time_in(const json::object* parent, std::string_view key) {
  const std::string text = text_in(parent, key);
  const auto ms = parse_number<std::int64_t>(text);
  if (!ms) return text;
  return iso8601(from_unix_ms(std::clamp<std::int64_t>(*ms, 0, time_ms_max)));
}

std::string next_page(const json::object* page) {
  const std::string cursor = text_in(page, "next_cursor");
  return cursor.empty() ? std::string() : fmt::format("There are more: --cursor {}\n", cursor);
}

std::string words(const json::value& value) {
  if (const json::string* const text = value.if_string()) {
    return one_line(std::string_view(text->data(), text->size()));
  }
  return one_line(json::serialize(value));
}

std::vector<std::string> texts(const json::array* array) {
  std::vector<std::string> list;
  if (array == nullptr) return list;
  for (const json::value& value : *array) list.push_back(words(value));
  return list;
}

}  // namespace skymarshal::cli
