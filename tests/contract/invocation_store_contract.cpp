#include "invocation_store_contract.hpp"

#include "support/store_samples.hpp"

#include <atomic>
#include <thread>

namespace skymarshal::test {

using invocations::FinishedInvocation;
using invocations::FinishOutcome;
using invocations::InvocationHead;
using invocations::InvocationRecord;
using invocations::InvocationState;
using invocations::JournalBatch;
using invocations::StoredJournal;
using namespace std::chrono_literals;

InvocationRecord InvocationStoreContract::record_of(const Principal& owner) {
  InvocationRecord record;
  record.request_id = fresh_id<RequestId>();
  record.session_id = fresh_id<SessionId>();
  record.owner = owner;
  record.prompt = "EY283 is 3 hours late";
  record.accepted_at = now();
  record.runner = "gateway-1";
  return record;
}

InvocationRecord InvocationStoreContract::record_of(const Principal& owner, const std::string& key) {
  InvocationRecord record = record_of(owner);
  record.claim = {key, "fingerprint of " + key};
  return record;
}

FinishedInvocation InvocationStoreContract::end_of(const InvocationRecord& record,
                                                   std::optional<Error> error) {
  FinishedInvocation finished;
  finished.end.error = std::move(error);
  finished.end.body = share_text(R"({"answer":")" + record.request_id.str() + "\"}");
  finished.end.execution_time = Milliseconds(1'234);
  finished.end.ended_at = now();
  finished.end.queued = Milliseconds(5);
  finished.end.timings.connect = Milliseconds(7);
  finished.end.timings.first_message = Milliseconds(9);
  finished.end.timings.attempts = 2;
  finished.end.timings.unreadable_messages = 1;
  finished.interaction = sample_interaction(record.session_id, record.owner, now());
  finished.interaction.request_id = record.request_id;
  finished.interaction.response = finished.end.body;
  return finished;
}

StoredJournal InvocationStoreContract::whole_journal(const InvocationRecord& record, std::uint64_t after) {
  StoredJournal all;
  all.batch.first_seq = after + 1;
  for (int parts = 0; parts < 10'000; ++parts) {
    const std::uint64_t read_to = after + all.batch.chunks.size();
    auto part = ask(store().read(record.request_id, record.owner, read_to));
    EXPECT_TRUE(part) << part.error().message;
    if (!part) return all;
    EXPECT_EQ(part->batch.first_seq, read_to + 1);
    EXPECT_FALSE(part->has_more && part->end) << "the end comes with the last part";
    EXPECT_FALSE(part->has_more && part->batch.chunks.empty()) << "every part brings it on";
    std::ranges::move(part->batch.chunks, std::back_inserter(all.batch.chunks));
    all.head = part->head;
    all.end = std::move(part->end);
    all.journal_removed = part->journal_removed;
    if (!part->has_more) return all;
  }
  ADD_FAILURE() << "the journal never ends";
  return all;
}

namespace {

void expect_head(const InvocationHead& head, const InvocationRecord& record, InvocationState state) {
  EXPECT_EQ(head.request_id, record.request_id);
  EXPECT_EQ(head.session_id, record.session_id);
  EXPECT_EQ(head.owner, record.owner);
  EXPECT_EQ(head.accepted_at, record.accepted_at);
  EXPECT_EQ(head.state, state) << to_text(head.state);
  EXPECT_EQ(head.ended_at.has_value(), has_ended(state));
}

Error interrupted() { return make_error(Errc::interrupted, "the gateway died while it ran"); }

TEST_P(InvocationStoreContract, WhatWasBegunIsKnownToItsOwnerAlone) {
  const auto record = record_of(fresh_principal());
  const auto begun = ask(store().begin(record));
  ASSERT_TRUE(begun);
  EXPECT_TRUE(begun->begun);
  expect_head(begun->head, record, InvocationState::running);
  const auto journal = whole_journal(record);
  expect_head(journal.head, record, InvocationState::running);
  EXPECT_TRUE(journal.batch.chunks.empty());
  EXPECT_FALSE(journal.end);

  const auto absent = ask(store().read(fresh_id<RequestId>(), record.owner, 0));
  const auto foreign = ask(store().read(record.request_id, fresh_principal(), 0));
  ASSERT_FALSE(absent);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(absent.error().code, Errc::invocation_not_found);
  EXPECT_EQ(foreign.error().code, absent.error().code);
  EXPECT_EQ(foreign.error().message, absent.error().message);
}

TEST_P(InvocationStoreContract, TheSameIdIsNotBegunTwice) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  const auto again = ask(store().begin(record));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::internal);
}

