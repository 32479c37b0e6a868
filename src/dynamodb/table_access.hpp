// What the stores over DynamoDB share: the client, the names of the tables, the times after which things go,
// and the one place where a failure of DynamoDB is logged and becomes one of the store. Shared by all
// threads.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "dynamodb/client.hpp"
#include "dynamodb/error.hpp"
#include "dynamodb/stored_text.hpp"
#include "dynamodb/tables.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace skymarshal::dynamodb {

struct StoreOptions {
  TableNames names;
  std::chrono::minutes expire_after{30};
  std::chrono::days retain_for{30};
  std::chrono::hours journal_retain{24};
  /// Longest page of a list.
  std::size_t page_items_max = 500;
  /// A page of a history, or a part of a journal, ends with what brings it over this.
  std::size_t page_bytes_max = 8U << 20;
  std::size_t read_bytes_max = 1U << 20;
  /// A list of invocations in one state looks at so many in one question, and asks no more of them for a
  /// page: DynamoDB counts, and charges for, what it reads before the filter sees it.
  std::size_t filtered_items_max = 1'000;
  int filtered_questions_max = 5;
  /// Also keep answers as maps, of at most so many bytes in their wire form, for whoever looks into the
  /// table; 0: never.
  std::size_t readable_bytes_max = 64U << 10;
};

/// How often a write is tried that somebody else was quicker than: each time somebody gets on, so that so
/// many times say that something is wrong.
inline constexpr int races_max = 100;

class TableAccess {
 public:
  /// `clock`, `random` and `log` must outlive it.
  TableAccess(StoreOptions options, std::unique_ptr<Client> client, const Clock& clock, RandomSource& random,
              Logger& log);
  TableAccess(const TableAccess&) = delete;
  TableAccess& operator=(const TableAccess&) = delete;

  Client& client() const { return *client_; }
  const StoreOptions& options() const { return options_; }
  SteadyTime steady_now() const { return clock_.steady_now(); }
  WallTime now() const { return clock_.wall_now(); }
  TextTable session_texts() const { return {options_.names.sessions, "session_id", "timestamp"}; }
  TextTable invocation_texts() const { return {options_.names.invocations, "request_id", "seq"}; }

  /// When what was last touched at `time` may go, in seconds since 1970.
  std::int64_t session_ttl(WallTime time) const;
  /// Of what a session holds: it goes behind its session, whose ttl moves on with each turn.
  std::int64_t content_ttl(WallTime time) const;
  std::int64_t journal_ttl(WallTime time) const;
  /// A word that nobody has said before: by it a write that comes twice knows itself.
  std::string fresh_word() const;

  /// Errc::store_unavailable; what went wrong is said in the log, and seldom. Errc::store_refused for what is
  /// ErrorKind::invalid, said each time.
  skymarshal::Error failed(const Error& error) const;
  /// The same for a write that somebody else is always quicker than.
  skymarshal::Error lost_races() const;
  /// Errc::store_refused, for an item that we never wrote.
  skymarshal::Error not_ours(std::string_view what) const;

 private:
  const StoreOptions options_;
  const std::unique_ptr<Client> client_;
  const Clock& clock_;
  RandomSource& random_;
  Logger& log_;
  /// When it was last said, by the steady clock in milliseconds, and what has not been said since.
  mutable std::atomic<std::int64_t> said_at_ms_;
  mutable std::atomic<std::int64_t> unsaid_ = 0;
};

}  // namespace skymarshal::dynamodb
