#include "gateway/json_fields.hpp"

#include "base/json_writer.hpp"
#include "base/utf8.hpp"

#include <set>

#include <boost/json/basic_parser_impl.hpp>

namespace skymarshal::gateway {
namespace {

namespace json = boost::json;
using boost::system::error_code;

/// Hears what Boost.JSON's parser finds; keeps only what stands at the top level.
class FieldHandler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<JsonField> fields;
  bool is_object = false;
  std::optional<std::string> duplicate_key;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    if (nesting_ == 0) is_object = true;
    note(JsonKind::object);
    ++nesting_;
    keys_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, error_code&) {
    --nesting_;
    keys_.pop_back();
    return true;
  }
  bool on_array_begin(error_code&) {
    note(JsonKind::array);
    ++nesting_;
    return true;
  }
  bool on_array_end(std::size_t, error_code&) {
    --nesting_;
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, error_code&) {
    text_ += std::string_view(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, error_code& error) {
    text_ += std::string_view(part);
    std::string key = std::move(text_);
    text_.clear();
    if (!keys_.back().insert(key).second) {
      duplicate_key = std::move(key);
      error = json::error::syntax;
      return false;
    }
    if (at_top()) fields.push_back({std::move(key), JsonKind::null, {}, false});
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, error_code&) {
    if (at_top()) text_ += std::string_view(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, error_code&) {
    note(JsonKind::string);
    if (!at_top()) return true;
    text_ += std::string_view(part);
    fields.back().text = std::move(text_);
    text_.clear();
    return true;
  }
  bool on_number_part(json::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, error_code&) { return note(JsonKind::number); }
  bool on_uint64(std::uint64_t, json::string_view, error_code&) { return note(JsonKind::number); }
  bool on_double(double, json::string_view, error_code&) { return note(JsonKind::number); }
  bool on_bool(bool truth, error_code&) {
    if (at_top()) fields.back().truth = truth;
    return note(JsonKind::boolean);
  }
  bool on_null(error_code&) { return note(JsonKind::null); }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

 private:
  bool at_top() const { return is_object && nesting_ == 1; }
  bool note(JsonKind kind) {
    if (at_top()) fields.back().kind = kind;
    return true;
  }

  std::size_t nesting_ = 0;
  /// The keys seen in each object that is open.
  std::vector<std::set<std::string>> keys_;
  std::string text_;
};

Error invalid_json(std::string_view body, std::size_t at, const std::string& what) {
  at = std::min(at, body.size());
  const std::string_view before = body.substr(0, at);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const std::size_t column = count_scalars(before.substr(line_start)) + 1;
  Error error =
      make_error(Errc::invalid_json, "the body is not valid JSON: " + what + " at line " +
                                         std::to_string(line) + ", column " + std::to_string(column));
  JsonWriter out(error.details);
  out.begin_object().member("line", line).member("column", column).end_object();
  return error;
}

std::string explain(const error_code& error, const FieldHandler& handler) {
  if (handler.duplicate_key) return "duplicate key '" + *handler.duplicate_key + "'";
  if (error == json::error::too_deep) {
    return "nested deeper than " + std::to_string(request_depth_max) + " levels";
  }
  if (error == json::error::incomplete) return "it ends too early";
  return error.message();
}

}  // namespace

Result<std::vector<JsonField>> read_json_fields(std::string_view body) {
  json::parse_options options;
  options.max_depth = request_depth_max;
  json::basic_parser<FieldHandler> parser(options);
  error_code error;
  std::size_t consumed = parser.write_some(false, body.data(), body.size(), error);
  const FieldHandler& handler = parser.handler();
  if (!error && consumed < body.size()) error = json::error::extra_data;
  if (!error && !parser.done()) error = json::error::incomplete;
  if (error) return invalid_json(body, consumed, explain(error, handler));
  if (!handler.is_object) return invalid_json(body, 0, "an object is expected");
  return std::move(parser.handler().fields);
}

}  // namespace skymarshal::gateway