TEST_P(InvocationStoreContract, BeginningClaimsTheSession) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  const auto history = ask(sessions().history(record.session_id, record.owner, {}));
  ASSERT_TRUE(history);
  EXPECT_EQ(history->session.created_at, now());
  EXPECT_TRUE(history->interactions.empty()) << "it has not ended yet";

  auto stranger = record_of(fresh_principal());
  stranger.session_id = record.session_id;
  const auto refused = ask(store().begin(stranger));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::session_not_found);
  EXPECT_FALSE(ask(store().read(stranger.request_id, stranger.owner, 0))) << "nothing was kept";

  clock().advance(30min + 1ms);
  auto late = record_of(record.owner);
  late.session_id = record.session_id;
  const auto expired = ask(store().begin(late));
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().code, Errc::session_expired);
}

TEST_P(InvocationStoreContract, AClaimIsGivenOnce) {
  const auto owner = fresh_principal();
  const auto first = record_of(owner, "order-1");
  ASSERT_TRUE(ask(store().begin(first)).value().begun);
  auto second = record_of(owner, "order-1");
  second.claim->fingerprint = "another meaning";
  const auto held = ask(store().begin(second));
  ASSERT_TRUE(held);
  EXPECT_FALSE(held->begun);
  expect_head(held->head, first, InvocationState::running);
  EXPECT_EQ(held->head.fingerprint, "fingerprint of order-1") << "for the caller to compare";
  EXPECT_FALSE(ask(store().read(second.request_id, owner, 0))) << "nothing was kept";
  EXPECT_FALSE(ask(sessions().history(second.session_id, owner, {}))) << "nor its session made";

  EXPECT_TRUE(ask(store().begin(record_of(owner, "order-2"))).value().begun);
  EXPECT_TRUE(ask(store().begin(record_of(fresh_principal(), "order-1"))).value().begun)
      << "keys of two principals never meet";
  EXPECT_TRUE(ask(store().begin(record_of(owner))).value().begun);
  EXPECT_TRUE(ask(store().begin(record_of(owner))).value().begun) << "no claim is none to share";
}

TEST_P(InvocationStoreContract, OneOfManyThreadsGetsTheClaim) {
  const auto owner = fresh_principal();
  constexpr int threads = 8;
  std::vector<InvocationRecord> records;
  for (int i = 0; i < threads; ++i) records.push_back(record_of(owner, "order-1"));
  std::atomic<int> begun = 0;
  std::vector<RequestId> winners(threads);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      const auto outcome = ask(store().begin(records[static_cast<std::size_t>(i)])).value();
      if (outcome.begun) ++begun;
      winners[static_cast<std::size_t>(i)] = outcome.head.request_id;
    });
  }
  for (std::thread& thread : running) thread.join();
  EXPECT_EQ(begun, 1);
  for (const RequestId& winner : winners) EXPECT_EQ(winner, winners.front());
}

TEST_P(InvocationStoreContract, KeepsWhatWasSaidInItsOrder) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  const JournalBatch first{1, {R"({"a":1})", R"({"b":[" ", "\n"]})"}};
  const JournalBatch second{3, {R"("c")"}};
  EXPECT_TRUE(ask(store().append(record.request_id, record.owner, first)).value());
  EXPECT_TRUE(ask(store().append(record.request_id, record.owner, second)).value());
  EXPECT_TRUE(ask(store().append(record.request_id, record.owner, first)).value()) << "it may come twice";
  const std::vector<std::string> all = {first.chunks[0], first.chunks[1], second.chunks[0]};
  for (std::uint64_t after = 0; after <= 4; ++after) {
    const auto journal = whole_journal(record, after);
    const std::vector<std::string> rest(
        all.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(after, 3)), all.end());
    EXPECT_EQ(journal.batch.chunks, rest) << "behind " << after;
  }
  EXPECT_FALSE(ask(store().append(record.request_id, fresh_principal(), second)).value());
  EXPECT_FALSE(ask(store().append(fresh_id<RequestId>(), record.owner, second)).value());
}

