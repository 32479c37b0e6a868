#include "session_store_contract.hpp"

#include "support/store_samples.hpp"

namespace skymarshal::test {

using invocations::Interaction;
using invocations::InteractionStatus;
using invocations::PageRequest;
using invocations::SaveOutcome;
using invocations::Session;
using invocations::SessionFilter;
using namespace std::chrono_literals;

std::vector<Interaction> SessionStoreContract::whole_history(const SessionId& id, const Principal& principal,
                                                             std::size_t limit) {
  std::vector<Interaction> all;
  PageRequest page{limit, {}};
  for (int pages = 0; pages < 10'000; ++pages) {
    auto history = ask(store().history(id, principal, page));
    EXPECT_TRUE(history) << history.error().message;
    if (!history) return all;
    EXPECT_LE(history->interactions.size(), limit);
    for (Interaction& interaction : history->interactions) all.push_back(std::move(interaction));
    page.cursor = history->next_cursor;
    if (page.cursor.empty()) return all;
  }
  ADD_FAILURE() << "the history never ends";
  return all;
}

std::vector<Session> SessionStoreContract::whole_list(const Principal& principal, SessionFilter filter,
                                                      std::size_t limit) {
  std::vector<Session> all;
  PageRequest page{limit, {}};
  for (int pages = 0; pages < 10'000; ++pages) {
    auto list = ask(store().list(principal, filter, page));
    EXPECT_TRUE(list) << list.error().message;
    if (!list) return all;
    EXPECT_LE(list->sessions.size(), limit);
    for (Session& session : list->sessions) all.push_back(std::move(session));
    page.cursor = list->next_cursor;
    if (page.cursor.empty()) return all;
  }
  ADD_FAILURE() << "the list never ends";
  return all;
}

namespace {

void expect_error(const Error& error, Errc code) {
  EXPECT_EQ(error.code, code) << error.message;
  EXPECT_FALSE(error.message.empty());
}

TEST_P(SessionStoreContract, CreatedSessionIsEmptyAndOwned) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  const auto created = ask(store().create(id, owner));
  ASSERT_TRUE(created);
  EXPECT_EQ(created->id, id);
  EXPECT_EQ(created->owner, owner);
  EXPECT_EQ(created->created_at, now());
  EXPECT_EQ(created->last_activity_at, now());
  EXPECT_EQ(created->interaction_count, 0);
  EXPECT_FALSE(created->expired);

  const auto history = ask(store().history(id, owner, {}));
  ASSERT_TRUE(history);
  EXPECT_EQ(history->session.id, id);
  EXPECT_EQ(history->session.created_at, now());
  EXPECT_TRUE(history->interactions.empty());
  EXPECT_TRUE(history->next_cursor.empty());
}

TEST_P(SessionStoreContract, RefusesToCreateAnIdTwice) {
  const auto id = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store().create(id, fresh_principal())));
  const auto again = ask(store().create(id, fresh_principal()));
  ASSERT_FALSE(again);
  expect_error(again.error(), Errc::internal);
}

TEST_P(SessionStoreContract, ClaimCreatesWhatIsNotThereAndKeepsWhatIs) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  const auto first = ask(store().claim(id, owner));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->owner, owner);
  EXPECT_EQ(first->created_at, now());

  const WallTime created_at = now();
  clock().advance(5min);
  const auto second = ask(store().claim(id, owner));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->created_at, created_at);
  EXPECT_EQ(second->last_activity_at, created_at);
}

TEST_P(SessionStoreContract, ClaimOfSomebodyElsesSessionFindsNone) {
  const auto id = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store().create(id, fresh_principal())));
  const auto claimed = ask(store().claim(id, fresh_principal()));
  ASSERT_FALSE(claimed);
  expect_error(claimed.error(), Errc::session_not_found);
}

