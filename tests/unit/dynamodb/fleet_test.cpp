// Gateways that share tables: who lives, who is dead, whose turn it is.
#include "dynamodb/fleet.hpp"

#include "store_rig.hpp"

namespace skymarshal::dynamodb::fleet_test {

using namespace std::chrono_literals;

class Gateways : public StoreRig {
 protected:
  std::unique_ptr<Gateway> other = open("gateway-2");

  std::vector<std::string> dead_by_other() { return ask(other->fleet.dead_runners()).value(); }

  /// As a gateway that is well does.
  void lives_for(Gateway& gateway, Milliseconds time) {
    constexpr Milliseconds period = 5s;
    for (; time > 0ms; time -= period) {
      clock.advance(std::min(time, period));
      ASSERT_TRUE(ask(gateway.fleet.renew()));
    }
  }
};

TEST_F(Gateways, OneThatSaysSoLives) {
  ASSERT_TRUE(ask(good->fleet.renew()));
  ASSERT_TRUE(ask(other->fleet.renew()));
  EXPECT_TRUE(dead_by_other().empty());
  lives_for(*other, 20s + 10s);
  EXPECT_TRUE(dead_by_other().empty()) << "clocks may differ";
  EXPECT_FALSE(ask(other->fleet.is_dead("gateway-1")).value());
  clock.advance(1ms);
  EXPECT_TRUE(ask(other->fleet.is_dead("gateway-1")).value());
  EXPECT_EQ(dead_by_other(), std::vector<std::string>{"gateway-1"}) << "and nobody finds oneself dead";
  ASSERT_TRUE(ask(good->fleet.renew()));
  EXPECT_TRUE(dead_by_other().empty()) << "who rises is not dead";
}

TEST_F(Gateways, TheDeadAreBuriedAndTheLivingAreNot) {
  ASSERT_TRUE(ask(good->fleet.renew()));
  ASSERT_TRUE(ask(other->fleet.bury("gateway-1")));
  ASSERT_TRUE(ask(other->fleet.renew()));
  lives_for(*other, 31s);
  EXPECT_EQ(dead_by_other().size(), 1U);
  ASSERT_TRUE(ask(other->fleet.bury("gateway-1")));
  EXPECT_TRUE(dead_by_other().empty());
}

TEST_F(Gateways, OneThatResignsIsNotSpokenOf) {
  ASSERT_TRUE(ask(good->fleet.renew()));
  ASSERT_TRUE(ask(good->fleet.resign()));
  ASSERT_TRUE(ask(other->fleet.renew()));
  lives_for(*other, 60s);
  EXPECT_TRUE(dead_by_other().empty());
}

TEST_F(Gateways, ManyAreAllLookedThrough) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(ask(open("many-" + std::to_string(i))->fleet.renew()));
  ASSERT_TRUE(ask(other->fleet.renew()));
  lives_for(*other, 31s);
  EXPECT_EQ(dead_by_other().size(), 20U);
}