TEST_P(InvocationStoreContract, LongJournalsComeInParts) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  std::vector<std::string> all;
  for (std::uint64_t seq = 1; seq <= 600; seq += 3) {
    JournalBatch batch{seq, {}};
    for (int i = 0; i < 3; ++i)
      batch.chunks.push_back('"' + std::string(8'000, 'x') +
                             std::to_string(seq + static_cast<std::uint64_t>(i)) + '"');
    std::ranges::copy(batch.chunks, std::back_inserter(all));
    ASSERT_TRUE(ask(store().append(record.request_id, record.owner, batch)).value());
  }
  ASSERT_EQ(ask(store().finish(end_of(record))).value(), FinishOutcome::finished);
  EXPECT_TRUE(ask(store().read(record.request_id, record.owner, 0))->has_more);
  const auto journal = whole_journal(record);
  EXPECT_EQ(journal.batch.chunks, all);
  EXPECT_TRUE(journal.end);
}

TEST_P(InvocationStoreContract, TheEndAndTheInteractionAreThereTogether) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_TRUE(ask(store().append(record.request_id, record.owner, {1, {"{}"}})).value());
  clock().advance(7s);
  const auto finished = end_of(record);
  EXPECT_EQ(ask(store().finish(finished)).value(), FinishOutcome::finished);
  reopen();
  const auto journal = whole_journal(record);
  expect_head(journal.head, record, InvocationState::success);
  EXPECT_EQ(journal.head.ended_at, finished.end.ended_at);
  ASSERT_TRUE(journal.end);
  EXPECT_FALSE(journal.end->error);
  EXPECT_EQ(*journal.end->body, *finished.end.body) << "byte for byte";
  EXPECT_EQ(journal.end->execution_time, finished.end.execution_time);
  EXPECT_EQ(journal.end->queued, finished.end.queued);
  EXPECT_EQ(journal.end->timings.connect, finished.end.timings.connect);
  EXPECT_EQ(journal.end->timings.first_message, finished.end.timings.first_message);
  EXPECT_EQ(journal.end->timings.attempts, finished.end.timings.attempts);
  EXPECT_EQ(journal.end->timings.unreadable_messages, finished.end.timings.unreadable_messages);
  const auto history = ask(sessions().history(record.session_id, record.owner, {}));
  ASSERT_EQ(history->interactions.size(), 1U);
  EXPECT_TRUE(same(history->interactions[0], finished.interaction));
}

TEST_P(InvocationStoreContract, TheRestOfTheJournalComesWithTheEnd) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_TRUE(ask(store().append(record.request_id, record.owner, {1, {"1", "2"}})).value());
  auto finished = end_of(record);
  finished.rest = {3, {"3", "4"}};
  ASSERT_EQ(ask(store().finish(finished)).value(), FinishOutcome::finished);
  const auto journal = whole_journal(record, 1);
  EXPECT_EQ(journal.batch.chunks, (std::vector<std::string>{"2", "3", "4"}));
  EXPECT_TRUE(journal.end);
}

TEST_P(InvocationStoreContract, KeepsWhyItFailed) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  Error error = make_error(Errc::runtime_unavailable, "the runtime is busy", R"({"runtime":{"code":"B"}})");
  error.retry_after = 17s;
  ASSERT_EQ(ask(store().finish(end_of(record, error))).value(), FinishOutcome::finished);
  reopen();
  const auto journal = whole_journal(record);
  EXPECT_EQ(journal.head.state, InvocationState::error);
  ASSERT_TRUE(journal.end && journal.end->error);
  EXPECT_EQ(journal.end->error->code, error.code);
  EXPECT_EQ(journal.end->error->message, error.message);
  EXPECT_EQ(journal.end->error->details, error.details);
  EXPECT_EQ(journal.end->error->retry_after, error.retry_after);
}

TEST_P(InvocationStoreContract, TheFirstEndStands) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_EQ(ask(store().finish(end_of(record))).value(), FinishOutcome::finished);
  EXPECT_EQ(ask(store().finish(end_of(record, interrupted()))).value(), FinishOutcome::ended_before);
  EXPECT_FALSE(ask(store().append(record.request_id, record.owner, {1, {"{}"}})).value());
  const auto journal = whole_journal(record);
  EXPECT_EQ(journal.head.state, InvocationState::success);
  EXPECT_TRUE(journal.batch.chunks.empty());
  EXPECT_EQ(ask(sessions().history(record.session_id, record.owner, {}))->interactions.size(), 1U);

  const auto unknown = ask(store().finish(end_of(record_of(record.owner))));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::invocation_not_found);
}

