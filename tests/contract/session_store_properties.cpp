#include "session_store_contract.hpp"
#include "support/store_samples.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test {

using invocations::Interaction;
using invocations::InteractionStatus;
using invocations::Session;
using invocations::SessionFilter;
using namespace std::chrono_literals;

namespace {

/// Text that has broken somebody's storage before.
const std::vector<std::string> odd_pieces = {
    "",
    "a",
    "Zoë",
    "\xC2\x85",
    "\xE2\x80\xA8",
    "\xEF\xBB\xBF",
    "\xEF\xBF\xBF",
    "\xF0\x9F\x9B\xAC",
    "e\xCC\x81",
    "\xE2\x80\xAE\xD7\xA9",
    std::string("\0", 1),
    "\x01\x1f\x7f",
    "'; DROP TABLE sessions; --",
    "\\u0000 \" \\",
    "\r\n\t",
    "%s%n?1:name@x$y",
    R"({"n":1.00000000000000000000001e400})",
};

std::string odd_text(std::size_t pieces_max) {
  const auto count = *rc::gen::inRange<std::size_t>(0, pieces_max);
  const auto pieces = *rc::gen::container<std::vector<std::string>>(count, rc::gen::elementOf(odd_pieces));
  std::string text;
  for (const std::string& piece : pieces) text += piece;
  return text;
}

Interaction odd_interaction(const SessionId& session, const Principal& principal, WallTime around) {
  Interaction interaction = sample_interaction(session, principal, around);
  interaction.timestamp += Milliseconds(*rc::gen::inRange(-20, 20));
  interaction.prompt = odd_text(12);
  interaction.response = share_text(odd_text(40));
  interaction.status =
      *rc::gen::element(InteractionStatus::success, InteractionStatus::error, InteractionStatus::timeout);
  interaction.execution_time_ms = *rc::gen::arbitrary<std::int64_t>();
  interaction.error_message = odd_text(4);
  return interaction;
}

using History = std::map<WallTime, Interaction>;

/// What the store is to do with a new interaction.
void remember(History& history, Interaction interaction) {
  while (history.contains(interaction.timestamp)) interaction.timestamp += 1ms;
  history.emplace(interaction.timestamp, std::move(interaction));
}

void require_same(const std::vector<Interaction>& found, const History& expected) {
  RC_ASSERT(found.size() == expected.size());
  std::size_t i = 0;
  for (const auto& [time, interaction] : expected) RC_ASSERT(same(found[i++], interaction));
}

/// Properties 3 and 7 of the specification.
TEST_P(SessionStoreContract, EverySavedInteractionComesBackWithEveryFieldUnderItsSession) {
  EXPECT_TRUE(rc::check([&] {
    const Principal owner{fresh_principal().id + odd_text(3)};
    const auto id = fresh_id<SessionId>();
    History expected;
    const auto count = *rc::gen::inRange(1, 8);
    for (int i = 0; i < count; ++i) {
      const Interaction interaction = odd_interaction(id, owner, now());
      RC_ASSERT(ask(store().save(interaction)).has_value());
      remember(expected, interaction);
    }
    const auto limit = *rc::gen::inRange<std::size_t>(1, 10);
    const auto found = whole_history(id, owner, limit);
    require_same(found, expected);
    RC_ASSERT(std::ranges::all_of(found, [&](const Interaction& i) { return i.session_id == id; }));
    RC_ASSERT(whole_list(owner).at(0).last_activity_at == std::prev(expected.end())->first);
  }));
}

/// Property 13.
TEST_P(SessionStoreContract, SessionIsExpiredExactlyWhenInactiveForLongerThanThirtyMinutes) {
  constexpr std::int64_t half_hour_ms = 30 * 60 * 1000;
  EXPECT_TRUE(rc::check([&] {
    const auto owner = fresh_principal();
    std::map<SessionId, WallTime> last_activity;
    const auto count = *rc::gen::inRange(1, 6);
    const auto gap =
        rc::gen::oneOf(rc::gen::element<std::int64_t>(0, 1, half_hour_ms - 1, half_hour_ms, half_hour_ms + 1),
                       rc::gen::inRange<std::int64_t>(0, 3 * half_hour_ms));
    for (int i = 0; i < count; ++i) {
      const auto id = fresh_id<SessionId>();
      RC_ASSERT(ask(store().claim(id, owner)).has_value());
      last_activity[id] = now();
      if (*rc::gen::arbitrary<bool>()) {
        clock().advance(Milliseconds(*rc::gen::inRange<std::int64_t>(0, half_hour_ms)));
        RC_ASSERT(ask(store().save(sample_interaction(id, owner, now()))).has_value());
        last_activity[id] = now();
      }
      clock().advance(Milliseconds(*gap));
    }
    std::set<SessionId> listed;
    for (const SessionFilter filter : {SessionFilter::active, SessionFilter::expired}) {
      for (const Session& session : whole_list(owner, filter, 2)) {
        const bool expired = now() - last_activity.at(session.id) > Milliseconds(half_hour_ms);
        RC_ASSERT(session.expired == expired);
        RC_ASSERT((filter == SessionFilter::expired) == expired);
        RC_ASSERT(listed.insert(session.id).second);
      }
    }
    RC_ASSERT(listed.size() == last_activity.size());
    for (const auto& [id, last] : last_activity) {
      const bool expired = now() - last > Milliseconds(half_hour_ms);
      const auto claimed = ask(store().claim(id, owner));
      RC_ASSERT(claimed.has_value() == !expired);
      if (!claimed) RC_ASSERT(claimed.error().code == Errc::session_expired);
      RC_ASSERT(ask(store().history(id, owner, {})).value().session.expired == expired);
    }
  }));
}

TEST_P(SessionStoreContract, WalkingAListGivesEachSessionOnceWhileOthersAppear) {
  EXPECT_TRUE(rc::check([&] {
    const auto owner = fresh_principal();
    std::vector<SessionId> expected;
    const auto count = *rc::gen::inRange(1, 12);
    for (int i = 0; i < count; ++i) {
      expected.push_back(fresh_id<SessionId>());
      RC_ASSERT(ask(store().create(expected.back(), owner)).has_value());
      // Some share a millisecond.
      clock().advance(Milliseconds(*rc::gen::inRange(0, 2)));
    }
    clock().advance(1ms);
    std::vector<Session> walked;
    invocations::PageRequest page{*rc::gen::inRange<std::size_t>(1, 8), {}};
    do {
      auto list = ask(store().list(owner, SessionFilter::all, page));
      RC_ASSERT(list.has_value());
      RC_ASSERT(list->sessions.size() <= page.limit);
      RC_ASSERT(walked.size() <= expected.size());
      walked.insert(walked.end(), list->sessions.begin(), list->sessions.end());
      page.cursor = list->next_cursor;
      RC_ASSERT(ask(store().create(fresh_id<SessionId>(), owner)).has_value());
    } while (!page.cursor.empty());

    RC_ASSERT(std::ranges::is_sorted(walked, std::greater(), &Session::last_activity_at));
    std::vector<SessionId> found;
    for (const Session& session : walked) found.push_back(session.id);
    std::ranges::sort(found);
    std::ranges::sort(expected);
    RC_ASSERT(found == expected);
  }));
}

TEST_P(SessionStoreContract, WalkingAHistoryGivesEachInteractionOnceWhileOthersAppear) {
  EXPECT_TRUE(rc::check([&] {
    const auto owner = fresh_principal();
    const auto id = fresh_id<SessionId>();
    History expected;
    const auto add = [&] {
      const auto interaction = sample_interaction(id, owner, now());
      RC_ASSERT(ask(store().save(interaction)).has_value());
      remember(expected, interaction);
    };
    const auto count = *rc::gen::inRange(1, 12);
    for (int i = 0; i < count; ++i) add();
    auto late = *rc::gen::inRange(0, 4);
    std::vector<Interaction> walked;
    invocations::PageRequest page{*rc::gen::inRange<std::size_t>(1, 8), {}};
    do {
      auto history = ask(store().history(id, owner, page));
      RC_ASSERT(history.has_value());
      RC_ASSERT(history->interactions.size() <= page.limit);
      RC_ASSERT(walked.size() <= expected.size());
      for (Interaction& interaction : history->interactions) walked.push_back(std::move(interaction));
      page.cursor = history->next_cursor;
      if (!page.cursor.empty() && late-- > 0) add();
    } while (!page.cursor.empty());
    require_same(walked, expected);
  }));
}

/// What the store should hold: the model that the interleavings of two principals are checked against.
struct ModelSession {
  Principal owner;
  History history;
};

class TwoPrincipals {
 public:
  TwoPrincipals(invocations::SessionStore& store, ManualClock& clock) : store_(store), clock_(clock) {}

