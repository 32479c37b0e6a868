// Journal events as server-sent events, each "data: " + one line of JSON + a blank line. Pure: text and
// slices, so that what the runtime said goes out without being copied.
#pragma once

#include "base/id.hpp"
#include "invocations/journal.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>

namespace skymarshal::gateway {

/// Whether events carry the lines by which a reader's place is known to it (WHATWG HTML section 9.2.6). They
/// stand before `data: `, so those who look only for that are spared them where nobody has asked for more.
enum class EventIds { no, yes };

/// Behind the seq in the id of an end that a crash made: a chunk that was told, and not kept, may have had
/// the same one.
inline constexpr std::string_view interrupted_end_mark = "-end";

/// How long an EventSource waits before it comes again, before its first event.
inline constexpr std::string_view sse_retry = "retry: 2000\n";

/// The first event of a stream, seq 0.
std::string metadata_event(const RequestId& request_id, const SessionId& session_id, EventIds ids);

/// A few events as one piece to write. Its buffers point into itself and into the journal's events: keep
/// both, and do not move it, until they are written.
class EventBatch {
 public:
  static constexpr std::size_t events_max = 16;

  explicit EventBatch(EventIds ids) : ids_(ids) {}
  EventBatch(const EventBatch&) = delete;
  EventBatch& operator=(const EventBatch&) = delete;

  bool full() const { return used_ == events_max; }
  bool empty() const { return buffers_.empty(); }
  /// Text to stand before what follows; it must outlive the batch.
  void add_text(std::string_view text) { buffers_.emplace_back(text.data(), text.size()); }
  /// Not when full().
  void add(const invocations::JournalEvent& event, const RequestId& request_id);
  void clear();

  std::span<const boost::asio::const_buffer> buffers() const { return buffers_; }

 private:
  const EventIds ids_;
  std::array<std::string, events_max> heads_;
  std::size_t used_ = 0;
  std::vector<boost::asio::const_buffer> buffers_;
};

}  // namespace skymarshal::gateway
