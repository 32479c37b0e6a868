// One prompt on its way through the runtime: a coroutine of its own that waits its turn, runs, saves what
// came of it and writes everything it hears into its journal. It answers nobody: whoever wants to know reads
// the journal. Lives on the executor it was started on, and owns itself until its end.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/principal.hpp"
#include "base/stop_signal.hpp"
#include "invocations/agent_runtime.hpp"
#include "invocations/concurrency_gate.hpp"
#include "invocations/fleet.hpp"
#include "invocations/invocation_registry.hpp"
#include "invocations/invocation_state.hpp"
#include "invocations/invocation_store.hpp"
#include "invocations/journal.hpp"
#include "invocations/journal_keeper.hpp"
#include "invocations/readership.hpp"
#include "invocations/session_store.hpp"
#include "invocations/session_turns.hpp"
#include "invocations/shared_turn.hpp"

#include <atomic>
#include <exception>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

namespace skymarshal::invocations {

class Invocation : public std::enable_shared_from_this<Invocation>, private AgentRuntime::ChunkSink {
 public:
  struct Subject {
    RequestId request_id;
    SessionId session_id;
    Principal principal;
    /// Sanitised.
    std::string prompt;
    WallTime accepted_at;
    http::TraceContext trace = {};
  };

  struct Options {
    WhenUnread when_unread = WhenUnread::run_to_the_end();
    /// What one journal may hold in memory; a runtime that says more is cut off.
    std::size_t journal_bytes_max = 64 * 1024 * 1024;
    /// It was begun in the invocation store, where what it says is kept as it says it.
    bool is_kept = false;
    /// As one that waits: it is told there when it starts.
    bool is_kept_as_waiting = false;
    /// Other gateways may know the session.
    bool shares_turn = false;
    SharedTurnOptions shared_turn = {};
    /// It ends rather than that it starts where that cannot be told.
    bool must_be_kept = false;
    JournalKeeper::Options keeper;
  };

  /// What it needs of the gateway; all must outlive it.
  struct Services {
    AgentRuntime& runtime;
    SessionStore& sessions;
    InvocationStore& invocations;
    Fleet& fleet;
    const Clock& clock;
    Logger& log;
    /// Where it can be found while it lives.
    InvocationRegistry& registry;
  };

  /// Runs one to its end in the background. The admission is given back before the end is saved, the turn
  /// when it has been, and both before the end is in the journal.
  static std::shared_ptr<Invocation> start(Services services, Options options, Subject subject,
                                           const boost::asio::any_io_executor& executor,
                                           SessionTurns::Turn turn, ConcurrencyGate::Admission admission);

  /// Asks it to end soon, from any thread; the journal then ends with this error unless it has ended already.
  void stop(Error reason);

  /// Runs to its end from now on, read or not. From any thread.
  void waive_readers() { readership_->waive(); }

  const Subject& subject() const { return subject_; }
  /// Queued or running, until the end is in the journal. From any thread.
  InvocationState state() const;
  std::shared_ptr<Journal> journal() const { return journal_; }
  /// For one who reads the journal, from any thread.
  Readership::Attachment attach() const { return Readership::Attachment(readership_); }

 private:
  Invocation(Services services, Options options, Subject subject,
             const boost::asio::any_io_executor& executor);
  static boost::asio::awaitable<void> run(std::shared_ptr<Invocation> self, SessionTurns::Turn turn,
                                          ConcurrencyGate::Admission admission);
  boost::asio::awaitable<RunOutcome> converse(SessionTurns::Turn& turn, ConcurrencyGate::Admission admission);
  InvocationEnd make_end(RunOutcome outcome);
  std::string write_response(const RuntimeMessage& complete, const InvocationEnd& end) const;
  boost::asio::awaitable<Result<bool>> wait_for_turn(SessionTurns::Turn& turn);
  boost::asio::awaitable<Result<bool>> share_turn();
  bool has_sure_turn() const;
  boost::asio::awaitable<Result<bool>> note_start();
  std::shared_ptr<JournalKeeper> keep_journal();
  boost::asio::awaitable<Persisted> save(const InvocationEnd& end, bool has_run, JournalKeeper* keeper);
  boost::asio::awaitable<Result<Persisted>> store(const InvocationEnd& end, bool has_run,
                                                  JournalKeeper* keeper);
  Error internal_error(const std::exception& bug);
  void log_failure(const InvocationEnd& end) const;
  void log_not_saved(std::string_view reason) const;
  void on_chunk(RuntimeMessage chunk) override;

  Services services_;
  Options options_;
  Subject subject_;
  boost::asio::any_io_executor executor_;
  std::shared_ptr<Journal> journal_ = std::make_shared<Journal>();
  std::shared_ptr<Readership> readership_;
  StopSignal stop_;
  SteadyTime accepted_at_;
  /// When it last had its turn among all gateways.
  SteadyTime turn_at_;
  std::optional<Milliseconds> queued_;
  std::atomic<bool> runs_ = false;
  /// What an exception said that ended it: for the log alone.
  std::string bug_;
};

}  // namespace skymarshal::invocations
