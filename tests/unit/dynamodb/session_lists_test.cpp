// Erasing by a process that dies at any of its steps, and lists in which one has left what is not true.
#include "store_rig.hpp"

namespace skymarshal::dynamodb::session_lists_test {

using invocations::SessionFilter;
using namespace std::chrono_literals;

class SessionLists : public StoreRig {};

TEST_F(SessionLists, AnErasedSessionIsGoneWhereverItBroke) {
  SessionId session;
  invocations::InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int at) {
        session = test::fresh_id<SessionId>();
        record = record_of(session, "key-" + std::to_string(at));
        ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
        ASSERT_TRUE(ask(good->invocations.append(record.request_id, owner, {1, {"1"}})).value());
        ASSERT_TRUE(ask(good->invocations.finish(end_of(record))));
        (void)ask(gateway.sessions.erase(session, owner));
      },
      [&](int) {
        // Whoever comes to it next finds it whole or gone.
        const auto erased = ask(good->sessions.erase(session, owner));
        if (!erased) EXPECT_EQ(erased.error().code, Errc::session_not_found);
        EXPECT_EQ(ask(good->sessions.history(session, owner, {})).error().code, Errc::session_not_found);
        EXPECT_EQ(ask(good->invocations.read(record.request_id, owner, 0)).error().code,
                  Errc::invocation_not_found);
        EXPECT_TRUE(ask(good->invocations.claimant(owner, record.claim->key)).value()) << "it has run";
        for (const Item& item : all_items(tables.names().sessions))
          EXPECT_NE(item.find_text("session_id"), session.view());
      });
}

TEST_F(SessionLists, AnErasedSessionCanBeBegunAnewWhereverItBroke) {
  SessionId session;
  die_at_each_step(
      [&](Gateway& gateway, int) {
        session = test::fresh_id<SessionId>();
        ASSERT_TRUE(ask(good->sessions.save(test::sample_interaction(session, owner, now()))));
        (void)ask(gateway.sessions.erase(session, owner));
      },
      [&](int) {
        const Principal heir = test::fresh_principal();
        const auto claimed = ask(good->sessions.claim(session, heir));
        // Nothing of it was erased before it had been marked.
        if (!claimed)
          return expect_history(
              session, {ask(good->sessions.history(session, owner, {}))->interactions.at(0).request_id});
        EXPECT_TRUE(ask(good->sessions.history(session, heir, {}))->interactions.empty());
      });
}

TEST_F(SessionLists, WhatACrashLeftInAListIsPassedOverAndTakenOut) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  invocations::Session stale{session, owner, now(), now() - 1h, 0, false};
  const auto put = [&](const invocations::Session& listed) {
    Call call("PutItem", tables.names().sessions);
    (void)test::run_awaitable(tables.client().write(call.item(listing_item(listed, 0)))).value();
  };
  put(stale);
  put({test::fresh_id<SessionId>(), owner, now(), now() - 2h, 0, false});
  ASSERT_EQ(all_items(tables.names().sessions).size(), 4U);
  const auto list = ask(good->sessions.list(owner, SessionFilter::all, {500, {}}));
  ASSERT_TRUE(list);
  ASSERT_EQ(list->sessions.size(), 1U);
  EXPECT_EQ(list->sessions[0].last_activity_at, now());
  EXPECT_EQ(all_items(tables.names().sessions).size(), 2U) << "head and place in the list";
}

TEST_F(SessionLists, OneThatIsBeingSavedStaysInTheList) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  Call call("PutItem", tables.names().sessions);
  call.item(listing_item({session, owner, now(), now() + 1s, 0, false}, 0));
  (void)test::run_awaitable(tables.client().write(std::move(call))).value();
  EXPECT_EQ(ask(good->sessions.list(owner, SessionFilter::all, {500, {}}))->sessions.size(), 1U);
  EXPECT_EQ(all_items(tables.names().sessions).size(), 3U) << "its head may follow any moment";
}

TEST_F(SessionLists, OneWhoseEndComesLateStaysInTheList) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  clock.advance(3h);
  // Of an end that waited an hour: listed, and about to be counted.
  Call call("PutItem", tables.names().sessions);
  Item listing = listing_item({session, owner, now(), now() - 1h, 0, false}, 0);
  call.item(listing.number("put_at", unix_ms(now() - 9min)));
  (void)test::run_awaitable(tables.client().write(std::move(call))).value();
  const auto listed = [&] {
    EXPECT_EQ(ask(good->sessions.list(owner, SessionFilter::all, {500, {}}))->sessions.size(), 1U);
    return all_items(tables.names().sessions).size();
  };
  EXPECT_EQ(listed(), 3U);
  clock.advance(2min);
  EXPECT_EQ(listed(), 2U) << "but not if nobody counted it";
}

TEST_F(SessionLists, NobodyReadsWhatIsLeftOfAnothersSession) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.save(test::sample_interaction(session, owner, now()))));
  take_head(session);
  const Principal heir = test::fresh_principal();
  ASSERT_TRUE(ask(good->sessions.claim(session, heir)));
  EXPECT_TRUE(ask(good->sessions.history(session, heir, {}))->interactions.empty());
  const auto own = test::sample_interaction(session, heir, now());
  ASSERT_TRUE(ask(good->sessions.save(own)));
  const auto history = ask(good->sessions.history(session, heir, {1, {}}));
  ASSERT_TRUE(history);
  ASSERT_EQ(history->interactions.size(), 1U);
  EXPECT_EQ(history->interactions[0].request_id, own.request_id);
  EXPECT_EQ(history->next_cursor, "");
}

TEST_F(SessionLists, ASessionBegunAnewHasNothingOfItsEarlierLife) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.save(test::sample_interaction(session, owner, now()))));
  clock.advance(30 * 24h);
  take_head(session);
  ASSERT_TRUE(ask(good->sessions.claim(session, owner)));
  EXPECT_TRUE(ask(good->sessions.history(session, owner, {}))->interactions.empty());
  // One that waited in an outbox meanwhile is none of that.
  const auto late = test::sample_interaction(session, owner, now() - 24h);
  ASSERT_TRUE(ask(good->sessions.save(late)));
  EXPECT_EQ(ask(good->sessions.history(session, owner, {}))->interactions.size(), 1U);
}

}  // namespace skymarshal::dynamodb::session_lists_test