TEST_P(SessionStoreContract, ClaimOfExpiredSessionIsRefused) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store().create(id, owner)));
  clock().advance(30min);
  EXPECT_TRUE(ask(store().claim(id, owner))) << "at exactly 30 minutes a session is still active";
  clock().advance(1ms);
  const auto claimed = ask(store().claim(id, owner));
  ASSERT_FALSE(claimed);
  expect_error(claimed.error(), Errc::session_expired);

  const auto by_other = ask(store().claim(id, fresh_principal()));
  ASSERT_FALSE(by_other);
  expect_error(by_other.error(), Errc::session_not_found);
}

TEST_P(SessionStoreContract, SaveCreatesTheSessionAndCounts) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  const auto interaction = sample_interaction(id, owner, now());
  const auto saved = ask(store().save(interaction));
  ASSERT_TRUE(saved);
  EXPECT_EQ(*saved, SaveOutcome::stored);

  const auto history = ask(store().history(id, owner, {}));
  ASSERT_TRUE(history);
  EXPECT_EQ(history->session.owner, owner);
  EXPECT_EQ(history->session.interaction_count, 1);
  EXPECT_EQ(history->session.last_activity_at, interaction.timestamp);
  ASSERT_EQ(history->interactions.size(), 1U);
  EXPECT_TRUE(same(history->interactions[0], interaction));
}

TEST_P(SessionStoreContract, SavingTheSameRequestTwiceKeepsTheFirst) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  const auto first = sample_interaction(id, owner, now());
  ASSERT_TRUE(ask(store().save(first)));
  Interaction second = first;
  second.timestamp += 7ms;
  second.response = share_text(R"({"status":"other"})");
  ASSERT_TRUE(ask(store().save(second)));

  const auto history = ask(store().history(id, owner, {}));
  ASSERT_TRUE(history);
  EXPECT_EQ(history->session.interaction_count, 1);
  EXPECT_EQ(history->session.last_activity_at, first.timestamp);
  ASSERT_EQ(history->interactions.size(), 1U);
  EXPECT_TRUE(same(history->interactions[0], first));
}

TEST_P(SessionStoreContract, SaveIntoSomebodyElsesSessionFindsNoneAndChangesNothing) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store().create(id, owner)));
  const auto saved = ask(store().save(sample_interaction(id, fresh_principal(), now() + 5ms)));
  ASSERT_FALSE(saved);
  expect_error(saved.error(), Errc::session_not_found);
  const auto history = ask(store().history(id, owner, {}));
  ASSERT_TRUE(history);
  EXPECT_TRUE(history->interactions.empty());
  EXPECT_EQ(history->session.last_activity_at, now());
}

TEST_P(SessionStoreContract, InteractionsOfOneMillisecondMoveOnByOne) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  std::vector<Interaction> saved;
  for (int i = 0; i < 20; ++i) {
    saved.push_back(sample_interaction(id, owner, now()));
    ASSERT_TRUE(ask(store().save(saved.back())));
    saved.back().timestamp += Milliseconds(i);
  }
  const auto history = whole_history(id, owner);
  ASSERT_EQ(history.size(), saved.size());
  for (std::size_t i = 0; i < saved.size(); ++i) EXPECT_TRUE(same(history[i], saved[i])) << i;
}

TEST_P(SessionStoreContract, InteractionThatComesLateTakesItsPlaceInTime) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store().save(sample_interaction(id, owner, now() + 10ms))));
  ASSERT_TRUE(ask(store().save(sample_interaction(id, owner, now()))));
  const auto history = ask(store().history(id, owner, {}));
  ASSERT_TRUE(history);
  ASSERT_EQ(history->interactions.size(), 2U);
  EXPECT_LT(history->interactions[0].timestamp, history->interactions[1].timestamp);
  EXPECT_EQ(history->session.last_activity_at, now() + 10ms);
}

