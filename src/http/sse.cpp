#include "http/sse.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::http {

bool SseParser::feed(std::string_view piece) {
  if (consumed_ > 0) {
    buffer_.erase(0, consumed_);
    scanned_ -= std::min(scanned_, consumed_);
    consumed_ = 0;
  }
  buffer_ += piece;
  return buffer_.size() + data_.size() <= event_bytes_max;
}

std::optional<SseEvent> SseParser::next() {
  if (at_start_) {
    if (buffer_.size() < byte_order_mark.size() && byte_order_mark.starts_with(buffer_)) return std::nullopt;
    if (buffer_.starts_with(byte_order_mark)) consumed_ = byte_order_mark.size();
    at_start_ = false;
  }
  for (;;) {
    // CR LF is one line end even when the two arrive apart.
    if (after_carriage_return_ && consumed_ < buffer_.size()) {
      if (buffer_[consumed_] == '\n') ++consumed_;
      after_carriage_return_ = false;
    }
    const std::size_t end = buffer_.find_first_of("\r\n", std::max(consumed_, scanned_));
    if (end == std::string::npos) {
      scanned_ = buffer_.size();
      return std::nullopt;
    }
    const std::string_view line = std::string_view(buffer_).substr(consumed_, end - consumed_);
    consumed_ = end + 1;
    after_carriage_return_ = buffer_[end] == '\r';
    if (!line.empty()) {
      take_line(line);
      continue;
    }
    if (auto event = take_event()) return event;
  }
}

std::optional<SseEvent> SseParser::unfinished() {
  take_line(std::string_view(buffer_).substr(consumed_));
  consumed_ = buffer_.size();
  return take_event();
}

/// What the lines since the last one make; nothing without data.
std::optional<SseEvent> SseParser::take_event() {
  const bool is_event = std::exchange(has_data_, false);
  SseEvent event;
  if (!type_.empty()) event.type = std::exchange(type_, {});
  event.data = std::exchange(data_, {});
  event.last_event_id = last_id_;
  return is_event ? std::optional(std::move(event)) : std::nullopt;
}

void SseParser::take_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == 0) return;
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") {
    if (has_data_) data_ += '\n';
    data_ += value;
    has_data_ = true;
  } else if (field == "event") {
    type_ = value;
  } else if (field == "id" && value.find('\0') == std::string_view::npos) {
    last_id_ = value;
  }
}

}  // namespace skymarshal::http
