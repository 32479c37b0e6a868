// Properties 16 (journal), 17 (idempotency), 20 (slots) and 23 (durability) of invocations over the real
// parts: the service, its stores in SQLite and the outbox, with a runtime that goes only as far as it is told
// to. Whatever is done in whatever order: begun, said, ended, repeated, read, cancelled, the store down and
// up again, and the process killed. A longer walk: RC_PARAMS="max_success=1000 max_size=300".
#include "invocations/invocation_service.hpp"
#include "invocations/recovery.hpp"
#include "store/outbox_invocation_store.hpp"
#include "store/outbox_session_store.hpp"
#include "store/sqlite_invocation_store.hpp"
#include "store/sqlite_session_store.hpp"
#include "support/failing_invocation_store.hpp"
#include "support/fake_runtime.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <map>
#include <ostream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::app::invocations_property_test {

using namespace skymarshal::invocations;

/// Each run waits for what the test has it say, and for its end.
class SteppedRuntime final : public AgentRuntime {
 public:
  struct Run {
    std::string prompt;
    ChunkSink* sink = nullptr;
    Wakeup* wakeup = nullptr;
    std::optional<RunOutcome> outcome = {};
  };

  std::vector<std::shared_ptr<Run>> open;
  /// By prompt, over all lives of the gateway.
  std::map<std::string, int> runs;

  boost::asio::awaitable<RunOutcome> run(RuntimeRequest request, ChunkSink& sink, StopSignal& stop) override {
    ++runs[request.prompt];
    Wakeup wakeup(co_await boost::asio::this_coro::executor);
    const StopSignal::Listener on_stop(stop, [&wakeup] { wakeup.wake(); });
    const auto run = std::make_shared<Run>(Run{request.prompt, &sink, &wakeup});
    open.push_back(run);
    const Closing closing(*this, run);
    while (!run->outcome && !stop.raised()) co_await wakeup.wait_until(Wakeup::never);
    if (run->outcome) co_return std::move(*run->outcome);
    co_return RunOutcome{stop.reason(), reached()};
  }
  boost::asio::awaitable<Result<void>> probe() override { co_return Result<void>(); }
  std::string_view name() const override { return "stepped"; }

  static RunTimings reached() {
    RunTimings timings;
    timings.reached = true;
    return timings;
  }

 private:
  class Closing {
   public:
    Closing(SteppedRuntime& runtime, std::shared_ptr<Run> run) : runtime_(runtime), run_(std::move(run)) {}
    ~Closing() { std::erase(runtime_.open, run_); }
    Closing(const Closing&) = delete;
    Closing& operator=(const Closing&) = delete;

   private:
    SteppedRuntime& runtime_;
    std::shared_ptr<Run> run_;
  };
};

/// What the test knows of an invocation.
struct Known {
  RequestId id;
  std::string key;
  /// All that its runtime has said.
  std::vector<std::string> said = {};
  /// As it was first told.
  std::string end = {};
  bool was_crashed = false;
  bool has_run = false;
  /// Whether its end is known, or will be with the first look at it.
  bool has_ended = false;
  /// It never reached its runtime, so its key is free again.
  bool is_released = false;
};

constexpr int running_max = 2;
const Principal owner{"alice"};

