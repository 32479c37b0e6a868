// Invocations begun and ended by a process that dies at any of its steps: whoever finds what it left can end
// it, and what was told once stays as it was told.
#include "store_rig.hpp"

namespace skymarshal::dynamodb::invocation_store_test {

using invocations::FinishOutcome;
using invocations::InvocationRecord;
using invocations::InvocationState;
using namespace std::chrono_literals;

class Invocations : public StoreRig {
 protected:
  /// By a gateway that lives.
  InvocationRecord begun(int at) {
    InvocationRecord record = record_of(test::fresh_id<SessionId>(), "key-" + std::to_string(at));
    EXPECT_TRUE(ask(good->invocations.begin(record))->begun);
    return record;
  }
  /// As another gateway does it that finds the first one dead.
  void end_what_is_left() {
    clock.advance(31s);
    ASSERT_TRUE(ask(invocations::end_interrupted(good->invocations, "gateway-1", clock)));
    EXPECT_TRUE(ask(good->invocations.open_ones("gateway-1"))->empty());
  }
};

TEST_F(Invocations, WhateverIsLeftOfABeginCanBeEnded) {
  InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int at) {
        record = record_of(test::fresh_id<SessionId>(), "key-" + std::to_string(at));
        (void)ask(gateway.invocations.begin(record));
      },
      [&](int) {
        end_what_is_left();
        const auto journal = ask(good->invocations.read(record.request_id, owner, 0));
        if (journal) EXPECT_EQ(journal->head.state, InvocationState::interrupted);
        const auto holder = ask(good->invocations.claimant(owner, record.claim->key)).value();
        if (holder) EXPECT_EQ(holder->state, InvocationState::interrupted);
        if (holder) EXPECT_TRUE(journal) << "nobody holds a key who is not there";
        const auto again = ask(good->invocations.begin(record_of(record.session_id, record.claim->key)));
        ASSERT_TRUE(again);
        EXPECT_EQ(again->begun, !holder);
        if (journal) expect_history(record.session_id, {record.request_id});
      });
}

TEST_F(Invocations, AnEndThatComesAgainIsThereOnce) {
  InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int at) {
        record = begun(at);
        ASSERT_TRUE(ask(good->invocations.append(record.request_id, owner, {1, {"1", "2"}})).value());
        auto finished = end_of(record);
        finished.rest = {3, {"3"}};
        (void)ask(gateway.invocations.finish(finished));
      },
      [&](int) {
        auto finished = end_of(record);
        finished.rest = {3, {"3"}};
        ASSERT_TRUE(ask(good->invocations.finish(finished)));
        const auto journal = ask(good->invocations.read(record.request_id, owner, 0));
        ASSERT_TRUE(journal);
        EXPECT_EQ(journal->head.state, InvocationState::success);
        EXPECT_EQ(journal->batch.chunks, (std::vector<std::string>{"1", "2", "3"}));
        ASSERT_TRUE(journal->end);
        EXPECT_EQ(*journal->end->body, *finished.end.body);
        EXPECT_TRUE(ask(good->invocations.open_ones("gateway-1"))->empty());
        expect_history(record.session_id, {record.request_id});
      });
}

TEST_F(Invocations, WhoEndsWhatADeadOneWasEndingTellsTheSame) {
  InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int) {
        record = record_of(test::fresh_id<SessionId>());
        ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
        (void)ask(gateway.invocations.finish(end_of(record)));
      },
      [&](int) {
        end_what_is_left();
        const auto journal = ask(good->invocations.read(record.request_id, owner, 0));
        ASSERT_TRUE(journal && journal->end);
        expect_history(record.session_id, {record.request_id});
        const auto history = ask(good->sessions.history(record.session_id, owner, {}));
        EXPECT_EQ(*history->interactions.at(0).response, *journal->end->body)
            << "one end, told in both places";
        const bool is_success = journal->head.state == InvocationState::success;
        EXPECT_EQ(history->interactions[0].status == invocations::InteractionStatus::success, is_success);
      });
}

