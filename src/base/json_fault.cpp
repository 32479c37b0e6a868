#include "base/json_fault.hpp"

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

namespace skymarshal {
namespace {

namespace json = boost::json;
using boost::system::error_code;

/// Hears what Boost.JSON's parser finds, and stops it at a name that its object has already.
class NameWatch {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  /// Set before the parser begins.
  bool refuses_repeated_names = false;
  std::optional<std::string> repeated_name;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    names_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, error_code&) {
    names_.pop_back();
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, error_code&) {
    name_ += std::string_view(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, error_code& error) {
    name_ += std::string_view(part);
    std::string name = std::move(name_);
    name_.clear();
    if (!refuses_repeated_names || names_.back().insert(name).second) return true;
    repeated_name = std::move(name);
    error = json::error::syntax;
    return false;
  }
  bool on_string_part(json::string_view, std::size_t, error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, error_code&) { return true; }
  bool on_number_part(json::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, error_code&) { return true; }
  bool on_double(double, json::string_view, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  /// Those of each object that is open.
  std::vector<std::set<std::string>> names_;
  std::string name_;
};

/// What is wrong, and at which byte.
struct Finding {
  std::string what;
  std::size_t at = 0;
};

/// By its byte order mark, or by the zero byte that one of the first two characters of any JSON has there.
bool is_utf16(std::string_view text) {
  if (text.size() < 2) return false;
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text[0] == '\0' || text[1] == '\0';
}

/// Of what stands at a backslash.
enum class Escape { other, character, high_half, low_half };

Escape escape_of(std::string_view text) {
  if (text.size() < 6 || text[1] != 'u') return Escape::other;
  const char second = ascii_lower(text[3]);
  if (ascii_lower(text[2]) != 'd' || second < '8') return Escape::character;
  return second < 'c' ? Escape::high_half : Escape::low_half;
}

std::string what_stands_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "it ends too early";
  const char c = text[at];
  if (is_control(c)) return fmt::format("the control character U+{:04X} does not belong there", c);
  const std::size_t size = std::min(scalar_bytes(text.substr(at)), text.size() - at);
  return fmt::format("'{}' does not belong there", text.substr(at, size));
}

std::optional<Finding> find_syntax_fault(std::string_view text, const JsonRules& rules) {
  json::parse_options options;
  options.max_depth = rules.depth_max;
  json::basic_parser<NameWatch> parser(options);
  parser.handler().refuses_repeated_names = rules.unambiguous;
  error_code error;
  const std::size_t at = parser.write_some(false, text.data(), text.size(), error);
  if (parser.handler().repeated_name)
    return Finding{"duplicate key " + shown_name(*parser.handler().repeated_name), at};
  if (error == json::error::too_deep)
    return Finding{fmt::format("nested deeper than {} levels", rules.depth_max), at};
  // A number that no double holds is a number all the same.
  if (error == json::error::exponent_overflow) return std::nullopt;
  if (error == json::error::incomplete || (!error && !parser.done()))
    return Finding{"it ends too early", text.size()};
  if (error || at < text.size()) return Finding{what_stands_at(text, at), at};
  return std::nullopt;
}

}  // namespace

std::size_t lone_surrogate(std::string_view text) {
  std::size_t high = std::string_view::npos;
  for (std::size_t i = text.find('\\'); i < text.size(); i = text.find('\\', i)) {
    const Escape escape = escape_of(text.substr(i));
    const bool is_second = high != std::string_view::npos && high + 6 == i;
    if (high != std::string_view::npos && !(is_second && escape == Escape::low_half)) return high;
    if (escape == Escape::low_half && !is_second) return i;
    high = escape == Escape::high_half ? i : std::string_view::npos;
    i += escape == Escape::other ? 2 : 6;
  }
  return std::min(high, text.size());
}

std::optional<JsonFault> find_json_fault(std::string_view text, const JsonRules& rules) {
  if (is_utf16(text)) return JsonFault{"UTF-16 or UTF-32, where UTF-8 is expected"};
  std::optional<Finding> found = find_syntax_fault(text, rules);
  if (const std::size_t half = lone_surrogate(text); half < text.size() && (!found || half <= found->at)) {
    // Boost.JSON reads no further, whatever the rules are.
    found.reset();
    if (rules.unambiguous)
      found = Finding{"a lone surrogate (U+D800 to U+DFFF mean something in pairs only)", half};
  }
  const std::size_t readable = utf8_prefix(text);
  if (readable < text.size() && (!found || readable <= found->at))
    found = Finding{fmt::format("invalid UTF-8 (byte 0x{:02X})", static_cast<unsigned char>(text[readable])),
                    readable};
  if (!found) return std::nullopt;
  const std::string_view before = text.substr(0, std::min(found->at, text.size()));
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 where there is none
  return JsonFault{std::move(found->what), static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
                   count_scalars(before.substr(line_start)) + 1};
}

Error json_error(const JsonFault& fault) {
  Error error = make_error(Errc::invalid_json,
                           fmt::format("{} at line {}, column {}", fault.what, fault.line, fault.column));
  JsonWriter out(error.details);
  out.begin_object().member("line", fault.line).member("column", fault.column).end_object();
  return error;
}

}  // namespace skymarshal
