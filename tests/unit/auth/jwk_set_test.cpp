#include "auth/jwk_set.hpp"

#include "jwt_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::auth::jwk_set_test {

const test::IssuerKey& rsa() { return test::issuer_keys()[0]; }
const test::IssuerKey& ec() { return test::issuer_keys()[1]; }
const test::IssuerKey& ed() { return test::issuer_keys()[2]; }

std::string error_of(const std::string& json) {
  const auto set = JwkSet::parse(json);
  return set ? "" : set.error().message;
}

/// Whether a set with a good key beside it leaves this one out.
bool is_left_out(const std::string& jwk) {
  const auto set = JwkSet::parse(test::jwk_set(std::vector<std::string>{jwk, ed().jwk()}));
  return set && set->size() == 1;
}

TEST(JwkSet, FindsKeysByIdAndAlgorithm) {
  const JwkSet set = JwkSet::parse(test::jwk_set(test::issuer_keys())).value();
  EXPECT_EQ(set.size(), 3U);
  for (const test::IssuerKey& key : test::issuer_keys()) {
    const PublicKey* const found = set.find(key.id(), *signature_algorithm(key.algorithm()));
    ASSERT_NE(found, nullptr);
    EXPECT_TRUE(found->verifies(*signature_algorithm(key.algorithm()), "m", key.sign("m")));
    EXPECT_TRUE(set.knows(key.id()));
  }
  EXPECT_EQ(set.find("ed", SignatureAlgorithm::es256), nullptr);
  EXPECT_EQ(set.find("other", SignatureAlgorithm::es256), nullptr);
  EXPECT_FALSE(set.knows("other"));
}

TEST(JwkSet, HoldsKeysOfEveryAlgorithm) {
  for (const test::IssuerKey& key : test::keys_of_all_algorithms()) {
    const std::string stated = ",\"alg\":\"" + key.algorithm() + "\"";
    for (const std::string& more : {std::string(), stated}) {
      const auto set = JwkSet::parse(test::jwk_set(std::vector<std::string>{key.jwk(more)}));
      ASSERT_TRUE(set) << key.algorithm() << set.error().message;
      const SignatureAlgorithm algorithm = *signature_algorithm(key.algorithm());
      const PublicKey* const found = set->find(key.id(), algorithm);
      ASSERT_NE(found, nullptr) << key.algorithm();
      EXPECT_TRUE(found->verifies(algorithm, "m", key.sign("m")));
    }
  }
}

TEST(JwkSet, AKeyThatStatesItsAlgorithmServesNoOther) {
  const JwkSet stated =
      JwkSet::parse(test::jwk_set(std::vector<std::string>{rsa().jwk(R"(,"alg":"PS384")")})).value();
  EXPECT_NE(stated.find("rsa", SignatureAlgorithm::ps384), nullptr);
  for (const auto other : {SignatureAlgorithm::rs256, SignatureAlgorithm::ps256, SignatureAlgorithm::es256})
    EXPECT_EQ(stated.find("rsa", other), nullptr);
  const JwkSet silent = JwkSet::parse(test::jwk_set(std::vector<std::string>{rsa().jwk()})).value();
  for (const auto own : {SignatureAlgorithm::rs256, SignatureAlgorithm::rs512, SignatureAlgorithm::ps256})
    EXPECT_NE(silent.find("rsa", own), nullptr);
}

TEST(JwkSet, OneEdwardsCurveHasTwoNames) {
  for (const char* name : {"EdDSA", "Ed25519"}) {
    const std::string jwk = ed().jwk(std::string(",\"alg\":\"") + name + "\"");
    const JwkSet set = JwkSet::parse(test::jwk_set(std::vector<std::string>{jwk})).value();
    EXPECT_NE(set.find("ed", SignatureAlgorithm::eddsa), nullptr) << name;
    EXPECT_NE(set.find("ed", SignatureAlgorithm::ed25519), nullptr) << name;
    EXPECT_EQ(set.find("ed", SignatureAlgorithm::ed448), nullptr) << name;
  }
}

TEST(JwkSet, ReadsNumbersWithTheirPadding) {
  // 256 bytes of modulus are 342 letters and "==".
  const std::string padded =
      R"({"kid":"rsa","kty":"RSA","n":")" + base64url_encode(rsa().n()) + R"(==","e":"AQAB"})";
  EXPECT_FALSE(is_left_out(padded));
  EXPECT_FALSE(is_left_out(R"({"kid":"ec","kty":"EC","crv":"P-256","x":")" + base64url_encode(ec().x()) +
                           R"(=","y":")" + base64url_encode(ec().y()) + R"(="})"));
  for (const char* wrong : {"=", "===", "=A", "== "}) {
    EXPECT_TRUE(
        is_left_out(R"({"kty":"RSA","n":")" + base64url_encode(rsa().n()) + wrong + R"(","e":"AQAB"})"))
        << wrong;
  }
}

TEST(JwkSet, LooksPastAByteOrderMark) {
  EXPECT_EQ(error_of("\xEF\xBB\xBF" + test::jwk_set(test::issuer_keys())), "");
}

