// The keys that a token issuer publishes (RFC 7517), those of them that can be used here. A value, made once
// and shared by all threads.
#pragma once

#include "auth/public_key.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skymarshal::auth {

/// Longest text that JwkSet::parse takes.
inline constexpr std::size_t jwk_set_bytes_max = 256 * 1024;

class JwkSet {
 public:
  /// A key that cannot be used here or is wrong in itself is left out, as RFC 7517 section 5 has it: other
  /// kinds, symmetric and private ones, keys for other purposes, RSA below 2048 bits, points off their curve.
  /// Errc::invalid_request if none is left, or it is no set of at most 100 keys; says why the first was left
  /// out.
  static Result<JwkSet> parse(std::string_view json);

  /// The only key of that id for that algorithm; without an id, the only key for the algorithm. A key that
  /// says its `alg` serves it alone (EdDSA and the curve's own name are one), another whatever its kind can.
  /// Null if there is none, or more than one. Valid as long as this.
  const PublicKey* find(const std::optional<std::string>& key_id, SignatureAlgorithm algorithm) const;
  /// Whether any key has that id.
  bool knows(std::string_view key_id) const;

  std::size_t size() const { return keys_.size(); }

 private:
  struct Entry {
    std::optional<std::string> id;
    PublicKey key;
    /// Its `alg`, if it says one.
    std::optional<SignatureAlgorithm> algorithm;

    bool serves(SignatureAlgorithm asked) const;
  };

  static Result<Entry> read_key(std::string_view json);

  std::vector<Entry> keys_;
};

}  // namespace skymarshal::auth
