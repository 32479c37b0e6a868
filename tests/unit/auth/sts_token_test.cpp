#include "auth/sts_token.hpp"

#include "base/crypto.hpp"
#include "sts_samples.hpp"
#include "support/manual_clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::auth::sts_token_test {

using test::presigned_url;
using test::StsTokenParts;

const WallTime now = test::ManualClock().wall_now();

std::variant<StsRequest, Refusal> read(const std::string& url, WallTime at = now) {
  return read_sts_token(sts_token_of(url), at);
}

/// "ok", or the reason.
std::string outcome(const std::string& url, WallTime at = now) {
  const auto request = read(url, at);
  if (const auto* const refusal = std::get_if<Refusal>(&request)) {
    // What is wrong is said, but nothing of the token.
    EXPECT_FALSE(refusal->message.empty());
    EXPECT_EQ(refusal->message.find("FwoG"), std::string::npos);
    return std::string(to_text(refusal->reason));
  }
  return "ok";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string good() { return presigned_url(now); }
/// The good URL with a part replaced.
std::string with(std::string_view from, std::string_view to) { return replaced(good(), from, to); }

TEST(StsToken, ReadsWhatCallersSign) {
  const auto request = std::get<StsRequest>(read(good()));
  EXPECT_EQ(request.host, "sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(request.access_key_id, "ASIAEXAMPLE");
  EXPECT_EQ(request.expires_at, now + std::chrono::seconds(900));
  EXPECT_TRUE(request.target.starts_with(
      "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
      "ASIAEXAMPLE%2F20260101%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires="
      "900&X-Amz-SignedHeaders=host%3Bx-skymarshal-server-id&X-Amz-Signature="))
      << request.target;
  EXPECT_TRUE(request.target.ends_with("&X-Amz-Security-Token=FwoGZXIvYXdz%2F%2F%2B%3D")) << request.target;
}

TEST(StsToken, LongTermKeysHaveNoSessionToken) {
  StsTokenParts parts;
  parts.session_token = "";
  EXPECT_EQ(outcome(presigned_url(now, parts)), "ok");
}

TEST(StsToken, SomeSignersNameTheirProgram) {
  EXPECT_EQ(outcome(good() + "&X-Amz-User-Agent=aws-sdk-js%2F3.1%20%28x%29"), "ok");
  EXPECT_EQ(outcome(good() + "&X-Amz-User-Agent=a%0D%0AX-Evil%3A1"), "INVALID_TOKEN");
}

TEST(StsToken, TakesAllEndpointsOfSts) {
  for (const auto& [host, region] : std::initializer_list<std::pair<const char*, const char*>>{
           {"sts.amazonaws.com", "us-east-1"},
           {"sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"},
           {"sts.ap-southeast-12.amazonaws.com", "ap-southeast-12"},
           {"sts.cn-north-1.amazonaws.com.cn", "cn-north-1"}}) {
    StsTokenParts parts;
    parts.host = host;
    parts.region = region;
    EXPECT_EQ(outcome(presigned_url(now, parts)), "ok") << host;
    EXPECT_TRUE(is_sts_host(host));
  }
}

TEST(StsToken, TakesNoOtherHost) {
  for (const char* host : {"",
                           "amazonaws.com",
                           "sts..amazonaws.com",
                           "sts.amazonaws.com.",
                           "sts.amazonaws.com.evil.test",
                           "sts.evil.test/sts.amazonaws.com",
                           "evil-sts.amazonaws.com",
                           "sts.amazonaws.com@evil.test",
                           "user@sts.amazonaws.com",
                           "user:pass@sts.amazonaws.com",
                           "sts.amazonaws.com:443",
                           "sts.amazonaws.com:8443",
                           "sts.amazonaws.com:",
                           "STS.amazonaws.com",
                           "sts%2Eamazonaws.com",
                           "sts.amazonaws%2ecom",
                           "sts.s3.amazonaws.com",
                           "sts.s3-us-west-2.amazonaws.com",
                           "sts.s3-website-us-east-1.amazonaws.com",
                           "sts.x.us-east-1.amazonaws.com",
                           "sts.us-east-1.x.amazonaws.com",
                           "sts.us-east-.amazonaws.com",
                           "sts.-us-east-1.amazonaws.com",
                           "sts.us--east-1.amazonaws.com",
                           "sts.us-east-100.amazonaws.com",
                           "sts.us-1.amazonaws.com",
                           "sts.us-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1.amazonaws.com",
                           "sts.us-east-1.amazonaws.com.cn",
                           "sts.cn-north-1.amazonaws.com",
                           "sts.amazonaws.com.cn",
                           "s3.amazonaws.com",
                           "127.0.0.1",
                           "[::1]",
                           "169.254.169.254",
                           "2852039166",
                           "localhost",
                           "sts.amazonaws.com\\@evil.test",
                           "sts.amazonaws.com\r\nHost: evil",
                           "sts.amazonaws.com?",
                           "sts.amazonaws.com#",
                           "sts.us-east-1\0.amazonaws.com"}) {
    EXPECT_FALSE(is_sts_host(host)) << host;
    EXPECT_EQ(outcome(with("sts.eu-west-1.amazonaws.com", host)), "INVALID_TOKEN") << host;
  }
}

TEST(StsToken, IsAnHttpsUrlOfTheRootAndNothingElse) {
  for (const char* start : {"http://", "HTTPS://", "ftp://", "//", "", " https://", "https:/", "https:///"}) {
    EXPECT_EQ(outcome(with("https://", start)), "INVALID_TOKEN") << start;
  }
  for (const char* path : {"?", "//?", "/x?", "/./?", "/%2e/?", "/;?", "/#?", "/ ?", "/\r\n?", "/\t?"}) {
    EXPECT_EQ(outcome(with("/?", path)), "INVALID_TOKEN") << path;
  }
  EXPECT_EQ(outcome(good() + "#fragment"), "INVALID_TOKEN");
  EXPECT_EQ(outcome(good() + "\n"), "INVALID_TOKEN");
  EXPECT_EQ(outcome("https://sts.amazonaws.com/"), "INVALID_TOKEN");
  EXPECT_EQ(outcome("https://sts.amazonaws.com"), "INVALID_TOKEN");
  EXPECT_EQ(outcome("https://sts.amazonaws.com/?"), "INVALID_TOKEN");
  EXPECT_EQ(outcome(""), "INVALID_TOKEN");
}

TEST(StsToken, HasEachParameterOnceAndNoOther) {
  for (const char* more :
       {"&Action=GetCallerIdentity", "&action=GetCallerIdentity", "&Action=DeleteUser",
        "&X-Amz-Date=", "&x-amz-date=20260101T000000Z", "&Version=2011-06-15", "&RoleArn=x", "&", "&&",
        "&=", "&x", "&Ac%74ion=GetCallerIdentity", "&X-Amz-Security-Token=a", "&X-Amz-SignedHeaders=host",
        "&%", "&DurationSeconds=1", "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD", ";Action=AssumeRole"}) {
    EXPECT_EQ(outcome(good() + more), "INVALID_TOKEN") << more;
  }
  for (const char* name : {"Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
                           "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"}) {
    EXPECT_EQ(outcome(with(name + std::string("="), "X=")), "INVALID_TOKEN") << name;
    // Not of its form any more.
    EXPECT_EQ(outcome(with(name + std::string("="), name + std::string("=/"))), "INVALID_TOKEN") << name;
  }
}

TEST(StsToken, LacksNoParameter) {
  for (const char* name : {"Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
                           "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"}) {
    std::string url = good() + "&";
    const std::size_t at = url.find(name + std::string("="));
    url.erase(at, url.find('&', at) + 1 - at).pop_back();
    EXPECT_EQ(outcome(url), "INVALID_TOKEN") << name;
    EXPECT_NE(std::get<Refusal>(read(url)).message.find("lacks the parameter " + std::string(name)),
              std::string::npos);
  }
}

TEST(StsToken, AsksForNothingButTheIdentity) {
  EXPECT_EQ(outcome(with("GetCallerIdentity", "AssumeRole")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("GetCallerIdentity", "getcalleridentity")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("2011-06-15", "2011-06-16")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")), "INVALID_TOKEN");
}

TEST(StsToken, MustSignTheHostAndTheServerIdAndNoMore) {
  const std::string_view both = "host%3Bx-skymarshal-server-id";
  for (const char* fields : {"host", "x-skymarshal-server-id", "x-skymarshal-server-id%3Bhost",
                             "host%3Bx-k8s-aws-id", "host%3Baccept%3Bx-skymarshal-server-id",
                             "Host%3BX-Skymarshal-Server-Id", "host%3B%3Bx-skymarshal-server-id",
                             "host%3Bx-skymarshal-server-id%3B", "host%2Cx-skymarshal-server-id"}) {
    EXPECT_EQ(outcome(with(both, fields)), "INVALID_TOKEN") << fields;
  }
}

TEST(StsToken, IsSignedForStsInTheRegionOfItsHost) {
  EXPECT_EQ(outcome(with("%2Fsts%2F", "%2Fs3%2F")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("%2Feu-west-1%2F", "%2Fus-east-1%2F")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("%2F20260101%2F", "%2F20251231%2F")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("aws4_request", "aws5_request")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("ASIAEXAMPLE", "ASIA%0D%0A")), "INVALID_TOKEN");
  const auto refused = read(with("%2Feu-west-1%2F", "%2Fus-east-1%2F"));
  EXPECT_EQ(std::get<Refusal>(refused).claimed, "ASIAEXAMPLE");
}

TEST(StsToken, ValuesAreOfTheirForm) {
  EXPECT_EQ(outcome(with("FwoGZXIvYXdz", "FwoG%0D%0AHost%3A")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("FwoGZXIvYXdz", "FwoG%00")), "INVALID_TOKEN");
  EXPECT_EQ(outcome(with("FwoGZXIvYXdz%2F%2F%2B%3D", "")), "INVALID_TOKEN");
  const std::size_t signature = good().find("X-Amz-Signature=") + 16;
  std::string url = good();
  url[signature] = 'G';
  EXPECT_EQ(outcome(url), "INVALID_TOKEN");
  url = good();
  url[signature] = 'A';
  EXPECT_EQ(outcome(url), "INVALID_TOKEN");
  EXPECT_EQ(outcome(good() + "0"), "INVALID_TOKEN");
  for (const char* life : {"0", "901", "-1", "+5", "", "9e2", "900%20", "99999999999999999999"}) {
    EXPECT_EQ(outcome(with("X-Amz-Expires=900", std::string("X-Amz-Expires=") + life)), "INVALID_TOKEN")
        << life;
  }
}

TEST(StsToken, LivesAsLongAsItSaysAndStsAllows) {
  const auto age = [](std::chrono::milliseconds by) { return outcome(good(), now + by); };
  EXPECT_EQ(age(std::chrono::milliseconds(899'999)), "ok");
  EXPECT_EQ(age(std::chrono::seconds(900)), "REQUEST_EXPIRED");
  EXPECT_EQ(age(std::chrono::hours(24)), "REQUEST_EXPIRED");
  EXPECT_EQ(age(std::chrono::seconds(-300)), "ok");
  EXPECT_EQ(age(std::chrono::milliseconds(-300'001)), "REQUEST_EXPIRED");
  StsTokenParts parts;
  parts.valid_for = std::chrono::seconds(60);
  EXPECT_EQ(outcome(presigned_url(now, parts), now + std::chrono::seconds(59)), "ok");
  EXPECT_EQ(outcome(presigned_url(now, parts), now + std::chrono::seconds(60)), "REQUEST_EXPIRED");
}

TEST(StsToken, IsOfBoundedLength) {
  StsTokenParts parts;
  parts.session_token = std::string(8192, 'a');
  EXPECT_EQ(outcome(presigned_url(now, parts)), "ok");
  parts.session_token = std::string(sts_token_bytes_max, 'a');
  EXPECT_EQ(outcome(presigned_url(now, parts)), "INVALID_TOKEN");
}

TEST(StsToken, HasItsPrefixAndOneText) {
  const auto refused = [](const std::string& token) {
    const auto request = read_sts_token(token, now);
    return std::holds_alternative<Refusal>(request) &&
           std::get<Refusal>(request).reason == Reason::invalid_token;
  };
  const std::string url = good();
  EXPECT_TRUE(refused(base64url_encode(url)));
  EXPECT_TRUE(refused("k8s-aws-v1." + base64url_encode(url)));
  EXPECT_TRUE(refused("Skymarshal-sts-v1." + base64url_encode(url)));
  EXPECT_TRUE(refused("skymarshal-sts-v1." + url));
  EXPECT_TRUE(refused(sts_token_of(url) + "="));
  EXPECT_TRUE(refused("skymarshal-sts-v1."));
}

RC_GTEST_PROP(StsToken, ForwardsNothingThatBreaksALine, (const std::string& text)) {
  std::string url = presigned_url(now);
  const std::size_t at = *rc::gen::inRange(std::size_t{0}, url.size() + 1);
  url.replace(at, *rc::gen::inRange(std::size_t{0}, std::size_t{4}), text);
  const auto request = read(url);
  if (const auto* const understood = std::get_if<StsRequest>(&request)) {
    RC_ASSERT(is_sts_host(understood->host));
    for (const char c : understood->target) RC_ASSERT(c > ' ' && c < '\x7F' && c != '#');
  }
}

RC_GTEST_PROP(StsToken, TakesAnyTextWithoutHarm, (const std::string& text)) {
  RC_ASSERT(std::holds_alternative<Refusal>(read_sts_token(text, now)));
  RC_ASSERT(std::holds_alternative<Refusal>(read(text)));
}

}  // namespace skymarshal::auth::sts_token_test