TEST_P(InvocationStoreContract, TheEndOfWhoeverRanItStandsOverAnInterruptionAndNoOther) {
  const auto record = record_of(fresh_principal(), "order-1");
  ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_TRUE(ask(store().append(record.request_id, record.owner, {1, {"1"}})).value());
  ASSERT_EQ(ask(store().finish(end_of(record, interrupted()))).value(), FinishOutcome::finished);
  auto told = end_of(record);
  told.rest = {2, {"2"}};
  told.interaction.error_message.clear();
  clock().advance(5s);
  EXPECT_EQ(ask(store().finish(told)).value(), FinishOutcome::finished);
  reopen();
  const auto journal = whole_journal(record);
  EXPECT_EQ(journal.head.state, InvocationState::success);
  EXPECT_EQ(journal.batch.chunks, (std::vector<std::string>{"1", "2"}));
  ASSERT_TRUE(journal.end);
  EXPECT_EQ(*journal.end->body, *told.end.body);
  const auto history = ask(sessions().history(record.session_id, record.owner, {}));
  ASSERT_EQ(history->interactions.size(), 1U);
  EXPECT_TRUE(same(history->interactions[0], told.interaction));
  EXPECT_EQ(history->session.interaction_count, 1);

  auto other = end_of(record, make_error(Errc::timeout, "too late"));
  EXPECT_EQ(ask(store().finish(other)).value(), FinishOutcome::ended_before);
  EXPECT_FALSE(ask(store().begin(record_of(record.owner, "order-1"))).value().begun) << "the key stays taken";
}

TEST_P(InvocationStoreContract, AClaimIsKeptByItsEndUnlessThatReleasesIt) {
  const auto owner = fresh_principal();
  const auto kept = record_of(owner, "order-1");
  ASSERT_TRUE(ask(store().begin(kept)));
  ASSERT_EQ(ask(store().finish(end_of(kept, interrupted()))).value(), FinishOutcome::finished);
  const auto held = ask(store().begin(record_of(owner, "order-1"))).value();
  EXPECT_FALSE(held.begun);
  expect_head(held.head, kept, InvocationState::interrupted);

  const auto released = record_of(owner, "order-2");
  ASSERT_TRUE(ask(store().begin(released)));
  auto finished = end_of(released, make_error(Errc::connection_failed, "nobody there"));
  finished.releases_claim = true;
  ASSERT_EQ(ask(store().finish(finished)).value(), FinishOutcome::finished);
  EXPECT_TRUE(ask(store().begin(record_of(owner, "order-2"))).value().begun);
  EXPECT_EQ(whole_journal(released).head.state, InvocationState::error) << "its end is still there";
}

TEST_P(InvocationStoreContract, TellsTheEndAloneAndHowMuchStandsBeforeIt) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  EXPECT_EQ(ask(store().read(record.request_id, record.owner, 0))->last_chunk, 0U);
  ASSERT_TRUE(ask(store().append(record.request_id, record.owner, {1, {"1", "2"}})).value());
  auto running = ask(store().read(record.request_id, record.owner, invocations::behind_all)).value();
  EXPECT_EQ(running.last_chunk, 2U);
  EXPECT_FALSE(running.end);
  auto finished = end_of(record);
  finished.rest = {3, {"3"}};
  ASSERT_EQ(ask(store().finish(finished)).value(), FinishOutcome::finished);
  const auto ended = ask(store().read(record.request_id, record.owner, invocations::behind_all)).value();
  EXPECT_EQ(ended.last_chunk, 3U);
  EXPECT_TRUE(ended.batch.chunks.empty());
  EXPECT_TRUE(ended.end);
}

TEST_P(InvocationStoreContract, SaysWhoHasAClaim) {
  const auto owner = fresh_principal();
  EXPECT_FALSE(ask(store().claimant(owner, "order-1")).value());
  const auto record = record_of(owner, "order-1");
  ASSERT_TRUE(ask(store().begin(record)));
  reopen();
  const auto holder = ask(store().claimant(owner, "order-1")).value();
  ASSERT_TRUE(holder);
  expect_head(*holder, record, InvocationState::running);
  EXPECT_EQ(holder->fingerprint, record.claim->fingerprint);
  EXPECT_FALSE(ask(store().claimant(owner, "order-2")).value());
  EXPECT_FALSE(ask(store().claimant(fresh_principal(), "order-1")).value()) << "keys of two never meet";
}

