#include "net/tls_sessions.hpp"

#include <algorithm>
#include <utility>

namespace skymarshal::net {
namespace {

// Where OpenSSL keeps what belongs to a context or a connection of ours (CRYPTO_get_ex_new_index(3)).

template <typename T>
void free_attached(void*, void* attached, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<T*>(attached);
}

int sessions_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_attached<TlsSessions>);
  return index;
}

int host_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_attached<std::string>);
  return index;
}

/// Called whenever a server gives a session; with TLS 1.3 that is behind the handshake, in some read.
int on_new_session(SSL* connection, SSL_SESSION* session) {
  auto* const sessions =
      static_cast<TlsSessions*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), sessions_index()));
  const auto* const host = static_cast<const std::string*>(SSL_get_ex_data(connection, host_index()));
  if (sessions == nullptr || host == nullptr) return 0;
  // A copy: OpenSSL spoils the connection's own where that ends without a close_notify, as WebSockets do that
  // have said goodbye by their own frames.
  sessions->keep(*host, TlsSession(SSL_SESSION_dup(session)));
  return 0;
}

}  // namespace

void TlsSessions::keep(const std::string& host, TlsSession session) {
  if (!session) return;
  const MutexLock lock(mutex_);
  auto at = std::ranges::find(hosts_, host, &Host::name);
  if (at == hosts_.end()) at = hosts_.insert(hosts_.end(), Host{host, {}});
  at->sessions.push_back(std::move(session));
  if (at->sessions.size() > limits_.per_host_max) at->sessions.pop_front();
  hosts_.splice(hosts_.end(), hosts_, at);
  if (hosts_.size() > limits_.hosts_max) hosts_.pop_front();
}

TlsSession TlsSessions::take(const std::string& host) {
  const MutexLock lock(mutex_);
  const auto at = std::ranges::find(hosts_, host, &Host::name);
  if (at == hosts_.end() || at->sessions.empty()) return nullptr;
  SSL_SESSION* const newest = at->sessions.back().get();
  if (SSL_SESSION_get_protocol_version(newest) < TLS1_3_VERSION) return TlsSession(SSL_SESSION_dup(newest));
  TlsSession session = std::move(at->sessions.back());
  at->sessions.pop_back();
  return session;
}

std::size_t TlsSessions::hosts() const {
  const MutexLock lock(mutex_);
  return hosts_.size();
}

void remember_sessions(SSL_CTX* context, TlsSessions::Limits limits) {
  auto sessions = std::make_unique<TlsSessions>(limits);
  if (SSL_CTX_set_ex_data(context, sessions_index(), sessions.get()) != 1) return;
  (void)sessions.release();  // The context's now.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_sess_set_new_cb(context, on_new_session);
}

void offer_session(SSL* connection, const std::string& host) {
  auto* const sessions =
      static_cast<TlsSessions*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), sessions_index()));
  if (sessions == nullptr) return;
  auto name = std::make_unique<std::string>(host);
  if (SSL_set_ex_data(connection, host_index(), name.get()) != 1) return;
  (void)name.release();  // The connection's now.
  if (const TlsSession session = sessions->take(host)) SSL_set_session(connection, session.get());
}

}  // namespace skymarshal::net
