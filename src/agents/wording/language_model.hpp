// The language model that may word the agents' reasoning: a server of OpenAI's chat completions API, asked
// over a connection of its own for every agent. It never keeps an answer waiting beyond its deadline, and
// whatever goes wrong with it, the rules' own text stays. Everything runs on the executor it is given, which
// must be one thread's.
#pragma once

#include "agents/assessment/assessment.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "base/stop_signal.hpp"
#include "http/url.hpp"
#include "net/tls.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace skymarshal::agents::wording {

using assessment::AgentAssessment;

/// Where to ask, for an address (http or https) as people write it: that of the API
/// (http://127.0.0.1:8081/v1) or of its chat completions (…/v1/chat/completions); without a path, /v1 is
/// taken. A query stays.
http::Endpoint chat_endpoint(http::Endpoint address);

class LanguageModel {
 public:
  struct Options {
    http::Endpoint endpoint;
    /// As the server names it; empty for the one it has.
    std::string model;
    /// Sent as a bearer token (RFC 6750) unless it is empty.
    Secret api_key;
    /// Needed for https.
    std::optional<net::TlsContext> tls;
    /// For the jitter; must live until the executor's context has run out of work.
    RandomSource* random = nullptr;
    /// For all of word(), retries included.
    Milliseconds deadline = std::chrono::seconds(10);
    Milliseconds connect_timeout = std::chrono::seconds(2);
    /// Before each new attempt; a server's Retry-After may stretch them.
    std::vector<Milliseconds> retry_delays = {Milliseconds(200), Milliseconds(600)};
    /// Each delay is stretched or shortened by up to this share.
    double jitter = 0.5;
    /// A whole answer, events and all.
    std::size_t answer_bytes_max = 1024 * 1024;
    /// Calls under way at once; agents beyond it keep the rules' text.
    std::size_t calls_max = 128;
  };

  /// How the calls ended so far.
  struct Counts {
    std::uint64_t worded = 0;
    /// The check let the text not through.
    std::uint64_t refused = 0;
    /// No whole text came in time.
    std::uint64_t failed = 0;
    /// Ended because nobody waits any more.
    std::uint64_t stopped = 0;
  };

  /// `logger` must live until the executor's context has run out of work.
  LanguageModel(boost::asio::any_io_executor executor, Options options, Logger& logger);
  ~LanguageModel();
  LanguageModel(const LanguageModel&) = delete;
  LanguageModel& operator=(const LanguageModel&) = delete;

  /// Asks for all of them at once and puts what passes check_wording() in the place of their reasoning;
  /// nothing else of them is touched. Returns when all calls have ended, at the deadline, or when `stop` is
  /// raised; what is under way then is cancelled.
  boost::asio::awaitable<void> word(std::vector<AgentAssessment>& assessments, StopSignal& stop);

  const Counts& counts() const;

 private:
  struct Shared;
  struct Round;

  static boost::asio::awaitable<void> run_call(std::shared_ptr<Round> round, std::size_t index);
  static void start_call(const std::shared_ptr<Round>& round, std::size_t index);
  void take(const Round& round, std::vector<AgentAssessment>& assessments);

  std::shared_ptr<Shared> shared_;
};

}  // namespace skymarshal::agents::wording
