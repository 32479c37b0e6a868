// A session store in memory for tests of the core: keeps the contract of stores (tests/contract), remembers
// what it was given, and fails on demand. Calls may come from any thread; what a test sets or reads directly
// is for tests of one thread.
#pragma once

#include "base/mutex.hpp"
#include "base/text.hpp"
#include "invocations/session_errors.hpp"
#include "invocations/session_store.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <tuple>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace skymarshal::test {

class MemorySessionStore final : public invocations::SessionStore {
 public:
  template <typename T>
  using Reply = boost::asio::awaitable<Result<T>>;

  explicit MemorySessionStore(const Clock& clock) : clock_(clock) {}

  /// Every call fails with Errc::store_unavailable.
  bool down = false;
  /// save() throws, as code with a bug would.
  bool throws = false;
  invocations::SaveOutcome outcome = invocations::SaveOutcome::stored;
  Milliseconds expire_after = std::chrono::minutes(30);
  Milliseconds retain_for = std::chrono::days(30);
  /// Called with every interaction before it is saved.
  std::function<void(const invocations::Interaction&)> on_save = [](const invocations::Interaction&) {};
  /// Called when a session is about to be claimed.
  std::function<void()> on_claim = [] {};
  /// Rounds of the event loop that each call takes beyond the first.
  int slowness = 0;
  /// What outboxed() says.
  std::size_t set_aside = 0;
  /// What refused() says.
  std::size_t put_beside = 0;
  /// Everything that save() took, in order.
  std::vector<invocations::Interaction> saved;
  int claims = 0;
  int probes = 0;

  Reply<invocations::Session> create(SessionId id, Principal owner) override {
    co_await step();
    if (down) co_return unavailable();
    const MutexLock lock(mutex_);
    if (rows_.contains(id)) co_return make_error(Errc::internal, "the session exists already");
    co_return session_of(add(id, owner, clock_.wall_now()));
  }

  Reply<invocations::Session> claim(SessionId id, Principal principal) override {
    co_await step();
    on_claim();
    const MutexLock lock(mutex_);
    ++claims;
    if (down) co_return unavailable();
    const auto found = rows_.find(id);
    if (found == rows_.end()) co_return session_of(add(id, principal, clock_.wall_now()));
    if (found->second.owner != principal) co_return invocations::session_not_found();
    if (is_expired(found->second)) co_return invocations::session_expired();
    co_return session_of(found->second);
  }

  Reply<invocations::SaveOutcome> save(invocations::Interaction interaction) override {
    on_save(interaction);
    co_await step();
    if (throws) throw std::runtime_error("the store has a bug");
    if (down) co_return unavailable();
    const MutexLock lock(mutex_);
    const auto found = rows_.find(interaction.session_id);
    const bool is_new = found == rows_.end();
    Row& row =
        is_new ? add(interaction.session_id, interaction.principal, interaction.timestamp) : found->second;
    if (row.owner != interaction.principal) co_return invocations::session_not_found();
    saved.push_back(interaction);
    if (!knows(row, interaction.request_id)) remember(row, std::move(interaction));
    co_return outcome;
  }

  /// What the request's interaction says; it stays where it is.
  void replace(const invocations::Interaction& interaction) {
    const MutexLock lock(mutex_);
    for (auto& [time, kept] : rows_.at(interaction.session_id).interactions) {
      if (kept.request_id != interaction.request_id) continue;
      const WallTime at = kept.timestamp;
      kept = interaction;
      kept.timestamp = at;
    }
  }

  Reply<invocations::SessionPage> list(Principal principal, invocations::SessionFilter filter,
                                       invocations::PageRequest page) override {
    co_await step();
    if (down) co_return unavailable();
    const std::string scope = principal.id + " list " + std::to_string(static_cast<int>(filter));
    const auto after = position_of(page, scope);
    if (!after) co_return after.error();
    const MutexLock lock(mutex_);
    std::vector<invocations::Session> own;
    for (const auto& [id, row] : rows_) {
      const bool wanted = filter == invocations::SessionFilter::all ||
                          (filter == invocations::SessionFilter::expired) == is_expired(row);
      const bool comes = page.cursor.empty() || std::tuple(unix_ms(row.last_activity_at), id.str()) <
                                                    std::tie(after->time_ms, after->name);
      if (row.owner == principal && wanted && comes) own.push_back(session_of(row));
    }
    std::ranges::sort(own, [](const invocations::Session& a, const invocations::Session& b) {
      return std::tie(b.last_activity_at, b.id) < std::tie(a.last_activity_at, a.id);
    });
    invocations::SessionPage out;
    const bool has_more = own.size() > page.limit;
    if (has_more) own.resize(page.limit);
    if (has_more)
      out.next_cursor = cursor_of({unix_ms(own.back().last_activity_at), own.back().id.str()}, scope);
    out.sessions = std::move(own);
    co_return out;
  }

