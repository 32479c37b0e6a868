#include "base/json_value.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>

#include <boost/json/parse.hpp>
#include <simdjson.h>

namespace skymarshal {
namespace {

/// What readers of lines split at beside CR and LF (Unicode's line breaking class BK and NEL). JSON lets them
/// stand in strings, and nowhere else.
struct LineSeparator {
  std::string_view utf8;
  std::string_view escape;
};
constexpr std::array line_separators = {LineSeparator{"\xC2\x85", "\\u0085"},
                                        LineSeparator{"\xE2\x80\xA8", "\\u2028"},
                                        LineSeparator{"\xE2\x80\xA9", "\\u2029"}};

/// One search for the first byte is many times as fast as one for any of several.
bool holds(std::string_view json, std::string_view part) { return json.find(part) != std::string_view::npos; }

std::string with_escaped_separators(std::string_view json) {
  std::string out;
  out.reserve(json.size() + 64);
  while (!json.empty()) {
    const auto here = std::ranges::find_if(
        line_separators, [json](const LineSeparator& each) { return json.starts_with(each.utf8); });
    if (here == line_separators.end()) {
      out += json.front();
      json.remove_prefix(1);
    } else {
      out += here->escape;
      json.remove_prefix(here->utf8.size());
    }
  }
  return out;
}

}  // namespace

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
  const bool spans_lines = holds(json, "\n") || holds(json, "\r");
  const bool has_separators =
      std::ranges::any_of(line_separators, [json](const auto& each) { return holds(json, each.utf8); });
  if (!spans_lines && !has_separators) return std::nullopt;
  std::string line(json);
  if (spans_lines) {
    std::size_t size = 0;
    if (simdjson::minify(json.data(), json.size(), line.data(), size) != simdjson::SUCCESS)
      return std::nullopt;
    line.resize(size);
  }
  if (has_separators) line = with_escaped_separators(line);
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