TEST_P(InvocationStoreContract, ABatchThatComesAgainMayHaveGrown) {
  const auto record = record_of(fresh_principal());
  ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_TRUE(ask(store().append(record.request_id, record.owner, {1, {"1", "2"}})).value());
  ASSERT_TRUE(ask(store().append(record.request_id, record.owner, {1, {"1", "2", "3"}})).value());
  auto finished = end_of(record);
  finished.rest = {2, {"2", "3", "4"}};
  ASSERT_EQ(ask(store().finish(finished)).value(), FinishOutcome::finished);
  EXPECT_EQ(whole_journal(record).batch.chunks, (std::vector<std::string>{"1", "2", "3", "4"}));
}

TEST_P(InvocationStoreContract, TakesABeginBack) {
  const auto owner = fresh_principal();
  const auto record = record_of(owner, "order-1");
  ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_TRUE(ask(store().withdraw(record.request_id, record.session_id, fresh_principal())))
      << "and it is nobody else's to do";
  EXPECT_FALSE(ask(store().begin(record_of(owner, "order-1"))).value().begun);
  ASSERT_TRUE(ask(store().withdraw(record.request_id, record.session_id, owner)));
  EXPECT_EQ(ask(store().read(record.request_id, owner, 0)).error().code, Errc::invocation_not_found);
  EXPECT_TRUE(ask(store().open_ones("gateway-1"))->empty());

  const auto again = record_of(owner, "order-1");
  EXPECT_TRUE(ask(store().begin(again)).value().begun);
  ASSERT_EQ(ask(store().finish(end_of(again))).value(), FinishOutcome::finished);
  ASSERT_TRUE(ask(store().withdraw(again.request_id, again.session_id, owner)));
  EXPECT_TRUE(whole_journal(again).end) << "what has ended has run";
}

TEST_P(InvocationStoreContract, OneThatWaitsIsQueuedUntilItStarts) {
  const auto owner = fresh_principal();
  InvocationRecord record = record_of(owner);
  record.waits = true;
  EXPECT_EQ(ask(store().begin(record))->head.state, InvocationState::queued);
  const auto state = [&] { return ask(store().read(record.request_id, owner, 0))->head.state; };
  EXPECT_EQ(state(), InvocationState::queued);
  EXPECT_TRUE(ask(store().open_ones("gateway-1"))->at(0).waits);
  EXPECT_FALSE(ask(store().start(record.request_id, fresh_principal())).value());
  EXPECT_EQ(state(), InvocationState::queued) << "it is not his";
  EXPECT_TRUE(ask(store().start(record.request_id, owner)).value());
  EXPECT_TRUE(ask(store().start(record.request_id, owner)).value()) << "as an answer may be lost";
  reopen();
  EXPECT_EQ(state(), InvocationState::running);
  EXPECT_FALSE(ask(store().open_ones("gateway-1"))->at(0).waits);
  ASSERT_TRUE(ask(store().finish(end_of(record))));
  EXPECT_FALSE(ask(store().start(record.request_id, owner)).value());
  EXPECT_EQ(state(), InvocationState::success);
}

TEST_P(InvocationStoreContract, AnInterruptionFreesTheKeyOfWhatWaitsAndOfNothingThatHasStarted) {
  const auto owner = fresh_principal();
  for (const bool has_started : {false, true}) {
    InvocationRecord record = record_of(owner, has_started ? "order-1" : "order-2");
    record.waits = true;
    ASSERT_TRUE(ask(store().begin(record)));
    // It was looked at before it started.
    auto ended = end_of(record, interrupted());
    ended.releases_claim = true;
    if (has_started) ASSERT_TRUE(ask(store().start(record.request_id, owner)).value());
    EXPECT_EQ(ask(store().finish(ended)).value(), FinishOutcome::finished);
    EXPECT_FALSE(ask(store().start(record.request_id, owner)).value()) << "it must not run";
    const auto repeated = ask(store().begin(record_of(owner, record.claim->key))).value();
    EXPECT_EQ(repeated.begun, !has_started);
  }
}

