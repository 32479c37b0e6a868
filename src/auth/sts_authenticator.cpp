#include "auth/sts_authenticator.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace skymarshal::auth {
namespace {

namespace asio = boost::asio;

std::string sts_challenge(std::string_view server_id) {
  std::string text = R"(Bearer realm="skymarshal", server_id=")";
  for (const char c : server_id) {
    // A quoted string (RFC 9110 section 5.6.4).
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

StsClientOptions client_options(const StsOptions& options) {
  StsClientOptions client;
  client.server_id = options.server_id;
  client.endpoint = options.endpoint_override;
  client.timeout = options.timeout;
  client.exchanges_max = options.exchanges_max;
  return client;
}

}  // namespace

StsAuthenticator::StsAuthenticator(StsOptions options, std::optional<net::TlsContext> tls, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      challenge_(sts_challenge(options_.server_id)),
      client_(client_options(options_), std::move(tls)),
      identities_(options_.cached_max),
      refusals_(options_.refused_max) {}

asio::awaitable<Verdict> StsAuthenticator::authenticate(const http::Request& request) {
  const auto token = read_bearer_token(request.headers);
  if (const auto* const refusal = std::get_if<Refusal>(&token)) co_return *refusal;
  const std::string_view text = std::get<std::string_view>(token);
  const Sha256 key = sha256(text);
  if (auto known = identities_.find(key, clock_.steady_now())) co_return *std::move(known);
  if (auto known = refusals_.find(key, clock_.steady_now())) co_return *std::move(known);

  auto read = read_sts_token(text, clock_.wall_now());
  if (auto* const refusal = std::get_if<Refusal>(&read)) co_return std::move(*refusal);
  StsRequest asked = std::move(std::get<StsRequest>(read));
  co_return co_await flights_.run(key, ask(key, std::move(asked)));
}

asio::awaitable<Verdict> StsAuthenticator::ask(Sha256 key, StsRequest request) {
  auto answer = co_await client_.ask(request);
  if (auto* const refusal = std::get_if<Refusal>(&answer)) {
    refusal->claimed = request.access_key_id;
    if (refusal->reason == Reason::identity_unavailable) co_return std::move(*refusal);
    const Verdict verdict = std::move(*refusal);
    remember(key, verdict, request.expires_at);
    co_return verdict;
  }
  const Verdict verdict = judge(std::move(std::get<CallerIdentity>(answer)), request);
  remember(key, verdict, request.expires_at);
  co_return verdict;
}

Verdict StsAuthenticator::judge(CallerIdentity identity, const StsRequest& request) const {
  const auto fits = [&identity](const std::string& pattern) { return wildcard_match(pattern, identity.arn); };
  if (!std::ranges::any_of(options_.allowed_principals, fits)) {
    return Refusal{Reason::not_allowed,
                   "AWS knows you, but this gateway does not let your AWS identity in: ask who runs it",
                   std::move(identity.arn)};
  }
  return Identity{{std::move(identity.arn)}, request.access_key_id, nullptr};
}

void StsAuthenticator::remember(const Sha256& key, const Verdict& verdict, WallTime token_ends) {
  const bool accepted = std::holds_alternative<Identity>(verdict);
  const Milliseconds left = token_ends - clock_.wall_now();
  const Milliseconds believed = std::min(accepted ? options_.cache_for : options_.refuse_for, left);
  VerdictCache& cache = accepted ? identities_ : refusals_;
  cache.put(key, verdict, clock_.steady_now() + believed);
}

std::optional<Verdict> VerdictCache::find(const Sha256& key, SteadyTime now) {
  const MutexLock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  if (now < found->second.until) return found->second.verdict;
  erase(found);
  return std::nullopt;
}

void VerdictCache::put(const Sha256& key, Verdict verdict, SteadyTime until) {
  const MutexLock lock(mutex_);
  if (entries_max_ == 0) return;
  if (const auto earlier = entries_.find(key); earlier != entries_.end()) erase(earlier);
  if (entries_.size() >= entries_max_) erase(entries_.find(order_.front()));
  order_.push_back(key);
  entries_.emplace(key, Entry{std::move(verdict), until, std::prev(order_.end())});
}

std::size_t VerdictCache::size() const {
  const MutexLock lock(mutex_);
  return entries_.size();
}

void VerdictCache::erase(Entries::iterator entry) {
  order_.erase(entry->second.place);
  entries_.erase(entry);
}

}  // namespace skymarshal::auth
