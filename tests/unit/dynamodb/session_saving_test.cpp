// Saving, by a process that dies at any of its steps: what comes again afterwards is there once, and counted
// once.
#include "store_rig.hpp"

#include <random>

namespace skymarshal::dynamodb::session_saving_test {

using invocations::Interaction;

class SessionSaving : public StoreRig {};

TEST_F(SessionSaving, TheFirstOfASessionIsThereOnceWhereverItBroke) {
  std::optional<Interaction> interaction;
  die_at_each_step(
      [&](Gateway& gateway, int) {
        interaction = test::sample_interaction(test::fresh_id<SessionId>(), owner, now());
        (void)ask(gateway.sessions.save(*interaction));
      },
      [&](int) {
        ASSERT_TRUE(ask(good->sessions.save(*interaction)));
        expect_history(interaction->session_id, {interaction->request_id});
        ASSERT_TRUE(ask(good->sessions.save(*interaction)));
        expect_history(interaction->session_id, {interaction->request_id});
      });
}

TEST_F(SessionSaving, OneMoreOfASessionIsThereOnceWhereverItBroke) {
  const auto session = test::fresh_id<SessionId>();
  std::vector<RequestId> saved;
  const auto first = test::sample_interaction(session, owner, now());
  ASSERT_TRUE(ask(good->sessions.save(first)));
  saved.push_back(first.request_id);
  std::optional<Interaction> interaction;
  die_at_each_step(
      [&](Gateway& gateway, int) {
        clock.advance(Milliseconds(1));
        interaction = test::sample_interaction(session, owner, now());
        saved.push_back(interaction->request_id);
        (void)ask(gateway.sessions.save(*interaction));
      },
      [&](int) {
        ASSERT_TRUE(ask(good->sessions.save(*interaction)));
        expect_history(session, saved);
      });
}

TEST_F(SessionSaving, WhatComesLateMovesNothing) {
  const auto session = test::fresh_id<SessionId>();
  const auto first = test::sample_interaction(session, owner, now());
  ASSERT_TRUE(ask(good->sessions.save(first)));
  std::vector<RequestId> saved = {first.request_id};
  std::optional<Interaction> interaction;
  die_at_each_step(
      [&](Gateway& gateway, int) {
        interaction = test::sample_interaction(session, owner, now() - Milliseconds(500));
        saved.push_back(interaction->request_id);
        (void)ask(gateway.sessions.save(*interaction));
      },
      [&](int) {
        ASSERT_TRUE(ask(good->sessions.save(*interaction)));
        expect_history(session, saved);
        EXPECT_EQ(ask(good->sessions.history(session, owner, {}))->session.last_activity_at, now());
      });
}

TEST_F(SessionSaving, ARequestThatComesWithTwoEndsKeepsTheFirst) {
  const auto session = test::fresh_id<SessionId>();
  Interaction first = test::sample_interaction(session, owner, now());
  Interaction second = first;
  second.timestamp += Milliseconds(7);
  second.response = share_text("{}");
  std::optional<Interaction> interaction;
  ASSERT_TRUE(ask(good->table.save(first, {}))->is_new);
  const auto again = ask(good->table.save(second, {}));
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->is_new);
  EXPECT_TRUE(test::same(again->interaction, first));
  expect_history(session, {first.request_id});
}

TEST_F(SessionSaving, KeepsAnswersOfAnySizeAndLeavesNothingOfThem) {
  const auto session = test::fresh_id<SessionId>();
  std::vector<Interaction> saved;
  for (const std::size_t size : {0UL, 255UL, 257UL, 4'000UL, 500'000UL, 16'777'216UL}) {
    clock.advance(Milliseconds(1));
    Interaction interaction = test::sample_interaction(session, owner, now());
    interaction.response = share_text(R"({"text":")" + noise(size) + "\"}");
    ASSERT_TRUE(ask(good->sessions.save(interaction))) << size;
    saved.push_back(std::move(interaction));
  }
  std::vector<Interaction> found;
  invocations::PageRequest page{500, {}};
  do {
    auto history = ask(good->sessions.history(session, owner, page));
    ASSERT_TRUE(history);
    std::ranges::move(history->interactions, std::back_inserter(found));
    page.cursor = history->next_cursor;
  } while (!page.cursor.empty());
  ASSERT_EQ(found.size(), saved.size());
  for (std::size_t i = 0; i < saved.size(); ++i) EXPECT_TRUE(test::same(found[i], saved[i])) << i;
  EXPECT_GT(all_items(tables.names().sessions).size(), 45U) << "the largest stands in parts";
  ASSERT_TRUE(ask(good->sessions.erase(session, owner)));
  EXPECT_TRUE(all_items(tables.names().sessions).empty());
}