class World {
 public:
  World() { start(); }
  ~World() { stop(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  void begin(const std::string& key) {
    Submission submission;
    submission.request_id = RequestId::generate(random_);
    submission.principal = owner;
    submission.prompt = "prompt of " + key;
    submission.keeping = Keeping::required;
    submission.claim = {key, "f"};
    const RequestId fresh = submission.request_id;
    const auto submitted = test::run_awaitable(*io_, service_->submit(std::move(submission)));
    const auto held = std::ranges::find_if(
        known, [&key](const Known& each) { return each.key == key && !each.is_released; });
    const bool can_be_told = !is_down() && held != known.end();
    if (!can_be_told && !takes_writes()) {
      RC_ASSERT(!submitted);
      const Errc code = submitted.error().code;
      RC_ASSERT(code == Errc::store_unavailable || code == Errc::overloaded);
      return;
    }
    if (!submitted) {
      RC_ASSERT(submitted.error().code == Errc::overloaded);
      return;
    }
    RC_ASSERT(submitted->is_repeat == (held != known.end()));
    if (held == known.end())
      known.push_back({fresh, key});
    else
      RC_ASSERT(submitted->invocation.head.request_id == held->id);
    settle();
  }

  void say(std::size_t which, const std::string& chunk) {
    SteppedRuntime::Run& run = *runtime_.open[which % runtime_.open.size()];
    owner_of(run).said.push_back(chunk);
    run.sink->on_chunk(test::runtime_message(chunk));
    settle();
  }

  enum class How { complete, fail, unreached };
  void end(std::size_t which, How how) {
    const std::shared_ptr<SteppedRuntime::Run> run = runtime_.open[which % runtime_.open.size()];
    Known& its = owner_of(*run);
    if (how == How::complete) {
      run->outcome = RunOutcome{test::runtime_message("{}"), SteppedRuntime::reached()};
    } else {
      const bool reached = how == How::fail;
      run->outcome = RunOutcome{make_error(Errc::connection_failed, "why"),
                                reached ? SteppedRuntime::reached() : RunTimings()};
      its.is_released = !reached;
    }
    const auto journal = journal_of(its);
    run->wakeup->wake();
    note_end(its, *journal);
  }

  void cancel(std::size_t which) {
    Known& its = known[which % known.size()];
    const auto found = test::run_awaitable(*io_, service_->cancel(its.id, owner));
    if (is_out_of_reach(its)) {
      RC_ASSERT(found.error().code == Errc::store_unavailable);
      return;
    }
    RC_ASSERT(found.has_value());
    note_end(its, *found->source.journal);
  }

  /// What has ended cannot be read now, what ends is set aside.
  void take_the_store_down() { failing_->is_down = true; }
  /// What ends is set aside, and told from there.
  void let_the_store_take_no_writes() { failing_->is_read_only = true; }
  void bring_the_store_up() {
    failing_->is_down = false;
    failing_->is_read_only = false;
  }

  /// As kill -9: nothing is said to anybody, and what was being done is done by nobody. The store is there
  /// when the next process starts.
  void crash() {
    for (Known& its : known) {
      if (its.has_ended) continue;
      its.has_ended = its.was_crashed = true;
      // Of those that waited it is certain.
      its.is_released = !its.has_run;
    }
    stop();
    start();
    const auto ended = test::run_awaitable(*io_, end_interrupted(*invocations_, runner, clock_));
    RC_ASSERT(ended.has_value());
    for (const Known& its : known) RC_ASSERT(journal_of(its)->end() != nullptr);
  }

  /// What any reader is told, from any place.
  void read(std::size_t which, std::uint64_t after) {
    const Known& its = known[which % known.size()];
    if (is_out_of_reach(its)) return;
    const auto whole = journal_of(its);
    const auto found = test::run_awaitable(*io_, service_->find(its.id, owner, Place{after}));
    const std::uint64_t last = whole->last_seq();
    // What is lost of its words may have been told, and the end has the seq of the first of them.
    const bool was_cut_off = its.was_crashed && whole->end() != nullptr;
    RC_ASSERT(found.has_value() == (after <= last || was_cut_off));
    if (!found) return;
    if (was_cut_off && after >= last) {
      RC_ASSERT(!found->is_read_to_the_end);
      wait_for(*found->source.journal, last);
      RC_ASSERT(text_of(found->source.journal->end()) == its.end);
      return;
    }
    if (found->is_read_to_the_end) {
      RC_ASSERT(whole->end() != nullptr && after == last);
      return;
    }
    wait_for(*found->source.journal, last);
    for (std::uint64_t seq = after + 1; seq <= last; ++seq)
      RC_ASSERT(text_of(found->source.journal->find(seq)) == text_of(whole->find(seq)));
  }

  /// What must hold at any time.
  void check() {
    const ConcurrencyGate::Counts counts = service_->gate().counts();
    RC_ASSERT(counts.running == static_cast<int>(runtime_.open.size()));
    RC_ASSERT(counts.running <= running_max);
    for (Known& its : known)
      if (!is_out_of_reach(its)) check(its);
    for (const auto& [prompt, runs] : runtime_.runs) {
      const auto allowed = std::ranges::count_if(
          known, [&prompt](const Known& each) { return prompt == "prompt of " + each.key; });
      RC_ASSERT(runs <= allowed);
    }
  }

  void end_all() {
    service_->stop_all(make_error(Errc::interrupted, "enough"));
    RC_ASSERT(test::run_until(*io_, [this] { return service_->idle(); }));
    RC_ASSERT(runtime_.open.empty());
    RC_ASSERT(service_->gate().counts().running == 0 && service_->gate().counts().queued == 0);
  }

  bool runs_any() const { return !runtime_.open.empty(); }

  std::vector<Known> known;

 private:
  static constexpr const char* runner = "here";

  void start() {
    io_ = std::make_unique<boost::asio::io_context>(1);
    const auto connections = store::SqliteConnections::open({.path = folder_.file("sessions.db")}).value();
    kept_ = std::make_unique<store::SqliteInvocationStore>(store::SqliteInvocationStore::Options(),
                                                           connections, clock_);
    auto failing = std::make_unique<test::FailingInvocationStore>(*kept_);
    failing_ = failing.get();
    store::Outbox::Inner inner;
    inner.sessions = std::make_unique<store::SqliteSessionStore>(store::SqliteSessionStore::Options(),
                                                                 connections, clock_);
    inner.invocations = std::move(failing);
    store::Outbox::Options options;
    options.path = folder_.file("outbox");
    options.retry_delays = {};
    auto outbox = store::Outbox::open(options, std::move(inner), log_).value();
    sessions_ =
        std::make_unique<store::OutboxSessionStore>(store::OutboxSessionStore::Options(), outbox, clock_);
    invocations_ = std::make_unique<store::OutboxInvocationStore>(outbox, sessions_->known());
    InvocationService::Options service;
    service.gate = {running_max, 4};
    service.keeper.gather = Milliseconds(0);
    service.runner = runner;
    service_ = std::make_unique<InvocationService>(
        service,
        InvocationService::Ports{runtime_, *sessions_, *invocations_, fleet_, clock_, random_, log_});
  }

  /// The stores first, as what they still answer is for the loop; then the loop, with all that hangs in it.
  void stop() {
    invocations_.reset();
    sessions_.reset();
    kept_.reset();
    io_.reset();
    service_.reset();
    runtime_.open.clear();
  }

  /// All that can happen by itself. A run that waited begins when there is room, unless the store cannot be
  /// told so: then it ends.
  void settle() {
    const auto is_settled = [this] {
      const auto live = std::ranges::count_if(known, [](const Known& its) { return !its.has_ended; });
      const auto running = std::min<std::ptrdiff_t>(live, running_max);
      return takes_writes() ? std::ssize(runtime_.open) == running
                            : service_->gate().counts().queued == 0 || std::ssize(runtime_.open) == running;
    };
    RC_ASSERT(test::run_until(*io_, is_settled));
    io_->restart();
    io_->poll();
    for (const auto& run : runtime_.open) owner_of(*run).has_run = true;
    if (takes_writes() || service_->gate().counts().queued > 0) return;
    for (Known& its : known) {
      if (!its.has_ended && !its.has_run) its.has_ended = its.is_released = true;
    }
  }

  Known& owner_of(const SteppedRuntime::Run& run) {
    const auto its = std::ranges::find_if(known, [&run](const Known& each) {
      return run.prompt == "prompt of " + each.key && each.end.empty() && !each.was_crashed &&
             !each.is_released;
    });
    RC_ASSERT(its != known.end());
    return *its;
  }

  bool is_down() const { return failing_->is_down; }
  bool takes_writes() const { return !failing_->is_down && !failing_->is_read_only; }

  /// Its end is with the store alone, which is down.
  bool is_out_of_reach(const Known& its) const { return is_down() && its.has_ended; }

  /// All of it, as a reader is told that asks now.
  std::shared_ptr<Journal> journal_of(const Known& its) {
    auto found = test::run_awaitable(*io_, service_->find(its.id, owner, Place()));
    RC_ASSERT(found.has_value());
    auto journal = found->source.journal;
    // What is at rest comes in parts.
    if (has_ended(found->head.state)) {
      RC_ASSERT(test::run_until(*io_, [&] { return journal->end() != nullptr; }));
    }
    return journal;
  }

  /// From here on it has no other.
  void note_end(Known& its, const Journal& journal) {
    RC_ASSERT(test::run_until(*io_, [&] { return journal.end() != nullptr; }));
    its.has_ended = true;
    if (its.end.empty()) its.end = text_of(journal.end());
    settle();
  }

  void wait_for(const Journal& journal, std::uint64_t seq) {
    RC_ASSERT(test::run_until(*io_, [&] { return journal.last_seq() >= seq; }));
  }

  static std::string text_of(const JournalEvent* event) {
    if (event == nullptr) return "nothing";
    return event->end ? *event->end->body : std::string(event->chunk.data());
  }

  void check(Known& its) {
    const auto journal = journal_of(its);
    const JournalEvent* const end = journal->end();
    const std::uint64_t chunks = journal->last_seq() - (end != nullptr ? 1 : 0);
    RC_ASSERT(chunks <= its.said.size());
    // A crash may have taken the last words, and nothing else has.
    RC_ASSERT(its.was_crashed || chunks == its.said.size());
    for (std::uint64_t seq = 1; seq <= chunks; ++seq)
      RC_ASSERT(text_of(journal->find(seq)) == its.said[seq - 1]);
    if (end == nullptr) {
      RC_ASSERT(its.end.empty());
      return;
    }
    RC_ASSERT(end->seq == chunks + 1);
    if (its.end.empty()) its.end = text_of(end);
    RC_ASSERT(its.end == text_of(end));
  }

  test::TemporaryFolder folder_;
  test::ManualClock clock_;
  SystemRandom random_;
  invocations::LoneGateway fleet_;
  Logger log_{{LogLevel::off}, clock_};
  SteppedRuntime runtime_;
  std::unique_ptr<InvocationService> service_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<store::OutboxSessionStore> sessions_;
  std::unique_ptr<store::OutboxInvocationStore> invocations_;
  std::unique_ptr<store::SqliteInvocationStore> kept_;
  test::FailingInvocationStore* failing_ = nullptr;
};

/// One thing that is done. `which` counts around among the runs that are open, or all invocations there were.
struct Step {
  enum class Kind {
    begin,
    say,
    complete,
    fail,
    never_reach,
    cancel,
    read,
    store_down,
    store_read_only,
    store_up,
    crash
  };
  Kind kind;
  std::size_t which = 0;
  std::string key = {};
  std::string chunk = {};
  std::uint64_t after = 0;
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
  switch (step.kind) {
    case Step::Kind::begin:
      return out << "begin under " << step.key;
    case Step::Kind::say:
      return out << "run " << step.which << " says " << step.chunk;
    case Step::Kind::complete:
      return out << "run " << step.which << " completes";
    case Step::Kind::fail:
      return out << "run " << step.which << " fails";
    case Step::Kind::never_reach:
      return out << "run " << step.which << " never reached its runtime";
    case Step::Kind::cancel:
      return out << "cancel " << step.which;
    case Step::Kind::read:
      return out << "read " << step.which << " after " << step.after;
    case Step::Kind::store_down:
      return out << "the store goes down";
    case Step::Kind::store_read_only:
      return out << "the store takes no writes";
    case Step::Kind::store_up:
      return out << "the store is back";
    case Step::Kind::crash:
      return out << "crash";
  }
  return out;
}

rc::Gen<Step> any_step() {
  using Kind = Step::Kind;
  return rc::gen::build<Step>(
      rc::gen::set(&Step::kind, rc::gen::weightedElement<Kind>({{6, Kind::begin},
                                                                {6, Kind::say},
                                                                {2, Kind::complete},
                                                                {1, Kind::fail},
                                                                {1, Kind::never_reach},
                                                                {2, Kind::cancel},
                                                                {2, Kind::read},
                                                                {1, Kind::store_down},
                                                                {2, Kind::store_read_only},
                                                                {2, Kind::store_up},
                                                                {1, Kind::crash}})),
      rc::gen::set(&Step::which, rc::gen::inRange<std::size_t>(0, 8)),
      rc::gen::set(&Step::key, rc::gen::element<std::string>("a", "b", "c", "d")),
      rc::gen::set(&Step::chunk, rc::gen::element<std::string>("1", R"({"agent":"cargo"})")),
      rc::gen::set(&Step::after, rc::gen::inRange<std::uint64_t>(0, 6)));
}

void take(World& world, const Step& step) {
  const bool runs = world.runs_any();
  const bool knows = !world.known.empty();
  switch (step.kind) {
    case Step::Kind::begin:
      return world.begin(step.key);
    case Step::Kind::say:
      return runs ? world.say(step.which, step.chunk) : void();
    case Step::Kind::complete:
      return runs ? world.end(step.which, World::How::complete) : void();
    case Step::Kind::fail:
      return runs ? world.end(step.which, World::How::fail) : void();
    case Step::Kind::never_reach:
      return runs ? world.end(step.which, World::How::unreached) : void();
    case Step::Kind::cancel:
      return knows ? world.cancel(step.which) : void();
    case Step::Kind::read:
      return knows ? world.read(step.which, step.after) : void();
    case Step::Kind::store_down:
      return world.take_the_store_down();
    case Step::Kind::store_read_only:
      return world.let_the_store_take_no_writes();
    case Step::Kind::store_up:
      return world.bring_the_store_up();
    case Step::Kind::crash:
      return world.crash();
  }
}

RC_GTEST_PROP(Invocations, KeepTheirPromisesWhateverIsDone, ()) {
  // Up to 200 steps: some thousands in a hundred cases.
  const auto steps = *rc::gen::scale(2.0, rc::gen::container<std::vector<Step>>(any_step()));
  World world;
  for (const Step& step : steps) {
    take(world, step);
    world.check();
  }
  world.end_all();
  world.crash();
  world.check();
}

}  // namespace skymarshal::app::invocations_property_test
