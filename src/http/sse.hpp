// Server-sent events as text (WHATWG HTML, section 9.2): one side writes frames, the other reads them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skymarshal::http {

inline constexpr std::string_view sse_content_type = "text/event-stream; charset=utf-8";
/// A comment that readers skip; it keeps proxies from cutting a silent stream.
inline constexpr std::string_view sse_keep_alive = ": keep-alive\n\n";

/// Around data of one line, which is then an event.
inline constexpr std::string_view sse_data_begin = "data: ";
inline constexpr std::string_view sse_event_end = "\n\n";

/// An event as a reader gets it.
struct SseEvent {
  std::string type = "message";
  std::string data;
  std::string last_event_id;
};

/// Reads a stream in pieces of any size.
class SseParser {
 public:
  /// Events longer than this end the stream with an error: nobody may fill our memory.
  static constexpr std::size_t event_bytes_max = 64 * 1024 * 1024;

  /// Takes the next piece in; false if an event is too long.
  bool feed(std::string_view piece);
  /// The next complete event, in order.
  std::optional<SseEvent> next();
  /// At the end of the stream: the event that no empty line has ended, its last line with or without an end.
  /// The standard's readers drop it, as it may have been cut; for those who can tell, and know their servers.
  std::optional<SseEvent> unfinished();

 private:
  void take_line(std::string_view line);
  std::optional<SseEvent> take_event();

  std::string buffer_;
  std::size_t consumed_ = 0;
  /// No line end stands before this place.
  std::size_t scanned_ = 0;
  std::string data_;
  std::string type_;
  std::string last_id_;
  bool has_data_ = false;
  bool after_carriage_return_ = false;
  bool at_start_ = true;
};

}  // namespace skymarshal::http
