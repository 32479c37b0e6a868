#include "invocations/journal.hpp"

#include <algorithm>

#include <boost/asio/dispatch.hpp>

namespace skymarshal::invocations {

struct Journal::Subscriber {
  explicit Subscriber(const boost::asio::any_io_executor& executor) : wakeup(executor) {}
  Wakeup wakeup;
};

void Journal::append_chunk(RuntimeMessage chunk) {
  JournalEvent event;
  event.chunk = std::move(chunk);
  append(std::move(event));
}

void Journal::append_end(InvocationEnd end) {
  JournalEvent event;
  event.end = std::make_unique<const InvocationEnd>(std::move(end));
  append(std::move(event));
}

void Journal::append(JournalEvent event) {
  const MutexLock lock(mutex_);
  event.seq = after_ + events_.size() + 1;
  memory_bytes_ += sizeof(JournalEvent) + event.chunk.memory_bytes();
  events_.push_back(std::move(event));
  for (const auto& subscriber : subscribers_) {
    // On the reader's own thread this is a plain call; from another one it is posted.
    boost::asio::dispatch(subscriber->wakeup.executor(), [subscriber] { subscriber->wakeup.wake(); });
  }
}

std::size_t Journal::memory_bytes() const {
  const MutexLock lock(mutex_);
  return memory_bytes_;
}

const JournalEvent* Journal::find(std::uint64_t seq) const {
  const MutexLock lock(mutex_);
  // A deque never moves its elements, so the event may be read without the lock from here on.
  return seq > after_ && seq - after_ <= events_.size() ? &events_[seq - after_ - 1] : nullptr;
}

const JournalEvent* Journal::end() const {
  const MutexLock lock(mutex_);
  return !events_.empty() && events_.back().end ? &events_.back() : nullptr;
}

std::uint64_t Journal::last_seq() const {
  const MutexLock lock(mutex_);
  return after_ + events_.size();
}

void Journal::subscribe(std::shared_ptr<Subscriber> subscriber) {
  const MutexLock lock(mutex_);
  subscribers_.push_back(std::move(subscriber));
}

void Journal::unsubscribe(const std::shared_ptr<Subscriber>& subscriber) {
  const MutexLock lock(mutex_);
  std::erase(subscribers_, subscriber);
}

JournalReader::JournalReader(std::shared_ptr<Journal> journal, const boost::asio::any_io_executor& executor,
                             std::uint64_t after)
    : journal_(std::move(journal)),
      subscriber_(std::make_shared<Journal::Subscriber>(executor)),
      next_seq_(after + 1) {
  journal_->subscribe(subscriber_);
}

JournalReader::~JournalReader() { journal_->unsubscribe(subscriber_); }

const JournalEvent* JournalReader::next() {
  const JournalEvent* const event = journal_->find(next_seq_);
  if (event != nullptr) ++next_seq_;
  return event;
}

boost::asio::awaitable<JournalReader::Waited> JournalReader::wait_until(SteadyTime deadline) {
  while (!cancelled_) {
    if (journal_->find(next_seq_) != nullptr) co_return Waited::ready;
    if (!co_await subscriber_->wakeup.wait_until(deadline)) co_return Waited::timed_out;
  }
  co_return Waited::cancelled;
}

void JournalReader::cancel() {
  cancelled_ = true;
  subscriber_->wakeup.wake();
}

}  // namespace skymarshal::invocations
