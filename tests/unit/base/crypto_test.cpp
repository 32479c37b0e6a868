// Digests against the published vectors, and the one text that every byte string has.
#include "base/crypto.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::crypto_test {

std::string hex_sha256(std::string_view bytes) { return hex(as_text(sha256(bytes))); }
std::string hex_hmac(std::string_view key, std::string_view message) {
  return hex(as_text(hmac_sha256(key, message)));
}

TEST(Sha256, GivesThePublishedDigests) {
  // FIPS 180-4's examples (csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values).
  EXPECT_EQ(hex_sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hex_sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, IsTheSameOnEveryThread) {
  std::vector<std::string> digests(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& digest : digests)
      threads.emplace_back([&digest] {
        for (int i = 0; i < 200; ++i) digest = hex_hmac("key", hex_sha256(std::string(100, 'x')));
      });
  }
  for (const std::string& digest : digests) EXPECT_EQ(digest, digests.front());
}

TEST(HmacSha256, GivesTheDigestsOfRfc4231) {
  EXPECT_EQ(hex_hmac(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex_hmac("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_hmac(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  std::string counting;
  for (char byte = 1; byte <= 25; ++byte) counting += byte;
  EXPECT_EQ(hex_hmac(counting, std::string(50, '\xcd')),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  // Case 5 truncates its digest to 128 bits.
  EXPECT_EQ(hex_hmac(std::string(20, '\x0c'), "Test With Truncation").substr(0, 32),
            "a3b6167473100ee06e0c796c2955552b");
  EXPECT_EQ(hex_hmac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hex_hmac(std::string(131, '\xaa'),
                     "This is a test using a larger than block-size key and a larger than block-size data. "
                     "The key needs to be hashed before being used by the HMAC algorithm."),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacSha256, HashesKeysThatAreLongerThanABlockAndNoOthers) {
  // By Python's hmac module.
  EXPECT_EQ(hex_hmac("", ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_EQ(hex_hmac(std::string(64, 'k'), "m"),
            "3b7a8d453e76edb519238a515105a57508d0f169f480ebeee120a9e7803289fa");
  EXPECT_EQ(hex_hmac(std::string(65, 'k'), "m"),
            "c2d7d4c2256ddb097409ec0c67e1d58fa1a007fc6932cac0d892a525d08af7cc");
  EXPECT_EQ(hex_hmac(std::string(65, 'k'), "m"), hex_hmac(as_text(sha256(std::string(65, 'k'))), "m"));
}

TEST(HmacSha256, TakesNoKeyForTheLastOne) {
  const std::string with_key = hex_hmac("key", "m");
  EXPECT_EQ(hex_hmac({}, {}), hex_hmac("", ""));
  EXPECT_NE(hex_hmac({}, "m"), with_key);
  EXPECT_EQ(hex_hmac("key", "m"), with_key);
}

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(hex(""), "");
  EXPECT_EQ(hex(std::string_view("\x00\x0f\x7f\x80\xff", 5)), "000f7f80ff");
}

TEST(Base64Url, GivesTheTextsOfRfc4648WithoutPadding) {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64url_encode(bytes), text);
    EXPECT_EQ(base64url_decode(text), bytes);
  }
  // The two letters that differ from plain base64: "-" for 62, "_" for 63.
  EXPECT_EQ(base64url_encode("\xfb\xff"), "-_8");
  EXPECT_EQ(base64url_decode("-_8"), "\xfb\xff");
}

TEST(Base64Url, RefusesEverySecondTextOfTheSameBytes) {
  for (const std::string_view text :
       {"Zg==", "Zg=", "Zm9v\n", " Zm9v", "Zm 9v", "+_8", "-/8", "Zm9v.", "Z", "Zm9vY",
        // Bits that stand for nothing are not zero.
        "Zh", "Zn", "Zm9", "Zm-", "Zm9vYmF\xc3"}) {
    EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
  }
  EXPECT_EQ(base64url_decode(std::string_view("Zm9\0", 4)), std::nullopt);
}

RC_GTEST_PROP(Base64Url, ReadsBackWhatItWrites, (const std::string& bytes)) {
  const std::string text = base64url_encode(bytes);
  RC_ASSERT(base64url_decode(text) == bytes);
}

RC_GTEST_PROP(Base64Url, TakesOnlyWhatItWouldWrite, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh"
                                                                      "ijklmnopqrstuvwxyz0123456789-_")));
  const auto bytes = base64url_decode(text);
  if (bytes) RC_ASSERT(base64url_encode(*bytes) == text);
}

TEST(EqualInConstantTime, ComparesLengthAndBytes) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_in_constant_time("Secret", "secret"));
  EXPECT_FALSE(equal_in_constant_time("secret", "secrets"));
  EXPECT_FALSE(equal_in_constant_time("secret", ""));
  EXPECT_FALSE(equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

TEST(Base64, WritesTheVectorsOfItsSpecification) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"},
                                                         {"\xfb\xff", "+/8="}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
  }
}

TEST(Base64, ReadsNothingElse) {
  for (const char* const text : {"Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm9v    ",
                                 "Z=9v", "-_8=", "Zm\t\t", "Zm=v"})
    EXPECT_FALSE(base64_decode(text)) << text;
}

RC_GTEST_PROP(Base64, ReadsWhatItWrites, (const std::string& bytes)) {
  RC_ASSERT(base64_decode(base64_encode(bytes)) == bytes);
}

}  // namespace skymarshal::crypto_test