TEST(JwkSet, WithoutAnIdThereMustBeOneKey) {
  const JwkSet three = JwkSet::parse(test::jwk_set(test::issuer_keys())).value();
  EXPECT_NE(three.find(std::nullopt, SignatureAlgorithm::es256), nullptr);
  const std::vector<test::IssuerKey> two = {ec(), test::IssuerKey::p256("second")};
  const JwkSet same_kind = JwkSet::parse(test::jwk_set(two)).value();
  EXPECT_EQ(same_kind.find(std::nullopt, SignatureAlgorithm::es256), nullptr);
  EXPECT_NE(same_kind.find("second", SignatureAlgorithm::es256), nullptr);
}

TEST(JwkSet, OneIdForTwoKeysNamesNeither) {
  const std::vector<test::IssuerKey> twins = {ec(), test::IssuerKey::p256("ec")};
  EXPECT_EQ(JwkSet::parse(test::jwk_set(twins)).value().find("ec", SignatureAlgorithm::es256), nullptr);
}

TEST(JwkSet, AnIdIsNotNeeded) {
  const JwkSet set =
      JwkSet::parse(test::jwk_set(std::vector<std::string>{"{" + ec().material() + "}"})).value();
  EXPECT_NE(set.find(std::nullopt, SignatureAlgorithm::es256), nullptr);
  EXPECT_EQ(set.find("", SignatureAlgorithm::es256), nullptr);
}

TEST(JwkSet, LeavesOutWhatItCannotUse) {
  for (const char* odd : {
           R"({"kty":"oct","k":"c2VjcmV0","kid":"rsa","alg":"HS256"})",
           R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})",
           R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"})",
           R"({"kty":"OKP","crv":"Ed448","x":"AA"})",
           R"({"kty":"OKP","crv":"X25519","x":"AA"})",
           R"({"kty":"new"})",
           R"({"kty":1})",
           R"({})",
           "1",
           "null",
           R"({"kty":"RSA","n":"AQAB"})",
           R"({"kty":"RSA","n":"AQAB","e":"AQAB"})",
           R"({"kty":"RSA","n":"A Q","e":"AQAB"})",
           R"({"kty":"OKP","crv":"Ed25519","x":""})",
           R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})",
       }) {
    EXPECT_TRUE(is_left_out(odd)) << odd;
  }
  EXPECT_TRUE(is_left_out("{" + rsa().material() + R"(,"d":"AQAB"})"));
  EXPECT_TRUE(is_left_out("{" + rsa().material() + R"(,"kty":"RSA"})")) << "a member twice";
  EXPECT_TRUE(is_left_out("{" + rsa().material() + R"(,"kid":7})"));
  EXPECT_TRUE(is_left_out(R"({"kid":")" + std::string(256, 'k') + "\"," + rsa().material() + "}"));
}

TEST(JwkSet, HoldsKeysToTheirPurpose) {
  for (const char* fits :
       {R"(,"use":"sig")", R"(,"alg":"RS256")", R"(,"alg":"PS512")", R"(,"key_ops":["verify"])",
        R"(,"x5c":["AA"],"x5t":"AA","use":"sig","alg":"RS256")"}) {
    EXPECT_FALSE(is_left_out(rsa().jwk(fits))) << fits;
  }
  for (const char* not_ours :
       {R"(,"use":"enc")", R"(,"alg":"RSA-OAEP")", R"(,"alg":"EdDSA")", R"(,"alg":"ES256")",
        R"(,"alg":"HS256")", R"(,"alg":1)", R"(,"key_ops":["encrypt"])", R"(,"key_ops":[])",
        R"(,"key_ops":"verify")", R"(,"use":null)"}) {
    EXPECT_TRUE(is_left_out(rsa().jwk(not_ours))) << not_ours;
  }
}

TEST(JwkSet, ASetWithoutAUsableKeyIsAnError) {
  EXPECT_EQ(error_of(R"({"keys":[]})"),
            "the key set holds no key for RS, PS or ES 256, 384 or 512, EdDSA, Ed25519 or Ed448");
  EXPECT_EQ(
      error_of(R"({"keys":[{"kty":"oct","k":"c2VjcmV0"}]})"),
      "the key set holds no key for RS, PS or ES 256, 384 or 512, EdDSA, Ed25519 or Ed448 (key 1: holds a "
      "private key: publish the public one alone)");
  EXPECT_FALSE(error_of("").empty());
  EXPECT_FALSE(error_of("[]").empty());
  EXPECT_FALSE(error_of("{}").empty());
  EXPECT_FALSE(error_of(R"({"keys":{}})").empty());
  EXPECT_FALSE(error_of("<html>").empty());
  EXPECT_FALSE(error_of(R"({"keys":[],)" + test::jwk_set(test::issuer_keys()).substr(1)).empty());
}

TEST(JwkSet, BoundsTheSet) {
  const std::vector<std::string> hundred(100, "{\"kty\":\"new\"}");
  std::vector<std::string> keys = hundred;
  keys.back() = ec().jwk();
  EXPECT_EQ(error_of(test::jwk_set(keys)), "");
  keys.push_back("{}");
  EXPECT_NE(error_of(test::jwk_set(keys)), "");
  EXPECT_EQ(error_of(test::jwk_set(test::issuer_keys()) + std::string(1'000, ' ')), "");
  EXPECT_NE(error_of(test::jwk_set(test::issuer_keys()) + std::string(jwk_set_bytes_max, ' ')), "");
  EXPECT_NE(error_of(std::string(100'000, '[')), "");
}

}  // namespace skymarshal::auth::jwk_set_test