TEST_F(Gateways, OneThatWasCutOffTakesNobodyForDead) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  ASSERT_TRUE(ask(good->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
  const auto theirs = test::fresh_id<RequestId>();
  ASSERT_TRUE(ask(other->fleet.renew()));
  lives_for(*other, 30s);
  // For all of them, as when the table is away.
  clock.advance(31s);
  ASSERT_TRUE(ask(other->fleet.renew()));
  EXPECT_TRUE(dead_by_other().empty());
  EXPECT_FALSE(ask(other->fleet.is_dead("gateway-1")).value());
  EXPECT_FALSE(ask(other->fleet.take_turn(session, owner, theirs)).value());
  lives_for(*other, 29s);
  EXPECT_TRUE(dead_by_other().empty()) << "the others have as long to say that they live";
  lives_for(*other, 1s);
  EXPECT_EQ(dead_by_other(), std::vector<std::string>{"gateway-1"});
  EXPECT_TRUE(ask(other->fleet.take_turn(session, owner, theirs)).value());
}

TEST_F(Gateways, WhoComesBackAfterItsBurialIsKnownAgainBeforeItTakesATurn) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  ASSERT_TRUE(ask(good->fleet.renew()));
  ASSERT_TRUE(ask(other->fleet.renew()));
  lives_for(*other, 31s);
  ASSERT_TRUE(ask(other->fleet.bury("gateway-1")));
  EXPECT_TRUE(ask(good->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
  EXPECT_FALSE(ask(other->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
}

TEST_F(Gateways, RenewingTellsWhatOthersWereAskedToEnd) {
  ASSERT_TRUE(ask(good->fleet.renew())->empty());
  const auto record = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  ASSERT_TRUE(ask(other->fleet.ask_to_end(record.request_id, owner)));
  EXPECT_EQ(ask(good->fleet.renew()).value(), std::vector<RequestId>{record.request_id});
  EXPECT_TRUE(ask(other->fleet.renew())->empty());
}

TEST_F(Gateways, ATurnLivesAsLongAsItsGateway) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  ASSERT_TRUE(ask(good->fleet.renew()));
  const auto mine = test::fresh_id<RequestId>();
  const auto theirs = test::fresh_id<RequestId>();
  EXPECT_TRUE(ask(good->fleet.take_turn(session, owner, mine)).value());
  EXPECT_FALSE(ask(other->fleet.take_turn(session, owner, theirs)).value());
  lives_for(*other, 30s);
  EXPECT_FALSE(ask(other->fleet.take_turn(session, owner, theirs)).value());
  clock.advance(1ms);
  EXPECT_TRUE(ask(other->fleet.take_turn(session, owner, theirs)).value()) << "it has not been heard of";
  ASSERT_TRUE(ask(other->fleet.renew()));
  EXPECT_FALSE(ask(good->fleet.take_turn(session, owner, mine)).value());
  ASSERT_TRUE(ask(other->fleet.give_turn_back(session, theirs)));
  EXPECT_TRUE(ask(good->fleet.take_turn(session, owner, mine)).value());
}

TEST_F(Gateways, WhoStartsAgainHasNoneOfTheTurnsOfItsLifeBefore) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  // It died before anything else of the request was written down.
  ASSERT_TRUE(ask(good->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
  const auto risen = open("gateway-1");
  ASSERT_TRUE(ask(risen->fleet.renew()));
  const auto theirs = test::fresh_id<RequestId>();
  EXPECT_TRUE(ask(other->fleet.take_turn(session, owner, theirs)).value());
  EXPECT_FALSE(ask(risen->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
  ASSERT_TRUE(ask(other->fleet.give_turn_back(session, theirs)));
  EXPECT_TRUE(ask(risen->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
}

TEST_F(Gateways, WhoTakesATurnIsKnownToLiveFromThenOn) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  ASSERT_TRUE(ask(good->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
  EXPECT_FALSE(ask(other->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
}

TEST_F(Gateways, OneLivesWhoseDataAreAway) {
  StoreOptions options;
  options.names.sessions = options.names.invocations = "there-is-no-such-table";
  const auto away = std::make_shared<TableAccess>(std::move(options), tables.connect(), clock, random, log);
  Fleet third({.runner = "gateway-3", .lease = 20s, .clock_difference_max = 10s}, good->access, away);
  ASSERT_TRUE(ask(other->fleet.renew()));
  EXPECT_FALSE(ask(third.renew())) << "what it was asked to end cannot be read";
  lives_for(*other, 25s);
  EXPECT_FALSE(ask(third.renew()));
  lives_for(*other, 25s);
  EXPECT_TRUE(dead_by_other().empty());
  lives_for(*other, 6s);
  EXPECT_EQ(dead_by_other(), std::vector<std::string>{"gateway-3"});
}

TEST_F(Gateways, NobodyIsBuriedByOneThatWasCutOff) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  ASSERT_TRUE(ask(good->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
  ASSERT_TRUE(ask(other->fleet.renew()));
  clock.advance(31s);
  ASSERT_TRUE(ask(other->fleet.renew()));
  ASSERT_TRUE(ask(other->fleet.bury("gateway-1")));
  EXPECT_FALSE(ask(other->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value())
      << "it would be anybody's if its gateway were unknown";
}

TEST_F(Gateways, WhoStoodStillWhileItTookATurnTakesItOnceMore) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  int requests = 0;
  const auto stand_still = [&](http::Endpoint endpoint, const net::TlsContext* tls,
                               Milliseconds limit) -> Connected {
    // The first one notes that it lives, the second takes the turn.
    if (++requests == 2) clock.advance(25s);
    co_return co_await net::dial(std::move(endpoint), tls, limit);
  };
  const auto still = connecting_by(stand_still, 1);
  const auto mine = test::fresh_id<RequestId>();
  EXPECT_TRUE(ask(still->fleet.take_turn(session, owner, mine)).value());
  EXPECT_EQ(requests, 4) << "others may have had the turn meanwhile: it lives, and has it";
  EXPECT_FALSE(ask(other->fleet.take_turn(session, owner, test::fresh_id<RequestId>())).value());
}

TEST_F(Gateways, WhereThereIsNoSessionThereIsNothingToShare) {
  EXPECT_TRUE(
      ask(good->fleet.take_turn(test::fresh_id<SessionId>(), owner, test::fresh_id<RequestId>())).value());
}

}  // namespace skymarshal::dynamodb::fleet_test
