// What the signer adds and signs: AWS's published values, botocore's and Smithy's.
#include "aws/sigv4_signer.hpp"

#include "unit/aws/signing_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::aws::sigv4_signer_test {

constexpr std::string_view suite_scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";

std::string authorization_of(http::Request request, const Credentials& credentials = suite_credentials(),
                             const SigningOptions& options = suite_options()) {
  const auto signed_now = sign(request, credentials, options, suite_time);
  if (!signed_now) return "error: " + signed_now.error().message;
  return request.headers.combined("authorization").value_or("none");
}

http::Request plain_request() { return {"GET", "/", {{"Host", "example.amazonaws.com"}}, ""}; }

TEST(DeriveSigningKey, GivesTheDocumentedKey) {
  // docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, step 4
  const Sha256 key = derive_signing_key(Secret(std::string(suite_secret)), {"20150830", "us-east-1", "iam"});
  EXPECT_EQ(hex(as_text(key)), "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(StringToSign, IsTheDocumentedOneOfTheSuite) {
  EXPECT_EQ(string_to_sign("20150830T123600Z", {"20150830", "us-east-1", "service"}, "abc"),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sign, AgreesWithEveryOtherSigner) {
  for (const SignedSample& sample : signed_samples) {
    EXPECT_EQ(authorization_of(sample.request()),
              "AWS4-HMAC-SHA256 Credential=" + std::string(suite_scope) + ", SignedHeaders=" +
                  std::string(sample.signed_headers) + ", Signature=" + std::string(sample.signature))
        << sample.name;
  }
}

TEST(Sign, GivesTheDocumentedSignatureOfListUsers) {
  const http::Request request{
      "GET",
      "/?Action=ListUsers&Version=2010-05-08",
      {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}, {"Host", "iam.amazonaws.com"}},
      ""};
  EXPECT_EQ(authorization_of(request, suite_credentials(), {"us-east-1", "iam", {}, false}),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(Sign, GivesTheDocumentedSignatureOfAnObjectsFirstBytes) {
  // docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "Example: GET Object"
  const Credentials credentials{"AKIAIOSFODNN7EXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                                Secret()};
  http::Request request{
      "GET", "/test.txt", {{"Host", "examplebucket.s3.amazonaws.com"}, {"Range", "bytes=0-9"}}, ""};
  ASSERT_TRUE(
      sign(request, credentials, {"us-east-1", "s3", {false, false}, true}, from_unix_ms(1'369'353'600'000)));
  EXPECT_EQ(request.headers.find("Authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(Sign, SignsTheSessionToken) {
  // get-vanilla-with-session-token of the suite.
  http::Request request = plain_request();
  ASSERT_TRUE(sign(request, suite_credentials(suite_token), suite_options(), suite_time));
  EXPECT_EQ(request.headers.combined("x-amz-security-token"), suite_token);
  EXPECT_EQ(request.headers.combined("authorization"),
            "AWS4-HMAC-SHA256 Credential=" + std::string(suite_scope) +
                ", SignedHeaders=host;x-amz-date;x-amz-security-token, "
                "Signature=07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
}

TEST(Sign, ReplacesWhatAnEarlierSignatureLeft) {
  http::Request request = plain_request();
  for (const std::string name : {"authorization", "x-amz-date", "X-AMZ-SECURITY-TOKEN"})
    request.headers.add(name, "old");
  EXPECT_EQ(authorization_of(request), authorization_of(plain_request()));
  ASSERT_TRUE(sign(request, suite_credentials(), suite_options(), suite_time));
  EXPECT_EQ(request.headers.combined("x-amz-date"), "20150830T123600Z");
  EXPECT_FALSE(request.headers.find("x-amz-security-token"));
}

TEST(Sign, LeavesOutWhatProxiesChange) {
  http::Request request = plain_request();
  for (const std::string name :
       {"Connection", "User-Agent", "Transfer-Encoding", "Expect", "X-Amzn-Trace-Id"})
    request.headers.add(name, "x");
  EXPECT_EQ(authorization_of(request), authorization_of(plain_request()));
  request.headers.add("Accept", "*/*");
  EXPECT_NE(authorization_of(request).find("SignedHeaders=accept;host;x-amz-date"), std::string::npos);
}

TEST(Sign, SendsTheBodysDigestWhereItIsWanted) {
  SigningOptions options = suite_options();
  http::Request request = plain_request();
  request.body = "abc";
  ASSERT_TRUE(sign(request, suite_credentials(), options, suite_time));
  EXPECT_FALSE(request.headers.find("x-amz-content-sha256"));
  options.send_payload_hash = true;
  ASSERT_TRUE(sign(request, suite_credentials(), options, suite_time));
  EXPECT_EQ(request.headers.find("x-amz-content-sha256"), payload_hash("abc"));
  // One that is there is kept right, whether it is wanted or not.
  options.send_payload_hash = false;
  request.body = "abcd";
  ASSERT_TRUE(sign(request, suite_credentials(), options, suite_time));
  EXPECT_EQ(request.headers.combined("x-amz-content-sha256"), payload_hash("abcd"));
}

TEST(Sign, ChangesNothingWhereItFails) {
  http::Request request{"GET", "/?a=%zz", {{"Host", "h"}}, ""};
  EXPECT_EQ(sign(request, suite_credentials(), suite_options(), suite_time).error().kind,
            ErrorKind::malformed_request);
  EXPECT_EQ(request.headers.size(), 1u);
  EXPECT_FALSE(presign(request, suite_credentials(), suite_options(), suite_time, std::chrono::seconds(60)));
  EXPECT_EQ(request.target, "/?a=%zz");
}

TEST(Sign, NeedsOneHostAndACompleteKey) {
  const auto fails = [](http::Request request, const Credentials& credentials,
                        const SigningOptions& options) {
    http::Request presigned = request;
    return !sign(request, credentials, options, suite_time) &&
           !presign(presigned, credentials, options, suite_time, std::chrono::seconds(60));
  };
  http::Request request = plain_request();
  EXPECT_FALSE(fails(request, suite_credentials(), suite_options()));
  request.headers.add("host", "other");
  EXPECT_TRUE(fails(request, suite_credentials(), suite_options()));
  request.headers.remove("host");
  EXPECT_TRUE(fails(request, suite_credentials(), suite_options()));

  const Credentials nameless{"", Secret("x"), Secret()}, odd{"A/B", Secret("x"), Secret()};
  EXPECT_TRUE(fails(plain_request(), nameless, suite_options()));
  EXPECT_TRUE(fails(plain_request(), odd, suite_options()));
  EXPECT_TRUE(fails(plain_request(), suite_credentials(), {"", "service", {}, false}));
  EXPECT_TRUE(fails(plain_request(), suite_credentials(), {"us-east-1", "", {}, false}));
}

TEST(Sign, NeverTellsTheSecret) {
  http::Request request = plain_request();
  ASSERT_TRUE(sign(request, suite_credentials(), suite_options(), suite_time));
  for (const http::Header& field : request.headers)
    EXPECT_EQ(field.value.find(suite_secret), std::string::npos);
}

TEST(Presign, AgreesWithEveryOtherSigner) {
  // By botocore (SigV4QueryAuth); the first also by Smithy, the second is the suite's
  // get-vanilla-with-session-token.
  http::Request request{"GET", "/a%20b?x=1&x-y=%E1%88%B4", {{"Host", "example.amazonaws.com"}}, ""};
  ASSERT_TRUE(presign(request, suite_credentials(), suite_options(), suite_time, std::chrono::hours(1)));
  EXPECT_EQ(request.target,
            "/a%20b?x=1&x-y=%E1%88%B4&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            "&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request"
            "&X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
            "&X-Amz-Signature=3157b92aa66c3afd8dd2fdbff837b07d963a566a5414a9098ced7be298e4c3ba");
  request = plain_request();
  ASSERT_TRUE(
      presign(request, suite_credentials(suite_token), suite_options(), suite_time, std::chrono::hours(1)));
  EXPECT_TRUE(request.target.ends_with(
      "&X-Amz-SignedHeaders=host&X-Amz-Security-Token=" + suite_token +
      "&X-Amz-Signature=7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c"))
      << request.target;
  request = {"POST",
             "/api/v1/invoke",
             {{"Host", "example.amazonaws.com"}, {"Content-Type", "application/json"}},
             ""};
  ASSERT_TRUE(presign(request, suite_credentials(), suite_options(), suite_time, std::chrono::minutes(1)));
  EXPECT_TRUE(request.target.ends_with(
      "&X-Amz-SignedHeaders=content-type%3Bhost"
      "&X-Amz-Signature=4b25ac47e7e0319c6e6ed6f42668618acc4cd724634c64128b6c2b9388e38d40"))
      << request.target;
}

TEST(Presign, GivesTheDocumentedSignatureOfAnObject) {
  // docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html; S3 leaves the body unsigned there.
  const http::Request request{
      "GET",
      "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-"
      "1"
      "%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host",
      {{"Host", "examplebucket.s3.amazonaws.com"}},
      ""};
  const auto canonical =
      canonical_request(request, {{false, false}, {"host"}, "UNSIGNED-PAYLOAD", "X-Amz-Signature"});
  ASSERT_TRUE(canonical);
  const CredentialScope scope{"20130524", "us-east-1", "s3"};
  EXPECT_EQ(signature(derive_signing_key(Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), scope),
                      string_to_sign("20130524T000000Z", scope, *canonical)),
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

TEST(Presign, ReplacesWhatAnEarlierSignatureLeft) {
  http::Request once{"GET", "/a?b=1&&c", {{"Host", "h"}}, ""};
  ASSERT_TRUE(presign(once, suite_credentials(), suite_options(), suite_time, std::chrono::seconds(60)));
  EXPECT_TRUE(once.target.starts_with("/a?b=1&&c&X-Amz-Algorithm=")) << once.target;
  http::Request twice = once;
  twice.headers.add("Authorization", "old");
  ASSERT_TRUE(presign(twice, suite_credentials(), suite_options(), suite_time, std::chrono::seconds(60)));
  EXPECT_EQ(twice.target, once.target);
  EXPECT_FALSE(twice.headers.find("authorization"));
}

TEST(Presign, BeginsTheQueryWhereThereIsNone) {
  for (const std::string target : {"/a", "/a?"}) {
    http::Request request{"GET", target, {{"Host", "h"}}, ""};
    ASSERT_TRUE(presign(request, suite_credentials(), suite_options(), suite_time, std::chrono::seconds(60)));
    EXPECT_TRUE(request.target.starts_with("/a?X-Amz-Algorithm=")) << request.target;
  }
}

TEST(Presign, IsGoodForASecondToSevenDays) {
  const auto accepted = [](std::chrono::seconds valid_for) {
    http::Request request = plain_request();
    return presign(request, suite_credentials(), suite_options(), suite_time, valid_for).has_value();
  };
  EXPECT_FALSE(accepted(std::chrono::seconds(0)));
  EXPECT_TRUE(accepted(std::chrono::seconds(1)));
  EXPECT_TRUE(accepted(std::chrono::days(7)));
  EXPECT_FALSE(accepted(std::chrono::days(7) + std::chrono::seconds(1)));
}

TEST(Sign, LeavesOutWhatIsAddedOnTheWay) {
  http::Request request{"GET", "/", {{"Host", "h"}, {"X-Amz-Cf-Id", "1"}, {"X-Amzn-Trace-Id", "2"}}, ""};
  ASSERT_TRUE(sign(request, suite_credentials(), suite_options(), suite_time));
  const std::string authorization(request.headers.find("Authorization").value_or(""));
  EXPECT_NE(authorization.find("SignedHeaders=host;x-amz-date,"), std::string::npos) << authorization;
}

}  // namespace skymarshal::aws::sigv4_signer_test
