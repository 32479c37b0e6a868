#include "cli/request_signing.hpp"

#include "auth/sts_token.hpp"
#include "aws/sigv4_signer.hpp"
#include "aws/sigv4_verifier.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::cli::request_signing_test {

const WallTime signed_at = test::ManualClock().wall_now();

class RequestSigningTest : public testing::Test {
 protected:
  Result<RequestSigning> open() { return RequestSigning::open(arguments_, environment_); }
  /// The Authorization field of a signed request; "(none)" without one.
  std::string authorization() {
    request_ = {"POST", "/prod/api/v1/invoke?a=b", {{"Host", "gateway.example"}}, "{}"};
    open().value().sign(request_, signed_at).value();
    return std::string(request_.headers.find("Authorization").value_or("(none)"));
  }
  std::string complaint() {
    const auto signing = open();
    if (signing) return "(none)";
    EXPECT_EQ(signing.error().code, Errc::invalid_request);
    return signing.error().message;
  }
  bool is_signed_by(const std::string& secret) {
    const auto claim = aws::read_claimed_signature(request_, {}, signed_at);
    const auto* const claimed = std::get_if<aws::ClaimedSignature>(&claim);
    if (claimed == nullptr) return false;
    return aws::matches(*claimed, request_, aws::derive_signing_key(Secret(secret), claimed->scope));
  }
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name).string();
  }
  void set_keys() {
    environment_["AWS_ACCESS_KEY_ID"] = "AKIAENV";
    environment_["AWS_SECRET_ACCESS_KEY"] = "env-secret";
  }
  void write_profile() {
    environment_["AWS_SHARED_CREDENTIALS_FILE"] =
        write("credentials",
              "[ops]\naws_access_key_id=AKIAOPS\naws_secret_access_key=ops-secret\nregion=eu-north-1\n");
  }
  static http::Endpoint at(const std::string& url) { return http::parse_endpoint(url).value(); }

  test::TemporaryFolder folder_;
  SigningArguments arguments_;
  std::map<std::string, std::string> environment_{{"HOME", folder_.file("").string()},
                                                  {"AWS_EC2_METADATA_DISABLED", "true"}};
  http::Request request_;
};

TEST_F(RequestSigningTest, SendsUnsignedWhereThereIsNothingToSignWith) {
  EXPECT_EQ(authorization(), "(none)");
  EXPECT_EQ(open()->description(), "the request was not signed");
}

TEST_F(RequestSigningTest, SignsWithTheEnvironmentByItself) {
  set_keys();
  EXPECT_TRUE(authorization().starts_with(
      "AWS4-HMAC-SHA256 Credential=AKIAENV/20260101/us-east-1/execute-api/aws4_request"));
  EXPECT_TRUE(is_signed_by("env-secret"));
  EXPECT_FALSE(is_signed_by("another"));
  EXPECT_EQ(open()->description(), "the request was signed with AKIAENV (the environment) for us-east-1");
}

TEST_F(RequestSigningTest, SignsWithAProfileAndItsRegion) {
  set_keys();
  write_profile();
  arguments_.profile = "ops";
  EXPECT_NE(authorization().find("=AKIAOPS/20260101/eu-north-1/"), std::string::npos);
  EXPECT_TRUE(is_signed_by("ops-secret"));
  arguments_.region = "us-west-2";
  EXPECT_NE(authorization().find("/us-west-2/"), std::string::npos);
}

TEST_F(RequestSigningTest, SignsWithTheKeyOfTheCommandLineFirst) {
  set_keys();
  environment_["AWS_REGION"] = "eu-west-3";
  arguments_.access_key_id = "AKIALINE";
  arguments_.secret_access_key = Secret("line-secret");
  arguments_.session_token = Secret("line-token");
  EXPECT_NE(authorization().find("=AKIALINE/20260101/eu-west-3/"), std::string::npos);
  EXPECT_EQ(request_.headers.find("X-Amz-Security-Token"), "line-token");
  EXPECT_TRUE(is_signed_by("line-secret"));
  // What the environment holds of a key does not matter then, if the region is given.
  environment_.erase("AWS_SECRET_ACCESS_KEY");
  arguments_.region = "eu-west-1";
  EXPECT_EQ(complaint(), "(none)");
  arguments_.secret_access_key = Secret("two words");
  EXPECT_NE(complaint(), "(none)");
}

TEST_F(RequestSigningTest, ProfilesMustHaveAKey) {
  environment_["AWS_CONFIG_FILE"] = write("config", "[profile sso]\nsso_session = x\n");
  arguments_.profile = "sso";
  EXPECT_NE(complaint().find("config file: "), std::string::npos);
  EXPECT_NE(complaint().find("AWS_EC2_METADATA_DISABLED is set"), std::string::npos);
  arguments_.profile = "absent";
  EXPECT_NE(complaint().find("no profile 'absent'"), std::string::npos);
}

