// The session store over DynamoDB: what the contract of all stores (tests/contract) does not say.
#include "dynamodb/session_store.hpp"

#include "store_rig.hpp"

namespace skymarshal::dynamodb::session_store_test {

using invocations::SessionFilter;

class Store : public StoreRig {};

TEST_F(Store, ProbesAsItSaves) {
  EXPECT_TRUE(ask(good->sessions.probe()));
  const auto dead = breaking(std::make_shared<test::Faults>(), 1);
  EXPECT_EQ(ask(dead->sessions.probe()).error().code, Errc::store_unavailable);
}

TEST_F(Store, SaysWhenItCannotBeAsked) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  const auto broken = [&](auto call) {
    const auto gateway = breaking(std::make_shared<test::Faults>(), 1);
    return call(*gateway);
  };
  const auto unavailable = [](const auto& result) {
    return !result && result.error().code == Errc::store_unavailable;
  };
  EXPECT_TRUE(broken([&](Gateway& g) { return unavailable(ask(g.sessions.claim(session, owner))); }));
  EXPECT_TRUE(broken([&](Gateway& g) { return unavailable(ask(g.sessions.history(session, owner, {}))); }));
  EXPECT_TRUE(
      broken([&](Gateway& g) { return unavailable(ask(g.sessions.list(owner, SessionFilter::all, {}))); }));
  EXPECT_TRUE(broken([&](Gateway& g) { return unavailable(ask(g.sessions.erase(session, owner))); }));
  EXPECT_TRUE(broken([&](Gateway& g) { return unavailable(ask(g.sessions.remove_old())); }));
}

TEST_F(Store, SaysThatTheTableIsMissing) {
  StoreOptions options;
  options.names = {"nowhere-1", "nowhere-2", "nowhere-3"};
  const auto access = std::make_shared<TableAccess>(options, tables.connect(), clock, random, log);
  SessionStore store(access);
  EXPECT_EQ(ask(store.claim(test::fresh_id<SessionId>(), owner)).error().code, Errc::store_unavailable);
}

TEST_F(Store, WhatSomebodyElsePutThereIsNoSession) {
  const auto session = test::fresh_id<SessionId>();
  Call call("PutItem", tables.names().sessions);
  call.item(head_key(session).text("whatever", "it is"));
  ASSERT_TRUE(test::run_awaitable(tables.client().write(std::move(call))));
  EXPECT_EQ(ask(good->sessions.claim(session, owner)).error().code, Errc::store_refused);
  EXPECT_EQ(ask(good->sessions.history(session, owner, {})).error().code, Errc::store_refused);
}

TEST_F(Store, WhatTheTableNeverTakesIsToldFromATableThatIsAway) {
  Call call("PutItem", tables.names().sessions);
  call.item(head_key(test::fresh_id<SessionId>()).text("long", std::string(500'000, 'x')));
  const auto refused = test::run_awaitable(tables.client().write(std::move(call)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid) << refused.error().message;
}

}  // namespace skymarshal::dynamodb::session_store_test
