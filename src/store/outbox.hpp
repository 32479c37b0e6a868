// A session store that loses nothing while the store behind it is down: what cannot be saved is appended to a
// local file, and saved, in order, when the store is back, also after a restart.
// Safe to use from any thread; a thread of its own owns the file. Only save() is held back; claim() and
// erase() first have what waits saved, and all else goes to the inner store at once. While that cannot be
// asked, a session is claimed by what this process knows of it.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/wakeup.hpp"
#include "invocations/session_store.hpp"
#include "store/known_sessions.hpp"
#include "store/outbox_file.hpp"
#include "store/reply.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace skymarshal::store {

class OutboxSessionStore final : public invocations::SessionStore {
 public:
  struct Options {
    /// Its folder must exist.
    std::filesystem::path path;
    /// Waits between the attempts of one save, which are one more than these.
    std::vector<Milliseconds> retry_delays = {Milliseconds(50), Milliseconds(200)};
    /// How often the inner store is tried while records wait.
    Milliseconds drain_period{5'000};
    /// Largest size of the file; a save that would pass it fails.
    std::uint64_t bytes_max = 256U << 20;
    /// As the inner store's.
    std::chrono::minutes expire_after{30};
    /// Sessions whose owner is remembered for when the inner store is down.
    std::size_t known_sessions_max = 10'000;
  };

  /// Opens or creates the file and begins to drain what waits in it. `clock` and `log` must outlive the
  /// store.
  static Result<std::unique_ptr<OutboxSessionStore>> open(Options options,
                                                          std::unique_ptr<invocations::SessionStore> inner,
                                                          const Clock& clock, Logger& log);
  /// Finishes the appends that are queued; what waits in the file stays there.
  ~OutboxSessionStore() override;

  /// SaveOutcome::outboxed when the record is durable here and not yet in the inner store.
  boost::asio::awaitable<Result<invocations::SaveOutcome>> save(
      invocations::Interaction interaction) override;
  /// First has the store take everything that waits, so that nothing of the session comes back later.
  boost::asio::awaitable<Result<void>> erase(SessionId id, Principal principal) override;

  boost::asio::awaitable<Result<invocations::Session>> create(SessionId id, Principal owner) override;
  /// First has the store take what waits, if it can: a session whose first interaction waits has its owner.
  /// With the store down, sessions that this process knows go on; of the others nothing is known.
  boost::asio::awaitable<Result<invocations::Session>> claim(SessionId id, Principal principal) override;
  boost::asio::awaitable<Result<invocations::SessionPage>> list(Principal principal,
                                                                invocations::SessionFilter filter,
                                                                invocations::PageRequest page) override;
  boost::asio::awaitable<Result<invocations::SessionHistory>> history(SessionId id, Principal principal,
                                                                      invocations::PageRequest page) override;
  boost::asio::awaitable<Result<std::size_t>> remove_old() override;
  boost::asio::awaitable<Result<void>> probe() override;

  /// Records that are not in the inner store yet.
  std::size_t waiting() const { return waiting_; }

 private:
  struct Append {
    std::string record;
    Reply<invocations::SaveOutcome> reply;
  };

  OutboxSessionStore(Options options, std::unique_ptr<invocations::SessionStore> inner, const Clock& clock,
                     Logger& log, OutboxFile file);

  boost::asio::awaitable<Result<invocations::SaveOutcome>> save_or_put_aside(
      const invocations::Interaction& interaction);
  boost::asio::awaitable<Result<invocations::SaveOutcome>> put_aside(
      const invocations::Interaction& interaction);
  std::optional<Result<invocations::Session>> claim_known(const SessionId& id,
                                                          const Principal& principal) const;
  boost::asio::awaitable<Result<void>> drain_now();

  // On the outbox's own thread only.
  void enqueue(Append append);
  void flush();
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<Result<void>> drain();
  boost::asio::awaitable<Result<void>> drain_one();
  boost::asio::awaitable<Result<invocations::SaveOutcome>> save_or_fail(invocations::Interaction interaction);

  const Options options_;
  // Before the inner store, whose threads hand their results to it.
  boost::asio::io_context io_{1};
  const std::unique_ptr<invocations::SessionStore> inner_;
  const Clock& clock_;
  Logger& log_;
  KnownSessions known_;
  OutboxFile file_;
  std::atomic<std::size_t> waiting_;

  Wakeup wakeup_;
  std::vector<Append> appends_;
  std::uint64_t append_bytes_ = 0;
  std::vector<Reply<void>> drain_requests_;
  SteadyTime next_drain_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace skymarshal::store
