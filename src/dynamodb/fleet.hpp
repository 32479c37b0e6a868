// Gateways that share one set of tables. Contract: invocations/fleet.hpp. Safe to use from any thread.
// Each writes, again and again, until when it lives; one that has not for so long that its lease and the
// allowance for clocks that differ have passed is dead, to all who have said so themselves for as long
// without a gap: one that was cut off cannot tell whether the others were, too. A turn of a session is held
// as long as its gateway lives, and no longer than a turn may take. One that starts again under its name is
// another life: it knows nothing of the turns that the one before had, and they are free.
#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "dynamodb/invocation_table.hpp"
#include "dynamodb/session_table.hpp"
#include "dynamodb/table_access.hpp"
#include "invocations/fleet.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace skymarshal::dynamodb {

class Fleet final : public invocations::Fleet {
 public:
  struct Options {
    /// InvocationRecord::runner of this gateway.
    std::string runner;
    /// From one renew() to the end of its life, if no other follows.
    Milliseconds lease{20'000};
    /// How far the clocks of two gateways may be apart.
    Milliseconds clock_difference_max{10'000};
    /// After that a turn is anybody's, also of a gateway that lives: longer than any invocation runs.
    Milliseconds turn_time_max{std::chrono::hours(1)};
  };

  template <typename T>
  using Answer = boost::asio::awaitable<skymarshal::Result<T>>;

  /// By `lease` alone it is said who lives: with a client of its own, it is not made to wait where `data` is
  /// throttled.
  Fleet(Options options, std::shared_ptr<TableAccess> lease, std::shared_ptr<TableAccess> data);

  Answer<std::vector<RequestId>> renew() override;
  Answer<void> resign() override;
  Answer<std::vector<std::string>> dead_runners() override;
  Answer<bool> is_dead(std::string runner) override;
  Answer<void> bury(std::string runner) override;
  Answer<void> ask_to_end(RequestId id, Principal owner) override;
  Answer<bool> take_turn(SessionId session, Principal owner, RequestId request) override;
  Answer<void> give_turn_back(SessionId session, RequestId request) override;

 private:
  Answer<void> note_life();
  void note_renewal(SteadyTime at);
  void note_failure();
  bool is_known() const;
  bool can_tell() const;
  Answer<std::optional<Item>> item_of(std::string_view runner);
  Answer<bool> has_left(std::string life);
  bool has_run_out(std::int64_t until_ms) const;
  Answer<void> write(Call call);

  const Options options_;
  const std::shared_ptr<TableAccess> access_;
  /// The runner, `#`, and a word of this process's own.
  const std::string life_;
  /// When it was said last that this gateway lives, and since when it has been without a gap.
  struct Renewals {
    SteadyTime first;
    SteadyTime last;
    /// Since then one was not written, or nobody knows: the next begins anew.
    bool has_failed = false;
  };
  mutable Mutex mutex_;
  std::optional<Renewals> renewals_ GUARDED_BY(mutex_);
  InvocationTable invocations_;
  SessionTable sessions_;
};

}  // namespace skymarshal::dynamodb
