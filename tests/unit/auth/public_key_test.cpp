#include "auth/public_key.hpp"

#include "jwt_samples.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

namespace skymarshal::auth::public_key_test {

KeyKind kind_of(const test::IssuerKey& key) {
  if (key.is_rsa()) return KeyKind::rsa;
  if (key.is_nist())
    return key.width() == 32 ? KeyKind::p256 : key.width() == 48 ? KeyKind::p384 : KeyKind::p521;
  return key.width() == 57 ? KeyKind::ed448 : KeyKind::ed25519;
}

PublicKey public_half(const test::IssuerKey& key) {
  if (key.is_rsa()) return PublicKey::rsa({key.n(), key.e()}).value();
  if (key.is_nist()) return PublicKey::on_nist_curve(kind_of(key), {key.x(), key.y()}).value();
  return PublicKey::on_edwards_curve(kind_of(key), key.x()).value();
}

SignatureAlgorithm algorithm_of(const test::IssuerKey& key) { return *signature_algorithm(key.algorithm()); }

TEST(SignatureAlgorithm, KnowsItsNamesToTheLetter) {
  for (const char* name : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                           "EdDSA", "Ed25519", "Ed448"})
    EXPECT_EQ(to_text(*signature_algorithm(name)), name);
  for (const char* name : {"", "none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "ES256K", "rs256",
                           "EDDSA", "ED25519", "RS1", "RSA-OAEP", "dir"})
    EXPECT_FALSE(signature_algorithm(name)) << name;
}

