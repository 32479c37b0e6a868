#include "aws/canonical_request.hpp"

#include "aws/field_index.hpp"
#include "aws/target_parts.hpp"
#include "base/crypto.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::aws {
namespace {

/// As the signers of AWS do it: ".." takes a segment away, "." and empty segments go, and a slash at the end
/// stays only where a segment stands before it. Escapes are left alone: "%2e" is no dot segment here.
std::string without_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t slash = std::min(path.find('/', from), path.size());
    const std::string_view segment = path.substr(from, slash - from);
    from = slash + 1;
    if (segment.empty() || segment == ".") continue;
    if (segment != "..")
      kept.push_back(segment);
    else if (!kept.empty())
      kept.pop_back();
  }
  std::string normal;
  for (const std::string_view segment : kept) normal.append(1, '/').append(segment);
  if (kept.empty() || path.ends_with('/')) normal += '/';
  return normal;
}

void append_path(std::string& out, std::string_view path, const PathRules& rules) {
  // Only paths with such a pair can change; almost none has one.
  const bool is_normal =
      path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos;
  const std::string normal = rules.normalize && !is_normal ? without_dot_segments(path) : std::string(path);
  if (rules.encode_twice)
    out += http::percent_encode(normal, true);
  else
    out += normal;
}

Result<void> append_query(std::string& out, std::string_view query, std::string_view left_out) {
  const auto parameters = query_parameters(query);
  if (!parameters) return parameters.error();
  std::vector<std::pair<std::string, std::string>> encoded;
  encoded.reserve(parameters->size());
  for (const http::QueryParameter& parameter : *parameters) {
    if (!left_out.empty() && parameter.name == left_out) continue;
    encoded.emplace_back(http::percent_encode(parameter.name), http::percent_encode(parameter.value));
  }
  // By the encoded text, the name before the value: "a-" stands behind "a", though '-' stands before '='.
  std::ranges::sort(encoded);
  bool first = true;
  for (const auto& [name, value] : encoded) {
    if (!std::exchange(first, false)) out += '&';
    out.append(name).append(1, '=').append(value);
  }
  return {};
}

/// Trimmed, runs of white space as one space.
Result<void> append_value(std::string& out, std::string_view value) {
  bool gap = false;
  const std::size_t begin = out.size();
  for (const char c : value) {
    if (c == '\r' || c == '\n' || c == '\0') {
      return malformed_request("a header value must not hold a line break or NUL");
    }
    if (c == ' ' || c == '\t') {
      gap = true;
      continue;
    }
    if (std::exchange(gap, false) && out.size() > begin) out += ' ';
    out += c;
  }
  return {};
}

Result<void> append_fields(std::string& out, const FieldIndex& fields,
                           const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const FieldIndex::Fields same = fields.find(name);
    // A name that is no token could end its line, and stand for two.
    if (same.empty() || !http::is_token(name)) {
      return malformed_request("the request has no header '" + name + "' to sign");
    }
    out.append(name).append(1, ':');
    for (std::size_t i = 0; i < same.size(); ++i) {
      if (i > 0) out += ',';
      if (const auto appended = append_value(out, same[i]->value); !appended) return appended;
    }
    out += '\n';
  }
  return {};
}

}  // namespace

Result<std::string> canonical_request(const http::Request& request, const CanonicalForm& form) {
  const auto target = split_target(request.target);
  if (!target) return target.error();
  if (!http::is_token(request.method)) return malformed_request("the method is not valid");

  std::string text;
  // Most of it is values of fields, and what the path and query grow by when they are encoded.
  text.reserve(512 + 2 * request.target.size());
  text.append(request.method).append(1, '\n');
  append_path(text, target->path, form.path);
  text += '\n';
  if (const auto appended = append_query(text, target->query, form.left_out_parameter); !appended)
    return appended.error();
  text += '\n';
  if (const auto appended = append_fields(text, FieldIndex(request.headers), form.signed_headers); !appended)
    return appended.error();
  text += '\n';
  for (std::size_t i = 0; i < form.signed_headers.size(); ++i) {
    if (i > 0) text += ';';
    text += form.signed_headers[i];
  }
  text.append(1, '\n').append(form.payload_hash);
  return text;
}

std::string payload_hash(std::string_view body) { return hex(as_text(sha256(body))); }

}  // namespace skymarshal::aws
