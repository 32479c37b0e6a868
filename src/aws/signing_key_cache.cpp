#include "aws/signing_key_cache.hpp"

#include "aws/sigv4_signer.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <openssl/crypto.h>

namespace skymarshal::aws {

SigningKeyCache::DerivedKey::~DerivedKey() {
  OPENSSL_cleanse(digest_of_secret.data(), digest_of_secret.size());
  OPENSSL_cleanse(key.data(), key.size());
}

SigningKeyCache::SigningKeyCache(std::size_t keys_max)
    : keys_max_of_shard_(std::max<std::size_t>(1, keys_max / shard_count)) {}

Sha256 SigningKeyCache::find_or_derive(std::string_view access_key_id, const Secret& secret,
                                       const CredentialScope& scope) {
  std::string name = to_text(CredentialName{std::string(access_key_id), scope});
  const Sha256 digest_of_secret = sha256(secret.reveal());
  Shard& shard = shards_[std::hash<std::string>{}(name) % shard_count];
  {
    const MutexLock lock(shard.mutex);
    const auto found = shard.keys.find(name);
    if (found != shard.keys.end() &&
        equal_in_constant_time(as_text(found->second.digest_of_secret), as_text(digest_of_secret))) {
      return found->second.key;
    }
  }
  // Outside the lock: others need not wait for the HMACs. Two that derive the same key get the same.
  const Sha256 key = derive_signing_key(secret, scope);
  keep(shard, std::move(name), digest_of_secret, key);
  return key;
}

void SigningKeyCache::keep(Shard& shard, std::string name, const Sha256& digest_of_secret,
                           const Sha256& key) {
  const MutexLock lock(shard.mutex);
  const auto [place, is_new] = shard.keys.try_emplace(std::move(name), digest_of_secret, key);
  if (!is_new) {
    place->second.digest_of_secret = digest_of_secret;
    place->second.key = key;
    return;
  }
  shard.by_age.push_back(place);
  if (shard.keys.size() <= keys_max_of_shard_) return;
  shard.keys.erase(shard.by_age.front());
  shard.by_age.pop_front();
}

std::size_t SigningKeyCache::size() const {
  std::size_t count = 0;
  for (const Shard& shard : shards_) {
    const MutexLock lock(shard.mutex);
    count += shard.keys.size();
  }
  return count;
}

}  // namespace skymarshal::aws
