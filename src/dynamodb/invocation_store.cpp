#include "dynamodb/invocation_store.hpp"

#include "invocations/invocation_errors.hpp"
#include "store/invocation_codec.hpp"
#include "store/page_cursor.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::dynamodb {

using invocations::BeginOutcome;
using invocations::FinishedInvocation;
using invocations::FinishOutcome;
using invocations::InvocationHead;
using invocations::InvocationPage;
using invocations::InvocationRecord;
using invocations::InvocationState;
using invocations::JournalBatch;
using invocations::PageRequest;
using invocations::StoredJournal;

namespace {

std::string list_scope(const Principal& principal, std::optional<InvocationState> state) {
  return "invocations " + std::string(state ? to_text(*state) : std::string_view("all")) + ' ' + principal.id;
}

}  // namespace

InvocationStore::InvocationStore(std::shared_ptr<TableAccess> access)
    : access_(access), invocations_(access), sessions_(access, forget_by(access)) {}

/// Session, head, claim, in this order: a crash in between leaves one that never ran, and a free key.
InvocationStore::Answer<BeginOutcome> InvocationStore::begin(InvocationRecord record) {
  std::optional<RequestId> taken_from;
  if (record.claim) {
    auto claimed = co_await invocations_.claimant(record.owner, record.claim->key);
    if (!claimed) co_return claimed.error();
    if (claimed->head) co_return BeginOutcome{false, *std::move(claimed->head)};
    taken_from = claimed->may_be_taken_from;
  }
  auto session = co_await sessions_.claim(record.session_id, record.owner, record.request_id);
  if (!session) co_return session.error();
  const auto put = co_await invocations_.put(record);
  if (!put) co_return put.error();
  if (!*put) co_return make_error(Errc::internal, "the new invocation's id is in use");
  if (!record.claim) co_return BeginOutcome{true, head_of(record)};

  const auto is_claimed = co_await invocations_.put_claim(record, taken_from);
  if (!is_claimed) co_return is_claimed.error();
  if (*is_claimed) co_return BeginOutcome{true, head_of(record)};
  const auto removed = co_await invocations_.remove_open(record.request_id);
  if (!removed) co_return removed.error();
  const auto taken_back = co_await sessions_.take_back(*std::move(session), record.request_id);
  if (!taken_back) co_return taken_back.error();
  auto winner = co_await invocations_.claimant(record.owner, record.claim->key);
  if (!winner) co_return winner.error();
  if (!winner->head) co_return access_->lost_races();
  co_return BeginOutcome{false, *std::move(winner->head)};
}

InvocationStore::Answer<bool> InvocationStore::start(RequestId id, Principal owner) {
  return invocations_.start(id, std::move(owner));
}

InvocationStore::Answer<bool> InvocationStore::append(RequestId id, Principal owner, JournalBatch batch) {
  const auto invocation = co_await find_open(id, std::move(owner));
  if (!invocation) co_return invocation.error();
  if (!*invocation) co_return false;
  const auto put = co_await invocations_.put_batch(id, batch);
  if (!put) co_return put.error();
  co_return true;
}

InvocationStore::Answer<FinishOutcome> InvocationStore::finish(FinishedInvocation finished) {
  const RequestId id = finished.interaction.request_id;
  const auto invocation = co_await invocations_.find(id);
  if (!invocation) co_return invocation.error();
  if (!*invocation || (*invocation)->head.owner != finished.interaction.principal)
    co_return invocations::invocation_not_found();
  if (stands_over(finished.end, (*invocation)->head.state))
    co_return co_await correct(**invocation, std::move(finished));
  if (has_ended((*invocation)->head.state)) co_return co_await ended_before(**invocation);
  const auto kept = co_await invocations_.put_batch(id, finished.rest);
  if (!kept) co_return kept.error();
  const auto last = co_await invocations_.last_chunk(id);
  if (!last) co_return last.error();
  SessionTable::Ending ending{store::encode_ending(finished.end), *last};
  ending.by_another = state_of(finished.end) == InvocationState::interrupted;
  ending.releases_claim = finished.releases_claim;
  const std::string wanted = ending.text;
  auto saved = co_await sessions_.save(finished.interaction, std::move(ending));
  if (!saved) co_return saved.error();
  const bool is_as_wanted = saved->ending.text == wanted;
  const auto ended = co_await end_as(**invocation, *std::move(saved));
  if (!ended) co_return ended.error();
  if (is_as_wanted) co_return *ended ? FinishOutcome::finished : FinishOutcome::ended_before;
  // Somebody who took this gateway for dead was on the way of ending it.
  const auto now = co_await invocations_.find(id);
  if (!now) co_return now.error();
  if (!*now || !stands_over(finished.end, (*now)->head.state)) co_return FinishOutcome::ended_before;
  co_return co_await correct(**now, std::move(finished));
}

