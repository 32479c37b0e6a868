#include "dynamodb/shared_rate_limiter.hpp"

#include "base/spawn.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

namespace skymarshal::dynamodb {
namespace {

using limits::RateDecision;
using limits::RateLimit;
using limits::SharedCount;

/// After it nobody sends a report a second time.
constexpr Milliseconds writers_kept_for{3'600'000};
/// So that an item is not gone, by a clock that is ahead, while it counts.
constexpr std::chrono::seconds ttl_reserve{300};
/// What is found too much is taken back at once; more rounds would be for others, who send their own.
constexpr int rounds_max = 3;

std::string count_name(const SharedWindowKey& key) {
  return fmt::format("{}\n{}", key.client_id, key.window_ms);
}

std::int64_t in_milliseconds(SteadyTime time) {
  return std::chrono::duration_cast<Milliseconds>(time.time_since_epoch()).count();
}

RateLimit limit_of_tier(const limits::RateLimits& limits, const Principal& principal) {
  const auto tier = limits.tiers.find(principal.tier);
  return tier == limits.tiers.end() ? limits.principal : tier->second;
}

std::string fresh_name(RandomSource& random) {
  // Enough to tell the gateways of one table apart, and short, as it stands in every item.
  std::string name = RequestId::generate(random).str();
  std::erase(name, '-');
  return name.substr(0, 8);
}

}  // namespace

SharedRateLimiter::SharedRateLimiter(SharedRateLimiterOptions options, limits::RateLimits limits, Parts parts)
    : options_(std::move(options)),
      local_(parts.local),
      client_(std::move(parts.client)),
      clock_(parts.clock),
      log_(parts.log),
      name_(fresh_name(parts.random)),
      limits_(std::make_shared<const limits::RateLimits>(std::move(limits))),
      // Any, so that not all gateways begin with the same.
      account_shard_(static_cast<std::int64_t>(std::hash<std::string>()(name_) % 64)) {}

boost::asio::awaitable<skymarshal::Result<RateDecision>> SharedRateLimiter::admit(
    const Principal& principal) {
  const auto limits = current_limits();
  const SteadyTime began = std::chrono::steady_clock::now();
  Patience patience{began, began + std::max(options_.wait_max, options_.turn_wait_max)};
  const RateLimit limit = limit_of_tier(*limits, principal);
  SharedWindowKey key{"principal#" + principal.id, limit.window.count()};
  const Share own = co_await ask(std::move(key), limit, patience);
  RateDecision decision;
  decision.limit = limit;
  decision.admitted = false;
  if (!own.let_in) {
    decision.exceeded = limit;
    decision.reset_after = decision.retry_after = own.retry_after;
    co_return decision;
  }
  const Share of_all = co_await ask_account(limits->account, patience);
  if (!of_all.let_in) {
    put_back(own);
    decision.by_account = true;
    decision.exceeded = limits->account;
    decision.remaining = own.remaining;
    decision.reset_after = decision.retry_after = of_all.retry_after;
    co_return decision;
  }
  auto decided = local_.decide(principal, clock_.steady_now());
  if (!decided || !decided->admitted) {
    put_back(own);
    put_back(of_all);
    co_return decided;
  }
  if (limit.requests > 0) decided->remaining = std::min(decided->remaining, own.remaining);
  co_return decided;
}

limits::CountedFor SharedRateLimiter::counted_for() const {
  return is_alone_ ? limits::CountedFor::gateway_for_now : limits::CountedFor::fleet;
}

void SharedRateLimiter::set_limits(limits::RateLimits limits) {
  auto next = std::make_shared<const limits::RateLimits>(std::move(limits));
  const MutexLock lock(limits_mutex_);
  limits_ = std::move(next);
}

std::shared_ptr<const limits::RateLimits> SharedRateLimiter::current_limits() const {
  const MutexLock lock(limits_mutex_);
  return limits_;
}

/// All shards are asked before the account is refused, from where there was room last.
SharedRateLimiter::Awaitable<SharedRateLimiter::Share> SharedRateLimiter::ask_account(RateLimit limit,
                                                                                      Patience& patience) {
  const std::int64_t shards =
      std::clamp<std::int64_t>(limit.requests / options_.account_shard_requests_min, 1,
                               std::max<std::int64_t>(1, options_.account_shards_max));
  Share share;
  Milliseconds retry_after = Milliseconds::max();
  const std::int64_t first = account_shard_;
  for (std::int64_t i = 0; i < shards; ++i) {
    const std::int64_t shard = (first + i) % shards;
    const std::int64_t rest = shard < limit.requests % shards ? 1 : 0;
    const RateLimit part{limit.requests / shards + rest, limit.window};
    SharedWindowKey key{fmt::format("account#{}", shard), limit.window.count()};
    share = co_await ask(std::move(key), part, patience);
    if (share.let_in) {
      account_shard_ = shard;
      co_return share;
    }
    retry_after = std::min(retry_after, share.retry_after);
  }
  share.retry_after = retry_after;
  co_return share;
}

SharedRateLimiter::Awaitable<SharedRateLimiter::Share> SharedRateLimiter::ask(SharedWindowKey key,
                                                                              RateLimit limit,
                                                                              Patience& patience) {
  Share share;
  share.key = std::move(key);
  share.limit = limit;
  if (limit.requests <= 0) co_return share;
  for (;;) {
    const bool alone = is_alone_;
    const Step step = take(share, alone);
    if (step == Step::renew || (alone && may_try_table())) {
      const auto executor = co_await boost::asio::this_coro::executor;
      spawn_or_log(executor, tell_in_background(share.key, limit), log_, "rate_limit_report");
    }
    if (step != Step::wait) co_return share;
    const SteadyTime until = std::min(patience.heard_at + options_.wait_max, patience.end);
    const auto told = co_await flights_.run_until(until, share.key, tell(share.key, limit));
    const SteadyTime now = std::chrono::steady_clock::now();
    patience.heard_at = told ? now : std::max(patience.heard_at, answered_at(share.key, limit));
    if (told) continue;
    if (now >= patience.heard_at + options_.wait_max) {
      begin_alone(
          fmt::format("the table of rate limits says nothing within {} ms", options_.wait_max.count()));
    } else if (now >= patience.end) {
      // The table is well, and others were always first: whether there is room nobody knows yet.
      share.let_in = false;
      share.retry_after = options_.retry_pause;
      co_return share;
    }
  }
}

SharedRateLimiter::Step SharedRateLimiter::take(Share& share, bool alone) {
  const std::string name = count_name(share.key);
  const WallTime now = clock_.wall_now();
  Shelf& shelf = shelf_of(name);
  const MutexLock lock(shelf.mutex);
  Count* const found = find(shelf, name, share.limit);
  share.remaining = share.limit.requests;
  if (found == nullptr) return Step::done;
  SharedCount& count = found->count;
  share.let_in = true;
  if (alone) {
    count.take_alone(now);
    return Step::done;
  }
  const SharedCount::Answer answer = count.take(now);
  if (answer == SharedCount::Answer::must_ask) return Step::wait;
  share.let_in = answer == SharedCount::Answer::let_in;
  share.retry_after = share.let_in ? Milliseconds(0) : count.retry_after(now);
  share.remaining = count.remaining(now);
  return share.let_in && count.should_report(now) ? Step::renew : Step::done;
}

void SharedRateLimiter::put_back(const Share& share) {
  if (share.limit.requests <= 0) return;
  const std::string name = count_name(share.key);
  Shelf& shelf = shelf_of(name);
  const MutexLock lock(shelf.mutex);
  if (Count* const found = find(shelf, name, share.limit)) found->count.put_back(clock_.wall_now());
}

SharedRateLimiter::Awaitable<void> SharedRateLimiter::tell_in_background(SharedWindowKey key,
                                                                         RateLimit limit) {
  (void)co_await flights_.run(key, tell(key, limit));
}

SharedRateLimiter::Awaitable<bool> SharedRateLimiter::tell(SharedWindowKey key, RateLimit limit) {
  const SteadyTime began = std::chrono::steady_clock::now();
  for (int round = 0; round < rounds_max; ++round) {
    const SharedWindowReport report = begin(key, limit, clock_.wall_now());
    const auto told = co_await send(key, report);
    if (!told) {
      fail(key, limit);
      begin_alone(told.error().message);
      co_return false;
    }
    if (!end(key, limit, report.report.oldest, *told)) break;
  }
  // One that answers late is as good as none: who waits for it has gone on.
  if (std::chrono::steady_clock::now() - began <= options_.wait_max) end_alone();
  co_return true;
}

/// What changes nothing is asked by reading, which costs half.
SharedRateLimiter::Awaitable<dynamodb::Result<Item>> SharedRateLimiter::send(
    const SharedWindowKey& key, const SharedWindowReport& report) {
  if (!report.report.changes.empty()) {
    ++reports_;
    auto written = co_await client_->write(report_call(options_.table, key, report));
    if (written || written.error().kind != ErrorKind::condition_failed) co_return written;
    // It has been made, and its answer was lost.
  }
  auto read = co_await client_->get(read_call(options_.table, key));
  if (!read) co_return read.error();
  co_return read->value_or(Item());
}

SharedWindowReport SharedRateLimiter::begin(const SharedWindowKey& key, RateLimit limit, WallTime now) {
  const std::string name = count_name(key);
  SharedWindowReport report;
  report.writer = name_;
  report.number_ms = unix_ms(now);
  report.ttl_s =
      std::chrono::ceil<std::chrono::seconds>((now + 2 * limit.window).time_since_epoch()).count() +
      ttl_reserve.count();
  Shelf& shelf = shelf_of(name);
  const MutexLock lock(shelf.mutex);
  Count* const count = find(shelf, name, limit);
  if (count == nullptr) return report;
  report.report = count->count.begin_report(now);
  report.number_ms = count->number_ms = std::max(count->number_ms + 1, report.number_ms);
  report.stale = std::exchange(count->stale, {});
  return report;
}

bool SharedRateLimiter::end(const SharedWindowKey& key, RateLimit limit, std::int64_t oldest,
                            const Item& item) {
  const std::string name = count_name(key);
  const WallTime now = clock_.wall_now();
  SharedWindowContents contents = read_shared_window(item, oldest, unix_ms(now - writers_kept_for));
  Shelf& shelf = shelf_of(name);
  const MutexLock lock(shelf.mutex);
  Count* const count = find(shelf, name, limit);
  if (count == nullptr) return false;
  count->stale = std::move(contents.stale);
  count->answered_at = std::chrono::steady_clock::now();
  return count->count.end_report(contents.counts, now);
}

SteadyTime SharedRateLimiter::answered_at(const SharedWindowKey& key, RateLimit limit) {
  const std::string name = count_name(key);
  Shelf& shelf = shelf_of(name);
  const MutexLock lock(shelf.mutex);
  const Count* const count = find(shelf, name, limit);
  return count == nullptr ? SteadyTime() : count->answered_at;
}

void SharedRateLimiter::fail(const SharedWindowKey& key, RateLimit limit) {
  const std::string name = count_name(key);
  Shelf& shelf = shelf_of(name);
  const MutexLock lock(shelf.mutex);
  if (Count* const count = find(shelf, name, limit)) count->count.fail_report();
}

void SharedRateLimiter::begin_alone(std::string_view why) {
  try_again_ms_ = in_milliseconds(clock_.steady_now() + options_.retry_pause);
  if (is_alone_.exchange(true)) return;
  log_.warning("rate_limits_counted_alone", {{"error_message", why}});
}

void SharedRateLimiter::end_alone() {
  if (is_alone_.exchange(false)) log_.info("rate_limits_shared_again", {});
}

bool SharedRateLimiter::may_try_table() {
  const std::int64_t now_ms = in_milliseconds(clock_.steady_now());
  std::int64_t due_ms = try_again_ms_;
  return now_ms >= due_ms &&
         try_again_ms_.compare_exchange_strong(due_ms, now_ms + options_.retry_pause.count());
}

SharedRateLimiter::Shelf& SharedRateLimiter::shelf_of(const std::string& name) {
  return shelves_[std::hash<std::string>()(name) % shelves_.size()];
}

SharedRateLimiter::Count* SharedRateLimiter::find(Shelf& shelf, const std::string& name, RateLimit limit) {
  const auto found = shelf.counts.find(name);
  if (found != shelf.counts.end()) {
    found->second.count.set_limit(limit, options_.lease_percent);
    return &found->second;
  }
  if (shelf.counts.size() >= shelf.look_for_idle_at) {
    const WallTime now = clock_.wall_now();
    std::erase_if(shelf.counts, [now](auto& count) { return count.second.count.is_idle(now); });
    shelf.look_for_idle_at = std::max<std::size_t>(256, 2 * shelf.counts.size());
  }
  if (shelf.counts.size() >= std::max<std::size_t>(1, options_.counts_max / shelves_.size())) return nullptr;
  const auto added = shelf.counts.emplace(name, Count{SharedCount(limit, options_.lease_percent)}).first;
  return &added->second;
}

}  // namespace skymarshal::dynamodb
