// A session store in memory for tests of the core: does what the port asks for, remembers what it was given,
// and fails on demand. For one thread.
#pragma once

#include "invocations/session_errors.hpp"
#include "invocations/session_store.hpp"

#include <algorithm>
#include <charconv>
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
  /// Called with every interaction before it is saved.
  std::function<void(const invocations::Interaction&)> on_save = [](const invocations::Interaction&) {};
  /// Everything that save() took, in order.
  std::vector<invocations::Interaction> saved;
  int claims = 0;
  int probes = 0;

  Reply<invocations::Session> create(SessionId id, Principal owner) override {
    co_await step();
    if (down) co_return unavailable();
    if (rows_.contains(id)) co_return make_error(Errc::internal, "the session exists already");
    co_return session_of(add(id, owner));
  }

  Reply<invocations::Session> claim(SessionId id, Principal principal) override {
    ++claims;
    co_await step();
    if (down) co_return unavailable();
    const auto found = rows_.find(id);
    if (found == rows_.end()) co_return session_of(add(id, principal));
    if (found->second.owner != principal) co_return invocations::session_not_found();
    if (is_expired(found->second)) co_return invocations::session_expired();
    co_return session_of(found->second);
  }

  Reply<invocations::SaveOutcome> save(invocations::Interaction interaction) override {
    on_save(interaction);
    co_await step();
    if (throws) throw std::runtime_error("the store has a bug");
    if (down) co_return unavailable();
    auto found = rows_.find(interaction.session_id);
    if (found != rows_.end() && found->second.owner != interaction.principal) {
      co_return invocations::session_not_found();
    }
    if (found == rows_.end()) {
      add(interaction.session_id, interaction.principal);
      found = rows_.find(interaction.session_id);
    }
    saved.push_back(interaction);
    auto& row = found->second;
    row.interactions.push_back(std::move(interaction));
    row.last_activity_at = std::max(row.last_activity_at, row.interactions.back().timestamp);
    co_return outcome;
  }

  Reply<invocations::SessionPage> list(Principal principal, invocations::SessionFilter filter,
                                       invocations::PageRequest page) override {
    co_await step();
    if (down) co_return unavailable();
    std::vector<invocations::Session> own;
    for (const auto& [id, row] : rows_) {
      const bool wanted = filter == invocations::SessionFilter::all ||
                          (filter == invocations::SessionFilter::expired) == is_expired(row);
      if (row.owner == principal && wanted) own.push_back(session_of(row));
    }
    std::ranges::sort(own, [](const invocations::Session& a, const invocations::Session& b) {
      return std::tie(b.last_activity_at, a.id) < std::tie(a.last_activity_at, b.id);
    });
    const auto from = position_of(page.cursor);
    if (!from) co_return make_error(Errc::invalid_request, "the cursor is not ours");
    invocations::SessionPage out;
    for (std::size_t i = *from; i < own.size() && out.sessions.size() < page.limit; ++i) {
      out.sessions.push_back(own[i]);
    }
    const std::size_t next = *from + out.sessions.size();
    if (next < own.size()) out.next_cursor = std::to_string(next);
    co_return out;
  }

  Reply<invocations::SessionHistory> history(SessionId id, Principal principal,
                                             invocations::PageRequest page) override {
    co_await step();
    if (down) co_return unavailable();
    const auto found = rows_.find(id);
    if (found == rows_.end() || found->second.owner != principal) co_return invocations::session_not_found();
    const auto from = position_of(page.cursor);
    if (!from) co_return make_error(Errc::invalid_request, "the cursor is not ours");
    invocations::SessionHistory out;
    out.session = session_of(found->second);
    const auto& all = found->second.interactions;
    for (std::size_t i = *from; i < all.size() && out.interactions.size() < page.limit; ++i) {
      out.interactions.push_back(all[i]);
    }
    const std::size_t next = *from + out.interactions.size();
    if (next < all.size()) out.next_cursor = std::to_string(next);
    co_return out;
  }

  Reply<void> erase(SessionId id, Principal principal) override {
    co_await step();
    if (down) co_return unavailable();
    const auto found = rows_.find(id);
    if (found == rows_.end() || found->second.owner != principal) co_return invocations::session_not_found();
    rows_.erase(found);
    co_return Result<void>();
  }

  Reply<std::size_t> remove_old() override { co_return std::size_t{0}; }

  Reply<void> probe() override {
    ++probes;
    co_await step();
    if (down) co_return unavailable();
    co_return Result<void>();
  }

  bool contains(const SessionId& id) const { return rows_.contains(id); }

 private:
  struct Row {
    SessionId id;
    Principal owner;
    WallTime created_at;
    WallTime last_activity_at;
    std::vector<invocations::Interaction> interactions;
  };

  /// Answers later, as every real store does.
  static boost::asio::awaitable<void> step() {
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
  }

  static Error unavailable() { return make_error(Errc::store_unavailable, "the store is down: try again"); }

  static std::optional<std::size_t> position_of(const std::string& cursor) {
    std::size_t position = 0;
    const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), position);
    if (cursor.empty()) return 0;
    return error == std::errc() && end == cursor.data() + cursor.size() ? std::optional(position)
                                                                        : std::nullopt;
  }

  bool is_expired(const Row& row) const { return clock_.wall_now() - row.last_activity_at > expire_after; }

  const Row& add(const SessionId& id, const Principal& owner) {
    const WallTime now = clock_.wall_now();
    return rows_.emplace(id, Row{id, owner, now, now, {}}).first->second;
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
  std::map<SessionId, Row> rows_;
};

}  // namespace skymarshal::test