/// Whichever interaction there is says how it ended: another gateway may have been quicker with it. False: it
/// had ended before.
InvocationStore::Answer<bool> InvocationStore::end_as(const InvocationItem& invocation,
                                                      SessionTable::Saved saved) {
  if (saved.ending.text.empty()) {
    const auto removed = co_await remove_unkept(invocation);
    if (!removed) co_return removed.error();
    co_return false;
  }
  const auto told = store::decode_ending(saved.ending.text);
  if (!told) co_return access_->not_ours("the end of an invocation");
  const RequestId id = invocation.head.request_id;
  InvocationTable::End end{id, state_of(*told), told->ended_at, saved.ending, saved.interaction.timestamp};
  end.releases_claim = saved.ending.releases_claim;
  auto ended = co_await end_it(end);
  if (!ended) co_return ended.error();
  if (end.releases_claim && !invocation.idempotency_key.empty()) {
    const auto dropped =
        co_await invocations_.drop_claim(invocation.head.owner, invocation.idempotency_key, id);
    if (!dropped) co_return dropped.error();
  }
  co_return ended;
}

/// An interruption frees the key of what waits, and of nothing that has begun to run since it was looked at:
/// `end` says then that it does not.
InvocationStore::Answer<bool> InvocationStore::end_it(InvocationTable::End& end) {
  end.only_if_it_waits = end.releases_claim && end.state == InvocationState::interrupted;
  auto ended = co_await invocations_.end(end);
  if (!ended || *ended) co_return ended;
  if (end.only_if_it_waits) {
    end.only_if_it_waits = end.releases_claim = false;
    ended = co_await invocations_.end(end);
    if (!ended || *ended) co_return ended;
  }
  // By a write whose answer was lost, it may be.
  const auto found = co_await invocations_.find(end.id);
  if (!found) co_return found.error();
  if (!*found || !has_ended((*found)->head.state)) co_return false;
  const InvocationItem& now = **found;
  end.releases_claim = now.claim_released;
  co_return now.head.state == end.state&& now.head.ended_at == end.ended_at&& now.interaction_at_ms ==
      unix_ms(end.interaction_at);
}

/// Its begin failed half the way and was told as failed; it ran all the same, and nothing of it was to be
/// kept but its interaction, which is there.
InvocationStore::Answer<void> InvocationStore::remove_unkept(const InvocationItem& invocation) {
  const RequestId id = invocation.head.request_id;
  if (!invocation.idempotency_key.empty()) {
    const auto dropped =
        co_await invocations_.drop_claim(invocation.head.owner, invocation.idempotency_key, id);
    if (!dropped) co_return dropped.error();
  }
  co_return co_await invocations_.remove_open(id);
}

/// The turn may have been taken by a gateway that did not know of the end.
InvocationStore::Answer<FinishOutcome> InvocationStore::ended_before(const InvocationItem& invocation) {
  const auto given =
      co_await sessions_.give_turn_back(invocation.head.session_id, invocation.head.request_id);
  if (!given) co_return given.error();
  co_return FinishOutcome::ended_before;
}

/// First what the session says, then what the invocation does: whoever dies in between does it again.
InvocationStore::Answer<FinishOutcome> InvocationStore::correct(const InvocationItem& invocation,
                                                                FinishedInvocation finished) {
  const RequestId id = invocation.head.request_id;
  const auto kept = co_await invocations_.put_batch(id, finished.rest);
  if (!kept) co_return kept.error();
  const auto last = co_await invocations_.last_chunk(id);
  if (!last) co_return last.error();
  SessionTable::Ending ending{store::encode_ending(finished.end), *last};
  InvocationTable::End end{id, state_of(finished.end), finished.end.ended_at, ending,
                           from_unix_ms(invocation.interaction_at_ms)};
  end.corrects = true;
  finished.interaction.timestamp = end.interaction_at;
  const auto replaced = co_await sessions_.replace(std::move(finished.interaction), std::move(ending));
  if (!replaced) co_return replaced.error();
  if (!*replaced) co_return co_await ended_before(invocation);
  const auto corrected = co_await end_it(end);
  if (!corrected) co_return corrected.error();
  const auto before = co_await ended_before(invocation);
  if (!before) co_return before.error();
  co_return *corrected ? FinishOutcome::finished : *before;
}

/// The session also of one whose head has never arrived.
InvocationStore::Answer<void> InvocationStore::withdraw(RequestId id, SessionId session, Principal owner) {
  const auto invocation = co_await invocations_.find(id);
  if (!invocation) co_return invocation.error();
  if (*invocation) {
    if ((*invocation)->head.owner != owner || has_ended((*invocation)->head.state))
      co_return skymarshal::Result<void>();
    const auto removed = co_await remove_unkept(**invocation);
    if (!removed) co_return removed.error();
  }
  SessionTable::Claimed claimed;
  claimed.session.id = session;
  claimed.session.owner = std::move(owner);
  co_return co_await sessions_.take_back(std::move(claimed), id);
}

InvocationStore::Answer<std::optional<InvocationHead>> InvocationStore::claimant(Principal owner,
                                                                                 std::string key) {
  auto claimed = co_await invocations_.claimant(owner, key);
  if (!claimed) co_return claimed.error();
  co_return std::move(claimed->head);
}

