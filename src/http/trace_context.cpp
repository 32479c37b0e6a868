#include "http/trace_context.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace skymarshal::http {
namespace {

constexpr std::string_view parent_name = "traceparent";
constexpr std::string_view state_name = "tracestate";
constexpr std::string_view amzn_name = "X-Amzn-Trace-Id";
/// W3C section 3.3.1.5: what is to be passed on at least, and all that is here.
constexpr std::size_t state_bytes_max = 512;
constexpr std::size_t amzn_bytes_max = 512;

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_all_zero(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '0'; });
}

/// Section 3.2.2: version, trace-id, parent-id and flags. A later version may say more behind them.
bool is_traceparent(std::string_view text) {
  constexpr std::size_t known_bytes = 55;
  if (text.size() < known_bytes) return false;
  const std::vector<std::string_view> parts = split(text.substr(0, known_bytes), '-');
  const bool has_parts = parts.size() == 4 && parts[0].size() == 2 && parts[1].size() == 32 &&
                         parts[2].size() == 16 && parts[3].size() == 2;
  if (!has_parts || !std::ranges::all_of(parts, is_lower_hex)) return false;
  if (parts[0] == "ff" || is_all_zero(parts[1]) || is_all_zero(parts[2])) return false;
  const std::string_view rest = text.substr(known_bytes);
  if (parts[0] == "00") return rest.empty();
  return rest.empty() || (rest.front() == '-' && is_visible_ascii(rest) && text.size() <= state_bytes_max);
}

/// The one field of that name; a name that stands twice is as good as none.
std::string_view only_one(const Headers& headers, std::string_view name) {
  std::optional<std::string_view> found;
  for (const Header& field : headers) {
    if (!equal_ignoring_case(field.name, name)) continue;
    if (found) return {};
    found = trim(field.value);
  }
  return found.value_or(std::string_view());
}

}  // namespace

Headers TraceContext::fields() const {
  Headers fields;
  if (!traceparent.empty()) fields.add(std::string(parent_name), traceparent);
  if (!tracestate.empty()) fields.add(std::string(state_name), tracestate);
  if (!amzn_trace_id.empty()) fields.add(std::string(amzn_name), amzn_trace_id);
  return fields;
}

TraceContext read_trace_context(const Headers& headers) {
  TraceContext trace;
  const std::string_view parent = only_one(headers, parent_name);
  if (is_traceparent(parent)) {
    trace.traceparent = parent;
    // Several fields of that name are one list (section 3.3).
    const std::string state = headers.combined(state_name).value_or(std::string());
    if (state.size() <= state_bytes_max && is_printable_ascii(state)) trace.tracestate = state;
  }
  const std::string_view amzn = only_one(headers, amzn_name);
  if (amzn.size() <= amzn_bytes_max && is_visible_ascii(amzn)) trace.amzn_trace_id = amzn;
  return trace;
}

}  // namespace skymarshal::http
