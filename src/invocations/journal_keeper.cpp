#include "invocations/journal_keeper.hpp"

#include "base/spawn.hpp"

#include <chrono>
#include <utility>

namespace skymarshal::invocations {

namespace asio = boost::asio;

/// Says that nothing is written any more, however that came about.
class JournalKeeper::Ending {
 public:
  explicit Ending(JournalKeeper& keeper) : keeper_(keeper) {}
  ~Ending() {
    keeper_.ended_ = true;
    keeper_.ended_wakeup_.wake();
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

 private:
  JournalKeeper& keeper_;
};

JournalKeeper::JournalKeeper(const Options& options, Subject subject, std::shared_ptr<Journal> journal,
                             InvocationStore& store, Logger& log, const asio::any_io_executor& executor)
    : options_(options),
      subject_(std::move(subject)),
      store_(store),
      log_(log),
      reader_(std::move(journal), executor),
      pause_(executor),
      ended_wakeup_(executor) {}

std::shared_ptr<JournalKeeper> JournalKeeper::start(const Options& options, Subject subject,
                                                    std::shared_ptr<Journal> journal, InvocationStore& store,
                                                    Logger& log, const asio::any_io_executor& executor) {
  const std::shared_ptr<JournalKeeper> self(
      new JournalKeeper(options, std::move(subject), std::move(journal), store, log, executor));
  spawn_or_log(executor, run(self), log, "journal_keeper");
  return self;
}

asio::awaitable<JournalBatch> JournalKeeper::stop() {
  stopped_ = true;
  reader_.cancel();
  pause_.wake();
  while (!ended_) co_await ended_wakeup_.wait_until(Wakeup::never);
  gather();
  co_return std::move(heard_);
}

asio::awaitable<void> JournalKeeper::run(std::shared_ptr<JournalKeeper> self) {
  const Ending ending(*self);
  while (!self->stopped_) {
    if (self->heard_.chunks.empty()) (void)co_await self->reader_.wait_until(Wakeup::never);
    const Milliseconds until_written = self->is_failing_ ? self->options_.retry : self->options_.gather;
    co_await self->pause(until_written);
    if (self->stopped_) co_return;
    const bool goes_on = co_await self->keep();
    if (!goes_on) co_return;
  }
}

/// False: nothing will be kept any more.
asio::awaitable<bool> JournalKeeper::keep() {
  gather();
  // There is an end, and nothing before it that is not kept.
  if (heard_.chunks.empty()) co_return false;
  JournalBatch batch = heard_;
  const std::size_t count = batch.chunks.size();
  const auto kept = co_await store_.append(subject_.request_id, subject_.owner, std::move(batch));
  if (!kept) {
    if (!std::exchange(is_failing_, true)) {
      log_.warning("journal_not_kept", {{"request_id", subject_.request_id.view()},
                                        {"error_message", std::string_view(kept.error().message)}});
    }
    co_return true;
  }
  is_failing_ = false;
  // What came meanwhile stands behind it.
  heard_.chunks.erase(heard_.chunks.begin(), heard_.chunks.begin() + static_cast<std::ptrdiff_t>(count));
  heard_.first_seq += count;
  co_return *kept;
}

void JournalKeeper::gather() {
  while (const JournalEvent* const event = reader_.next()) {
    if (!event->end) heard_.chunks.emplace_back(event->chunk.data());
  }
}

asio::awaitable<void> JournalKeeper::pause(Milliseconds duration) {
  const SteadyTime until = std::chrono::steady_clock::now() + duration;
  if (!stopped_) (void)co_await pause_.wait_until(until);
}

}  // namespace skymarshal::invocations