TEST_P(SessionStoreContract, HugeResponsesComeBackWhole) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  std::vector<Interaction> saved;
  for (int i = 0; i < 5; ++i) {
    Interaction interaction = sample_interaction(id, owner, now() + Milliseconds(i));
    interaction.response =
        share_text(R"({"text":")" + std::string(5U << 20, static_cast<char>('a' + i)) + "\"}");
    ASSERT_TRUE(ask(store().save(interaction)));
    saved.push_back(std::move(interaction));
  }
  const auto history = whole_history(id, owner);
  ASSERT_EQ(history.size(), saved.size());
  for (std::size_t i = 0; i < saved.size(); ++i) EXPECT_TRUE(same(history[i], saved[i])) << i;
}

TEST_P(SessionStoreContract, ListIsNewestActivityFirst) {
  const auto owner = fresh_principal();
  const auto older = fresh_id<SessionId>();
  const auto newer = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store().create(older, owner)));
  clock().advance(1s);
  ASSERT_TRUE(ask(store().create(newer, owner)));
  clock().advance(1s);
  const auto before = whole_list(owner);
  ASSERT_EQ(before.size(), 2U);
  EXPECT_EQ(before[0].id, newer);

  ASSERT_TRUE(ask(store().save(sample_interaction(older, owner, now()))));
  const auto after = whole_list(owner);
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after[0].id, older);
  EXPECT_EQ(after[0].interaction_count, 1);
  EXPECT_EQ(after[0].last_activity_at, now());
}

TEST_P(SessionStoreContract, AbsentAndForeignSessionsGiveTheSameAnswer) {
  const auto stranger = fresh_principal();
  const auto owner = fresh_principal();
  const auto foreign = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store().save(sample_interaction(foreign, owner, now()))));

  const auto absent_read = ask(store().history(fresh_id<SessionId>(), stranger, {}));
  const auto foreign_read = ask(store().history(foreign, stranger, {}));
  ASSERT_FALSE(absent_read);
  ASSERT_FALSE(foreign_read);
  expect_error(absent_read.error(), Errc::session_not_found);
  EXPECT_EQ(absent_read.error().code, foreign_read.error().code);
  EXPECT_EQ(absent_read.error().message, foreign_read.error().message);
  EXPECT_EQ(absent_read.error().details, foreign_read.error().details);

  const auto absent_erase = ask(store().erase(fresh_id<SessionId>(), stranger));
  const auto foreign_erase = ask(store().erase(foreign, stranger));
  ASSERT_FALSE(absent_erase);
  ASSERT_FALSE(foreign_erase);
  EXPECT_EQ(absent_erase.error().message, foreign_erase.error().message);
  EXPECT_EQ(absent_erase.error().code, absent_read.error().code);
  EXPECT_EQ(foreign_erase.error().code, absent_read.error().code);
  EXPECT_EQ(whole_history(foreign, owner).size(), 1U);
}

TEST_P(SessionStoreContract, EraseLeavesNothingBehind) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(ask(store().save(sample_interaction(id, owner, now()))));
  ASSERT_TRUE(ask(store().erase(id, owner)));
  EXPECT_FALSE(ask(store().history(id, owner, {})));
  EXPECT_FALSE(ask(store().erase(id, owner)));
  EXPECT_TRUE(whole_list(owner).empty());

  const auto heir = fresh_principal();
  ASSERT_TRUE(ask(store().claim(id, heir)));
  EXPECT_TRUE(whole_history(id, heir).empty());
}

