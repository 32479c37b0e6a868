// Rate limits that many gateways keep together: each lets requests in on a lease and tells the table in
// batches, as limits/shared_count says, which also says what holds. In front of it the gateway's own exact
// count goes on, so that one gateway alone never passes a limit. While the table is away or slow, that count
// alone decides; what it lets in is told when the table is back.
// Safe to use from any thread. Must outlive every executor that it is asked on.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "base/single_flight.hpp"
#include "dynamodb/client.hpp"
#include "dynamodb/shared_windows.hpp"
#include "limits/local_rate_limiter.hpp"
#include "limits/rate_limiter.hpp"
#include "limits/shared_count.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace skymarshal::dynamodb {

struct SharedRateLimiterOptions {
  std::string table = "skymarshal-limits";
  /// How much of a limit one gateway may let in before it tells the others.
  int lease_percent = 10;
  /// A request waits no longer for the table's next answer.
  Milliseconds wait_max{250};
  /// Nor, where the table answers and others always were first, for its own turn.
  Milliseconds turn_wait_max{2'000};
  /// While the table is away: how often it is tried whether it is back.
  Milliseconds retry_pause{1'000};
  /// The account's count is spread over so many items at most, each with at least so many requests of it.
  std::int64_t account_shards_max = 8;
  std::int64_t account_shard_requests_min = 100;
  /// Counts remembered at the same time; idle ones are forgotten. Beyond it the gateway counts alone.
  std::size_t counts_max = std::size_t{1} << 20;
};

class SharedRateLimiter final : public limits::RateLimiter {
 public:
  struct Parts {
    /// Its limits are those of `limits`.
    limits::LocalRateLimiter& local;
    std::unique_ptr<Client> client;
    const Clock& clock;
    RandomSource& random;
    Logger& log;
  };

  SharedRateLimiter(SharedRateLimiterOptions options, limits::RateLimits limits, Parts parts);

  /// `remaining` and `retry_after` are estimates: others may have let in what they have not told, or come
  /// first.
  boost::asio::awaitable<skymarshal::Result<limits::RateDecision>> admit(const Principal& principal) override;
  limits::CountedFor counted_for() const override;

  /// As of the local limiter, which is told apart.
  void set_limits(limits::RateLimits limits);

  /// How many reports it has sent.
  std::int64_t reports() const { return reports_; }

 private:
  template <typename T>
  using Awaitable = boost::asio::awaitable<T>;

  struct Count {
    limits::SharedCount count;
    std::vector<std::string> stale = {};
    std::int64_t number_ms = 0;
    /// The last answer of the table about it.
    SteadyTime answered_at = {};
  };
  struct Shelf {
    Mutex mutex;
    std::unordered_map<std::string, Count> counts GUARDED_BY(mutex);
    std::size_t look_for_idle_at GUARDED_BY(mutex) = 256;
  };
  struct Share {
    bool let_in = true;
    Milliseconds retry_after{};
    std::int64_t remaining = 0;
    SharedWindowKey key = {};
    limits::RateLimit limit = {};
  };
  enum class Step { done, wait, renew };

  struct Patience {
    /// The table's last answer, or the beginning.
    SteadyTime heard_at;
    SteadyTime end;
  };

  Awaitable<Share> ask(SharedWindowKey key, limits::RateLimit limit, Patience& patience);
  Awaitable<Share> ask_account(limits::RateLimit limit, Patience& patience);
  SteadyTime answered_at(const SharedWindowKey& key, limits::RateLimit limit);
  Step take(Share& share, bool alone);
  void put_back(const Share& share);
  /// True: the table has answered.
  Awaitable<bool> tell(SharedWindowKey key, limits::RateLimit limit);
  Awaitable<void> tell_in_background(SharedWindowKey key, limits::RateLimit limit);
  Awaitable<dynamodb::Result<Item>> send(const SharedWindowKey& key, const SharedWindowReport& report);
  SharedWindowReport begin(const SharedWindowKey& key, limits::RateLimit limit, WallTime now);
  bool end(const SharedWindowKey& key, limits::RateLimit limit, std::int64_t oldest, const Item& item);
  void fail(const SharedWindowKey& key, limits::RateLimit limit);

  void begin_alone(std::string_view why);
  void end_alone();
  bool may_try_table();

  Shelf& shelf_of(const std::string& name);
  /// Null if no more can be remembered.
  Count* find(Shelf& shelf, const std::string& name, limits::RateLimit limit) REQUIRES(shelf.mutex);
  std::shared_ptr<const limits::RateLimits> current_limits() const;

  const SharedRateLimiterOptions options_;
  limits::LocalRateLimiter& local_;
  const std::unique_ptr<Client> client_;
  const Clock& clock_;
  Logger& log_;
  /// This process among all gateways.
  const std::string name_;
  mutable Mutex limits_mutex_;
  std::shared_ptr<const limits::RateLimits> limits_ GUARDED_BY(limits_mutex_);
  std::array<Shelf, 64> shelves_;
  SingleFlight<SharedWindowKey, bool> flights_;
  /// Where the account's requests are counted until there is no more room.
  std::atomic<std::int64_t> account_shard_;
  std::atomic<bool> is_alone_ = false;
  /// Of the steady clock, in milliseconds.
  std::atomic<std::int64_t> try_again_ms_ = 0;
  std::atomic<std::int64_t> reports_ = 0;
};

}  // namespace skymarshal::dynamodb
