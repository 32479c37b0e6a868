// One prompt on its way through the runtime: a coroutine of its own that waits its turn, runs, saves what
// came of it and writes everything it hears into its journal. It answers nobody: whoever wants to know reads
// the journal. Lives on the executor it was started on; `journal` may be read from any thread.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/principal.hpp"
#include "base/stop_signal.hpp"
#include "invocations/agent_runtime.hpp"
#include "invocations/concurrency_gate.hpp"
#include "invocations/invocation_registry.hpp"
#include "invocations/journal.hpp"
#include "invocations/session_store.hpp"
#include "invocations/session_turns.hpp"

#include <exception>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace skymarshal::invocations {

struct InvocationOptions {
  /// How long an invocation goes on when its last reader has left.
  Milliseconds disconnect_grace{30'000};
  /// What one journal may hold in memory; a runtime that says more is cut off.
  std::size_t journal_bytes_max = 64 * 1024 * 1024;
};

class Invocation : public std::enable_shared_from_this<Invocation>, private AgentRuntime::ChunkSink {
 public:
  struct Subject {
    RequestId request_id;
    SessionId session_id;
    Principal principal;
    /// Sanitised.
    std::string prompt;
  };

  /// What it needs of the gateway; all must outlive it.
  struct Services {
    AgentRuntime& runtime;
    SessionStore& store;
    const Clock& clock;
    Logger& log;
    const InvocationOptions& options;
    /// Where it can be found while it lives.
    InvocationRegistry& registry;
  };

  /// A reader's stake: while one is held the invocation is wanted; when the last is gone the grace time
  /// begins.
  class Attachment {
   public:
    explicit Attachment(std::shared_ptr<Invocation> invocation);
    ~Attachment();
    Attachment(const Attachment&) = delete;
    Attachment& operator=(const Attachment&) = delete;

   private:
    std::shared_ptr<Invocation> invocation_;
  };

  Invocation(Services services, Subject subject, const boost::asio::any_io_executor& executor);

  /// Runs it to its end in the background. Turn and admission are given back before the end is in the
  /// journal.
  static void start(std::shared_ptr<Invocation> invocation, SessionTurns::Turn turn,
                    ConcurrencyGate::Admission admission);

  /// Asks it to end soon, from any thread; the journal then ends with this error unless it has ended already.
  void stop(Error reason);

  const Subject& subject() const { return subject_; }
  /// Shares the ownership of the invocation.
  std::shared_ptr<Journal> journal() { return {shared_from_this(), &journal_}; }

 private:
  static boost::asio::awaitable<void> run(std::shared_ptr<Invocation> self, SessionTurns::Turn turn,
                                          ConcurrencyGate::Admission admission);
  boost::asio::awaitable<RunOutcome> converse(SessionTurns::Turn& turn,
                                              ConcurrencyGate::Admission& admission);
  InvocationEnd make_end(RunOutcome outcome);
  std::string write_response(const RuntimeMessage& complete, const InvocationEnd& end) const;
  boost::asio::awaitable<bool> save(const InvocationEnd& end);
  void log_bug(const std::exception& bug) const;
  void on_chunk(RuntimeMessage chunk) override;
  void attach();
  void detach();

  Services services_;
  Subject subject_;
  boost::asio::any_io_executor executor_;
  Journal journal_;
  StopSignal stop_;
  boost::asio::steady_timer grace_;
  int readers_ = 0;
  SteadyTime accepted_at_;
  std::optional<Milliseconds> queued_;
};

}  // namespace skymarshal::invocations
