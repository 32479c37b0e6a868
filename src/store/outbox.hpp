// Loses no end while the stores are down: what they do not take is appended to a local file, and given to
// them when they are back, also after a restart: many at a time, those of one session in their order, so that
// it empties as fast as the stores can take. What they refuse for good goes to a file beside
// it (refused_records) and holds nothing up. outbox_session_store and outbox_invocation_store are what the
// rest of the program sees of it. Safe to use from any thread; a thread of its own owns the file.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/wakeup.hpp"
#include "invocations/invocation_store.hpp"
#include "invocations/session_store.hpp"
#include "store/outbox_record.hpp"
#include "store/refused_records.hpp"
#include "store/reply.hpp"
#include "store/waiting_records.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace skymarshal::store {

class Outbox {
 public:
  struct Options {
    /// Its folder must exist.
    std::filesystem::path path;
    /// Waits between the attempts of one record, which are one more than these.
    std::vector<Milliseconds> retry_delays = {Milliseconds(50), Milliseconds(200)};
    /// What all attempts of one record may take together; without, as long as the stores take. Only a store
    /// that can be cancelled keeps it.
    std::optional<Milliseconds> deliver_timeout;
    /// How often the stores are tried while records wait.
    Milliseconds drain_period{1'000};
    /// How many records are given to the stores at a time, once they have taken as many one by one.
    std::size_t drained_at_once_max = 16;
    /// Largest size of the file, and of that of refused records; a record that would pass it is not taken.
    std::uint64_t bytes_max = 256U << 20;
  };

  /// The stores behind it.
  struct Inner {
    std::unique_ptr<invocations::SessionStore> sessions;
    std::unique_ptr<invocations::InvocationStore> invocations;
  };

  /// Opens or creates the file and begins to drain what waits in it. `log` must outlive it.
  static Result<std::shared_ptr<Outbox>> open(Options options, Inner inner, Logger& log);
  /// Finishes the appends that are queued; what waits in the file stays there.
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  /// Gives it to its store, or behind what waits: an end that came before those of earlier turns would stand
  /// before them. FinishOutcome::outboxed when it is durable here and not there yet. Errors are the store's,
  /// for what trying again cannot mend: of those, what is Errc::store_refused is kept beside the outbox, if
  /// the disk takes it. Errc::store_unavailable if the file does not take it either.
  boost::asio::awaitable<Result<invocations::FinishOutcome>> deliver(OutboxRecord record);
  /// Has the stores take everything that waits by now; fails if one record is not taken.
  boost::asio::awaitable<Result<void>> drain_now();
  /// Has them take what waits of that session.
  boost::asio::awaitable<Result<void>> drain_now(SessionId session);
  /// Records that are not in their store yet.
  std::size_t waiting() const { return waiting_; }
  /// Records beside the outbox that no store takes.
  std::size_t refused() const { return refused_->size(); }
  /// The end of an invocation, if it is among them.
  boost::asio::awaitable<Result<std::optional<invocations::FinishedInvocation>>> waiting_end(RequestId id);

  invocations::SessionStore& sessions() { return *inner_.sessions; }
  invocations::InvocationStore& invocations() { return *inner_.invocations; }

 private:
  struct Append {
    WaitingRecords::Name name;
    std::string record;
    Reply<invocations::FinishOutcome> reply;
  };
  struct DrainRequest {
    /// Of this one alone; unset: all before `until`.
    std::optional<SessionId> session;
    WaitingRecords::Number until;
    Reply<void> reply;
  };
  struct Round;
  struct Attempt;

  Outbox(Options options, Inner inner, Logger& log, WaitingRecords records,
         std::unique_ptr<RefusedRecords> refused);

  boost::asio::awaitable<Result<invocations::FinishOutcome>> store(OutboxRecord record);
  boost::asio::awaitable<Result<invocations::FinishOutcome>> save(invocations::Interaction interaction);
  boost::asio::awaitable<Result<invocations::FinishOutcome>> store_until(std::optional<SteadyTime> give_up,
                                                                         OutboxRecord record);
  boost::asio::awaitable<void> run(Attempt& attempt);
  boost::asio::awaitable<Result<invocations::FinishOutcome>> put_aside(const OutboxRecord& record);
  boost::asio::awaitable<void> put_beside(const OutboxRecord& record);

  // On the outbox's own thread only.
  Result<std::optional<invocations::FinishedInvocation>> find_end(const RequestId& id) const;
  Result<void> keep_refused(const RequestId& request_id, const std::string& record);
  void enqueue(Append append);
  void flush();
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<Result<void>> drain();
  boost::asio::awaitable<void> drain_one(Round& round, WaitingRecords::Number number);
  /// Whether the record need not wait any longer.
  boost::asio::awaitable<Result<void>> give_to_store(const std::string& bytes);
  boost::asio::awaitable<Result<void>> request_drain(std::optional<SessionId> session);
  void request_drain(std::optional<SessionId> session, Reply<void> reply);
  bool is_done(const DrainRequest& request) const;
  void answer_done_requests();
  boost::asio::awaitable<Result<invocations::FinishOutcome>> store_late(OutboxRecord record);

  const Options options_;
  // Before the inner stores, whose threads hand their results to it.
  boost::asio::io_context io_{1};
  const Inner inner_;
  Logger& log_;
  WaitingRecords records_;
  std::atomic<std::size_t> waiting_;
  const std::unique_ptr<RefusedRecords> refused_;

  Wakeup wakeup_;
  std::vector<Append> appends_;
  std::uint64_t append_bytes_ = 0;
  std::vector<DrainRequest> drain_requests_;
  SteadyTime next_drain_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace skymarshal::store
