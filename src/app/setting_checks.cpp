#include "app/setting_checks.hpp"

#include "agents/option_scores.hpp"
#include "base/log.hpp"
#include "http/url.hpp"
#include "wording/language_model.hpp"

#include <algorithm>

namespace skymarshal::app {
namespace {

Result<void> not_allowed(std::string message) {
  return make_error(Errc::invalid_request, std::move(message));
}

/// An origin as browsers send it (RFC 6454 section 6.2), or "*".
bool is_origin(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (text == "*") return true;
  if (scheme_end == std::string_view::npos || scheme_end == 0) return false;
  const std::string_view host = text.substr(scheme_end + 3);
  return !host.empty() && host.find_first_of("/?#@ ") == std::string_view::npos;
}

}  // namespace

Result<void> check_listen(std::string_view text) {
  const auto address = http::parse_host_port(text);
  return address ? Result<void>() : not_allowed(address.error().message);
}

Result<void> check_auth(std::string_view text) {
  if (text.empty() || text == "none") return {};
  return not_allowed(
      "this version can only let everybody in: write none, for a server that nobody but its own machine "
      "reaches");
}

Result<void> check_runtime_url(std::string_view text) {
  if (text.empty()) return {};
  const auto endpoint = http::parse_endpoint(text);
  if (!endpoint) return not_allowed(endpoint.error().message);
  if (endpoint->scheme == "ws" || endpoint->scheme == "wss") return {};
  return not_allowed(
      "this version speaks to runtimes by WebSocket only: write ws://HOST:PORT/ws or wss://HOST/ws, or "
      "nothing for the embedded runtime");
}

Result<void> check_origins(std::string_view text) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    std::string_view origin = text.substr(from, comma - from);
    while (origin.starts_with(' ')) origin.remove_prefix(1);
    while (origin.ends_with(' ')) origin.remove_suffix(1);
    if (!is_origin(origin)) {
      return not_allowed(
          "write origins as scheme://host[:port], without a path, and commas between them; or *");
    }
    from = comma + 1;
  }
  return {};
}

Result<void> check_concurrency(std::string_view text) {
  if (text == "queue" || text == "reject") return {};
  return not_allowed("write queue or reject");
}

Result<void> check_not_empty(std::string_view text) {
  return text.empty() ? not_allowed("write the name of a file") : Result<void>();
}

Result<void> check_option_weights(std::string_view text) {
  const auto weights = agents::parse_score_weights(text);
  return weights ? Result<void>() : not_allowed(weights.error().message);
}

Result<void> check_llm_url(std::string_view text) {
  if (text.empty()) return {};
  const auto endpoint = wording::chat_endpoint(text);
  return endpoint ? Result<void>() : not_allowed(endpoint.error().message);
}

Result<void> check_llm_api_key(std::string_view text) {
  const bool visible = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
  return visible ? Result<void>() : not_allowed("a key has no blanks, no control characters, no accents");
}

Result<void> check_log_level(std::string_view text) {
  if (parse_log_level(text)) return {};
  return not_allowed("write DEBUG, INFO, WARNING, ERROR or OFF");
}

}  // namespace skymarshal::app