  Reply<invocations::SessionHistory> history(SessionId id, Principal principal,
                                             invocations::PageRequest page) override {
    co_await step();
    if (down) co_return unavailable();
    const std::string scope = principal.id + " history " + id.str();
    const auto after = position_of(page, scope);
    if (!after) co_return after.error();
    const MutexLock lock(mutex_);
    const auto found = rows_.find(id);
    if (found == rows_.end() || found->second.owner != principal) co_return invocations::session_not_found();
    invocations::SessionHistory out;
    out.session = session_of(found->second);
    const auto& all = found->second.interactions;
    auto next = page.cursor.empty() ? all.begin() : all.upper_bound(from_unix_ms(after->time_ms));
    for (; next != all.end() && out.interactions.size() < page.limit; ++next) {
      out.interactions.push_back(next->second);
    }
    if (next != all.end()) {
      out.next_cursor = cursor_of({unix_ms(out.interactions.back().timestamp), {}}, scope);
    }
    co_return out;
  }

  Reply<void> erase(SessionId id, Principal principal) override {
    co_await step();
    if (down) co_return unavailable();
    const MutexLock lock(mutex_);
    const auto found = rows_.find(id);
    if (found == rows_.end() || found->second.owner != principal) co_return invocations::session_not_found();
    rows_.erase(found);
    co_return Result<void>();
  }

  Reply<std::size_t> remove_old() override {
    co_await step();
    if (down) co_return unavailable();
    const MutexLock lock(mutex_);
    co_return std::erase_if(rows_, [this](const auto& entry) {
      return clock_.wall_now() - entry.second.last_activity_at > retain_for;
    });
  }

  Reply<void> probe() override {
    ++probes;
    co_await step();
    if (down) co_return unavailable();
    co_return Result<void>();
  }

  std::size_t outboxed() const override { return set_aside; }
  std::size_t refused() const override { return put_beside; }

  bool contains(const SessionId& id) const {
    const MutexLock lock(mutex_);
    return rows_.contains(id);
  }

 private:
  struct Row {
    SessionId id;
    Principal owner;
    WallTime created_at;
    WallTime last_activity_at;
    std::map<WallTime, invocations::Interaction> interactions;
  };
  struct Position {
    std::int64_t time_ms = 0;
    std::string name;
  };

  /// Answers later, as every real store does.
  boost::asio::awaitable<void> step() const {
    const auto executor = co_await boost::asio::this_coro::executor;
    for (int round = 0, rounds = 1 + slowness; round < rounds; ++round) {
      co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
  }

  static Error unavailable() { return make_error(Errc::store_unavailable, "the store is down: try again"); }

  /// TIME:NAME:CHECK, where CHECK is good for one list only.
  static std::string cursor_of(const Position& position, const std::string& scope) {
    const std::string place = std::to_string(position.time_ms) + ':' + position.name;
    return place + ':' + std::to_string(std::hash<std::string>()(scope + place));
  }

  /// Of the start if the page has no cursor.
  static Result<Position> position_of(const invocations::PageRequest& page, const std::string& scope) {
    if (page.limit == 0) return make_error(Errc::invalid_request, "limit must be at least 1");
    if (page.cursor.empty()) return Position();
    const std::vector<std::string_view> parts = split(page.cursor, ':');
    const auto time_ms = parse_number<std::int64_t>(parts[0]);
    if (parts.size() == 3 && time_ms) {
      const Position position{*time_ms, std::string(parts[1])};
      if (cursor_of(position, scope) == page.cursor) return position;
    }
    return make_error(Errc::invalid_request, "the cursor is not ours");
  }

  static bool knows(const Row& row, const RequestId& id) {
    return std::ranges::any_of(row.interactions,
                               [&id](const auto& each) { return each.second.request_id == id; });
  }

  static void remember(Row& row, invocations::Interaction interaction) {
    while (row.interactions.contains(interaction.timestamp)) interaction.timestamp += Milliseconds(1);
    row.last_activity_at = std::max(row.last_activity_at, interaction.timestamp);
    row.interactions.emplace(interaction.timestamp, std::move(interaction));
  }

  bool is_expired(const Row& row) const { return clock_.wall_now() - row.last_activity_at > expire_after; }

  Row& add(const SessionId& id, const Principal& owner, WallTime at) REQUIRES(mutex_) {
    return rows_.emplace(id, Row{id, owner, at, at, {}}).first->second;
  }

  invocations::Session session_of(const Row& row) const {
    return {row.id,
            row.owner,
            row.created_at,
            row.last_activity_at,
            static_cast<std::int64_t>(row.interactions.size()),
            is_expired(row)};
  }

  const Clock& clock_;
  mutable Mutex mutex_;
  std::map<SessionId, Row> rows_ GUARDED_BY(mutex_);
};

}  // namespace skymarshal::test
