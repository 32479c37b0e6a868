#include "dynamodb/table_access.hpp"

#include <utility>

namespace skymarshal::dynamodb {
namespace {

constexpr std::int64_t say_again_after_ms = 10'000;

/// Longer than any invocation runs: what it said first must be there until a day after its end.
constexpr std::chrono::hours running_time_max{48};

std::int64_t in_seconds(WallTime time) {
  return std::chrono::ceil<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

TableAccess::TableAccess(StoreOptions options, std::unique_ptr<Client> client, const Clock& clock,
                         RandomSource& random, Logger& log)
    : options_(std::move(options)),
      client_(std::move(client)),
      clock_(clock),
      random_(random),
      log_(log),
      said_at_ms_(-say_again_after_ms) {}

std::int64_t TableAccess::session_ttl(WallTime time) const { return in_seconds(time + options_.retain_for); }

std::int64_t TableAccess::content_ttl(WallTime time) const {
  return in_seconds(time + 2 * options_.retain_for);
}

std::int64_t TableAccess::journal_ttl(WallTime time) const {
  return in_seconds(time + options_.journal_retain + running_time_max);
}

std::string TableAccess::fresh_word() const { return RequestId::generate(random_).str(); }

skymarshal::Error TableAccess::failed(const Error& error) const {
  if (error.kind == ErrorKind::invalid) {
    log_.error("dynamodb_refused", {{"error_message", std::string_view(error.message)}});
    return make_error(Errc::store_refused,
                      "the session store does not take this: trying again will not help");
  }
  const std::int64_t now_ms =
      std::chrono::duration_cast<Milliseconds>(clock_.steady_now().time_since_epoch()).count();
  std::int64_t said_at_ms = said_at_ms_;
  const bool is_due = now_ms - said_at_ms >= say_again_after_ms;
  if (is_due && said_at_ms_.compare_exchange_strong(said_at_ms, now_ms)) {
    log_.warning("dynamodb_failed", {{"error_message", std::string_view(error.message)},
                                     {"not_told_since", unsaid_.exchange(0)}});
  } else {
    ++unsaid_;
  }
  return make_error(Errc::store_unavailable, "the session store is not available: try again soon");
}

skymarshal::Error TableAccess::lost_races() const {
  return failed({ErrorKind::unavailable, "too many writers want the same item at once"});
}

skymarshal::Error TableAccess::not_ours(std::string_view what) const {
  return failed({ErrorKind::invalid, std::string(what) + " in the table is not as this program writes it"});
}

}  // namespace skymarshal::dynamodb