TEST_F(RequestSigningTest, TakesWhatAProcessPrintsAndSaysWhenItFails) {
  environment_["AWS_CONFIG_FILE"] =
      write("config",
            "[default]\ncredential_process = printf '{\"Version\":1,\"AccessKeyId\":\"ASIAPROCESS\","
            "\"SecretAccessKey\":\"process-secret\",\"SessionToken\":\"t\"}'\n");
  EXPECT_NE(authorization().find("=ASIAPROCESS/"), std::string::npos);
  EXPECT_TRUE(is_signed_by("process-secret"));
  EXPECT_EQ(request_.headers.find("X-Amz-Security-Token"), "t");
  EXPECT_EQ(open()->description(),
            "the request was signed with ASIAPROCESS (credential_process of profile default) for us-east-1");
  write("config", "[default]\ncredential_process = false\n");
  EXPECT_NE(complaint().find("ended with status 1"), std::string::npos);
  EXPECT_NE(complaint().find("--no-sign"), std::string::npos);
  arguments_.profile = "default";
  EXPECT_EQ(complaint().find("--no-sign"), std::string::npos);
}

TEST_F(RequestSigningTest, NoSignSendsNothingAtAll) {
  set_keys();
  environment_["AWS_PROFILE"] = "absent";
  arguments_.no_sign = true;
  EXPECT_EQ(authorization(), "(none)");
}

TEST_F(RequestSigningTest, SendsTheTokenOfAFile) {
  arguments_.bearer_token_file = write("token", "eyJ.e30.c2ln\r\n");
  EXPECT_EQ(authorization(), "Bearer eyJ.e30.c2ln");
  EXPECT_EQ(open()->description().find("eyJ"), std::string::npos);
  for (const std::string& text : {std::string(), std::string(" \n"), std::string("a b"),
                                  std::string("a\nX-Evil: 1"), std::string(70'000, 'a')}) {
    arguments_.bearer_token_file = write("token", text);
    EXPECT_NE(complaint().find("there is no token"), std::string::npos);
  }
  arguments_.bearer_token_file = folder_.file("absent").string();
  EXPECT_NE(complaint().find("there is no token"), std::string::npos);
}

TEST_F(RequestSigningTest, MakesATokenThatGatewaysTake) {
  set_keys();
  environment_["AWS_SESSION_TOKEN"] = "FwoG//+=";
  arguments_.sts_server_id = "gateway.example";
  for (const auto& [region, host] :
       std::map<std::string, std::string>{{"", "sts.us-east-1.amazonaws.com"},
                                          {"eu-west-1", "sts.eu-west-1.amazonaws.com"},
                                          {"cn-north-1", "sts.cn-north-1.amazonaws.com.cn"}}) {
    arguments_.region = region;
    const std::string sent = authorization();
    ASSERT_TRUE(sent.starts_with("Bearer "));
    const auto read = auth::read_sts_token(sent.substr(7), signed_at);
    ASSERT_TRUE(std::holds_alternative<auth::StsRequest>(read)) << std::get<auth::Refusal>(read).message;
    const auto& asked = std::get<auth::StsRequest>(read);
    EXPECT_EQ(asked.host, host);
    EXPECT_EQ(asked.access_key_id, "AKIAENV");
    EXPECT_EQ(asked.expires_at, signed_at + std::chrono::seconds(900));
    // The session token is inside the token, and nowhere else.
    EXPECT_FALSE(request_.headers.find("X-Amz-Security-Token").has_value());
  }
}

TEST_F(RequestSigningTest, AProofForStsNeedsCredentials) {
  arguments_.sts_server_id = "gateway.example";
  EXPECT_NE(complaint().find("there are no AWS credentials"), std::string::npos);
  set_keys();
  arguments_.sts_server_id = "two words";
  EXPECT_NE(complaint().find("one word"), std::string::npos);
}

TEST_F(RequestSigningTest, WarnsBeforeATokenGoesInTheClear) {
  set_keys();
  EXPECT_EQ(open()->warning(at("http://gateway.example")), "");
  environment_["AWS_SESSION_TOKEN"] = "token";
  EXPECT_NE(open()->warning(at("http://gateway.example")).find("session token"), std::string::npos);
  for (const char* url :
       {"https://gateway.example", "http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost"}) {
    EXPECT_EQ(open()->warning(at(url)), "") << url;
  }
  arguments_.no_sign = true;
  EXPECT_EQ(open()->warning(at("http://gateway.example")), "");
  arguments_.no_sign = false;
  environment_.erase("AWS_SESSION_TOKEN");
  arguments_.sts_server_id = "gw";
  EXPECT_NE(open()->warning(at("http://gateway.example")), "");
  arguments_.sts_server_id.clear();
  arguments_.bearer_token_file = write("token", "eyJ");
  EXPECT_NE(open()->warning(at("http://gateway.example")), "");
}

}  // namespace skymarshal::cli::request_signing_test
