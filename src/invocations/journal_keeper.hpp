// Has what an invocation says kept while it says it: gathers the chunks of a short while into one batch, and
// goes on gathering while that is being written. Beside the invocation, on its executor; a store that is slow
// or down holds nobody up.
#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/principal.hpp"
#include "base/wakeup.hpp"
#include "invocations/invocation_store.hpp"
#include "invocations/journal.hpp"

#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal::invocations {

class JournalKeeper : public std::enable_shared_from_this<JournalKeeper> {
 public:
  struct Options {
    /// For which what comes is gathered: an answer that is there by then costs no write but its end's.
    Milliseconds gather{200};
    /// Between two attempts while the store takes nothing.
    Milliseconds retry{1'000};
  };

  /// Whose journal it is.
  struct Subject {
    RequestId request_id;
    Principal owner;
  };

  /// Begins. `store` and `log` must outlive it.
  static std::shared_ptr<JournalKeeper> start(const Options& options, Subject subject,
                                              std::shared_ptr<Journal> journal, InvocationStore& store,
                                              Logger& log, const boost::asio::any_io_executor& executor);
  JournalKeeper(const JournalKeeper&) = delete;
  JournalKeeper& operator=(const JournalKeeper&) = delete;

  /// Waits for the batch that is being written, writes no more, and gives the chunks that are not kept yet.
  /// To be called once, on the executor.
  boost::asio::awaitable<JournalBatch> stop();

 private:
  class Ending;

  JournalKeeper(const Options& options, Subject subject, std::shared_ptr<Journal> journal,
                InvocationStore& store, Logger& log, const boost::asio::any_io_executor& executor);
  static boost::asio::awaitable<void> run(std::shared_ptr<JournalKeeper> self);
  boost::asio::awaitable<bool> keep();
  void gather();
  boost::asio::awaitable<void> pause(Milliseconds duration);

  const Options options_;
  const Subject subject_;
  InvocationStore& store_;
  Logger& log_;
  JournalReader reader_;
  /// Heard, and not kept yet.
  JournalBatch heard_;
  Wakeup pause_;
  Wakeup ended_wakeup_;
  bool stopped_ = false;
  bool ended_ = false;
  bool is_failing_ = false;
};

}  // namespace skymarshal::invocations
