// Signing keys that were derived already: four HMACs are most of what a verification costs otherwise.
// Shared by all threads; sharded locks. Holds at most `keys_max` keys; when a shard is full its oldest go.
// For a key id that nobody has, ask with one fixed id and a made-up secret: that costs what a known id costs,
// and strangers who invent ids push no key out.
#pragma once

#include "aws/credential_scope.hpp"
#include "base/crypto.hpp"
#include "base/mutex.hpp"
#include "base/secret.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace skymarshal::aws {

class SigningKeyCache {
 public:
  /// At least one key a shard is held, whatever `keys_max` says.
  explicit SigningKeyCache(std::size_t keys_max = 4096);
  SigningKeyCache(const SigningKeyCache&) = delete;
  SigningKeyCache& operator=(const SigningKeyCache&) = delete;

  /// The key of that secret, day, region and service. A key id whose secret has changed gets its new key: the
  /// cache compares a digest of the secret.
  Sha256 find_or_derive(std::string_view access_key_id, const Secret& secret, const CredentialScope& scope);

  /// How many it holds.
  std::size_t size() const;

 private:
  /// Wiped when it goes.
  struct DerivedKey {
    DerivedKey(const Sha256& digest, const Sha256& derived) : digest_of_secret(digest), key(derived) {}
    DerivedKey(const DerivedKey&) = delete;
    DerivedKey& operator=(const DerivedKey&) = delete;
    ~DerivedKey();

    Sha256 digest_of_secret;
    Sha256 key;
  };
  using Keys = std::map<std::string, DerivedKey>;

  struct Shard {
    mutable Mutex mutex;
    /// By "key id/date/region/service/aws4_request".
    Keys keys GUARDED_BY(mutex);
    /// The oldest first.
    std::deque<Keys::iterator> by_age GUARDED_BY(mutex);
  };

  void keep(Shard& shard, std::string name, const Sha256& digest_of_secret, const Sha256& key);

  static constexpr std::size_t shard_count = 16;
  std::size_t keys_max_of_shard_;
  std::array<Shard, shard_count> shards_;
};

}  // namespace skymarshal::aws
