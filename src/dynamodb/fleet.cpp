#include "dynamodb/fleet.hpp"

#include "base/crypto.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

namespace skymarshal::dynamodb {
namespace {

/// Gateways are listed in partitions of the table of invocations: more than one, as each writes every few
/// seconds, and few, as each looks through all of them.
constexpr unsigned runner_shards = 4;
/// A dead one is spoken of until somebody has ended what it left.
constexpr std::chrono::days remembered_for{30};

std::string runners_partition(unsigned shard) { return fmt::format("runners#{}", shard); }

/// Its place: which partition, and where in it, by 60 bits of its name's digest.
Item runner_key(std::string_view runner) {
  const Sha256 digest = sha256(runner);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 7; ++i) number = number << 8U | digest[i];
  return Item()
      .text("request_id", runners_partition(digest[8] % runner_shards))
      .number("seq", static_cast<std::int64_t>(number));
}

}  // namespace

Fleet::Fleet(Options options, std::shared_ptr<TableAccess> lease, std::shared_ptr<TableAccess> data)
    : options_(std::move(options)),
      access_(std::move(lease)),
      life_(options_.runner + '#' + access_->fresh_word()),
      invocations_(data),
      sessions_(data, forget_by(data)) {}

Fleet::Answer<std::vector<RequestId>> Fleet::renew() {
  const auto noted = co_await note_life();
  if (!noted) co_return noted.error();
  co_return co_await invocations_.stop_asked(options_.runner);
}

Fleet::Answer<void> Fleet::note_life() {
  const WallTime now = access_->now();
  const SteadyTime asked_at = access_->steady_now();
  Item item = runner_key(options_.runner);
  // Not under the name by which the index of open invocations finds them.
  item.text("name", options_.runner).text("life", life_);
  item.number("until", unix_ms(now + options_.lease));
  item.number("ttl", unix_ms(now + remembered_for) / 1000);
  Call call("PutItem", access_->options().names.invocations);
  const auto written = co_await write(std::move(call.item(std::move(item))));
  if (written)
    note_renewal(asked_at);
  else
    note_failure();
  co_return written;
}

/// They come four times a lease.
void Fleet::note_renewal(SteadyTime at) {
  const Milliseconds gap_max = options_.lease * 3 / 4;
  const MutexLock lock(mutex_);
  if (!renewals_ || at - renewals_->last > gap_max || renewals_->has_failed)
    renewals_.emplace(Renewals{at, at});
  renewals_->last = std::max(renewals_->last, at);
}

void Fleet::note_failure() {
  const MutexLock lock(mutex_);
  if (renewals_) renewals_->has_failed = true;
}

/// By a lease that has not run out: others may have forgotten of it since.
bool Fleet::is_known() const {
  const MutexLock lock(mutex_);
  return renewals_ && access_->steady_now() - renewals_->last < options_.lease;
}

bool Fleet::can_tell() const {
  const SteadyTime now = access_->steady_now();
  const MutexLock lock(mutex_);
  return renewals_ && !renewals_->has_failed && now - renewals_->last < options_.lease &&
         now - renewals_->first >= options_.lease + options_.clock_difference_max;
}

Fleet::Answer<void> Fleet::resign() {
  Call call("DeleteItem", access_->options().names.invocations);
  return write(std::move(call.key(runner_key(options_.runner))));
}

Fleet::Answer<std::vector<std::string>> Fleet::dead_runners() {
  std::vector<std::string> dead;
  if (!can_tell()) co_return dead;
  for (unsigned shard = 0; shard < runner_shards; ++shard) {
    std::optional<Item> next = Item();
    while (next) {
      Call call("Query", access_->options().names.invocations);
      call.key_condition("#request_id = :runners").values(Item().text(":runners", runners_partition(shard)));
      if (!next->empty()) call.start_behind(*next);
      auto page = co_await access_->client().page(std::move(call));
      if (!page) co_return access_->failed(page.error());
      for (const Item& item : page->items) {
        const auto name = item.find_text("name");
        if (!name || name == options_.runner) continue;
        if (has_run_out(item.find_number("until").value_or(0))) dead.emplace_back(*name);
      }
      next = std::move(page->next);
    }
  }
  co_return dead;
}

/// Not one that has risen since.
Fleet::Answer<void> Fleet::bury(std::string runner) {
  if (!can_tell()) co_return skymarshal::Result<void>();
  Call call("DeleteItem", access_->options().names.invocations);
  call.key(runner_key(runner)).condition("#until < :limit");
  call.values(Item().number(":limit", unix_ms(access_->now() - options_.clock_difference_max)));
  co_return co_await write(std::move(call));
}

Fleet::Answer<void> Fleet::ask_to_end(RequestId id, Principal owner) {
  return invocations_.ask_to_stop(id, std::move(owner));
}

Fleet::Answer<bool> Fleet::take_turn(SessionId session, Principal owner, RequestId request) {
  SessionTable::TurnWish wish{request, life_, 0};
  for (int attempt = 0; attempt < 3; ++attempt) {
    // Others must not find the holder of a turn unknown.
    if (!is_known()) {
      const auto noted = co_await note_life();
      if (!noted) co_return noted.error();
    }
    wish.until_ms = unix_ms(access_->now() + options_.turn_time_max);
    const auto turn = co_await sessions_.take_turn(session, owner, wish);
    if (!turn) co_return turn.error();
    if (!*turn) co_return true;
    if ((*turn)->holder == request.view()) {
      if (is_known()) co_return true;
      // It stood still meanwhile: others may have found it unknown, and have taken the turn.
      continue;
    }
    const auto left = co_await has_left((*turn)->runner);
    // Another has it, as far as anybody knows.
    if (!left || !*left) co_return false;
    wish.dead_holder = (*turn)->holder;
  }
  co_return false;
}

Fleet::Answer<void> Fleet::give_turn_back(SessionId session, RequestId request) {
  return sessions_.give_turn_back(session, request);
}

Fleet::Answer<bool> Fleet::is_dead(std::string runner) {
  if (!can_tell()) co_return false;
  const auto item = co_await item_of(runner);
  if (!item) co_return item.error();
  co_return !*item || has_run_out((*item)->find_number("until").value_or(0));
}

/// One that nobody has heard of has resigned, was buried, or has begun another life: that needs no lease.
Fleet::Answer<bool> Fleet::has_left(std::string life) {
  const std::string runner = life.substr(0, life.rfind('#'));
  const auto item = co_await item_of(runner);
  if (!item) co_return item.error();
  if (!*item || (*item)->find_text("life") != life) co_return true;
  co_return can_tell() && has_run_out((*item)->find_number("until").value_or(0));
}

Fleet::Answer<std::optional<Item>> Fleet::item_of(std::string_view runner) {
  Call call("GetItem", access_->options().names.invocations);
  call.key(runner_key(runner)).consistent();
  auto item = co_await access_->client().get(std::move(call));
  if (!item) co_return access_->failed(item.error());
  co_return *std::move(item);
}

bool Fleet::has_run_out(std::int64_t until_ms) const {
  return from_unix_ms(until_ms) + options_.clock_difference_max < access_->now();
}

Fleet::Answer<void> Fleet::write(Call call) {
  const auto written = co_await access_->client().write(std::move(call));
  if (!written && !is_condition(written.error())) co_return access_->failed(written.error());
  co_return skymarshal::Result<void>();
}

}  // namespace skymarshal::dynamodb
