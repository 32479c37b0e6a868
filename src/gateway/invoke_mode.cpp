#include "gateway/invoke_mode.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "gateway/content_negotiation.hpp"
#include "gateway/event_stream.hpp"
#include "gateway/preferences.hpp"
#include "gateway/query_parameters.hpp"
#include "http/idempotency_key.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace skymarshal::gateway {
namespace {

/// A bare value, or a string of structured fields (RFC 8941 section 3.3.3), as the draft wants it: both mean
/// the same key.
std::string_view unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

/// Of what a repeat must mean as well: how it wants its answer does not count.
std::string fingerprint_of(const InvokeCommand& command) {
  std::string meaning = command.prompt;
  meaning += '\0';
  if (command.session_id) meaning += command.session_id->view();
  return hex(as_text(sha256(meaning)));
}

Result<std::optional<invocations::IdempotencyClaim>> read_claim(const http::Headers& headers,
                                                                const InvokeCommand& command) {
  const auto field = headers.combined("Idempotency-Key");
  if (!field) return std::optional<invocations::IdempotencyClaim>();
  const std::string_view key = unquoted(*field);
  if (!http::is_idempotency_key(key)) {
    return make_error(
        Errc::invalid_request,
        "Idempotency-Key must be one value of 1 to 255 visible ASCII characters, such as a UUID");
  }
  return std::optional(invocations::IdempotencyClaim{std::string(key), fingerprint_of(command)});
}

Result<std::optional<invocations::Place>> read_event_id(std::string_view name, std::string_view text) {
  invocations::Place place;
  place.is_the_end = text.ends_with(interrupted_end_mark);
  if (place.is_the_end) text.remove_suffix(interrupted_end_mark.size());
  const auto seq = is_digits(text) ? parse_number<std::uint64_t>(text) : std::nullopt;
  if (!seq || *seq >= invocations::behind_all) {
    return bad_parameter(name, "must be the id of an event that you have received: a number");
  }
  place.seq = *seq;
  return std::optional(place);
}

void apply(const Preferences& preferences, InvokeMode& mode) {
  const std::optional<Milliseconds> longest = mode.wait;
  mode.respond_async = preferences.respond_async;
  if (mode.respond_async) {
    mode.wait = Milliseconds(0);
    mode.preferences_applied = "respond-async";
  }
  if (!preferences.wait) return;
  const Milliseconds wanted = *preferences.wait;
  mode.wait = std::min(longest.value_or(wanted), wanted);
  if (mode.respond_async) mode.preferences_applied += ", ";
  mode.preferences_applied += wait_applied(*mode.wait);
}

}  // namespace

Result<InvokeMode> read_invoke_mode(const http::Headers& headers, const http::Target& target,
                                    const InvokeCommand& command, Milliseconds buffered_wait) {
  const auto known = expect_parameters(target, {"after"});
  if (!known) return known.error();
  InvokeMode mode;
  auto claim = read_claim(headers, command);
  if (!claim) return claim.error();
  mode.claim = *std::move(claim);
  const auto after = read_resume_point(headers, target);
  if (!after) return after.error();
  mode.after = *after;
  if (mode.after && !mode.claim) {
    return make_error(
        Errc::invalid_request,
        "the id of an event resumes an invocation, and without the Idempotency-Key that began it this "
        "would begin another one: send both, or GET its events_url");
  }
  mode.streaming = command.streaming.value_or(prefers_event_stream(headers));
  // A stream is its own way of not waiting.
  if (mode.streaming) return mode;
  if (buffered_wait > Milliseconds::zero()) mode.wait = buffered_wait;
  apply(read_preferences(headers), mode);
  return mode;
}

Result<std::optional<invocations::Place>> read_resume_point(const http::Headers& headers,
                                                            const http::Target& target) {
  const std::string last_seen = headers.combined("Last-Event-ID").value_or(std::string());
  if (!last_seen.empty()) return read_event_id("Last-Event-ID", last_seen);
  if (const auto after = target.parameter("after")) return read_event_id("after", *after);
  return std::optional<invocations::Place>();
}

}  // namespace skymarshal::gateway