TEST_F(Invocations, WhateverIsLeftOfAWithdrawalCanBeWithdrawn) {
  InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int at) {
        record = begun(at);
        (void)ask(gateway.invocations.withdraw(record.request_id, record.session_id, owner));
      },
      [&](int) {
        ASSERT_TRUE(ask(good->invocations.withdraw(record.request_id, record.session_id, owner)));
        EXPECT_FALSE(ask(good->invocations.claimant(owner, record.claim->key)).value());
        EXPECT_EQ(ask(good->invocations.read(record.request_id, owner, 0)).error().code,
                  Errc::invocation_not_found);
        EXPECT_TRUE(ask(good->invocations.open_ones("gateway-1"))->empty());
      });
}

TEST_F(Invocations, AKeyIsReleasedWhereverItBroke) {
  InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int at) {
        record = begun(at);
        auto finished = end_of(record);
        finished.releases_claim = true;
        (void)ask(gateway.invocations.finish(finished));
      },
      [&](int) {
        auto finished = end_of(record);
        finished.releases_claim = true;
        ASSERT_TRUE(ask(good->invocations.finish(finished)));
        EXPECT_TRUE(ask(good->invocations.begin(record_of(record.session_id, record.claim->key)))->begun);
      });
}

TEST_F(Invocations, AKeyIsReleasedBySomebodyElseAsWhoeverDiedWasReleasingIt) {
  InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int at) {
        record = begun(at);
        auto finished = end_of(record);
        finished.end.error = make_error(Errc::connection_failed, "nobody there");
        finished.releases_claim = true;
        (void)ask(gateway.invocations.finish(finished));
      },
      [&](int) {
        end_what_is_left();
        const auto state = ask(good->invocations.read(record.request_id, owner, 0))->head.state;
        const auto again = ask(good->invocations.begin(record_of(record.session_id, record.claim->key)));
        EXPECT_EQ(again->begun, state == InvocationState::error) << "free if it never ran, else nobody knows";
      });
}

TEST_F(Invocations, TheEndOfWhoeverRanItStandsWhereverAnInterruptionBroke) {
  InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int) {
        record = record_of(test::fresh_id<SessionId>());
        ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
        clock.advance(31s);
        (void)ask(invocations::end_interrupted(gateway.invocations, "gateway-1", clock));
      },
      [&](int) {
        const auto finished = end_of(record);
        EXPECT_EQ(ask(good->invocations.finish(finished)).value(), FinishOutcome::finished);
        const auto journal = ask(good->invocations.read(record.request_id, owner, 0));
        ASSERT_TRUE(journal && journal->end);
        EXPECT_EQ(journal->head.state, InvocationState::success);
        EXPECT_EQ(*journal->end->body, *finished.end.body);
        EXPECT_TRUE(ask(good->invocations.open_ones("gateway-1"))->empty());
        expect_history(record.session_id, {record.request_id});
      });
}

TEST_F(Invocations, WhoWasTakenForDeadHoldsNoTurn) {
  const auto record = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  end_what_is_left();
  ASSERT_TRUE(ask(good->fleet.take_turn(record.session_id, owner, record.request_id)).value());
  const auto other = open("gateway-2");
  const auto next = record_of(record.session_id);
  EXPECT_FALSE(ask(other->fleet.take_turn(record.session_id, owner, next.request_id)).value());
  ASSERT_TRUE(ask(good->invocations.finish(end_of(record))));
  EXPECT_TRUE(ask(other->fleet.take_turn(record.session_id, owner, next.request_id)).value());
}

TEST_F(Invocations, WhatBeganHalfTheWayAndRanAllTheSameLeavesItsInteractionAlone) {
  const auto record = record_of(test::fresh_id<SessionId>(), "key");
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  // Its gateway was told that the begin failed, and kept no journal of it.
  ASSERT_TRUE(ask(good->sessions.save(end_of(record).interaction)));
  end_what_is_left();
  EXPECT_EQ(ask(good->invocations.read(record.request_id, owner, 0)).error().code,
            Errc::invocation_not_found);
  EXPECT_FALSE(ask(good->invocations.claimant(owner, "key")).value());
  expect_history(record.session_id, {record.request_id});
}

