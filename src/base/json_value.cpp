#include "base/json_value.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <simdjson.h>

namespace skymarshal {

JsonKind json_kind(std::string_view json) {
  switch (json.front()) {
    case '{':
      return JsonKind::object;
    case '[':
      return JsonKind::array;
    case '"':
      return JsonKind::string;
    case 't':
    case 'f':
      return JsonKind::boolean;
    case 'n':
      return JsonKind::null;
    default:
      return JsonKind::number;
  }
}

std::optional<std::string> json_string(std::string_view json) {
  if (json.size() < 2 || json.front() != '"') return std::nullopt;
  if (json.find('\\') == std::string_view::npos) return std::string(json.substr(1, json.size() - 2));
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(json, error);
  if (error || !value.is_string()) return std::nullopt;
  return std::string(value.get_string());
}

std::optional<std::string> json_on_one_line(std::string_view json) {
  // Two searches for one character each are many times as fast as one for either.
  if (json.find('\n') == std::string_view::npos && json.find('\r') == std::string_view::npos)
    return std::nullopt;
  std::string line(json.size(), '\0');
  std::size_t size = 0;
  if (simdjson::minify(json.data(), json.size(), line.data(), size) != simdjson::SUCCESS) return std::nullopt;
  line.resize(size);
  return line;
}

std::string shown_name(std::string_view name) {
  constexpr std::size_t shown_bytes_max = 40;
  const bool is_plain =
      name.size() <= shown_bytes_max && is_utf8(name) && std::ranges::none_of(name, is_control);
  if (!is_plain) return "with an odd name";
  return "'" + std::string(name) + "'";
}

std::optional<std::string_view> JsonObject::find(std::string_view name) const {
  const auto found = std::ranges::find(members_, name, &JsonMember::key);
  return found == members_.end() ? std::nullopt : std::optional(found->value);
}

std::optional<std::string_view> JsonObject::find(std::string_view name, JsonKind kind) const {
  const auto value = find(name);
  return value && !value->empty() && json_kind(*value) == kind ? value : std::nullopt;
}

std::string JsonObject::text(std::string_view name) const {
  const auto value = find(name);
  return value ? json_string(*value).value_or(std::string()) : std::string();
}

std::optional<std::string_view> JsonObject::repeated_name() const {
  std::vector<std::string_view> names;
  names.reserve(members_.size());
  for (const JsonMember& member : members_) names.push_back(member.key);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  return twice == names.end() ? std::nullopt : std::optional(*twice);
}

std::optional<std::string_view> JsonObject::unknown_name(std::span<const std::string_view> known) const {
  for (const JsonMember& member : members_) {
    if (std::ranges::find(known, member.key) == known.end()) return member.key;
  }
  return std::nullopt;
}

}  // namespace skymarshal
