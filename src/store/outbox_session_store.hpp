// A session store that loses nothing while the store behind it is down: see outbox.
// Safe to use from any thread. Only save() is held back; claim() and erase() first have what waits saved, and
// all else goes to the inner store at once. While that cannot be asked, a session is claimed by what this
// process knows of it.
#pragma once

#include "base/clock.hpp"
#include "invocations/session_store.hpp"
#include "store/known_sessions.hpp"
#include "store/outbox.hpp"

#include <memory>
#include <optional>

namespace skymarshal::store {

class OutboxSessionStore final : public invocations::SessionStore {
 public:
  struct Options {
    /// As the inner store's.
    std::chrono::minutes expire_after{30};
    /// Sessions whose owner is remembered for when the inner store is down.
    std::size_t known_sessions_max = 10'000;
  };

  /// `clock` must outlive the store.
  OutboxSessionStore(const Options& options, std::shared_ptr<Outbox> outbox, const Clock& clock)
      : options_(options),
        outbox_(std::move(outbox)),
        clock_(clock),
        known_(std::make_shared<KnownSessions>(options.known_sessions_max)) {}

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
  std::size_t outboxed() const override { return outbox_->waiting(); }
  std::size_t refused() const override { return outbox_->refused(); }

  /// What it knows of sessions, for whoever else has to do with them.
  std::shared_ptr<KnownSessions> known() const { return known_; }

 private:
  std::optional<Result<invocations::Session>> claim_known(const SessionId& id,
                                                          const Principal& principal) const;

  const Options options_;
  const std::shared_ptr<Outbox> outbox_;
  const Clock& clock_;
  const std::shared_ptr<KnownSessions> known_;
};

}  // namespace skymarshal::store