InvocationStore::Answer<StoredJournal> InvocationStore::read(RequestId id, Principal principal,
                                                             std::uint64_t after) {
  auto invocation = co_await invocations_.find(id);
  if (!invocation) co_return invocation.error();
  if (!*invocation || (*invocation)->head.owner != principal) co_return invocations::invocation_not_found();
  const auto& ended_at = (*invocation)->head.ended_at;
  StoredJournal journal;
  journal.head = (*invocation)->head;
  journal.batch.first_seq = after + 1;
  journal.journal_removed = (*invocation)->journal_removed ||
                            (ended_at && access_->now() - *ended_at > access_->options().journal_retain);
  if (!journal.journal_removed)
    co_return co_await add_chunks(**std::move(invocation), after, std::move(journal));
  const auto added = co_await add_end(**invocation, journal);
  if (!added) co_return added.error();
  co_return journal;
}

/// The head was read first: once it says that it has ended, all it said is there.
InvocationStore::Answer<StoredJournal> InvocationStore::add_chunks(InvocationItem invocation,
                                                                   std::uint64_t after,
                                                                   StoredJournal journal) {
  const bool is_ended = has_ended(invocation.head.state);
  if (after < invocations::behind_all) {
    auto chunks = co_await invocations_.chunks(invocation.head.request_id, after, is_ended);
    if (!chunks) co_return chunks.error();
    journal.batch = std::move(chunks->batch);
    journal.has_more = chunks->has_more;
    journal.last_chunk = static_cast<std::uint64_t>(chunks->last_chunk);
  }
  if (is_ended) {
    journal.last_chunk = static_cast<std::uint64_t>(invocation.last_chunk);
    // Of a gateway that was taken for dead more may have come since; the end stands where it stands.
    const std::uint64_t wanted = journal.last_chunk - std::min(journal.last_chunk, after);
    if (journal.batch.chunks.size() > wanted) journal.batch.chunks.resize(wanted);
    if (journal.has_more) co_return journal;
    const auto added = co_await add_end(invocation, journal);
    if (!added) co_return added.error();
  } else if (journal.last_chunk == 0 || journal.has_more) {
    const auto last = co_await invocations_.last_chunk(invocation.head.request_id);
    if (!last) co_return last.error();
    journal.last_chunk = static_cast<std::uint64_t>(*last);
  }
  co_return journal;
}

/// With the answer, from the session.
InvocationStore::Answer<void> InvocationStore::add_end(const InvocationItem& invocation,
                                                       StoredJournal& journal) {
  auto saved = co_await sessions_.read(invocation.head.session_id, invocation.interaction_at_ms);
  if (!saved) co_return saved.error();
  if (!*saved) co_return invocations::invocation_not_found();
  const std::string& ending = invocation.ending.empty() ? (*saved)->ending.text : invocation.ending;
  auto end = store::decode_ending(ending);
  if (!end) co_return access_->not_ours("the end of an invocation");
  end->body = std::move((*saved)->interaction.response);
  journal.end = std::move(end);
  co_return skymarshal::Result<void>();
}

InvocationStore::Answer<InvocationPage> InvocationStore::list(Principal principal,
                                                              std::optional<InvocationState> state,
                                                              PageRequest page) {
  const std::string scope = list_scope(principal, state);
  const auto position = store::read_cursor(page.limit, page.cursor, scope);
  if (!position) co_return position.error();
  const std::size_t limit = std::min(page.limit, access_->options().page_items_max);
  InvocationTable::ListRange range;
  range.owner = std::move(principal);
  range.state = state;
  range.limit = limit + 1;
  if (*position) {
    const auto last = RequestId::parse((*position)->name);
    if (!last) co_return make_error(Errc::invalid_request, "the cursor is not one of this list");
    range.behind.emplace((*position)->time_ms, *last);
  }
  auto listed = co_await invocations_.list(std::move(range));
  if (!listed) co_return listed.error();
  InvocationPage answer{std::move(listed->heads), {}};
  if (answer.invocations.size() > limit) {
    answer.invocations.resize(limit);
    const InvocationHead& last = answer.invocations.back();
    listed->looked_until.emplace(unix_ms(last.accepted_at), last.request_id);
  }
  if (listed->looked_until) {
    const auto& [time_ms, id] = *listed->looked_until;
    answer.next_cursor = store::encode_cursor({time_ms, id.str()}, scope);
  }
  co_return answer;
}

InvocationStore::Answer<std::vector<InvocationRecord>> InvocationStore::open_ones(std::string runner) {
  return invocations_.open_ones(std::move(runner));
}

InvocationStore::Answer<std::size_t> InvocationStore::remove_old_journals() {
  return invocations_.remove_journals(unix_ms(access_->now() - access_->options().journal_retain));
}

InvocationStore::Answer<std::optional<InvocationItem>> InvocationStore::find_open(RequestId id,
                                                                                  Principal owner) {
  auto invocation = co_await invocations_.find(id);
  if (!invocation) co_return invocation.error();
  const bool is_open =
      *invocation && (*invocation)->head.owner == owner && !has_ended((*invocation)->head.state);
  if (!is_open) co_return std::optional<InvocationItem>();
  co_return invocation;
}

}  // namespace skymarshal::dynamodb