TEST_P(InvocationStoreContract, KnowsWhatACrashLeftOpen) {
  const auto owner = fresh_principal();
  const auto ended = record_of(owner);
  const auto first = record_of(owner, "order-1");
  auto elsewhere = record_of(owner);
  elsewhere.runner = "gateway-2";
  clock().advance(1ms);
  const auto second = record_of(fresh_principal());
  for (const auto& record : {ended, first, elsewhere, second}) ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_EQ(ask(store().finish(end_of(ended))).value(), FinishOutcome::finished);
  reopen();
  const auto open = ask(store().open_ones("gateway-1"));
  ASSERT_TRUE(open);
  ASSERT_EQ(open->size(), 2U);
  EXPECT_EQ(open->at(0).request_id, first.request_id);
  EXPECT_EQ(open->at(0).session_id, first.session_id);
  EXPECT_EQ(open->at(0).owner, owner);
  EXPECT_EQ(open->at(0).prompt, first.prompt);
  EXPECT_EQ(open->at(0).accepted_at, first.accepted_at);
  ASSERT_TRUE(open->at(0).claim);
  EXPECT_EQ(open->at(0).claim->key, "order-1");
  EXPECT_EQ(open->at(0).claim->fingerprint, first.claim->fingerprint);
  EXPECT_EQ(open->at(1).request_id, second.request_id);
  EXPECT_FALSE(open->at(1).claim);
  EXPECT_EQ(ask(store().open_ones("gateway-2"))->size(), 1U);
  EXPECT_TRUE(ask(store().open_ones("gateway-3"))->empty());
}

TEST_P(InvocationStoreContract, JournalsAndClaimsAreKeptForADayAfterTheEnd) {
  const auto owner = fresh_principal();
  const auto old = record_of(owner, "order-1");
  const auto running = record_of(owner, "order-2");
  for (const auto& record : {old, running}) {
    ASSERT_TRUE(ask(store().begin(record)));
    ASSERT_TRUE(ask(store().append(record.request_id, owner, {1, {"{}"}})).value());
  }
  ASSERT_EQ(ask(store().finish(end_of(old))).value(), FinishOutcome::finished);
  clock().advance(24h);
  EXPECT_EQ(ask(store().remove_old_journals()).value(), 0U) << "at exactly that age it is still kept";
  EXPECT_FALSE(whole_journal(old).journal_removed);
  clock().advance(1ms);
  EXPECT_EQ(ask(store().remove_old_journals()).value(), 1U);
  EXPECT_EQ(ask(store().remove_old_journals()).value(), 0U);
  const auto journal = whole_journal(old);
  EXPECT_TRUE(journal.journal_removed);
  EXPECT_TRUE(journal.batch.chunks.empty());
  EXPECT_TRUE(journal.end) << "the answer is the session's, and stays with it";
  EXPECT_EQ(whole_journal(running).batch.chunks.size(), 1U) << "it has not ended";
  auto again = record_of(owner, "order-1");
  EXPECT_TRUE(ask(store().begin(again)).value().begun);
  EXPECT_FALSE(ask(store().begin(record_of(owner, "order-2"))).value().begun);
}

TEST_P(InvocationStoreContract, AnErasedSessionTakesItsInvocationsAlong) {
  const auto owner = fresh_principal();
  const auto record = record_of(owner, "order-1");
  ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_EQ(ask(store().finish(end_of(record))).value(), FinishOutcome::finished);
  ASSERT_TRUE(ask(sessions().erase(record.session_id, owner)));
  EXPECT_EQ(ask(store().read(record.request_id, owner, 0)).error().code, Errc::invocation_not_found);
  EXPECT_TRUE(whole_list(owner).empty());
}

TEST_P(InvocationStoreContract, AnErasedSessionDoesNotFreeItsClaims) {
  const auto owner = fresh_principal();
  const auto record = record_of(owner, "order-1");
  ASSERT_TRUE(ask(store().begin(record)));
  ASSERT_TRUE(ask(sessions().erase(record.session_id, owner)));
  reopen();
  const auto again = ask(store().begin(record_of(owner, "order-1"))).value();
  EXPECT_FALSE(again.begun) << "it may have run";
  EXPECT_EQ(again.head.request_id, record.request_id);
  EXPECT_EQ(again.head.fingerprint, record.claim->fingerprint);
  EXPECT_TRUE(ask(store().claimant(owner, "order-1")).value());
  EXPECT_FALSE(ask(store().claimant(fresh_principal(), "order-1")).value());
  clock().advance(24h + 1ms);
  ASSERT_TRUE(ask(store().remove_old_journals()));
  EXPECT_TRUE(ask(store().begin(record_of(owner, "order-1"))).value().begun);
}

}  // namespace
}  // namespace skymarshal::test
