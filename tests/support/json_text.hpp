// JSON in tests: taken apart by path, and brought to one form for comparing byte by byte.
#pragma once

#include "base/json_reader.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::test {

/// Valid JSON without the white space between its tokens; nothing else about it changes.
inline std::string minified(std::string_view json) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (!in_string && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) continue;
    out += c;
    if (in_string && c == '\\')
      out += json[++i];
    else if (c == '"')
      in_string = !in_string;
  }
  return out;
}

inline bool is_json(std::string text) { return validate_json(pad_json(text)).has_value(); }

/// The value at a path of keys as it stands in `json`; empty if there is none.
inline std::string value_at(std::string_view json, std::initializer_list<std::string_view> path) {
  std::string value(json);
  for (const std::string_view key : path) {
    const JsonObject members = json_object(pad_json(value));
    value = std::string(members.find(key).value_or(std::string_view()));
  }
  return value;
}

/// The same for a string, unescaped; empty if there is none.
inline std::string text_at(std::string_view json, std::initializer_list<std::string_view> path) {
  return json_string(value_at(json, path)).value_or(std::string());
}

inline std::vector<std::string> keys_of(std::string_view json) {
  std::string text(json);
  std::vector<std::string> keys;
  for (const JsonMember& member : json_object(pad_json(text))) keys.push_back(member.key);
  return keys;
}

inline std::vector<std::string> elements_of(std::string_view json) {
  std::string text(json);
  std::vector<std::string> out;
  for (const std::string_view element : json_elements(pad_json(text))) out.emplace_back(element);
  return out;
}

}  // namespace skymarshal::test
