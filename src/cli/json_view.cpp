#include "cli/json_view.hpp"

#include "cli/text_layout.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace skymarshal::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 512;

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