TEST_F(SessionSaving, LeavesOutTheMapWhereItDoesNotFitBesideTheText) {
  StoreOptions options;
  options.readable_bytes_max = 300'000;
  const auto gateway = open("gateway-1", options);
  Interaction interaction = test::sample_interaction(test::fresh_id<SessionId>(), owner, now());
  interaction.response = share_text(R"({"text":")" + noise(260'000) + "\"}");
  ASSERT_TRUE(ask(gateway->sessions.save(interaction)));
  const auto history = ask(gateway->sessions.history(interaction.session_id, owner, {}));
  ASSERT_TRUE(history);
  EXPECT_TRUE(test::same(history->interactions.at(0), interaction));
  for (const Item& item : all_items(tables.names().sessions)) EXPECT_FALSE(item.has("response"));
}

TEST_F(SessionSaving, AnItemFitsWhateverItsTextsAre) {
  StoreOptions options;
  options.readable_bytes_max = 300'000;
  const auto gateway = open("gateway-1", options);
  // The same sizes each time it runs.
  std::minstd_rand any(1);
  for (int round = 0; round < 12; ++round) {
    // The longest are all together in the first, then any.
    const auto size_to = [&](std::size_t most) { return round == 0 ? most : std::size_t{any() % most}; };
    Interaction interaction = test::sample_interaction(test::fresh_id<SessionId>(), owner, now());
    interaction.prompt = noise(size_to(110'000));
    interaction.response = share_text(R"({"text":")" + noise(size_to(262'000)) + "\"}");
    interaction.error_message = noise(size_to(60'000));
    const SessionTable::Ending ending{noise(size_to(300'000)), 7};
    ASSERT_TRUE(ask(gateway->table.save(interaction, ending))) << round;
    const auto read = ask(gateway->table.read(interaction.session_id, unix_ms(interaction.timestamp)));
    ASSERT_TRUE(read && *read);
    EXPECT_TRUE(test::same((*read)->interaction, interaction));
    EXPECT_EQ((*read)->ending.text, ending.text);
    for (const Item& item : all_items(tables.names().sessions)) EXPECT_LE(item.bytes_max(), item_bytes_max);
    ASSERT_TRUE(ask(gateway->sessions.erase(interaction.session_id, owner)));
    EXPECT_TRUE(all_items(tables.names().sessions).empty()) << "nothing is left of it";
  }
}

TEST_F(SessionSaving, WhatASessionHoldsGoesAfterIt) {
  Interaction interaction = test::sample_interaction(test::fresh_id<SessionId>(), owner, now());
  interaction.response = share_text(R"({"text":")" + noise(600'000) + "\"}");
  ASSERT_TRUE(ask(good->sessions.save(interaction)));
  const std::int64_t head_ttl = good->access->session_ttl(now());
  int contents = 0;
  for (const Item& item : all_items(tables.names().sessions)) {
    const bool is_part = item.has("part");
    const bool is_content = item.has("request_id") || item.has("at") || is_part;
    const int days_longer = is_part ? 37 : is_content ? 30 : 0;
    EXPECT_EQ(item.find_number("ttl").value() - head_ttl, days_longer * 86'400);
    contents += is_content ? 1 : 0;
  }
  EXPECT_EQ(contents, 4) << "interaction, place, two parts";
}

TEST_F(SessionSaving, AnswersStandInTheTableAsMapsWhereTheyAreShort) {
  Interaction interaction = test::sample_interaction(test::fresh_id<SessionId>(), owner, now());
  interaction.response = share_text(R"({"status":"success","n":1.50})");
  ASSERT_TRUE(ask(good->sessions.save(interaction)));
  bool is_there = false;
  for (const Item& item : all_items(tables.names().sessions)) is_there = is_there || item.has("response");
  EXPECT_TRUE(is_there);

  StoreOptions options;
  options.readable_bytes_max = 0;
  const auto frugal = open("gateway-1", options);
  interaction = test::sample_interaction(test::fresh_id<SessionId>(), owner, now());
  ASSERT_TRUE(ask(frugal->sessions.save(interaction)));
  for (const Item& item : all_items(tables.names().sessions)) {
    const bool is_its = item.find_text("request_id") == interaction.request_id.view();
    if (is_its) EXPECT_FALSE(item.has("response"));
  }
}

}  // namespace skymarshal::dynamodb::session_saving_test
