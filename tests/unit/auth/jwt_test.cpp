#include "auth/jwt.hpp"

#include "base/crypto.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::auth::jwt_test {

constexpr std::size_t bytes_max = 8 * 1024;

std::string with_header(const std::string& header) {
  return base64url_encode(header) + "." + base64url_encode("{}") + ".AAAA";
}

std::string token_error(const std::string& token) {
  const auto read = read_token(token, bytes_max);
  return read ? "" : read.error().message;
}

std::string header_error(const std::string& header) { return token_error(with_header(header)); }

TEST(ReadToken, TakesATokenApart) {
  const std::string token =
      with_header(R"({"alg":"ES256","kid":"k/../1'--","typ":"JWT","jku":"https://evil.example"})");
  const SignedToken read = read_token(token, bytes_max).value();
  EXPECT_EQ(read.algorithm, SignatureAlgorithm::es256);
  EXPECT_EQ(read.key_id, "k/../1'--");
  EXPECT_EQ(read.signed_text, token.substr(0, token.rfind('.')));
  EXPECT_EQ(read.signature, std::string(3, '\0'));
  EXPECT_EQ(read.claims, "{}");
  EXPECT_FALSE(read_token(with_header(R"({"alg":"EdDSA"})"), bytes_max).value().key_id);
}

TEST(ReadToken, RefusesOtherAlgorithms) {
  for (const char* name :
       {"none", "None", "NONE", "nOnE", "HS256", "HS512", "ES256K", "ED25519", "es256", "", "dir"}) {
    EXPECT_EQ(header_error(std::string(R"({"alg":")") + name + "\"}"),
              "the token is not signed with RS, PS or ES 256, 384 or 512, EdDSA, Ed25519 or Ed448")
        << name;
  }
  EXPECT_NE(header_error("{}"), "");
  EXPECT_NE(header_error(R"({"alg":["RS256"]})"), "");
  EXPECT_NE(header_error(R"({"alg":null})"), "");
  EXPECT_NE(header_error(R"({"ALG":"RS256"})"), "");
}

TEST(ReadToken, RefusesWhatCouldBeReadInTwoWays) {
  EXPECT_NE(header_error(R"({"alg":"none","alg":"RS256"})"), "");
  EXPECT_NE(header_error(R"({"alg":"RS256","\u0061lg":"none"})"), "");
  EXPECT_NE(header_error(R"({"alg":"RS256"} )"
                         "{}"),
            "");
  EXPECT_NE(header_error(R"(["RS256"])"), "");
  EXPECT_NE(header_error("RS256"), "");
  EXPECT_NE(header_error(""), "");
  EXPECT_NE(header_error("{\"alg\":\"RS256\",\"x\":\"\xFF\"}"), "");
}

TEST(ReadToken, RefusesExtensionsAndKeysOfItsOwn) {
  EXPECT_NE(header_error(R"({"alg":"RS256","crit":["exp"]})"), "");
  EXPECT_NE(header_error(R"({"alg":"RS256","crit":[]})"), "");
  EXPECT_NE(header_error(R"({"alg":"RS256","jwk":{}})"), "");
}

TEST(ReadToken, ReadsItsType) {
  for (const char* type : {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt", "application/jwt"})
    EXPECT_EQ(header_error(std::string(R"({"alg":"RS256","typ":")") + type + "\"}"), "") << type;
  for (const char* type : {"", "JOSE", "dpop+jwt", "logout+jwt", "secevent+jwt", "application/"})
    EXPECT_NE(header_error(std::string(R"({"alg":"RS256","typ":")") + type + "\"}"), "") << type;
  EXPECT_NE(header_error(R"({"alg":"RS256","typ":1})"), "");
}

TEST(ReadToken, BoundsWhatItReads) {
  EXPECT_NE(header_error(R"({"alg":"RS256","kid":")" + std::string(256, 'k') + "\"}"), "");
  EXPECT_EQ(header_error(R"({"alg":"RS256","kid":")" + std::string(255, 'k') + "\"}"), "");
  EXPECT_NE(header_error(R"({"alg":"RS256","kid":7})"), "");
  EXPECT_EQ(token_error(std::string(bytes_max + 1, 'a')), "the token is longer than 8192 bytes");
  EXPECT_NE(header_error(R"({"alg":"RS256","x":)" + std::string(1'500, '[') + std::string(1'500, ']') + "}"),
            "");
  std::string many = R"({"alg":"RS256")";
  for (int i = 0; i < 64; ++i) many += ",\"m" + std::to_string(i) + "\":0";
  EXPECT_EQ(header_error(many + "}"), "") << "its bytes are what is limited";
}

TEST(ReadToken, WantsThreePartsOfStrictBase64url) {
  const std::string header = base64url_encode(R"({"alg":"RS256"})");
  EXPECT_EQ(token_error(header + ".e30.AAAA"), "");
  for (const std::string& token : std::vector<std::string>{
           "", ".", "..", "...", "a", header, header + ".e30", header + ".e30.", header + ".e30.AAAA.",
           header + ".e30.AAAA.AAAA", header + ".e30.AAAA.AAAA.AAAA", ".e30.AAAA",
           // Not what it would be encoded to: unused bits, padding, another alphabet, blanks.
           header + ".e31.AAAA", header + ".e30.AAB", header + ".e30=.AAAA", header + ".e30.AA==",
           header + ".e30.++++", header + ".e30.AA A", header + ".e3\n0.AAAA", " " + header + ".e30.AAAA"}) {
    EXPECT_NE(token_error(token), "") << token;
  }
}

RC_GTEST_PROP(ReadToken, NeverTakesTwoTextsForOneToken, ()) {
  const auto bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const std::string encoded = base64url_encode(bytes);
  const std::string token = with_header(R"({"alg":"EdDSA"})") + encoded;
  const auto read = read_token(token, bytes_max);
  if (!read) return;
  RC_ASSERT(std::string(read->signed_text) + "." + base64url_encode(read->signature) == token);
}

}  // namespace skymarshal::auth::jwt_test
