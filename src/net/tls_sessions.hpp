// Sessions that TLS servers gave us, for the next connection to the same host (RFC 8446 section 2.2): it
// needs no certificate and no signature, and with TLS 1.2 one round trip less. They belong to a client's
// context and die with it; shared by all threads. They are only ever offered: a server that wants none shakes
// hands in full.
#pragma once

#include "base/mutex.hpp"

#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <string>

#include <openssl/ssl.h>

namespace skymarshal::net {

struct FreeTlsSession {
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using TlsSession = std::unique_ptr<SSL_SESSION, FreeTlsSession>;

class TlsSessions {
 public:
  struct Limits {
    std::size_t hosts_max = 64;
    std::size_t per_host_max = 16;
  };

  explicit TlsSessions(Limits limits) : limits_(limits) {}

  /// Over a limit, the oldest goes.
  void keep(const std::string& host, TlsSession session);
  /// The newest; null if there is none. Of TLS 1.3 it is given out once, as whoever listens could tell two
  /// connections with one ticket for the same client's (RFC 8446 appendix C.4).
  TlsSession take(const std::string& host);
  std::size_t hosts() const;

 private:
  struct Host {
    std::string name;
    std::deque<TlsSession> sessions;
  };

  const Limits limits_;
  mutable Mutex mutex_;
  /// The least recently given to first.
  std::list<Host> hosts_ GUARDED_BY(mutex_);
};

/// Connections of this client's context keep their sessions in it.
void remember_sessions(SSL_CTX* context, TlsSessions::Limits limits = {});
/// Before the handshake: offers what is remembered of `host`, and remembers under that name what comes of it.
/// Nothing where the context remembers none.
void offer_session(SSL* connection, const std::string& host);

}  // namespace skymarshal::net
