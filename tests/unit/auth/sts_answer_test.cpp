#include "auth/sts_client.hpp"
#include "sts_samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::auth::sts_answer_test {

using test::error_json;
using test::identity_json;

/// The ARN, or the reason.
std::string read(unsigned status, std::string body) {
  const auto answer = read_sts_answer({status, {}, std::move(body)});
  if (const auto* const identity = std::get_if<CallerIdentity>(&answer)) return identity->arn;
  return std::string(to_text(std::get<Refusal>(answer).reason));
}

TEST(StsAnswer, AnIdentityIsItsArn) {
  EXPECT_EQ(read(200, identity_json()), test::ops_arn);
  EXPECT_EQ(read(200, identity_json("arn:aws:iam::123456789012:root")), "arn:aws:iam::123456789012:root");
}

TEST(StsAnswer, WhatIsNoIdentityIsNotBelieved) {
  for (const std::string& body :
       {std::string(), std::string("{}"), std::string("[]"), std::string("null"),
        std::string("<GetCallerIdentityResponse/>"), identity_json("*"), identity_json(""),
        identity_json("arn:aws:iam::123456789012:user/a\\nb"), identity_json("arn:aws:s3:::bucket"),
        identity_json(test::ops_arn, "210987654321"), identity_json(test::ops_arn, ""), identity_json() + "x",
        std::string(R"({"GetCallerIdentityResponse":"x"})"),
        std::string(R"({"Arn":"arn:aws:iam::123456789012:root","Account":"123456789012"})"),
        // Said twice: which one counts?
        std::string(R"({"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"123456789012",)"
                    R"("Arn":"arn:aws:iam::123456789012:root","Arn":"arn:aws:iam::123456789012:root"}}})"),
        std::string(R"({"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":123456789012,)"
                    R"("Arn":"arn:aws:iam::123456789012:root"}}})")}) {
    EXPECT_EQ(read(200, body), "IDENTITY_UNAVAILABLE") << body;
  }
}

TEST(StsAnswer, OnlyA200CanVouch) {
  for (const unsigned status : {0U, 201U, 204U, 206U, 301U, 302U, 307U, 400U, 401U, 403U, 404U, 500U}) {
    EXPECT_EQ(read(status, identity_json()), "IDENTITY_UNAVAILABLE") << status;
  }
}

TEST(StsAnswer, RefusalsOfStsAreTheCallersFault) {
  EXPECT_EQ(read(403, error_json("SignatureDoesNotMatch")), "SIGNATURE_MISMATCH");
  EXPECT_EQ(read(403, error_json("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2")),
            "REQUEST_EXPIRED");
  EXPECT_EQ(read(403, error_json("SignatureDoesNotMatch", "Signature not yet current: 2 is later than 1")),
            "REQUEST_EXPIRED");
  EXPECT_EQ(read(403, error_json("ExpiredToken")), "REQUEST_EXPIRED");
  EXPECT_EQ(read(400, error_json("ExpiredTokenException")), "REQUEST_EXPIRED");
  EXPECT_EQ(read(400, error_json("RequestExpired")), "REQUEST_EXPIRED");
  EXPECT_EQ(read(403, error_json("InvalidClientTokenId")), "INVALID_TOKEN");
  EXPECT_EQ(read(400, error_json("IncompleteSignature")), "INVALID_TOKEN");
  EXPECT_EQ(read(403, error_json("AccessDenied")), "INVALID_TOKEN");
}

TEST(StsAnswer, StsInTroubleIsNobodysFault) {
  EXPECT_EQ(read(400, error_json("Throttling")), "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(read(400, error_json("ThrottlingException")), "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(read(400, error_json("RequestLimitExceeded")), "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(read(429, error_json("SignatureDoesNotMatch")), "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(read(500, error_json("SignatureDoesNotMatch")), "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(read(503, ""), "IDENTITY_UNAVAILABLE");
  // Of something between, which knows nothing of the caller.
  EXPECT_EQ(read(403, "<html>blocked</html>"), "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(read(403, R"({"message":"Forbidden"})"), "IDENTITY_UNAVAILABLE");
}

TEST(StsAnswer, SaysWhenToTryAgain) {
  const auto wait = [](const std::string& text) {
    const auto answer = read_sts_answer({503, {{"Retry-After", text}}, ""});
    return std::get<Refusal>(answer).retry_after.value().count();
  };
  EXPECT_EQ(wait("7"), 7);
  EXPECT_EQ(wait("0"), 1);
  EXPECT_EQ(wait("999999"), 60);
  EXPECT_EQ(wait("soon"), sts_retry_after.count());
  EXPECT_EQ(wait(""), sts_retry_after.count());
  EXPECT_EQ(sts_unavailable().retry_after, sts_retry_after);
}

TEST(StsAnswer, NoTextOfStsReachesTheCaller) {
  const auto answer = read_sts_answer({403, {}, error_json("SignatureDoesNotMatch", "String-to-Sign")});
  EXPECT_EQ(std::get<Refusal>(answer).message.find("String-to-Sign"), std::string::npos);
}

RC_GTEST_PROP(StsAnswer, TakesAnyTextWithoutHarm, (const std::string& text, bool is_error)) {
  RC_ASSERT(std::holds_alternative<Refusal>(read_sts_answer({is_error ? 403U : 200U, {}, text})));
}

}  // namespace skymarshal::auth::sts_answer_test
