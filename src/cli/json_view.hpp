// Looks into a JSON answer for people: what is not there, or is something else, is simply not shown. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

namespace skymarshal::cli {

/// nullopt if `text` is no JSON, or deeper than base's json_reader goes.
std::optional<boost::json::value> parse_json(std::string_view text);

/// Members of `parent`, which may be nullptr; nullptr if they are not there or not of that kind.
const boost::json::object* object_in(const boost::json::object* parent, std::string_view key);
const boost::json::array* array_in(const boost::json::object* parent, std::string_view key);
std::optional<double> number_in(const boost::json::object* parent, std::string_view key);
/// Empty if it is not there or null.
std::string text_in(const boost::json::object* parent, std::string_view key);

/// A member that holds Unix milliseconds, as ISO 8601; what is none as it is.
std::string time_in(const boost::json::object* parent, std::string_view key);
/// A line that says how to see the next page; empty if there is none.
std::string next_page(const boost::json::object* page);

/// Any value as words on one line: texts as they are, everything else as JSON.
std::string words(const boost::json::value& value);
/// The elements of `array`, which may be nullptr.
std::vector<std::string> texts(const boost::json::array* array);

}  // namespace skymarshal::cli
