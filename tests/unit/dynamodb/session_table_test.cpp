// Sessions claimed, and their turns, by several gateways.
#include "store_rig.hpp"

namespace skymarshal::dynamodb::session_table_test {

using namespace std::chrono_literals;

class Sessions : public StoreRig {
 protected:
  skymarshal::Result<std::optional<HeldTurn>> take(const SessionId& session, const std::string& runner,
                                                   const RequestId& request, std::string dead = "nobody") {
    SessionTable::TurnWish wish{request, runner, unix_ms(now() + 1h), std::move(dead)};
    return ask(good->table.take_turn(session, owner, std::move(wish)));
  }
};

TEST_F(Sessions, AClaimCanBeRepeatedWhereverItBroke) {
  SessionId session;
  die_at_each_step(
      [&](Gateway& gateway, int) {
        session = test::fresh_id<SessionId>();
        (void)ask(gateway.sessions.claim(session, owner));
      },
      [&](int) {
        ASSERT_TRUE(ask(good->sessions.claim(session, owner)));
        expect_history(session, {});
      });
}

TEST_F(Sessions, CreateKnowsItsOwnAfterALostAnswer) {
  // The answer to its write is lost, and the write comes again by itself.
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  const auto again = ask(good->sessions.create(session, owner));
  ASSERT_FALSE(again) << "another call is another session";
  EXPECT_EQ(again.error().code, Errc::internal);
}

TEST_F(Sessions, ATurnIsOneGatewaysAtATime) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  const auto mine = test::fresh_id<RequestId>();
  const auto theirs = test::fresh_id<RequestId>();
  EXPECT_EQ((*take(session, "a", mine))->holder, mine.view());
  EXPECT_EQ((*take(session, "b", theirs))->holder, mine.view());
  EXPECT_EQ((*take(session, "b", theirs))->runner, "a");
  EXPECT_EQ((*take(session, "a", mine))->holder, mine.view()) << "again is no other";

  const auto next = test::fresh_id<RequestId>();
  EXPECT_EQ((*take(session, "a", next))->holder, next.view())
      << "of one gateway they stand in line elsewhere";
  ASSERT_TRUE(ask(good->table.give_turn_back(session, mine)));
  EXPECT_EQ((*take(session, "b", theirs))->holder, next.view()) << "it was not his to give";
  ASSERT_TRUE(ask(good->table.give_turn_back(session, next)));
  EXPECT_EQ((*take(session, "b", theirs))->holder, theirs.view());
}

TEST_F(Sessions, ATurnOfADeadOneOrOverlongIsTakenOver) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  const auto first = test::fresh_id<RequestId>();
  const auto second = test::fresh_id<RequestId>();
  const auto third = test::fresh_id<RequestId>();
  ASSERT_EQ((*take(session, "a", first))->holder, first.view());
  EXPECT_EQ((*take(session, "b", second, first.str()))->holder, second.view());
  EXPECT_EQ((*take(session, "c", third, first.str()))->holder, second.view()) << "another has it since";
  clock.advance(1h + 1ms);
  EXPECT_EQ((*take(session, "c", third))->holder, third.view());
  const auto number = ask(good->table.find(session)).value()->turn.number;
  EXPECT_EQ(number, 3) << "each has a number of its own";
}

TEST_F(Sessions, ThereIsNoTurnOfWhatIsNotThere) {
  EXPECT_FALSE(take(test::fresh_id<SessionId>(), "a", test::fresh_id<RequestId>()).value());
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, test::fresh_principal())));
  EXPECT_FALSE(take(session, "a", test::fresh_id<RequestId>()).value()) << "nor of somebody else's";
}

TEST_F(Sessions, SavingGivesTheTurnBackAndNoOther) {
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  auto interaction = test::sample_interaction(session, owner, now());
  ASSERT_TRUE(take(session, "a", interaction.request_id));
  ASSERT_TRUE(ask(good->sessions.save(interaction)));
  EXPECT_TRUE(ask(good->table.find(session)).value()->turn.holder.empty());
  expect_history(session, {interaction.request_id});

  const auto other = test::fresh_id<RequestId>();
  ASSERT_TRUE(take(session, "b", other));
  auto late = test::sample_interaction(session, owner, now());
  ASSERT_TRUE(ask(good->sessions.save(late)));
  EXPECT_EQ(ask(good->table.find(session)).value()->turn.holder, other.view());
  for (const Item& item : all_items(tables.names().sessions)) {
    if (item.find_text("request_id") == interaction.request_id.view()) EXPECT_EQ(item.find_number("turn"), 1);
    if (item.find_text("request_id") == late.request_id.view()) EXPECT_FALSE(item.find_number("turn"));
  }
}

TEST_F(Sessions, WhatWasMadeForOneThatIsTakenBackGoesToo) {
  const auto session = test::fresh_id<SessionId>();
  const auto request = test::fresh_id<RequestId>();
  auto claimed = ask(good->table.claim(session, owner, request));
  ASSERT_TRUE(claimed);
  EXPECT_TRUE(claimed->was_made);
  ASSERT_TRUE(ask(good->table.take_back(*claimed, request)));
  EXPECT_TRUE(all_items(tables.names().sessions).empty());

  ASSERT_TRUE(ask(good->sessions.create(session, owner)));
  claimed = ask(good->table.claim(session, owner, request));
  EXPECT_FALSE(claimed->was_made);
  ASSERT_TRUE(ask(good->table.take_back(*claimed, request)));
  expect_history(session, {});
}

}  // namespace skymarshal::dynamodb::session_table_test
