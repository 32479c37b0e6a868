#include "invocations/invocation_service.hpp"

#include "invocations/invocation_errors.hpp"
#include "invocations/journal_replay.hpp"
#include "invocations/session_errors.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

namespace skymarshal::invocations {
namespace {

namespace asio = boost::asio;

Error shutting_down() {
  return make_error(Errc::shutting_down, "this server is shutting down: try again, another one will answer");
}

/// Of a store that fails for hours: what more there is, the next start ends.
constexpr std::size_t unsettled_max = 10'000;

Error cancelled_by_caller() { return make_error(Errc::cancelled, "cancelled by its caller"); }

InvocationHead head_of_alive(const Invocation& invocation) {
  const Invocation::Subject& subject = invocation.subject();
  InvocationHead head{subject.request_id, subject.session_id, subject.principal, subject.accepted_at};
  head.state = invocation.state();
  return head;
}

}  // namespace

InvocationService::InvocationService(const Options& options, const Ports& ports)
    : options_(options),
      ports_(ports),
      gate_(options.gate),
      turns_(options.turns),
      unsettled_(ports.invocations, unsettled_max) {}

/// First whoever has the claim, as a repeat needs no room and waits for nobody. Those who find it free begin
/// one after the other, so that all behind the first find what it began, whole, and take no room.
asio::awaitable<Result<Submitted>> InvocationService::submit(Submission submission) {
  if (!submission.claim) co_return co_await submit_new(std::move(submission));
  auto claimant = co_await claimant_of(submission);
  if (!claimant) co_return claimant.error();
  if (*claimant) co_return co_await repeat(std::move(submission), **std::move(claimant));
  if (submission.only_repeats) co_return nothing_under_this_key();

  // Of this process alone: among several, the store decides.
  std::pair<std::string, std::string> claim(submission.principal.id, submission.claim->key);
  const auto claim_lock = co_await claims_.lock(std::move(claim));
  claimant = co_await claimant_of(submission);
  if (!claimant) co_return claimant.error();
  if (*claimant) co_return co_await repeat(std::move(submission), **std::move(claimant));
  co_return co_await submit_new(std::move(submission));
}

/// First the room, as what is refused for want of it must not have cost a write; then the durable claims,
/// then the session's turn.
asio::awaitable<Result<Submitted>> InvocationService::submit_new(Submission submission) {
  auto admission = gate_.admit();
  // Looked at by one who is admitted already, and so is waited for: nothing starts after a drain has ended.
  if (draining_) co_return shutting_down();
  if (!admission) co_return admission.error();
  const bool is_fresh = !submission.session_id;
  const SessionId session = is_fresh ? SessionId::generate(ports_.random) : *submission.session_id;
  // Its first turn may still run: then the store does not know yet whose it is.
  if (turns_.taken_by_another(session, submission.principal)) co_return session_not_found();

  const WallTime accepted_at = ports_.clock.wall_now();
  // As it looks now. One that is taken for running, and has to wait all the same, keeps its claim if the
  // gateway dies meanwhile: that is the safe side.
  const bool waits = gate_.is_full() || turns_.taken(session, submission.principal);
  bool is_kept = submission.keeping != Keeping::end_only;
  if (is_kept) {
    auto begun = co_await begin(submission, session, accepted_at, waits);
    is_kept = begun.has_value();
    const bool is_uncertain = !begun && (begun.error().code == Errc::store_unavailable ||
                                         begun.error().code == Errc::store_refused);
    if (is_uncertain) note_unsettled(submission, session);
    const bool may_go_on = is_uncertain && submission.keeping == Keeping::wanted;
    if (!begun && !may_go_on) co_return begun.error();
    if (begun && !begun->begun) co_return co_await repeat(std::move(submission), std::move(begun->head));
  }
  if (!is_kept) {
    const auto claimed = co_await claim_session(submission);
    if (!claimed) co_return claimed.error();
  }
  const auto executor = co_await asio::this_coro::executor;
  auto turn = turns_.join(session, submission.principal, executor);
  if (!turn && is_kept) co_await withdraw(submission, session);
  if (!turn) co_return turn.error();

  Invocation::Subject subject{submission.request_id,        session,     submission.principal,
                              std::move(submission.prompt), accepted_at, std::move(submission.trace)};
  // What nobody has heard of yet nobody can want a turn of.
  const bool is_shared = is_kept || !is_fresh;
  const TurnWanted wanted{session, submission.principal, submission.request_id};
  if (is_shared) {
    const auto free = co_await refuse_if_busy(wanted);
    if (!free && is_kept) co_await withdraw(submission, session);
    if (!free) co_return free.error();
  }
  const Invocation::Services services{ports_.runtime, ports_.sessions, ports_.invocations, ports_.fleet,
                                      ports_.clock,   ports_.log,      registry_};
  Invocation::Options options;
  options.when_unread = submission.when_unread;
  options.journal_bytes_max = options_.journal_bytes_max;
  options.is_kept = is_kept;
  options.is_kept_as_waiting = is_kept && waits;
  options.shares_turn = is_shared;
  options.shared_turn = options_.shared_turn;
  options.must_be_kept = submission.keeping == Keeping::required;
  options.keeper = options_.keeper;
  const auto invocation = Invocation::start(services, options, std::move(subject), executor, std::move(*turn),
                                            std::move(*admission));
  auto found = found_alive(*invocation, Place());
  if (!found) co_return found.error();
  co_return Submitted{*std::move(found), false, is_kept};
}

/// One that nobody runs, as its begin failed half the way, gives the key back first.
asio::awaitable<Result<std::optional<InvocationHead>>> InvocationService::claimant_of(
    const Submission& submission) {
  auto claimant = co_await ports_.invocations.claimant(submission.principal, submission.claim->key);
  if (!claimant || !*claimant || !unsettled_.holds((*claimant)->request_id)) co_return claimant;
  const auto settled = co_await unsettled_.settle((*claimant)->request_id);
  if (!settled) co_return settled.error();
  co_return co_await ports_.invocations.claimant(submission.principal, submission.claim->key);
}

asio::awaitable<Result<Submitted>> InvocationService::repeat(Submission submission, InvocationHead head) {
  if (head.fingerprint != submission.claim->fingerprint) co_return idempotency_conflict();
  auto found = co_await find(head.request_id, submission.principal, submission.after);
  if (!found && found.error().code == Errc::invocation_not_found) co_return erased_with_its_session();
  if (!found) co_return found.error();
  co_return Submitted{*std::move(found), true};
}

asio::awaitable<Result<BeginOutcome>> InvocationService::begin(const Submission& submission,
                                                               const SessionId& session, WallTime accepted_at,
                                                               bool waits) {
  InvocationRecord record;
  record.request_id = submission.request_id;
  record.session_id = session;
  record.owner = submission.principal;
  record.prompt = submission.prompt;
  record.accepted_at = accepted_at;
  record.runner = options_.runner;
  record.claim = submission.claim;
  record.waits = waits;
  return ports_.invocations.begin(std::move(record));
}

/// A fresh name belongs to nobody; its first saved interaction makes it a session.
asio::awaitable<Result<void>> InvocationService::claim_session(const Submission& submission) {
  if (!submission.session_id) co_return Result<void>();
  const auto claimed = co_await ports_.sessions.claim(*submission.session_id, submission.principal);
  if (!claimed) co_return claimed.error();
  co_return Result<void>();
}

asio::awaitable<void> InvocationService::withdraw(const Submission& submission, const SessionId& session) {
  const auto withdrawn =
      co_await ports_.invocations.withdraw(submission.request_id, session, submission.principal);
  if (!withdrawn) note_unsettled(submission, session);
}

void InvocationService::note_unsettled(const Submission& submission, const SessionId& session) {
  if (unsettled_.note(submission.request_id, session, submission.principal)) return;
  // It is told as running until the next start ends it.
  ports_.log.error("invocation_not_withdrawn", {{"request_id", submission.request_id.view()},
                                                {"error_message", "too many wait to be withdrawn"}});
}

asio::awaitable<void> InvocationService::settle_begins() {
  if (unsettled_.size() == 0) co_return;
  const std::size_t before = unsettled_.size();
  // One that runs all the same is taken back once it has ended: its session counts it until then.
  const auto settled = co_await unsettled_.settle_all([this](const RequestId& id) { return runs(id); });
  const auto left = static_cast<std::int64_t>(unsettled_.size());
  if (settled) {
    ports_.log.info("begins_settled", {{"before", static_cast<std::int64_t>(before)}, {"left", left}});
  } else {
    ports_.log.warning("begins_not_settled",
                       {{"left", left}, {"error_message", std::string_view(settled.error().message)}});
  }
}

/// Where turns are not waited for: whether another gateway has it is asked before anything is told.
asio::awaitable<Result<void>> InvocationService::refuse_if_busy(const TurnWanted& wanted) {
  if (options_.turns.when_busy == SessionTurns::WhenBusy::queue) co_return Result<void>();
  const auto taken = co_await ports_.fleet.take_turn(wanted.session, wanted.owner, wanted.request);
  if (taken && !*taken) co_return session_busy();
  co_return Result<void>();
}

/// Null also if it is somebody else's.
std::shared_ptr<Invocation> InvocationService::alive(const RequestId& id, const Principal& principal) {
  auto invocation = registry_.find(id);
  return invocation && invocation->subject().principal == principal ? invocation : nullptr;
}

Result<FoundInvocation> InvocationService::found_alive(Invocation& invocation, Place after) const {
  FoundInvocation found;
  found.head = head_of_alive(invocation);
  found.source.journal = invocation.journal();
  found.source.request_id = found.head.request_id;
  found.source.session_id = found.head.session_id;
  // In this order, as it may end in between.
  const std::uint64_t last = found.source.journal->last_seq();
  const JournalEvent* const end = found.source.journal->end();
  if (after.seq > last && after.seq != behind_all) return no_such_event();
  found.after = after.seq;
  found.is_read_to_the_end = end != nullptr && after.seq == end->seq;
  found.source.attachment.emplace(invocation.attach());
  return found;
}

asio::awaitable<Result<FoundInvocation>> InvocationService::find(RequestId id, Principal principal,
                                                                 Place after) {
  if (const auto invocation = alive(id, principal)) co_return found_alive(*invocation, after);
  auto stored = co_await ports_.invocations.read(id, principal, after.seq);
  if (!stored) co_return stored.error();
  if (after.seq != behind_all && stored->journal_removed) co_return invocation_gone();

  FoundInvocation found;
  found.head = stored->head;
  const std::uint64_t last = stored->last_chunk + (stored->end ? 1 : 0);
  const bool was_crashed = stored->head.state == InvocationState::interrupted;
  found.is_read_to_the_end = stored->end && after.seq == last && (after.is_the_end || !was_crashed);
  // Before a crash more may have been told than was kept: the end is still to be told.
  if (was_crashed && after.seq != behind_all && !found.is_read_to_the_end)
    after.seq = std::min(after.seq, stored->last_chunk);
  // While it runs elsewhere its reader may know more of it than the store: what follows is still to come.
  if (stored->end && after.seq > last && after.seq != behind_all) co_return no_such_event();
  found.after = after.seq;
  if (!found.is_read_to_the_end) {
    const auto executor = co_await asio::this_coro::executor;
    found.source.journal =
        replay_journal({ports_.invocations, ports_.log}, principal, after.seq, *std::move(stored), executor);
  }
  found.source.request_id = found.head.request_id;
  found.source.session_id = found.head.session_id;
  co_return found;
}

asio::awaitable<Result<FoundInvocation>> InvocationService::cancel(RequestId id, Principal principal) {
  if (const auto invocation = alive(id, principal)) {
    invocation->stop(cancelled_by_caller());
    co_return found_alive(*invocation, Place{behind_all});
  }
  const auto asked = co_await ports_.fleet.ask_to_end(id, principal);
  if (!asked) co_return asked.error();
  const Place its_end{behind_all};
  co_return co_await find(id, principal, its_end);
}

void InvocationService::cancel_here(const RequestId& id) {
  if (const auto invocation = registry_.find(id)) invocation->stop(cancelled_by_caller());
}

asio::awaitable<Result<InvocationPage>> InvocationService::list(Principal principal,
                                                                std::optional<InvocationState> state,
                                                                PageRequest page) {
  auto found = co_await ports_.invocations.list(principal, state, std::move(page));
  if (!found) co_return found.error();
  for (InvocationHead& head : found->invocations) {
    if (const auto invocation = has_ended(head.state) ? nullptr : alive(head.request_id, principal))
      head.state = invocation->state();
  }
  if (state)
    std::erase_if(found->invocations, [&](const InvocationHead& head) { return head.state != *state; });
  co_return found;
}

void InvocationService::waive_readers(const RequestId& id) {
  if (const auto invocation = registry_.find(id)) invocation->waive_readers();
}

bool InvocationService::idle() const {
  // In this order: an invocation gives its place in the gate back before it is saved, and is in the registry
  // from before that until its end can be read.
  const ConcurrencyGate::Counts counts = gate_.counts();
  return counts.running == 0 && counts.queued == 0 && registry_.empty();
}

}  // namespace skymarshal::invocations
