// A journal that is read back: what the store has of an invocation that does not run here, and what is added
// there until its end, as a journal like any other. Who reads it need not know.
#pragma once

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/principal.hpp"
#include "invocations/invocation_store.hpp"
#include "invocations/journal.hpp"

#include <cstdint>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace skymarshal::invocations {

/// Puts stored chunks, which must follow what is there, into a journal.
void append_chunks(Journal& journal, JournalBatch batch);

struct ReplaySource {
  /// Both outlive the replay.
  InvocationStore& store;
  Logger& log;
  /// Between two looks at one that has not ended, and after a look that failed.
  Milliseconds interval{250};
};

/// `first` is what the store gave of the principal's invocation behind the event `after`; all that follows is
/// fetched in the background, on `executor`, for as long as somebody holds the journal.
std::shared_ptr<Journal> replay_journal(ReplaySource source, const Principal& principal, std::uint64_t after,
                                        StoredJournal first, const boost::asio::any_io_executor& executor);

}  // namespace skymarshal::invocations