TEST_P(SessionStoreContract, RefusesCursorsThatAreNotOfThisList) {
  const auto owner = fresh_principal();
  const auto id = fresh_id<SessionId>();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(ask(store().create(fresh_id<SessionId>(), owner)));
    ASSERT_TRUE(ask(store().save(sample_interaction(id, owner, now()))));
  }
  const auto list = ask(store().list(owner, SessionFilter::all, {1, {}}));
  const auto history = ask(store().history(id, owner, {1, {}}));
  ASSERT_TRUE(list);
  ASSERT_TRUE(history);
  ASSERT_FALSE(list->next_cursor.empty());
  ASSERT_FALSE(history->next_cursor.empty());

  const auto refused = [](const auto& result) {
    return !result && result.error().code == Errc::invalid_request && !result.error().message.empty();
  };
  const auto stranger = fresh_principal();
  EXPECT_TRUE(refused(ask(store().list(stranger, SessionFilter::all, {1, list->next_cursor}))));
  EXPECT_TRUE(refused(ask(store().list(owner, SessionFilter::active, {1, list->next_cursor}))));
  EXPECT_TRUE(refused(ask(store().list(owner, SessionFilter::all, {1, history->next_cursor}))));
  EXPECT_TRUE(refused(ask(store().history(id, owner, {1, list->next_cursor}))));
  for (const std::string garbage : {"x", "AAAA", "....", "\xff", "' OR 1=1 --"}) {
    EXPECT_TRUE(refused(ask(store().list(owner, SessionFilter::all, {1, garbage})))) << garbage;
    EXPECT_TRUE(refused(ask(store().history(id, owner, {1, garbage})))) << garbage;
  }
  EXPECT_TRUE(refused(ask(store().list(owner, SessionFilter::all, {0, {}}))));
  EXPECT_TRUE(refused(ask(store().history(id, owner, {0, {}}))));

  const auto other = fresh_id<SessionId>();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(ask(store().save(sample_interaction(other, owner, now()))));
  EXPECT_TRUE(refused(ask(store().history(other, owner, {1, history->next_cursor}))));
}

TEST_P(SessionStoreContract, RemovesWhatIsOlderThanTheRetentionAndNothingElse) {
  const auto owner = fresh_principal();
  const auto long_one = fresh_id<SessionId>();
  for (int i = 0; i < 150; ++i) {
    ASSERT_TRUE(ask(store().save(sample_interaction(long_one, owner, now() - 1h))));
  }
  for (int i = 0; i < 70; ++i) ASSERT_TRUE(ask(store().create(fresh_id<SessionId>(), owner)));
  const auto kept = fresh_id<SessionId>();
  ASSERT_TRUE(ask(store().save(sample_interaction(kept, owner, now()))));
  ASSERT_TRUE(ask(store().save(sample_interaction(kept, owner, now() + 1ms))));

  clock().advance(std::chrono::days(30));
  const auto at_the_boundary = ask(store().remove_old());
  ASSERT_TRUE(at_the_boundary);
  EXPECT_EQ(*at_the_boundary, 1U);
  EXPECT_FALSE(ask(store().history(long_one, owner, {})));

  clock().advance(1ms);
  const auto removed = ask(store().remove_old());
  ASSERT_TRUE(removed);
  EXPECT_EQ(*removed, 70U);
  const auto left = whole_list(owner);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, kept);
  EXPECT_EQ(left[0].interaction_count, 2);
  EXPECT_EQ(whole_history(kept, owner).size(), 2U);
  EXPECT_EQ(ask(store().remove_old()).value(), 0U);
}

TEST_P(SessionStoreContract, WhatWasAcknowledgedIsThereAfterReopening) {
  const auto owner = fresh_principal();
  const auto created = fresh_id<SessionId>();
  const auto interaction = sample_interaction(fresh_id<SessionId>(), owner, now());
  ASSERT_TRUE(ask(store().create(created, owner)));
  ASSERT_TRUE(ask(store().save(interaction)));
  reopen();
  EXPECT_EQ(whole_list(owner).size(), 2U);
  const auto history = whole_history(interaction.session_id, owner);
  ASSERT_EQ(history.size(), 1U);
  EXPECT_TRUE(same(history[0], interaction));
}

TEST_P(SessionStoreContract, ProbeSucceeds) { EXPECT_TRUE(ask(store().probe())); }

}  // namespace
}  // namespace skymarshal::test