TEST_F(Invocations, WhateverIsLeftOfABeginCanBeWithdrawn) {
  InvocationRecord record;
  die_at_each_step(
      [&](Gateway& gateway, int at) {
        record = record_of(test::fresh_id<SessionId>(), "key-" + std::to_string(at));
        ASSERT_TRUE(ask(good->sessions.claim(record.session_id, owner)));
        (void)ask(gateway.invocations.begin(record));
      },
      [&](int) {
        ASSERT_TRUE(ask(good->invocations.withdraw(record.request_id, record.session_id, owner)));
        EXPECT_FALSE(ask(good->invocations.claimant(owner, record.claim->key)).value());
        EXPECT_TRUE(ask(good->invocations.open_ones("gateway-1"))->empty());
        const auto head = ask(good->table.find(record.session_id)).value();
        ASSERT_TRUE(head);
        EXPECT_TRUE(head->open.empty());
      });
}

TEST_F(Invocations, ALostAnswerChangesNothing) {
  stumble_at_each_step([&](Gateway& gateway, int at) {
    InvocationRecord record = record_of(test::fresh_id<SessionId>(), "key-" + std::to_string(at));
    record.waits = true;
    const auto begun = ask(gateway.invocations.begin(record));
    ASSERT_TRUE(begun);
    EXPECT_TRUE(begun->begun);
    EXPECT_TRUE(ask(gateway.fleet.take_turn(record.session_id, owner, record.request_id)).value());
    EXPECT_TRUE(ask(gateway.invocations.start(record.request_id, owner)).value());
    EXPECT_TRUE(ask(gateway.invocations.append(record.request_id, owner, {1, {"1"}})).value());
    auto finished = end_of(record);
    finished.rest = {2, {"2"}};
    EXPECT_EQ(ask(gateway.invocations.finish(finished)).value(), FinishOutcome::finished);
    expect_history(record.session_id, {record.request_id});
    EXPECT_TRUE(ask(gateway.sessions.erase(record.session_id, owner)));
  });
}

TEST_F(Invocations, JournalsOfOldAreTakenForGoneBeforeTheyAre) {
  const auto record = record_of(test::fresh_id<SessionId>(), "key");
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  ASSERT_TRUE(ask(good->invocations.append(record.request_id, owner, {1, {"1"}})).value());
  ASSERT_TRUE(ask(good->invocations.finish(end_of(record))));
  clock.advance(24h);
  EXPECT_FALSE(ask(good->invocations.read(record.request_id, owner, 0))->journal_removed);
  clock.advance(1ms);
  const auto journal = ask(good->invocations.read(record.request_id, owner, 0));
  EXPECT_TRUE(journal->journal_removed);
  EXPECT_TRUE(journal->batch.chunks.empty());
  EXPECT_TRUE(journal->end);
  EXPECT_TRUE(ask(good->invocations.begin(record_of(test::fresh_id<SessionId>(), "key")))->begun)
      << "and the key is free";
}

TEST_F(Invocations, AnEndThatHoldsAllThatWasSaidFitsAndComesBack) {
  const auto record = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  auto finished = end_of(record);
  const std::string said = R"({"received":{"count":1,"chunks":[")" + noise(256 * 1024) + "\"]}}";
  finished.end.error = make_error(Errc::runtime_error, "it broke off", said);
  finished.interaction.status = invocations::InteractionStatus::error;
  finished.interaction.error_message = "it broke off";
  finished.interaction.response = finished.end.body = share_text(said);
  EXPECT_EQ(ask(good->invocations.finish(finished)).value(), FinishOutcome::finished);
  const auto journal = ask(good->invocations.read(record.request_id, owner, invocations::behind_all));
  ASSERT_TRUE(journal && journal->end && journal->end->error);
  EXPECT_EQ(journal->end->error->details, said);
  EXPECT_EQ(ask(good->invocations.finish(finished)).value(), FinishOutcome::ended_before);
  for (const std::string& table : {tables.names().sessions, tables.names().invocations}) {
    for (const Item& item : all_items(table)) EXPECT_LE(item.bytes_max(), item_bytes_max);
  }
  ASSERT_TRUE(ask(good->sessions.erase(record.session_id, owner)));
  EXPECT_TRUE(all_items(tables.names().sessions).empty());
}

