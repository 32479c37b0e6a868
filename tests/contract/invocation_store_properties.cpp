// Whatever is done in whatever order, across any number of restarts: the store answers as the one in memory
// does, which keeps the same contract.
#include "invocation_store_contract.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/store_samples.hpp"

#include <algorithm>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test {

using invocations::BeginOutcome;
using invocations::FinishedInvocation;
using invocations::FinishOutcome;
using invocations::InvocationHead;
using invocations::InvocationRecord;
using invocations::InvocationState;
using invocations::InvocationStore;
using invocations::JournalBatch;
using invocations::StoredJournal;
using namespace std::chrono_literals;

namespace {

std::string shown(const InvocationHead& head) {
  return head.request_id.str() + ' ' + head.session_id.str() + ' ' + head.owner.id + ' ' +
         std::to_string(unix_ms(head.accepted_at)) + ' ' + std::string(to_text(head.state)) + ' ' +
         (head.ended_at ? std::to_string(unix_ms(*head.ended_at)) : "-");
}

/// Everything that can be seen of it, as text.
std::string shown(const Result<BeginOutcome>& outcome) {
  if (!outcome) return outcome.error().message;
  return (outcome->begun ? "begun " : "held ") + shown(outcome->head);
}

std::string shown(const Result<bool>& kept) {
  if (!kept) return kept.error().message;
  return *kept ? "kept" : "not kept";
}

std::string shown(const Result<FinishOutcome>& done) {
  if (!done) return done.error().message;
  return *done == FinishOutcome::finished ? "finished" : "ended before";
}

std::string shown(const Result<void>& done) { return done ? "done" : done.error().message; }

std::string shown(const Result<std::optional<InvocationHead>>& head) {
  if (!head) return head.error().message;
  return *head ? shown(**head) : "nobody";
}

std::string shown(const Result<std::size_t>& count) {
  return count ? std::to_string(*count) : count.error().message;
}

std::string shown(const StoredJournal& journal) {
  std::string text = shown(journal.head);
  for (const std::string& chunk : journal.batch.chunks) text += " | " + chunk;
  if (journal.end) text += " => " + *journal.end->body;
  text += " of " + std::to_string(journal.last_chunk);
  return text + (journal.journal_removed ? " (removed)" : "");
}

std::string whole(InvocationStore& store, const InvocationRecord& record, std::uint64_t after) {
  StoredJournal all;
  for (;;) {
    auto part = ask(store.read(record.request_id, record.owner, after + all.batch.chunks.size()));
    if (!part) return part.error().message;
    std::ranges::move(part->batch.chunks, std::back_inserter(all.batch.chunks));
    all.head = part->head;
    all.end = std::move(part->end);
    all.journal_removed = part->journal_removed;
    all.last_chunk = part->last_chunk;
    if (!part->has_more) return shown(all);
  }
}

std::string listed(InvocationStore& store, const Principal& owner, std::optional<InvocationState> state) {
  std::string text;
  invocations::PageRequest page{3, {}};
  do {
    const auto list = ask(store.list(owner, state, page));
    if (!list) return list.error().message;
    for (const InvocationHead& head : list->invocations) text += shown(head) + '\n';
    page.cursor = list->next_cursor;
  } while (!page.cursor.empty());
  return text;
}

std::string open_ones(InvocationStore& store) {
  auto open = ask(store.open_ones("gateway-1"));
  if (!open) return open.error().message;
  RC_ASSERT(std::ranges::is_sorted(*open, {}, &InvocationRecord::accepted_at));
  // Those of one millisecond come in any order.
  std::ranges::sort(*open, {}, &InvocationRecord::request_id);
  std::string text;
  for (const InvocationRecord& record : *open)
    text += record.request_id.str() + ' ' + record.prompt + (record.waits ? " waits\n" : "\n");
  return text;
}

/// The last batch of an invocation, for the next to follow it.
struct Said {
  InvocationRecord record;
  JournalBatch last{1, {}};
};

}  // namespace

