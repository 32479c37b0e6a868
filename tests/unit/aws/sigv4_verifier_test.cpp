// What is accepted, and that everything else is refused with a reason that says what to do.
#include "aws/sigv4_verifier.hpp"

#include "unit/aws/verifier_rig.hpp"

#include <gtest/gtest.h>

namespace skymarshal::aws::sigv4_verifier_test {

TEST(Verifier, AcceptsWhatOthersSigned) {
  for (const SignedSample& sample : signed_samples) {
    http::Request request = sample.request();
    request.headers.add("X-Amz-Date", "20150830T123600Z");
    request.headers.add("Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                        "SignedHeaders=" +
                            std::string(sample.signed_headers) +
                            ", Signature=" + std::string(sample.signature));
    const std::string said = verdict(request);
    const std::string_view path = sample.target.substr(0, sample.target.find('?'));
    // Paths that mean another one are refused, however well they are signed.
    const bool other_path = path.find("//") != std::string_view::npos ||
                            path.find("/./") != std::string_view::npos ||
                            path.find("/..") != std::string_view::npos;
    if (!other_path || path.find("..b") != std::string_view::npos)
      EXPECT_EQ(said, "accepted") << sample.name;
    else
      EXPECT_TRUE(said.starts_with("malformed: write the path without")) << sample.name << said;
  }
}

TEST(Verifier, ReadsTheWholeClaim) {
  const http::Request request = signed_request({"GET", "/", {{"Host", "h"}}, ""}, "token");
  const auto read = read_claimed_signature(request, suite_verifier, suite_time);
  const auto& claim = std::get<ClaimedSignature>(read);
  EXPECT_EQ(claim.access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(claim.scope.text(), "20150830/us-east-1/service/aws4_request");
  EXPECT_EQ(claim.amz_date, "20150830T123600Z");
  EXPECT_EQ(claim.session_token, "token");
  EXPECT_EQ(claim.signature.size(), 64u);
  EXPECT_EQ(claim.form.payload_hash, payload_hash(""));
  EXPECT_EQ(claim.form.signed_headers,
            (std::vector<std::string>{"host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"}));
  EXPECT_TRUE(claim.form.path.encode_twice && claim.form.path.normalize);
}

TEST(Verifier, AcceptsBothForms) {
  EXPECT_EQ(verdict(signed_request()), "accepted");
  EXPECT_EQ(verdict(presigned_request()), "accepted");
  const http::Request with_token = presigned_request(std::chrono::seconds(60), "to/k+en=");
  EXPECT_EQ(verdict(with_token), "accepted");
  EXPECT_EQ(std::get<ClaimedSignature>(read_claimed_signature(with_token, suite_verifier, suite_time))
                .session_token,
            "to/k+en=");
}

TEST(Verifier, SaysHowToSignWhereNothingIsSigned) {
  const http::Request request{"GET", "/a//b?x=1", {{"Host", "h"}, {"X-Amz-Date", "20150830T123600Z"}}, ""};
  EXPECT_EQ(verdict(request).substr(0, 8), "missing:");
}

TEST(Verifier, RefusesAnotherKeyAndAnotherSignature) {
  const http::Request request = signed_request();
  const auto read = read_claimed_signature(request, suite_verifier, suite_time);
  Sha256 other = suite_key;
  other.back() ^= 1U;
  EXPECT_FALSE(matches(std::get<ClaimedSignature>(read), request, other));
  const std::string signature = std::get<ClaimedSignature>(read).signature;
  EXPECT_EQ(verdict(with_authorization(signature, std::string(64, '0'))), "mismatch");
}

TEST(Verifier, RefusesWhatCannotBeWrittenCanonically) {
  const http::Request request = signed_request();
  auto claim = std::get<ClaimedSignature>(read_claimed_signature(request, suite_verifier, suite_time));
  claim.form.signed_headers.push_back("z-not-there");
  // Even the signature of the empty text does not help.
  claim.signature = signature(suite_key, string_to_sign(claim.amz_date, claim.scope, ""));
  EXPECT_FALSE(matches(claim, request, suite_key));
}

TEST(Verifier, RefusesTwoFormsAtOnce) {
  const std::string_view words = "sign it in one way";
  EXPECT_TRUE(malformed_for(words, with(presigned_request(), "Authorization", "Bearer x")));
  for (const std::string_view name :
       {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
        "X-Amz-Signature", "X-Amz-Security-Token", "x-amz-signature", "X%2DAmz-Signature"}) {
    http::Request request = signed_request();
    request.target += "&" + std::string(name) + "=x";
    EXPECT_TRUE(malformed_for(words, request)) << name;
  }
}

TEST(Verifier, RefusesRepeatedFields) {
  for (const std::string name : {"Authorization", "host", "Date", "X-Amz-Date", "x-amz-content-sha256",
                                 "x-amz-meta", "X-Amz-Security-Token"}) {
    http::Request request = signed_request();
    if (!request.headers.find(name)) request.headers.add(name, "x");
    request.headers.add(name, std::string(*request.headers.find(name)));
    EXPECT_TRUE(malformed_for("once", request)) << name;
  }
}

TEST(Verifier, AcceptsOtherFieldsRepeatedly) {
  http::Request request{"GET", "/", {{"Host", "h"}, {"Accept", "a"}, {"accept", "b"}}, ""};
  EXPECT_EQ(verdict(signed_request(request)), "accepted");
}

TEST(Verifier, RefusesRepeatedParametersOfTheSignature) {
  for (const std::string_view name :
       {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
        "X-Amz-Signature", "x-amz-date", "X-Amz-Dat%65"}) {
    http::Request request = presigned_request();
    request.target += "&" + std::string(name) + "=1";
    EXPECT_TRUE(malformed_for("once", request)) << name;
  }
  http::Request request = signed_request({"GET", "/?X-Amz-Other=1&x-amz-other=1", {{"Host", "h"}}, ""});
  EXPECT_TRUE(malformed_for("once", request));
}

TEST(Verifier, AcceptsOtherParametersRepeatedly) {
  EXPECT_EQ(verdict(signed_request({"GET", "/?b=2&a=%2D&b=1&b", {{"Host", "h"}}, ""})), "accepted");
}

TEST(Verifier, RefusesPathsThatMeanAnother) {
  for (const std::string path : {"/a/./b", "/a/../b", "/..", "/.", "/a/..", "/a/%2e/b", "/a/%2E%2e/b",
                                 "/a/.%2e", "/a/%252e%252E/b", "/%2e"}) {
    EXPECT_TRUE(malformed_for("'.' and '..'", signed_request({"GET", path, {{"Host", "h"}}, ""}))) << path;
  }
  for (const std::string path : {"//", "//a", "/a//b", "/a//"})
    EXPECT_TRUE(malformed_for("empty segments", signed_request({"GET", path, {{"Host", "h"}}, ""}))) << path;
  for (const std::string path : {"/%", "/a%2", "/a%zz"})
    EXPECT_TRUE(malformed_for("%25", signed_request({"GET", path, {{"Host", "h"}}, ""}))) << path;
}

TEST(Verifier, AcceptsPathsThatAreOnlyOdd) {
  for (const std::string path : {"/a/", "/a%2Fb", "/a%2fb", "/.a/..b/...", "/%2e%2e%2e", "/%41", "/a;b=c/+",
                                 "/%252f", "/%25", "/\xC3\xA9", "/%C3%A9"}) {
    EXPECT_EQ(verdict(signed_request({"GET", path, {{"Host", "h"}}, ""})), "accepted") << path;
  }
}

TEST(Verifier, RefusesAPlusInTheQuery) {
  EXPECT_TRUE(malformed_for("%2B or %20", signed_request({"GET", "/?a=b+c", {{"Host", "h"}}, ""})));
  EXPECT_EQ(verdict(signed_request({"GET", "/?a=b%2Bc%20d", {{"Host", "h"}}, ""})), "accepted");
}

TEST(Verifier, RefusesBrokenTargets) {
  http::Request request = signed_request();
  for (const std::string target : {"", "*", "http://h/", "/a b", "/?a=%", "/#"}) {
    request.target = target;
    EXPECT_TRUE(malformed_for("", request)) << target;
  }
}

TEST(Verifier, RefusesCredentialsForElsewhere) {
  EXPECT_TRUE(malformed_for("KEY-ID", with_authorization("/aws4_request", "/aws4")));
  EXPECT_TRUE(malformed_for("KEY-ID", with_authorization("AKIDEXAMPLE", "")));
  EXPECT_TRUE(malformed_for("the region 'us-east-1'", with_authorization("us-east-1", "us-east-2")));
  EXPECT_TRUE(malformed_for("the service 'service'", with_authorization("/service/", "/sts/")));
  EXPECT_TRUE(malformed_for("day of X-Amz-Date", with_authorization("/20150830/", "/20150831/")));
  VerifierOptions anywhere = suite_verifier;
  anywhere.region.clear();
  EXPECT_EQ(verdict(signed_request(), anywhere), "accepted");
  EXPECT_EQ(verdict(with_authorization("us-east-1", "us-east-2"), anywhere), "mismatch");
}

TEST(Verifier, RefusesSignaturesThatAreNoDigests) {
  const auto claim =
      std::get<ClaimedSignature>(read_claimed_signature(signed_request(), suite_verifier, suite_time));
  for (const std::string& text : {std::string("0"), std::string(63, 'a'), std::string(65, 'a'),
                                  std::string(64, 'A'), std::string(64, 'g'), claim.signature + " x"}) {
    EXPECT_TRUE(malformed_for("64 lower-case hex", with_authorization(claim.signature, text))) << text;
  }
}

TEST(Verifier, RefusesOtherListsOfSignedHeaders) {
  const std::string_view list = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta";
  for (const std::string_view other :
       {"content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta;", ";content-type;host",
        "host;content-type;x-amz-content-sha256;x-amz-date;x-amz-meta",
        "content-type;host;host;x-amz-content-sha256;x-amz-date;x-amz-meta",
        "Content-Type;host;x-amz-content-sha256;x-amz-date;x-amz-meta",
        "content-type; host;x-amz-content-sha256;x-amz-date;x-amz-meta",
        "content-type;;host;x-amz-content-sha256;x-amz-date;x-amz-meta"}) {
    EXPECT_TRUE(malformed_for("lower case, sorted", with_authorization(list, other))) << other;
  }
  EXPECT_TRUE(
      malformed_for("names 'accept'", with_authorization("content-type;host", "accept;content-type;host")));
}

TEST(Verifier, RefusesWhatLeavesUnsignedWhatMustBeSigned) {
  EXPECT_TRUE(malformed_for("'Host'", with_authorization("content-type;host;", "content-type;")));
  EXPECT_TRUE(malformed_for("'X-Amz-Date'", with_authorization(";x-amz-date", "")));
  EXPECT_TRUE(malformed_for("'X-Amz-Meta'", with_authorization(";x-amz-meta", "")));
  EXPECT_TRUE(malformed_for("'X-Amz-Content-Sha256'", with_authorization(";x-amz-content-sha256", "")));
  EXPECT_TRUE(malformed_for("'x-amz-new'", with(signed_request(), "x-amz-new", "1")));
  EXPECT_TRUE(malformed_for("'x-amz-new'", with(presigned_request(), "x-amz-new", "1")));
  // A field that need not be signed may be left out, and then it may change.
  EXPECT_EQ(verdict(with_authorization("content-type;host;", "host;")), "mismatch");
  EXPECT_EQ(verdict(with(signed_request(), "User-Agent", "changed")), "accepted");
}

TEST(Verifier, NeedsAHost) {
  http::Request request = signed_request();
  request.headers.remove("Host");
  EXPECT_TRUE(malformed_for("Host", request));
}

TEST(Verifier, ChecksTheDigestOfTheBody) {
  http::Request request = signed_request();
  request.body += " ";
  EXPECT_TRUE(malformed_for("X-Amz-Content-Sha256", request));
  request.headers.remove("X-Amz-Content-Sha256");
  EXPECT_TRUE(malformed_for("x-amz-content-sha256", request));
  http::Request without = {"POST", "/", {{"Host", "h"}}, "body"};
  ASSERT_TRUE(sign(without, suite_credentials(), suite_options(), suite_time));
  EXPECT_EQ(verdict(without), "accepted");
  without.body = "Body";
  EXPECT_EQ(verdict(without), "mismatch");
}

TEST(Verifier, RefusesUnsignedAndStreamedPayloads) {
  for (const std::string value :
       {"UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"}) {
    // Signed as the request says, by a signer that takes the word for the digest.
    http::Request request = with({"GET", "/", {{"Host", "h"}}, ""}, "x-amz-content-sha256", value);
    request.headers.add("X-Amz-Date", "20150830T123600Z");
    CanonicalForm form{{}, {"host", "x-amz-content-sha256", "x-amz-date"}, value, {}};
    const CredentialScope scope{"20150830", "us-east-1", "service"};
    request.headers.add("Authorization",
                        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" + scope.text() +
                            ", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" +
                            signature(suite_key, string_to_sign("20150830T123600Z", scope,
                                                                *canonical_request(request, form))));
    EXPECT_TRUE(malformed_for("unsigned and streamed", request)) << value;
  }
}

TEST(Verifier, AllowsTheClockToBeOffByTheSkewAndNotMore) {
  const http::Request request = signed_request();
  const auto at = [&request](Milliseconds offset) {
    return verdict(request, suite_verifier, suite_time + offset);
  };
  EXPECT_EQ(at(Milliseconds(300'000)), "accepted");
  EXPECT_EQ(
      at(Milliseconds(300'001)),
      "expired: the signature was good until 20150830T124100Z and it is 20150830T124100Z here: sign anew, by "
      "a clock that is right");
  EXPECT_EQ(at(Milliseconds(-300'000)), "accepted");
  EXPECT_EQ(at(Milliseconds(-300'001)).substr(0, 7), "expired");
}

TEST(Verifier, HoldsPresignedRequestsToTheirOwnEnd) {
  const http::Request request = presigned_request(std::chrono::seconds(60));
  const auto at = [&request](Milliseconds offset) {
    return verdict(request, suite_verifier, suite_time + offset).substr(0, 8);
  };
  EXPECT_EQ(at(Milliseconds(60'000)), "accepted");
  EXPECT_EQ(at(Milliseconds(60'001)), "expired:");
  EXPECT_EQ(at(Milliseconds(-300'000)), "accepted");
  EXPECT_EQ(at(Milliseconds(-300'001)), "expired:");
  const http::Request of_a_week = presigned_request(std::chrono::days(7));
  EXPECT_EQ(verdict(of_a_week, suite_verifier, suite_time + std::chrono::days(7)), "accepted");
}

TEST(Verifier, TakesTimesFarAwayForWhatTheyAre) {
  for (const std::string date : {"00000101T000000Z", "99991231T235959Z"}) {
    http::Request request = with_authorization("/20150830/", "/" + date.substr(0, 8) + "/");
    request.headers.set("X-Amz-Date", date);
    EXPECT_EQ(verdict(request).substr(0, 8), "expired:") << date;
    http::Request presigned = with_target("X-Amz-Date=20150830T123600Z", "X-Amz-Date=" + date);
    presigned.target = replaced(presigned.target, "%2F20150830%2F", "%2F" + date.substr(0, 8) + "%2F");
    EXPECT_EQ(verdict(presigned).substr(0, 8), "expired:") << date;
  }
}

TEST(Verifier, NeverTellsWhatItExpected) {
  const http::Request good = signed_request();
  const auto claim = std::get<ClaimedSignature>(read_claimed_signature(good, suite_verifier, suite_time));
  for (const std::size_t shift : {std::size_t(0), std::size_t(400)}) {
    http::Request request = with_authorization(claim.signature, std::string(64, 'a'));
    const std::string said =
        verdict(request, suite_verifier, suite_time + std::chrono::seconds(static_cast<int>(shift)));
    EXPECT_EQ(said.find(claim.signature.substr(0, 16)), std::string::npos);
    EXPECT_EQ(said.find(suite_secret), std::string::npos);
  }
}

TEST(Verifier, LetsInfrastructureAddItsOwnHeaders) {
  for (const char* name : {"X-Amz-Cf-Id", "x-amz-cf-id", "X-Amzn-Trace-Id"}) {
    EXPECT_EQ(verdict(with(signed_request(), name, "Root=1-abc")), "accepted") << name;
    EXPECT_EQ(verdict(with(presigned_request(), name, "Root=1-abc")), "accepted") << name;
    http::Request twice = with(signed_request(), name, "1");
    twice.headers.add(name, "2");
    EXPECT_EQ(verdict(twice), "accepted") << name;
  }
  for (const char* name : {"X-Amz-Cf-Id2", "X-Amz-Cf", "X-Amz-Cf-Id-", "X-Amz-Trace-Id"})
    EXPECT_TRUE(malformed_for(name, with(signed_request(), name, "1"))) << name;
}

TEST(Verifier, WhatInfrastructureAddsCountsWhereItIsSigned) {
  http::Request request{"GET", "/", {{"Host", "h"}, {"X-Amz-Cf-Id", "mine"}}, ""};
  ASSERT_TRUE(presign(request, suite_credentials(), suite_options(), suite_time, std::chrono::seconds(60)));
  EXPECT_EQ(verdict(request), "accepted");
  EXPECT_EQ(verdict(with(request, "X-Amz-Cf-Id", "another")), "mismatch");
  request.headers.remove("X-Amz-Cf-Id");
  EXPECT_TRUE(malformed_for("x-amz-cf-id", request));
}

}  // namespace skymarshal::aws::sigv4_verifier_test
