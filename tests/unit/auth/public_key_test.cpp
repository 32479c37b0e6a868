#include "auth/public_key.hpp"

#include "jwt_samples.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

namespace skymarshal::auth {
namespace {

PublicKey public_half(const test::IssuerKey& key) {
  if (key.algorithm() == "RS256") return PublicKey::rsa({key.n(), key.e()}).value();
  if (key.algorithm() == "ES256") return PublicKey::p256({key.x(), key.y()}).value();
  return PublicKey::ed25519(key.x()).value();
}

TEST(SignatureAlgorithm, KnowsThreeNamesToTheLetter) {
  for (const char* name : {"RS256", "ES256", "EdDSA"}) EXPECT_EQ(to_text(*signature_algorithm(name)), name);
  for (const char* name :
       {"", "none", "None", "NONE", "nOnE", "HS256", "RS384", "PS256", "ES256K", "rs256", "EDDSA"})
    EXPECT_FALSE(signature_algorithm(name)) << name;
}

TEST(PublicKey, TakesItsOwnSignaturesOnly) {
  for (const test::IssuerKey& key : test::issuer_keys()) {
    const PublicKey half = public_half(key);
    EXPECT_EQ(to_text(half.algorithm()), key.algorithm());
    const std::string signature = key.sign("message");
    EXPECT_TRUE(half.verifies("message", signature)) << key.id();
    EXPECT_FALSE(half.verifies("massage", signature)) << key.id();
    EXPECT_FALSE(half.verifies("message", "")) << key.id();
    EXPECT_FALSE(half.verifies("message", signature + '\0')) << key.id();
    EXPECT_FALSE(half.verifies("message", signature.substr(1))) << key.id();
    EXPECT_FALSE(half.verifies("message", std::string(5'000, 'x'))) << key.id();
    for (const test::IssuerKey& other : test::issuer_keys()) {
      if (other.id() != key.id()) {
        EXPECT_FALSE(half.verifies("message", other.sign("message"))) << key.id() << other.id();
      }
    }
    EXPECT_EQ(ERR_peek_error(), 0U) << "TLS would take it for its own";
  }
}

TEST(PublicKey, TakesNoSignatureOfZeros) {
  const PublicKey half = public_half(test::issuer_keys()[1]);
  const std::string good = test::issuer_keys()[1].sign("message");
  EXPECT_FALSE(half.verifies("message", std::string(64, '\0')));
  EXPECT_FALSE(half.verifies("message", std::string(32, '\0') + good.substr(32)));
  EXPECT_FALSE(half.verifies("message", good.substr(0, 32) + std::string(32, '\0')));
  EXPECT_FALSE(half.verifies("message", std::string(64, '\xFF')));
  EXPECT_FALSE(public_half(test::issuer_keys()[2]).verifies("message", std::string(64, '\0')));
}

TEST(PublicKey, TakesOneTextForAPairOfNumbers) {
  const PublicKey half = public_half(test::issuer_keys()[1]);
  const std::string good = test::issuer_keys()[1].sign("message");
  const std::string zero(1, '\0');
  // The same numbers, written with more bytes.
  EXPECT_FALSE(half.verifies("message", good.substr(0, 32) + zero + good.substr(32)));
  EXPECT_FALSE(half.verifies("message", zero + good.substr(0, 32) + zero + good.substr(32)));
}

TEST(PublicKey, KeepsTheWidthOfNumbersThatBeginWithZeros) {
  // Of r and s, one in 128 does.
  const test::IssuerKey& key = test::issuer_keys()[1];
  const PublicKey half = public_half(key);
  for (int i = 0; i < 600; ++i) {
    const std::string message = std::to_string(i);
    ASSERT_TRUE(half.verifies(message, key.sign(message)));
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
  EXPECT_FALSE(PublicKey::p256({key.x(), y}));
  EXPECT_FALSE(PublicKey::p256({std::string(32, '\0'), std::string(32, '\0')}));
  EXPECT_FALSE(PublicKey::p256({key.x(), key.y().substr(1)}));
  EXPECT_FALSE(PublicKey::p256({'\0' + key.x(), key.y()}));
  EXPECT_FALSE(PublicKey::p256({key.x(), ""}));
  EXPECT_FALSE(PublicKey::ed25519(key.x().substr(1)));
  EXPECT_FALSE(PublicKey::ed25519(""));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

}  // namespace
}  // namespace skymarshal::auth