TEST(PublicKey, TakesItsOwnSignaturesOnly) {
  for (const test::IssuerKey& key : test::keys_of_all_algorithms()) {
    const PublicKey half = public_half(key);
    const SignatureAlgorithm algorithm = algorithm_of(key);
    EXPECT_TRUE(half.serves(algorithm));
    const std::string signature = key.sign("message");
    EXPECT_TRUE(half.verifies(algorithm, "message", signature)) << key.algorithm();
    EXPECT_FALSE(half.verifies(algorithm, "massage", signature)) << key.algorithm();
    EXPECT_FALSE(half.verifies(algorithm, "message", "")) << key.algorithm();
    EXPECT_FALSE(half.verifies(algorithm, "message", signature + '\0')) << key.algorithm();
    EXPECT_FALSE(half.verifies(algorithm, "message", signature.substr(1))) << key.algorithm();
    EXPECT_FALSE(half.verifies(algorithm, "message", std::string(5'000, 'x'))) << key.algorithm();
    for (const test::IssuerKey& other : test::keys_of_all_algorithms()) {
      // EdDSA and Ed25519 are one algorithm, but not one key here.
      if (other.algorithm() == key.algorithm()) continue;
      EXPECT_FALSE(half.verifies(algorithm, "message", other.sign("message")))
          << key.algorithm() << other.algorithm();
    }
    EXPECT_EQ(ERR_peek_error(), 0U) << "TLS would take it for its own";
  }
}

TEST(PublicKey, ServesTheAlgorithmsOfItsKindAlone) {
  for (const test::IssuerKey& key : test::keys_of_all_algorithms()) {
    const PublicKey half = public_half(key);
    for (const test::IssuerKey& other : test::keys_of_all_algorithms()) {
      const bool is_edwards_name = other.algorithm() == "EdDSA" && !key.is_rsa() && !key.is_nist();
      EXPECT_EQ(half.serves(algorithm_of(other)), kind_of(key) == kind_of(other) || is_edwards_name)
          << key.algorithm() << other.algorithm();
    }
  }
}

TEST(PublicKey, TakesBothNamesOfAnEdwardsSignature) {
  const test::IssuerKey key = test::IssuerKey::of("ed", "Ed448");
  const PublicKey half = public_half(key);
  const std::string signature = key.sign("message");
  EXPECT_TRUE(half.verifies(SignatureAlgorithm::eddsa, "message", signature));
  EXPECT_TRUE(half.verifies(SignatureAlgorithm::ed448, "message", signature));
  EXPECT_FALSE(half.verifies(SignatureAlgorithm::ed25519, "message", signature));
}

TEST(PublicKey, WantsASaltAsLongAsTheDigest) {
  // RFC 7518 section 3.5; the library would take others.
  const test::IssuerKey& key = test::keys_of_all_algorithms()[3];
  ASSERT_EQ(key.algorithm(), "PS256");
  const PublicKey half = public_half(key);
  EXPECT_TRUE(half.verifies(SignatureAlgorithm::ps256, "message", key.sign("message")));
  EXPECT_FALSE(half.verifies(SignatureAlgorithm::ps256, "message", key.sign("message", 20)));
}

TEST(PublicKey, TakesNoSignatureOfZeros) {
  const PublicKey half = public_half(test::issuer_keys()[1]);
  const std::string good = test::issuer_keys()[1].sign("message");
  EXPECT_FALSE(half.verifies(SignatureAlgorithm::es256, "message", std::string(64, '\0')));
  EXPECT_FALSE(half.verifies(SignatureAlgorithm::es256, "message", std::string(32, '\0') + good.substr(32)));
  EXPECT_FALSE(
      half.verifies(SignatureAlgorithm::es256, "message", good.substr(0, 32) + std::string(32, '\0')));
  EXPECT_FALSE(half.verifies(SignatureAlgorithm::es256, "message", std::string(64, '\xFF')));
  EXPECT_FALSE(public_half(test::issuer_keys()[2])
                   .verifies(SignatureAlgorithm::eddsa, "message", std::string(64, '\0')));
}

TEST(PublicKey, TakesOneTextForAPairOfNumbers) {
  const PublicKey half = public_half(test::issuer_keys()[1]);
  const std::string good = test::issuer_keys()[1].sign("message");
  const std::string zero(1, '\0');
  // The same numbers, written with more bytes.
  EXPECT_FALSE(
      half.verifies(SignatureAlgorithm::es256, "message", good.substr(0, 32) + zero + good.substr(32)));
  EXPECT_FALSE(half.verifies(SignatureAlgorithm::es256, "message",
                             zero + good.substr(0, 32) + zero + good.substr(32)));
}

TEST(PublicKey, KeepsTheWidthOfNumbersThatBeginWithZeros) {
  // Of r and s, one in 128 does.
  const test::IssuerKey& key = test::issuer_keys()[1];
  const PublicKey half = public_half(key);
  for (int i = 0; i < 600; ++i) {
    const std::string message = std::to_string(i);
    ASSERT_TRUE(half.verifies(SignatureAlgorithm::es256, message, key.sign(message)));
  }
}

TEST(PublicKey, RefusesWeakAndWrongRsaKeys) {
  const test::IssuerKey weak = test::IssuerKey::rsa("weak", 2040);
  EXPECT_FALSE(PublicKey::rsa({weak.n(), weak.e()}));
  const test::IssuerKey& key = test::issuer_keys()[0];
  EXPECT_TRUE(PublicKey::rsa({'\0' + key.n(), key.e()})) << "a zero in front changes nothing";
  EXPECT_FALSE(PublicKey::rsa({key.n(), std::string("\x01")}));
  EXPECT_FALSE(PublicKey::rsa({key.n(), std::string("\x02")}));
  EXPECT_FALSE(PublicKey::rsa({key.n(), std::string(1, '\0')}));
  EXPECT_FALSE(PublicKey::rsa({key.n(), ""}));
  EXPECT_FALSE(PublicKey::rsa({"", key.e()}));
  EXPECT_FALSE(PublicKey::rsa({key.n(), std::string(9, '\x01')}));
  EXPECT_FALSE(PublicKey::rsa({std::string(1'025, '\xFF'), key.e()}));
  EXPECT_FALSE(PublicKey::rsa({std::string(5'000, '\xFF'), key.e()}));
  // Even: no product of two odd primes.
  EXPECT_FALSE(PublicKey::rsa({std::string(256, '\xFE'), key.e()}));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(PublicKey, RefusesPointsOffTheCurve) {
  const test::IssuerKey& key = test::issuer_keys()[1];
  std::string y = key.y();
  y[31] = static_cast<char>(y[31] ^ 1);
  EXPECT_FALSE(PublicKey::on_nist_curve(KeyKind::p256, {key.x(), y}));
  EXPECT_FALSE(PublicKey::on_nist_curve(KeyKind::p256, {std::string(32, '\0'), std::string(32, '\0')}));
  EXPECT_FALSE(PublicKey::on_nist_curve(KeyKind::p256, {key.x(), key.y().substr(1)}));
  EXPECT_FALSE(PublicKey::on_nist_curve(KeyKind::p256, {'\0' + key.x(), key.y()}));
  EXPECT_FALSE(PublicKey::on_nist_curve(KeyKind::p256, {key.x(), ""}));
  EXPECT_FALSE(PublicKey::on_edwards_curve(KeyKind::ed25519, key.x().substr(1)));
  EXPECT_FALSE(PublicKey::on_edwards_curve(KeyKind::ed25519, ""));
  EXPECT_FALSE(PublicKey::on_nist_curve(KeyKind::p384, {key.x(), key.y()}));
  const test::IssuerKey wide = test::IssuerKey::of("wide", "ES512");
  EXPECT_TRUE(PublicKey::on_nist_curve(KeyKind::p521, {wide.x(), wide.y()}));
  EXPECT_FALSE(PublicKey::on_nist_curve(KeyKind::p521, {wide.y(), wide.x()}));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace skymarshal::auth::public_key_test