TEST_P(InvocationStoreContract, AnswersAsTheModelDoesWhateverIsDone) {
  EXPECT_TRUE(rc::check([this] {
    begin_anew();
    MemorySessionStore model_sessions(clock());
    MemoryInvocationStore model(model_sessions, clock());
    const std::vector<Principal> owners = {fresh_principal(), fresh_principal()};
    std::vector<Said> said;
    const auto any_said = [&said]() -> Said& { return said[*rc::gen::inRange<std::size_t>(0, said.size())]; };

    const auto begin = [&] {
      const Principal& owner = *rc::gen::elementOf(owners);
      InvocationRecord record = record_of(owner);
      if (*rc::gen::arbitrary<bool>()) record.claim = {*rc::gen::element<std::string>("a", "b"), "f"};
      record.waits = *rc::gen::arbitrary<bool>();
      // Some go on in a session that there is, of theirs or not.
      if (!said.empty() && *rc::gen::arbitrary<bool>()) record.session_id = any_said().record.session_id;
      const auto expected = ask(model.begin(record));
      RC_ASSERT(shown(ask(store().begin(record))) == shown(expected));
      if (expected && expected->begun) said.push_back({record, {1, {}}});
    };
    const auto start = [&] {
      const InvocationRecord& record = any_said().record;
      RC_ASSERT(shown(ask(store().start(record.request_id, record.owner))) ==
                shown(ask(model.start(record.request_id, record.owner))));
    };
    const auto append = [&] {
      Said& one = any_said();
      const bool again = *rc::gen::arbitrary<bool>();
      if (!again || one.last.chunks.empty()) {
        one.last.first_seq += one.last.chunks.size();
        one.last.chunks = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
            rc::gen::element<std::string>("{}", R"("a b")", "[1,2]", R"("\n")")));
      }
      const auto& record = one.record;
      RC_ASSERT(shown(ask(store().append(record.request_id, record.owner, one.last))) ==
                shown(ask(model.append(record.request_id, record.owner, one.last))));
    };
    const auto finish = [&] {
      const Said& one = any_said();
      const InvocationRecord& record = one.record;
      std::optional<Error> error;
      if (*rc::gen::arbitrary<bool>())
        error = make_error(
            *rc::gen::element(Errc::timeout, Errc::cancelled, Errc::interrupted, Errc::runtime_error), "why");
      FinishedInvocation finished = end_of(record, error);
      finished.releases_claim = *rc::gen::arbitrary<bool>();
      finished.rest.first_seq = one.last.first_seq + one.last.chunks.size();
      if (*rc::gen::arbitrary<bool>()) finished.rest.chunks = {"\"rest\""};
      RC_ASSERT(shown(ask(store().finish(finished))) == shown(ask(model.finish(finished))));
    };
    const auto grow_old = [&] {
      clock().advance(*rc::gen::element<Milliseconds>(1ms, 20min, 13h));
      RC_ASSERT(shown(ask(store().remove_old_journals())) == shown(ask(model.remove_old_journals())));
    };
    const auto withdraw = [&] {
      const InvocationRecord& record = any_said().record;
      RC_ASSERT(shown(ask(store().withdraw(record.request_id, record.session_id, record.owner))) ==
                shown(ask(model.withdraw(record.request_id, record.session_id, record.owner))));
    };
    const auto erase = [&] {
      const InvocationRecord& record = any_said().record;
      const auto erased = ask(sessions().erase(record.session_id, record.owner));
      RC_ASSERT(erased.has_value() == ask(model_sessions.erase(record.session_id, record.owner)).has_value());
    };
    const auto look = [&] {
      for (const Principal& owner : owners) {
        const auto state = *rc::gen::element<std::optional<InvocationState>>(
            std::nullopt, InvocationState::queued, InvocationState::running, InvocationState::success,
            InvocationState::error);
        RC_ASSERT(listed(store(), owner, state) == listed(model, owner, state));
        for (const char* const key : {"a", "b"})
          RC_ASSERT(shown(ask(store().claimant(owner, key))) == shown(ask(model.claimant(owner, key))));
      }
      RC_ASSERT(open_ones(store()) == open_ones(model));
      for (const Said& one : said) {
        const auto after = *rc::gen::inRange<std::uint64_t>(0, 5);
        RC_ASSERT(whole(store(), one.record, after) == whole(model, one.record, after));
        RC_ASSERT(whole(store(), one.record, invocations::behind_all) ==
                  whole(model, one.record, invocations::behind_all));
      }
    };

    const int steps = *rc::gen::inRange(1, 40);
    for (int step = 0; step < steps; ++step) {
      switch (said.empty() ? 0 : *rc::gen::inRange(0, 9)) {
        case 0:
        case 1:
          begin();
          break;
        case 2:
          append();
          break;
        case 3:
          finish();
          break;
        case 4:
          grow_old();
          break;
        case 5:
          erase();
          break;
        case 6:
          withdraw();
          break;
        case 7:
          start();
          break;
        default:
          reopen();
          look();
      }
    }
    look();
  }));
}

}  // namespace skymarshal::test
