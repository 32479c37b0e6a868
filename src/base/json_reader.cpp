#include "base/json_reader.hpp"

#include "base/json_fault.hpp"
#include "base/text.hpp"

#include <cctype>
#include <set>

#include <simdjson.h>

namespace skymarshal {
namespace {

namespace ondemand = simdjson::ondemand;

std::string_view trim_json_space(std::string_view text) {
  const auto last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

/// RFC 8259 section 6, of any length: simdjson itself refuses integers beyond 64 bits.
bool is_number(std::string_view text) {
  std::size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const std::size_t integer = at;
  at = skip_digits(text, at);
  if (at == integer || (text[integer] == '0' && at > integer + 1)) return false;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = at + 1;
    at = skip_digits(text, fraction);
    if (at == fraction) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '+' || text[exponent] == '-')) ++exponent;
    at = skip_digits(text, exponent);
    if (at == exponent) return false;
  }
  return at == text.size();
}

/// `first` stands behind the opening quote; simdjson has made sure that the string ends and holds no control
/// character.
bool has_valid_escapes(const char* first) {
  for (const char* c = first; *c != '"'; ++c) {
    if (*c != '\\') continue;
    ++c;
    if (*c == 'u') {
      for (int digit = 0; digit < 4; ++digit) {
        if (std::isxdigit(static_cast<unsigned char>(*++c)) == 0) return false;
      }
    } else if (std::string_view("\"\\/bfnrt").find(*c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

/// Of what no error of simdjson's own stands for; json_fault finds the words.
constexpr simdjson::error_code against_the_rules = simdjson::UNEXPECTED_ERROR;

simdjson::error_code check_scalar(std::string_view token) {
  token = trim_json_space(token);
  if (token.empty()) return simdjson::TAPE_ERROR;
  switch (token.front()) {
    case '"':
      return has_valid_escapes(token.data() + 1) ? simdjson::SUCCESS : simdjson::STRING_ERROR;
    case 't':
      return token == "true" ? simdjson::SUCCESS : simdjson::T_ATOM_ERROR;
    case 'f':
      return token == "false" ? simdjson::SUCCESS : simdjson::F_ATOM_ERROR;
    case 'n':
      return token == "null" ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    default:
      return is_number(token) ? simdjson::SUCCESS : simdjson::NUMBER_ERROR;
  }
}

/// One walk over a text, by the rules given.
class Walk {
 public:
  Walk(std::string_view text, const JsonRules& rules)
      : rules_(rules), has_escapes_(text.find('\\') != std::string_view::npos) {}

  /// For documents and values, which simdjson gives different types of the same shape. `depth`: levels left.
  template <typename Value>
  simdjson::error_code check_nested(Value& value, std::size_t depth) const {
    if (depth == 0) return simdjson::DEPTH_ERROR;
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      return check_object(object, depth - 1);
    }
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      return check_array(array, depth - 1);
    }
    return simdjson::SUCCESS;
  }

 private:
  simdjson::error_code check_object(ondemand::object object, std::size_t depth) const {
    std::set<std::string_view> names;
    for (auto field_or_error : object) {
      ondemand::field field;
      if (const auto error = std::move(field_or_error).get(field)) return error;
      if (!is_string(field.key().raw())) return simdjson::STRING_ERROR;
      if (rules_.unambiguous) {
        std::string_view name;
        if (const auto error = field.unescaped_key().get(name)) return error;
        if (!names.insert(name).second) return against_the_rules;
      }
      if (const auto error = check_value(field.value(), depth)) return error;
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code check_array(ondemand::array array, std::size_t depth) const {
    for (auto element_or_error : array) {
      ondemand::value element;
      if (const auto error = std::move(element_or_error).get(element)) return error;
      if (const auto error = check_value(element, depth)) return error;
    }
    return simdjson::SUCCESS;
  }

  simdjson::error_code check_value(ondemand::value value, std::size_t depth) const {
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == ondemand::json_type::object || type == ondemand::json_type::array)
      return check_nested(value, depth);
    if (type == ondemand::json_type::string) {
      // Taken, not looked at: simdjson takes a string that it has to skip for a key if a colon follows.
      ondemand::raw_json_string string;
      if (const auto error = value.get_raw_json_string().get(string)) return error;
      return is_string(string.raw()) ? simdjson::SUCCESS : simdjson::STRING_ERROR;
    }
    return check_scalar(value.raw_json_token());
  }

  /// Most texts hold no escape, which is found out many times as fast for the whole as string by string.
  bool is_string(const char* first) const { return !has_escapes_ || has_valid_escapes(first); }

  const JsonRules& rules_;
  bool has_escapes_;
};

std::string_view raw_value(ondemand::value& value) {
  std::string_view raw;
  if (simdjson::to_json_string(value).get(raw) != simdjson::SUCCESS) return {};
  return trim_json_space(raw);
}

/// The parser of the calling thread, for one text at a time. It keeps its room from text to text, but not
/// that of the longest ones.
class Parser {
 public:
  Parser() = default;
  ~Parser() {
    if (own_.capacity() > text_kept_max) own_ = ondemand::parser();
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  simdjson::simdjson_result<ondemand::document> iterate(std::string_view padded) {
    return own_.iterate(padded.data(), padded.size(), padded.size() + json_padding);
  }

 private:
  /// Bytes. The parser's room is some six times the text.
  static constexpr std::size_t text_kept_max = std::size_t{1024} * 1024;

  static ondemand::parser& of_this_thread() {
    thread_local ondemand::parser parser;
    return parser;
  }

  ondemand::parser& own_ = of_this_thread();
};

simdjson::error_code check_form(std::string_view padded, const JsonRules& rules) {
  Parser parser;
  ondemand::document document;
  if (const auto error = parser.iterate(padded).get(document)) return error;
  bool scalar = false;
  if (const auto error = document.is_scalar().get(scalar)) return error;
  if (scalar) {
    const std::string_view token = padded.substr(padded.find_first_not_of(json_space));
    if (const auto error = check_scalar(token)) return error;
    // A string may be followed by more text: its token, as simdjson cuts it, must reach the end.
    std::string_view own;
    if (const auto error = document.raw_json_token().get(own)) return error;
    const bool is_all = trim_json_space(own).size() == trim_json_space(token).size();
    return is_all ? simdjson::SUCCESS : simdjson::TRAILING_CONTENT;
  }
  if (const auto error = Walk(padded, rules).check_nested(document, rules.depth_max)) return error;
  // Behind the last token there is no location any more.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS
                                                                        : simdjson::TRAILING_CONTENT;
}

simdjson::error_code check(std::string_view padded, const JsonRules& rules) {
  if (const auto error = check_form(padded, rules)) return error;
  return rules.unambiguous && lone_surrogate(padded) < padded.size() ? against_the_rules : simdjson::SUCCESS;
}

}  // namespace

Result<void> validate_json(std::string_view padded, const JsonRules& rules) {
  static_assert(json_padding >= simdjson::SIMDJSON_PADDING);
  const simdjson::error_code error = check(padded, rules);
  if (!error) return {};
  if (const auto fault = find_json_fault(padded, rules)) return json_error(*fault);
  return make_error(Errc::invalid_json, simdjson::error_message(error));
}

JsonObject json_object(std::string_view padded) {
  Parser parser;
  std::vector<JsonMember> members;
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(padded).get(document) || document.get_object().get(object)) return JsonObject();
  for (auto field_or_error : object) {
    ondemand::field field;
    if (std::move(field_or_error).get(field)) break;
    // A key with a lone surrogate cannot be unescaped; its own text names it then.
    std::string_view key;
    const char* const raw_key = field.key().raw();
    if (field.unescaped_key().get(key)) {
      const char* end = raw_key;
      while (*end != '"') end += *end == '\\' ? 2 : 1;
      key = {raw_key, end};
    }
    std::string name(key);
    ondemand::value value = field.value();
    members.push_back({std::move(name), raw_value(value)});
  }
  return JsonObject(std::move(members));
}

std::vector<std::string_view> json_elements(std::string_view padded) {
  Parser parser;
  std::vector<std::string_view> elements;
  ondemand::document document;
  ondemand::array array;
  if (parser.iterate(padded).get(document) || document.get_array().get(array)) return elements;
  for (auto element_or_error : array) {
    ondemand::value element;
    if (std::move(element_or_error).get(element)) break;
    elements.push_back(raw_value(element));
  }
  return elements;
}

}  // namespace skymarshal
