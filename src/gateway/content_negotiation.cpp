#include "gateway/content_negotiation.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::gateway {
namespace {

/// The parts between separators that stand outside quoted strings, trimmed (RFC 9110 section 5.6.4).
std::vector<std::string_view> split_unquoted(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool is_quoted = false;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (text[i] == separator && !is_quoted) {
      parts.push_back(trim(text.substr(from, i - from)));
      from = i + 1;
    }
  }
  parts.push_back(trim(text.substr(from)));
  return parts;
}

/// What a quoted string says; nullopt if it is none.
std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string said;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || (text[i] == '\\' && ++i == text.size())) return std::nullopt;
    said += text[i];
  }
  return said;
}

/// Of a media type or range.
struct Parameter {
  std::string_view name;
  std::string value;
};

/// `name=value` with a token or a quoted string (RFC 9110 section 5.6.6); nullopt for anything else.
std::optional<Parameter> read_parameter(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || !http::is_token(text.substr(0, equals))) return std::nullopt;
  const std::string_view value = text.substr(equals + 1);
  if (http::is_token(value)) return Parameter{text.substr(0, equals), std::string(value)};
  auto said = unquoted(value);
  if (!said) return std::nullopt;
  return Parameter{text.substr(0, equals), *std::move(said)};
}

/// Any parameters may stand there (RFC 8259 section 11 knows none), but what names another charset is not
/// what will be read.
bool is_json_in_utf8(std::string_view content_type) {
  const std::vector<std::string_view> parts = split_unquoted(content_type, ';');
  if (!equal_ignoring_case(parts.front(), "application/json")) return false;
  return std::ranges::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
    if (part.empty()) return true;
    const auto parameter = read_parameter(part);
    if (!parameter) return false;
    return !equal_ignoring_case(parameter->name, "charset") ||
           equal_ignoring_case(parameter->value, "utf-8") || equal_ignoring_case(parameter->value, "utf8");
  });
}

/// In thousandths (RFC 9110 section 12.4.2).
using Weight = int;

std::optional<Weight> read_weight(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[1] != '.')) return std::nullopt;
  std::string digits(text.substr(0, 1));
  if (text.size() > 2) digits += text.substr(2);
  digits.resize(4, '0');
  const auto weight = parse_number<Weight>(digits);
  return weight && is_digits(digits) && *weight <= 1'000 ? weight : std::nullopt;
}

/// One element of Accept (RFC 9110 section 12.5.1).
struct MediaRange {
  std::string_view type;
  Weight weight = 1'000;
};

/// Without those whose weight cannot be read.
std::vector<MediaRange> read_accept(std::string_view accept) {
  std::vector<MediaRange> ranges;
  for (const std::string_view element : split_unquoted(accept, ',')) {
    const std::vector<std::string_view> parts = split_unquoted(element, ';');
    MediaRange range{parts.front()};
    for (const std::string_view part : parts) {
      if (starts_with_ignoring_case(part, "q=")) range.weight = read_weight(part.substr(2)).value_or(-1);
    }
    if (range.weight >= 0) ranges.push_back(range);
  }
  return ranges;
}

/// How much `type` is wanted: what the most specific of the ranges that hold it says.
Weight weight_of(std::string_view type, const std::vector<MediaRange>& ranges) {
  const std::string_view family = type.substr(0, type.find('/') + 1);
  int specificity = 0;
  Weight weight = 0;
  for (const MediaRange& range : ranges) {
    int own = 0;
    if (range.type == "*/*") own = 1;
    if (range.type.ends_with("/*") &&
        equal_ignoring_case(range.type.substr(0, range.type.size() - 1), family))
      own = 2;
    if (equal_ignoring_case(range.type, type)) own = 3;
    if (own == 0 || own < specificity) continue;
    weight = own > specificity ? range.weight : std::max(weight, range.weight);
    specificity = own;
  }
  return weight;
}

}  // namespace

Result<void> check_body_headers(const http::Headers& headers) {
  // Two of them contradict each other, or try to; joined they are no media type.
  const auto content_type = headers.combined("Content-Type");
  if (content_type && !is_json_in_utf8(*content_type)) {
    return make_error(Errc::unsupported_media_type,
                      "send the body as Content-Type: application/json, in UTF-8");
  }
  if (const auto encoding = headers.find("Content-Encoding");
      encoding && !equal_ignoring_case(*encoding, "identity")) {
    return make_error(Errc::unsupported_media_type, "send the body without Content-Encoding");
  }
  return {};
}

Result<void> check_invoke_headers(const http::Headers& headers) {
  if (const Result<void> body = check_body_headers(headers); !body) return body;
  // Taking the key without honouring it could run, and bill, the agents twice.
  if (headers.find("Idempotency-Key")) {
    return make_error(Errc::invalid_request,
                      "Idempotency-Key is not supported by this version: leave it out");
  }
  return {};
}

bool prefers_event_stream(const http::Headers& headers) {
  const std::string accept = headers.combined("Accept").value_or(std::string());
  const std::vector<MediaRange> ranges = read_accept(accept);
  return weight_of("text/event-stream", ranges) > weight_of("application/json", ranges);
}

}  // namespace skymarshal::gateway