TEST_F(Invocations, ALongEndThatCorrectsAnInterruptionIsTheOneThatIsTold) {
  const auto record = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  end_what_is_left();
  auto finished = end_of(record);
  finished.end.error = make_error(Errc::runtime_error, "it broke off", "{\"said\":\"" + noise(9'000) + "\"}");
  EXPECT_EQ(ask(good->invocations.finish(finished)).value(), FinishOutcome::finished);
  const auto journal = ask(good->invocations.read(record.request_id, owner, invocations::behind_all));
  ASSERT_TRUE(journal && journal->end && journal->end->error);
  EXPECT_EQ(journal->end->error->code, Errc::runtime_error);
}

TEST_F(Invocations, AListOfARareStateLooksAtFewAtATime) {
  StoreOptions options;
  options.filtered_items_max = 2;
  options.filtered_questions_max = 2;
  const auto gateway = open("gateway-1", options);
  const auto running = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(gateway->invocations.begin(running))->begun);
  for (int i = 0; i < 9; ++i) {
    clock.advance(1ms);
    const auto record = record_of(test::fresh_id<SessionId>());
    ASSERT_TRUE(ask(gateway->invocations.begin(record))->begun);
    ASSERT_TRUE(ask(gateway->invocations.finish(end_of(record))));
  }
  std::vector<RequestId> found;
  invocations::PageRequest page{5, {}};
  int pages = 0;
  do {
    const auto listed = ask(gateway->invocations.list(owner, InvocationState::running, page));
    ASSERT_TRUE(listed);
    for (const auto& head : listed->invocations) found.push_back(head.request_id);
    page.cursor = listed->next_cursor;
    ++pages;
  } while (!page.cursor.empty() && pages < 100);
  EXPECT_EQ(found, std::vector<RequestId>{running.request_id});
  EXPECT_EQ(pages, 3) << "ten of them, four a page";

  std::size_t succeeded = 0;
  page.cursor.clear();
  do {
    const auto listed = ask(gateway->invocations.list(owner, InvocationState::success, page));
    ASSERT_TRUE(listed);
    EXPECT_LE(listed->invocations.size(), 5U);
    succeeded += listed->invocations.size();
    page.cursor = listed->next_cursor;
  } while (!page.cursor.empty());
  EXPECT_EQ(succeeded, 9U) << "none twice, none left out";
}

TEST_F(Invocations, WhatComesAfterTheEndIsNoPartOfIt) {
  const auto record = record_of(test::fresh_id<SessionId>());
  ASSERT_TRUE(ask(good->invocations.begin(record))->begun);
  ASSERT_TRUE(ask(good->invocations.append(record.request_id, owner, {1, {"1"}})).value());
  end_what_is_left();
  // It looked before that, and writes now.
  ASSERT_TRUE(ask(good->invocation_table.put_batch(record.request_id, {2, {"2", "3"}})));
  const auto journal = ask(good->invocations.read(record.request_id, owner, 0));
  EXPECT_EQ(journal->batch.chunks, std::vector<std::string>{"1"});
  EXPECT_EQ(journal->last_chunk, 1U);
  EXPECT_TRUE(ask(good->invocations.read(record.request_id, owner, 1))->batch.chunks.empty());
}

}  // namespace skymarshal::dynamodb::invocation_store_test
