// The ordered, gap-free list of what one invocation said: seq 1, 2, 3, … and one end. The invocation alone
// writes it; any number of readers, on any thread, read it at their own pace. Held by shared_ptr, by writer
// and readers alike: it lives on when its invocation is gone. A mutex is held for the time of one append or
// one look, so no reader slows the writer or another reader.
#pragma once

#include "base/error.hpp"
#include "base/mutex.hpp"
#include "base/shared_text.hpp"
#include "base/wakeup.hpp"
#include "invocations/agent_runtime.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

/// Where its interaction was when an end was told.
enum class Persisted {
  stored,
  /// Durable on this machine, and in the store once that takes it.
  later,
  /// Nowhere: it was told, and that is all.
  lost,
};

/// "stored", "later", "lost".
constexpr std::string_view to_text(Persisted persisted) {
  switch (persisted) {
    case Persisted::stored:
      return "stored";
    case Persisted::later:
      return "later";
    case Persisted::lost:
      return "lost";
  }
  return "";
}

/// How an invocation ended.
struct InvocationEnd {
  /// Why there is no InvokeResponse; absent if there is one.
  std::optional<Error> error;
  /// What is told and remembered, as JSON on one line: the InvokeResponse, or the error body. Written once,
  /// and shared by the store and every reader.
  SharedText body;
  Milliseconds execution_time{};
  WallTime ended_at;
  /// From acceptance until it ran; absent if it never ran.
  std::optional<Milliseconds> queued;
  RunTimings timings;
  Persisted persisted = Persisted::stored;
};

struct JournalEvent {
  std::uint64_t seq = 0;
  /// A chunk of the runtime; its data has no line breaks. Unused in the last event.
  RuntimeMessage chunk;
  /// Only in the last event, and apart, as the many others need no room for it.
  std::unique_ptr<const InvocationEnd> end;
};

class Journal {
 public:
  /// Holds what follows the event `after`; 0: all of it.
  explicit Journal(std::uint64_t after = 0) : after_(after) {}
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// For the writer. Nothing may follow an end.
  void append_chunk(RuntimeMessage chunk);
  void append_end(InvocationEnd end);
  /// What the events hold in memory.
  std::size_t memory_bytes() const;

  /// The event with that seq, or null if it has not happened yet. Valid, and never changed, while the journal
  /// lives.
  const JournalEvent* find(std::uint64_t seq) const;
  /// The last event once it is there, else null.
  const JournalEvent* end() const;
  /// Of the newest event; `after` as long as nothing has followed.
  std::uint64_t last_seq() const;

 private:
  friend class JournalReader;
  struct Subscriber;

  void append(JournalEvent event);
  void subscribe(std::shared_ptr<Subscriber> subscriber);
  void unsubscribe(const std::shared_ptr<Subscriber>& subscriber);

  const std::uint64_t after_;
  mutable Mutex mutex_;
  std::deque<JournalEvent> events_ GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Subscriber>> subscribers_ GUARDED_BY(mutex_);
  std::size_t memory_bytes_ GUARDED_BY(mutex_) = 0;
};

/// One reader's place in a journal. Used from its executor only.
class JournalReader {
 public:
  enum class Waited { ready, timed_out, cancelled };

  /// Reads on after the event `after`; 0 reads from the start.
  JournalReader(std::shared_ptr<Journal> journal, const boost::asio::any_io_executor& executor,
                std::uint64_t after = 0);
  ~JournalReader();
  JournalReader(const JournalReader&) = delete;
  JournalReader& operator=(const JournalReader&) = delete;

  /// The next event if it is there, else null. Each event is given once.
  const JournalEvent* next();
  /// Waits until there is a next event.
  boost::asio::awaitable<Waited> wait_until(SteadyTime deadline);
  /// Ends the wait under way and every later one.
  void cancel();

 private:
  std::shared_ptr<Journal> journal_;
  std::shared_ptr<Journal::Subscriber> subscriber_;
  std::uint64_t next_seq_;
  bool cancelled_ = false;
};

}  // namespace skymarshal::invocations