  void act() {
    const Principal& actor = actors_[*rc::gen::inRange<std::size_t>(0, actors_.size())];
    const SessionId& id = ids_[*rc::gen::inRange<std::size_t>(0, ids_.size())];
    const auto known = sessions_.find(id);
    const bool theirs = known != sessions_.end() && known->second.owner == actor;
    const bool foreign = known != sessions_.end() && !theirs;
    switch (*rc::gen::inRange(0, 4)) {
      case 0: {
        const auto claimed = ask(store_.claim(id, actor));
        RC_ASSERT(claimed.has_value() == !foreign);
        if (!foreign) sessions_.try_emplace(id, ModelSession{actor, {}});
        break;
      }
      case 1: {
        const auto interaction = sample_interaction(id, actor, clock_.wall_now());
        const auto saved = ask(store_.save(interaction));
        RC_ASSERT(saved.has_value() == !foreign);
        if (foreign) break;
        remember(sessions_.try_emplace(id, ModelSession{actor, {}}).first->second.history, interaction);
        break;
      }
      case 2:
        RC_ASSERT(ask(store_.erase(id, actor)).has_value() == theirs);
        if (theirs) sessions_.erase(id);
        break;
      default:
        clock_.advance(1ms);
    }
  }

  void check() {
    for (const Principal& actor : actors_) {
      std::set<SessionId> own;
      for (const SessionId& id : ids_) {
        const auto known = sessions_.find(id);
        const auto history = ask(store_.history(id, actor, {}));
        const bool theirs = known != sessions_.end() && known->second.owner == actor;
        RC_ASSERT(history.has_value() == theirs);
        if (!theirs) continue;
        own.insert(id);
        RC_ASSERT(history->session.owner == actor);
        require_same(history->interactions, known->second.history);
      }
      std::set<SessionId> listed;
      const auto list = ask(store_.list(actor, SessionFilter::all, {}));
      for (const Session& session : list.value().sessions) listed.insert(session.id);
      RC_ASSERT(listed == own);
    }
  }

 private:
  invocations::SessionStore& store_;
  ManualClock& clock_;
  const std::vector<Principal> actors_ = {fresh_principal("a"), fresh_principal("b")};
  const std::vector<SessionId> ids_ = {fresh_id<SessionId>(), fresh_id<SessionId>(), fresh_id<SessionId>()};
  std::map<SessionId, ModelSession> sessions_;
};

/// Property 18.
TEST_P(SessionStoreContract, OnePrincipalNeverSeesOrChangesWhatIsAnothers) {
  EXPECT_TRUE(rc::check([&] {
    TwoPrincipals principals(store(), clock());
    const auto steps = *rc::gen::inRange(1, 30);
    for (int i = 0; i < steps; ++i) {
      principals.act();
      if (i % 5 == 0) principals.check();
    }
    principals.check();
  }));
}

}  // namespace
}  // namespace skymarshal::test
