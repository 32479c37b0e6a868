#include "runtime/http_answer.hpp"

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "runtime/runtime_words.hpp"

#include <utility>

namespace skymarshal::runtime {
namespace {

/// What a server may add to an event's data: names of fields, line ends, comments between events.
constexpr std::size_t event_frame_bytes = 64 * 1024;

std::string message_of(std::string_view type, std::string_view data) {
  std::string text;
  text.reserve(data.size() + 64);
  JsonWriter(text).begin_object().member("type", type).raw_member("data", data).end_object();
  return text;
}

/// JSON on its own, or its text as a JSON string.
std::string as_json(const std::string& text) {
  std::string copy = text;
  if (!trim(text, json_space).empty() && validate_json(pad_json(copy))) return text;
  std::string json;
  JsonWriter(json).string(is_utf8(text) ? text : plain_words(text, text.size() * 3));
  return json;
}

/// The members of one JSON object; empty for anything else.
struct Peek {
  bool is_object = false;
  std::string type = {};
  bool has_agent = false;
  bool is_error = false;
};

Peek peek(const std::string& text) {
  std::string copy = text;
  const std::string_view json = pad_json(copy);
  Peek seen;
  if (!trim(text, json_space).starts_with('{') || !validate_json(json)) return seen;
  const JsonObject members = json_object(json);
  seen.is_object = true;
  seen.type = members.text("type");
  seen.has_agent = members.find("agent").has_value();
  const auto error = members.find("error");
  seen.is_error = seen.type.empty() && !members.find("data") && error && json_kind(*error) != JsonKind::null;
  return seen;
}

InvocationProtocol::Step failed_step(Failure failure) {
  InvocationProtocol::Step step;
  step.kind = InvocationProtocol::Step::Kind::failed;
  step.failure = std::move(failure);
  return step;
}

bool is_end(InvocationProtocol::Step::Kind kind) {
  using Kind = InvocationProtocol::Step::Kind;
  return kind == Kind::complete || kind == Kind::complete_without_data || kind == Kind::failed;
}

bool is_of_protocol(const Peek& seen) {
  return seen.type == "chunk" || seen.type == "complete" || seen.type == "error" || seen.is_error;
}

}  // namespace

HttpAnswer::Form HttpAnswer::form_of(const http::Headers& headers) {
  const std::string_view type = headers.find("Content-Type").value_or(std::string_view());
  const std::string_view media = trim(type.substr(0, type.find(';')));
  return equal_ignoring_case(media, "text/event-stream") ? Form::events : Form::document;
}

std::optional<Failure> HttpAnswer::feed(std::string_view piece) {
  if (form_ == Form::document) {
    if (document_.size() + piece.size() > bytes_max_) return message_too_large(bytes_max_);
    document_ += piece;
    return std::nullopt;
  }
  pending_bytes_ += piece.size();
  if (!events_.feed(piece)) return message_too_large(bytes_max_);
  return std::nullopt;
}

std::optional<HttpAnswer::Step> HttpAnswer::next() {
  if (has_ended_) return std::nullopt;
  if (form_ == Form::events) {
    if (auto event = next_event()) {
      Step step = take_event(*std::move(event));
      has_answered_ = has_answered_ || is_end(step.kind);
      return step;
    }
    if (pending_bytes_ > bytes_max_ + event_frame_bytes) {
      has_ended_ = true;
      return failed_step(message_too_large(bytes_max_));
    }
  }
  if (!is_over_) return std::nullopt;
  has_ended_ = true;
  if (has_answered_) return std::nullopt;
  return form_ == Form::events ? end_of_events() : end_of_document();
}

/// Some servers leave out the empty line behind their last event.
std::optional<http::SseEvent> HttpAnswer::next_event() {
  auto event = events_.next();
  if (!event && is_over_) event = events_.unfinished();
  if (event) pending_bytes_ = 0;
  return event;
}

HttpAnswer::Step HttpAnswer::take_event(http::SseEvent event) {
  has_events_ = true;
  if (event.data.size() > bytes_max_) return failed_step(message_too_large(bytes_max_));
  const Peek seen = peek(event.data);
  if (event.type == "error" && !seen.is_error && seen.type != "error") {
    std::string text;
    JsonWriter(text)
        .begin_object()
        .member("type", "error")
        .raw_member("error", as_json(event.data))
        .end_object();
    return protocol_.on_message(std::move(text));
  }
  if (is_of_protocol(seen)) {
    is_typed_ = true;
    return protocol_.on_message(std::move(event.data));
  }
  const bool is_broken_object = trim(event.data, json_space).starts_with('{') && !seen.is_object;
  if (is_broken_object || is_typed_) return protocol_.on_message(std::move(event.data));
  const std::string json = as_json(event.data);
  last_ = seen.is_object && !seen.has_agent ? json : std::string();
  if (!seen.has_agent) add_other(json);
  return protocol_.on_message(message_of("chunk", json));
}

void HttpAnswer::add_other(std::string_view json) {
  too_many_others_ = too_many_others_ || others_.size() + json.size() > bytes_max_;
  if (too_many_others_) return;
  if (!others_.empty()) others_ += ',';
  others_ += json;
}

HttpAnswer::Step HttpAnswer::end_of_events() {
  if (is_typed_ || !has_events_) return failed_step(protocol_.on_broken("the answer was over"));
  if (!last_.empty()) return protocol_.on_message(message_of("complete", last_));
  if (too_many_others_) return failed_step(message_too_large(bytes_max_));
  const std::string list = others_.empty() ? "{}" : "{\"events\":[" + others_ + "]}";
  return protocol_.on_message(message_of("complete", list));
}

/// The document is what a complete message has as its data, unless it is one of the protocol's ends itself.
HttpAnswer::Step HttpAnswer::end_of_document() {
  if (trim(document_, json_space).empty()) return failed_step(protocol_.on_broken("the answer was empty"));
  const Peek seen = peek(document_);
  if (seen.is_error || seen.type == "complete" || seen.type == "error")
    return protocol_.on_message(std::move(document_));
  if (!seen.is_object && trim(document_, json_space).starts_with('{')) {
    (void)protocol_.on_message(std::move(document_));  // Says what is wrong with it.
    return failed_step(unreadable_end("complete", protocol_.unreadable()));
  }
  return protocol_.on_message(message_of("complete", as_json(document_)));
}

}  // namespace skymarshal::runtime
