#include "gateway/event_stream.hpp"

#include "base/json_writer.hpp"
#include "gateway/invocation_url.hpp"
#include "http/problem.hpp"
#include "http/sse.hpp"
#include "invocations/invocation_state.hpp"

#include <iterator>

#include <fmt/format.h>

namespace skymarshal::gateway {
namespace {

constexpr std::string_view event_end = "}\n\n";

void write_id(std::string& out, std::uint64_t seq, EventIds ids, std::string_view mark = {}) {
  if (ids == EventIds::yes) fmt::format_to(std::back_inserter(out), "id: {}{}\n", seq, mark);
}

std::string_view mark_of(const invocations::JournalEvent& event) {
  const bool is_interrupted = event.end && state_of(*event.end) == invocations::InvocationState::interrupted;
  return is_interrupted ? interrupted_end_mark : std::string_view();
}

/// Said only where there is something to say.
void write_persisted(JsonWriter& json, invocations::Persisted persisted) {
  if (persisted != invocations::Persisted::stored) json.member("session_persisted", to_text(persisted));
}

void write_error_event(std::string& out, std::uint64_t seq, const invocations::InvocationEnd& end,
                       const RequestId& request_id) {
  const Error& error = *end.error;
  out += http::sse_data_begin;
  JsonWriter json(out);
  json.begin_object().member("type", "error").member("seq", static_cast<std::int64_t>(seq));
  write_persisted(json, end.persisted);
  json.member("error_code", http::error_code(error.code)).member("error_message", error.message);
  json.member("request_id", request_id.view()).key("error").begin_object();
  json.member("code", http::error_code(error.code)).member("message", error.message);
  json.raw_member("details",
                  error.details.empty() ? std::string_view("{}") : std::string_view(error.details));
  json.end_object();
}

}  // namespace

std::string metadata_event(const RequestId& request_id, const SessionId& session_id, EventIds ids) {
  std::string event;
  if (ids == EventIds::yes) event += sse_retry;
  write_id(event, 0, ids);
  event += http::sse_data_begin;
  JsonWriter json(event);
  json.begin_object().member("type", "metadata").member("seq", std::int64_t{0});
  json.member("request_id", request_id.view()).member("session_id", session_id.view());
  json.member("events_url", std::string_view(events_url(request_id))).end_object();
  return event + "\n\n";
}

void EventBatch::add(const invocations::JournalEvent& event, const RequestId& request_id) {
  std::string& head = heads_[used_++];
  head.clear();
  write_id(head, event.seq, ids_, mark_of(event));
  const auto to = std::back_inserter(head);
  std::string_view body;
  if (!event.end) {
    fmt::format_to(to, R"({}{{"type":"chunk","seq":{},"data":)", http::sse_data_begin, event.seq);
    body = event.chunk.data();
  } else if (event.end->error) {
    write_error_event(head, event.seq, *event.end, request_id);
  } else {
    head += http::sse_data_begin;
    JsonWriter json(head);
    json.begin_object().member("type", "complete").member("seq", static_cast<std::int64_t>(event.seq));
    json.member("execution_time_ms", event.end->execution_time.count());
    write_persisted(json, event.end->persisted);
    json.key("data");
    body = *event.end->body;
  }
  add_text(head);
  if (!body.empty()) add_text(body);
  add_text(event_end);
}

void EventBatch::clear() {
  used_ = 0;
  buffers_.clear();
}

}  // namespace skymarshal::gateway
