// Scopes and times in AWS's text forms, strictly.
#include "aws/credential_scope.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::aws::credential_scope_test {

const CredentialName documented{"AKIDEXAMPLE", {"20150830", "us-east-1", "iam"}};
constexpr std::string_view documented_text = "AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request";

TEST(CredentialScope, IsWrittenWithItsEnd) {
  EXPECT_EQ(documented.scope.text(), "20150830/us-east-1/iam/aws4_request");
  EXPECT_EQ(to_text(documented), documented_text);
}

TEST(ParseCredential, ReadsItsFiveParts) {
  const auto read = parse_credential(documented_text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(read->scope, documented.scope);
}

TEST(ParseCredential, RefusesEverythingElse) {
  for (const std::string_view text :
       {"", "AKID", "AKID/20150830/us-east-1/iam", "AKID/20150830/us-east-1/iam/aws4_request/",
        "AKID/20150830/us-east-1/iam/aws4_request/x", "/20150830/us-east-1/iam/aws4_request",
        "AK/ID/20150830/us-east-1/iam/aws4_request", "AKID//us-east-1/iam/aws4_request",
        "AKID/20150830//iam/aws4_request", "AKID/20150830/us-east-1//aws4_request",
        "AKID/2015083/us-east-1/iam/aws4_request", "AKID/201508300/us-east-1/iam/aws4_request",
        "AKID/2015083x/us-east-1/iam/aws4_request", "AKID/20150830/us-east-1/iam/aws4_Request",
        "AKID/20150830/us-east-1/iam/", "AK ID/20150830/us-east-1/iam/aws4_request",
        "AKID/20150830/us east-1/iam/aws4_request", "AKID/20150830/us-east-1/i\nm/aws4_request",
        "AK\xC3\xA9/20150830/us-east-1/iam/aws4_request"}) {
    EXPECT_FALSE(parse_credential(text)) << text;
  }
}

TEST(ParseCredential, BoundsItsParts) {
  const auto text = [](std::size_t id, std::size_t region) {
    return std::string(id, 'A') + "/20150830/" + std::string(region, 'r') + "/iam/aws4_request";
  };
  EXPECT_TRUE(parse_credential(text(128, 64)));
  EXPECT_FALSE(parse_credential(text(129, 64)));
  EXPECT_FALSE(parse_credential(text(128, 65)));
}

TEST(AmzDate, WritesWholeSecondsInUtc) {
  EXPECT_EQ(amz_date(from_unix_ms(1'440'938'160'000)), "20150830T123600Z");
  EXPECT_EQ(amz_date(from_unix_ms(1'440'938'160'999)), "20150830T123600Z");
  EXPECT_EQ(amz_date(from_unix_ms(0)), "19700101T000000Z");
}

TEST(ParseAmzDate, ReadsItBack) {
  EXPECT_EQ(parse_amz_date("20150830T123600Z"), from_unix_ms(1'440'938'160'000));
  EXPECT_EQ(parse_amz_date("20240229T235959Z"), from_unix_ms(1'709'251'199'000));
  EXPECT_TRUE(parse_amz_date("00000101T000000Z"));
  EXPECT_TRUE(parse_amz_date("99991231T235959Z"));
}

TEST(ParseAmzDate, RefusesOtherFormsAndTimesThatAreNone) {
  for (const std::string_view text :
       {"", "20150830", "2015-08-30T12:36:00Z", "20150830T123600", "20150830T123600z", "20150830t123600Z",
        "20150830T123600ZZ", " 20150830T123600Z", "20150830T123600+", "20150229T000000Z", "20151301T000000Z",
        "20150001T000000Z", "20150132T000000Z", "20150830T240000Z", "20150830T126000Z", "20150830T123660Z",
        "2015083-T123600Z", "20150830T-23600Z", "201508301123600Z"}) {
    EXPECT_FALSE(parse_amz_date(text)) << text;
  }
}

RC_GTEST_PROP(ParseAmzDate, ReadsWhatAmzDateWrites, ()) {
  const auto seconds = *rc::gen::inRange<std::int64_t>(-62'167'219'200, 253'402'300'800);
  const WallTime time = from_unix_ms(seconds * 1000);
  RC_ASSERT(parse_amz_date(amz_date(time)) == time);
}

}  // namespace skymarshal::aws::credential_scope_test
