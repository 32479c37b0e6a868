// Proves who calls by AWS itself: the caller sends a signed GetCallerIdentity request, STS checks it, and the
// patterns decide whether that identity may come in. Shared by all threads. Knows no secret of any caller;
// what STS said is remembered for some minutes.
#pragma once

#include "auth/authenticator.hpp"
#include "auth/sts_client.hpp"
#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/mutex.hpp"
#include "base/single_flight.hpp"
#include "net/tls.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::auth {

/// Verdicts that were reached already, by the digest of the token they are about. Bounded: when it is full,
/// the oldest go. Safe from any thread.
class VerdictCache {
 public:
  explicit VerdictCache(std::size_t entries_max) : entries_max_(entries_max) {}
  VerdictCache(const VerdictCache&) = delete;
  VerdictCache& operator=(const VerdictCache&) = delete;

  /// nullopt if there is none, or its time is over.
  std::optional<Verdict> find(const Sha256& key, SteadyTime now);
  /// Good until `until`, which itself is too late. Replaces an earlier one.
  void put(const Sha256& key, Verdict verdict, SteadyTime until);
  std::size_t size() const;

 private:
  struct Entry {
    Verdict verdict;
    SteadyTime until;
    std::list<Sha256>::iterator place;
  };
  using Entries = std::map<Sha256, Entry>;

  void erase(Entries::iterator entry) REQUIRES(mutex_);

  std::size_t entries_max_;
  mutable Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);
  /// Oldest first.
  std::list<Sha256> order_ GUARDED_BY(mutex_);
};

struct StsOptions {
  /// What callers sign as X-Skymarshal-Server-Id; visible ASCII.
  std::string server_id;
  /// ARNs with wildcards, as wildcard_match has them. Every AWS account in the world can sign
  /// GetCallerIdentity: with no pattern nobody comes in.
  std::vector<std::string> allowed_principals;
  /// See StsClientOptions::endpoint.
  std::optional<http::Endpoint> endpoint_override = {};
  /// How long an identity is believed without asking again; its token's own end may come before.
  Milliseconds cache_for{300'000};
  std::size_t cached_max = 10'000;
  /// A token that was refused stays refused for so long, so that it cannot keep STS busy.
  Milliseconds refuse_for{30'000};
  std::size_t refused_max = 2'000;
  /// Of one exchange with STS.
  Milliseconds timeout{5'000};
  /// Exchanges at once.
  std::size_t exchanges_max = 64;
};

class StsAuthenticator final : public Authenticator {
 public:
  /// `tls` is needed unless the override is plain http; the clock outlives this.
  StsAuthenticator(StsOptions options, std::optional<net::TlsContext> tls, const Clock& clock);

  boost::asio::awaitable<Verdict> authenticate(const http::Request& request) override;
  std::string_view scheme() const override { return "sts"; }
  /// RFC 6750 section 3, with the server id to sign.
  std::string challenge() const override { return challenge_; }

 private:
  /// Has STS asked, and remembers what it says.
  boost::asio::awaitable<Verdict> ask(Sha256 key, StsRequest request);
  Verdict judge(CallerIdentity identity, const StsRequest& request) const;
  void remember(const Sha256& key, const Verdict& verdict, WallTime token_ends);

  StsOptions options_;
  const Clock& clock_;
  std::string challenge_;
  StsClient client_;
  VerdictCache identities_;
  /// Apart, so that tokens anybody can make push out no identity.
  VerdictCache refusals_;
  SingleFlight<Sha256, Verdict> flights_;
};

}  // namespace skymarshal::auth
