// What is read of a signature's words: the Authorization header, the presigned query, the times.
#include "aws/presented_signature.hpp"

#include "unit/aws/verifier_rig.hpp"

#include <gtest/gtest.h>

namespace skymarshal::aws::presented_signature_test {

TEST(PresentedSignature, RefusesParametersOfTheSignatureInOtherSpellings) {
  EXPECT_TRUE(malformed_for("capitals", with_target("X-Amz-Expires", "x-amz-expires")));
  EXPECT_TRUE(malformed_for("capitals", with_target("X-Amz-Signature", "X-AMZ-Signature")));
}

TEST(PresentedSignature, RefusesAuthorizationsOfOtherForms) {
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512"},
                                                        {"AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256"},
                                                        {"AWS4-HMAC-SHA256", "aws4-hmac-sha256"},
                                                        {"AWS4-HMAC-SHA256 ", "Bearer "},
                                                        {"Credential=", "credential="},
                                                        {"Credential=", ""},
                                                        {", SignedHeaders", "; SignedHeaders"},
                                                        {", SignedHeaders", ",, SignedHeaders"},
                                                        {"Signature=", "Signature=\""},
                                                        {", Signature", ", Credential=x, Signature"},
                                                        {"SignedHeaders=", "SignedHeaders= "},
                                                        {", Signature=", ", X=1, Signature="}}) {
    EXPECT_TRUE(malformed_for("", with_authorization(from, to))) << from << " as " << to;
  }
  for (const std::string value : {"", " ", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ",
                                  "AWS4-HMAC-SHA256 Credential", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}) {
    EXPECT_TRUE(malformed_for("", with(signed_request(), "Authorization", value))) << value;
  }
}

TEST(PresentedSignature, RefusesAPartOfTheAuthorizationTwice) {
  EXPECT_TRUE(
      malformed_for("each part once", with_authorization(", Signature=", ", Credential=x, Signature=")));
}

TEST(PresentedSignature, TakesTheAuthorizationsPartsInAnyOrderAndSpacing) {
  const http::Request request = signed_request();
  const auto claim = std::get<ClaimedSignature>(read_claimed_signature(request, suite_verifier, suite_time));
  const std::string text = "AWS4-HMAC-SHA256   Signature=" + claim.signature +
                           ",SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta \t,  "
                           "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request ";
  EXPECT_EQ(verdict(with(request, "Authorization", text)), "accepted");
}

TEST(PresentedSignature, ChecksADigestThatWasMovedIntoTheQuery) {
  // As signers do that move every x-amz- field of a presigned request into its query.
  for (const auto& [digest, accepted] :
       {std::pair(payload_hash(""), true), std::pair(payload_hash("x"), false)}) {
    http::Request request{"GET", "/?x-amz-content-sha256=" + digest, {{"Host", "h"}}, ""};
    ASSERT_TRUE(presign(request, suite_credentials(), suite_options(), suite_time, std::chrono::seconds(60)));
    if (accepted)
      EXPECT_EQ(verdict(request), "accepted");
    else
      EXPECT_TRUE(malformed_for("X-Amz-Content-Sha256", request));
  }
}

TEST(PresentedSignature, RefusesAFieldThatIsAParameterAsWell) {
  EXPECT_TRUE(malformed_for("not both", with(presigned_request(), "x-amz-date", "20150830T123600Z")));
  EXPECT_TRUE(malformed_for("in the query", with(presigned_request(), "X-Amz-Security-Token", "t")));
}

TEST(PresentedSignature, RefusesPresignedRequestsThatAreNotComplete) {
  EXPECT_TRUE(malformed_for("X-Amz-Algorithm", with_target("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")));
  EXPECT_TRUE(malformed_for("X-Amz-Algorithm", with_target("X-Amz-Algorithm=AWS4-HMAC-SHA256&", "")));
  EXPECT_TRUE(malformed_for("KEY-ID", with_target("X-Amz-Credential=", "c=")));
  EXPECT_TRUE(malformed_for("X-Amz-Date", with_target("X-Amz-Date=2015", "X-Amz-Date=")));
  EXPECT_TRUE(malformed_for("SignedHeaders", with_target("X-Amz-SignedHeaders=host", "x=1")));
  EXPECT_TRUE(malformed_for("64 lower-case hex", with_target("X-Amz-Signature=", "s=")));
}

TEST(PresentedSignature, BoundsTheLifeOfPresignedRequests) {
  for (const std::string_view other : {"0", "-1", "%2B1", "604801", "9999999999", "99999999999999999999",
                                       "1.5", "", "1e3", "%2060", "0x10"}) {
    EXPECT_TRUE(malformed_for("X-Amz-Expires", with_target("Expires=3600", "Expires=" + std::string(other))))
        << other;
  }
  VerifierOptions strict = suite_verifier;
  strict.presigned_for_max = std::chrono::seconds(3600);
  EXPECT_EQ(verdict(presigned_request(std::chrono::seconds(3600)), strict), "accepted");
  EXPECT_EQ(verdict(presigned_request(std::chrono::seconds(3601)), strict),
            "malformed: X-Amz-Expires must be a number of seconds from 1 to 3600");
}

TEST(PresentedSignature, TakesTheDateFieldWhereThatIsSigned) {
  // As botocore signs a request that has a Date field: SigV4Auth, the suite's key and time.
  http::Request request{
      "GET", "/", {{"Host", "example.amazonaws.com"}, {"Date", "Sun, 30 Aug 2015 12:36:00 -0000"}}, ""};
  request.headers.add(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
      "SignedHeaders=date;host, Signature=7680771e48fa28c7db272da980f990fa8ee39dee61905c4203f5da9d3d48ac86");
  EXPECT_EQ(verdict(request), "accepted");
  EXPECT_EQ(verdict(with(request, "Date", "Sun, 30 Aug 2015 12:36:00 GMT")), "mismatch");
  for (const std::string other :
       {"Sun, 30 Aug 2015 12:36:00", "Mon, 30 Aug 2015 12:36:00 GMT", "Sun, 30 aug 2015 12:36:00 GMT",
        "Sun, 30 Aug 2015 12:36:00 UTC", "Sun, 30 ugS 2015 12:36:00 GMT", "Sun, 30-Aug-2015 12:36:00 GMT",
        "Sun, 30 Aug 2015 25:36:00 GMT", "Sunday, 30-Aug-15 12:36:00 GMT"})
    EXPECT_TRUE(malformed_for("X-Amz-Date", with(request, "Date", other))) << other;
  http::Request unsigned_date = request;
  unsigned_date.headers.set(
      "Authorization", replaced(std::string(*request.headers.find("Authorization")), "date;host", "host"));
  EXPECT_TRUE(malformed_for("'Date'", unsigned_date));
  EXPECT_TRUE(malformed_for("'X-Amz-Date'", with(request, "X-Amz-Date", "20150830T123600Z")));
  EXPECT_TRUE(malformed_for("X-Amz-Date", with(request, "Date", "2015-08-30T12:36:00Z")));
  request.headers.remove("Date");
  EXPECT_TRUE(malformed_for("X-Amz-Date", request));
}

TEST(PresentedSignature, RefusesDatesOfOtherForms) {
  for (const std::string date :
       {"", "20150830", "2015-08-30T12:36:00Z", "20150830T123600", "20150832T123600Z"})
    EXPECT_TRUE(malformed_for("20260131T090500Z", with(signed_request(), "X-Amz-Date", date))) << date;
}

}  // namespace skymarshal::aws::presented_signature_test
