// Whoever has signed in: the token's file, its renewal, and what the portal gives for it.
#include "aws/sso_credentials.hpp"

#include "base/time_format.hpp"
#include "support/disk_limit.hpp"
#include "unit/aws/source_rig.hpp"

#include <iterator>

#include <fmt/format.h>

namespace skymarshal::aws::sso_credentials_test {

using test::http_answer;

const std::string given = http_answer(
    200, R"({"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t",)"
         R"("expiration":1769850300123}})");

class SsoCredentialsTest : public test::SourceRig {
 protected:
  SsoCredentialsTest() {
    write_config(
        "[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Ops & Night\n"
        "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n");
  }

  SourceAnswer found() {
    return look([](const SourceParts& parts) { return sso_credentials(parts, "default"); });
  }
  std::string token_path() {
    const Configuration configuration = Configuration::read(search_).value();
    return sso_token_path(configuration, **read_sso_settings(configuration, "default"));
  }
  void write_token(Milliseconds lives, const std::string& more = {}) {
    const std::string text = fmt::format(R"({{"accessToken":"old-token","expiresAt":"{}","note":[1, 2]{}}})",
                                         iso8601(clock_.wall_now() + lives), more);
    std::filesystem::create_directories(std::filesystem::path(token_path()).parent_path());
    std::ofstream(token_path()) << text;
  }
  std::string token_file() {
    std::ifstream file(token_path());
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string settings_complaint(const std::string& config) {
    write_config(config);
    const auto settings = read_sso_settings(Configuration::read(search_).value(), "default");
    return settings ? "(none)" : settings.error().message;
  }

  static constexpr const char* renewable_ =
      R"(,"refreshToken":"refresh-old","clientId":"client","clientSecret":"client-secret",)"
      R"("registrationExpiresAt":"2027-01-01T00:00:00Z")";
};

TEST_F(SsoCredentialsTest, AProfileWithoutARoleDoesNotSignIn) {
  write_config("[default]\nsso_session = gone\nregion = eu-west-1\n");
  EXPECT_TRUE(says(lack_of(found()), "profile default has no sso_account_id"));
}

TEST_F(SsoCredentialsTest, ExchangesTheTokenForTheRolesCredentials) {
  write_token(std::chrono::hours(2));
  serve({given});
  const SourceAnswer answer = found();
  ASSERT_EQ(key_of(answer), "ASIASSO") << complaint_of(answer);
  EXPECT_EQ(std::get<FoundCredentials>(answer).expires_at, from_unix_ms(1'769'850'300'123));
  EXPECT_EQ(std::get<FoundCredentials>(answer).source, "the role Ops & Night of profile default");
  EXPECT_EQ(asked_.front(), "https://portal.sso.eu-west-1.amazonaws.com");
  EXPECT_TRUE(
      was_sent("GET /federation/credentials?role_name=Ops%20%26%20Night&account_id=123456789012 HTTP/1.1"));
  EXPECT_TRUE(was_sent("x-amz-sso_bearer_token: old-token"));
}

TEST_F(SsoCredentialsTest, TheFileIsNamedByTheSessionOrTheStartUrl) {
  // SHA-1 of "corp".
  EXPECT_TRUE(token_path().ends_with(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"));
  const std::string by_session = token_path();
  write_config(
      "[default]\nsso_account_id = 1\nsso_role_name = r\nsso_start_url = https://corp.example/start\n"
      "sso_region = eu-west-1\n");
  EXPECT_NE(token_path(), by_session);
  write_token(std::chrono::hours(2));
  serve({given});
  EXPECT_EQ(key_of(found()), "ASIASSO");
}

TEST_F(SsoCredentialsTest, RenewsATokenAheadAndKeepsWhatElseItsFileHolds) {
  write_token(std::chrono::minutes(10), renewable_);
  serve({http_answer(200, R"({"accessToken":"new-token","expiresIn":28800,"refreshToken":"refresh-new"})"),
         given});
  ASSERT_EQ(key_of(found()), "ASIASSO");
  EXPECT_EQ(asked_.front(), "https://oidc.eu-west-1.amazonaws.com");
  const std::string& renewal = peer_->requests().front();
  EXPECT_NE(renewal.find("POST /token HTTP/1.1"), std::string::npos);
  EXPECT_NE(renewal.find(R"({"grantType":"refresh_token","clientId":"client","clientSecret":"client-secret",)"
                         R"("refreshToken":"refresh-old"})"),
            std::string::npos);
  EXPECT_TRUE(was_sent("x-amz-sso_bearer_token: new-token"));
  EXPECT_EQ(token_file(), R"({"note":[1, 2],"clientId":"client","clientSecret":"client-secret",)"
                          R"("registrationExpiresAt":"2027-01-01T00:00:00Z","accessToken":"new-token",)"
                          R"("expiresAt":"2026-01-01T08:00:00Z","refreshToken":"refresh-new"})");
  const auto mode = std::filesystem::status(token_path()).permissions();
  EXPECT_EQ(static_cast<unsigned>(mode), 0600U);
}

TEST_F(SsoCredentialsTest, ARefreshTokenThatIsNotReplacedStays) {
  write_token(-std::chrono::minutes(10), renewable_);
  serve({http_answer(200, R"({"accessToken":"new-token","expiresIn":28800})"), given});
  ASSERT_EQ(key_of(found()), "ASIASSO");
  EXPECT_TRUE(says(token_file(), R"("refreshToken":"refresh-old")"));
}

TEST_F(SsoCredentialsTest, ATokenThatCannotBeRenewedDoesWhileItLives) {
  write_token(std::chrono::minutes(10), renewable_);
  serve({http_answer(400, R"({"error":"invalid_grant"})"), given});
  EXPECT_EQ(key_of(found()), "ASIASSO");
  EXPECT_TRUE(was_sent("x-amz-sso_bearer_token: old-token"));
  write_token(std::chrono::minutes(10));
  serve({given});
  EXPECT_EQ(key_of(found()), "ASIASSO");
}

TEST_F(SsoCredentialsTest, SaysToSignInWhereNothingElseHelps) {
  const auto expect_sign_in = [this](const char* part) {
    const std::string said = complaint_of(found());
    EXPECT_TRUE(says(said, part));
    EXPECT_TRUE(says(said, "write `aws sso login --profile default`"));
    for (const char* secret : {"old-token", "new-token", "refresh-old", "client-secret", "secret-of"})
      EXPECT_EQ(said.find(secret), std::string::npos);
  };
  expect_sign_in("there is no sign-in token");
  write_token(-Milliseconds(1));
  expect_sign_in("has expired");
  write_token(-Milliseconds(1),
              R"(,"refreshToken":"refresh-old","clientId":"c","clientSecret":"client-secret",)"
              R"("registrationExpiresAt":"2025-01-01T00:00:00Z")");
  expect_sign_in("has expired");
  write_token(-Milliseconds(1), renewable_);
  serve({http_answer(400, "secret-of"), http_answer(200, "secret-of"), http_answer(200, R"({"expiresIn":1})"),
         http_answer(200, R"({"accessToken":"new-token","expiresIn":-1})")});
  expect_sign_in("cannot be renewed, as oidc.eu-west-1.amazonaws.com answered 400");
  expect_sign_in("is not JSON");
  expect_sign_in("cannot be understood");
  expect_sign_in("cannot be understood");
  std::ofstream(token_path()) << "secret-of";
  expect_sign_in("is not valid JSON");
  std::ofstream(token_path()) << R"({"accessToken":"old-token"})";
  expect_sign_in("holds no token with its time");
  write_token(std::chrono::hours(1));
  serve({http_answer(401, R"({"message":"secret-of"})")});
  expect_sign_in("is not valid any more");
}

TEST_F(SsoCredentialsTest, ARenewedTokenThatCannotBeKeptIsTold) {
  write_token(-Milliseconds(1), renewable_);
  serve({http_answer(200, R"({"accessToken":"new-token","expiresIn":28800})")});
  const test::DiskLimit limit(0);
  const std::string said = complaint_of(found());
  EXPECT_TRUE(says(said, "the renewed sign-in token cannot be written"));
  EXPECT_EQ(said.find("new-token"), std::string::npos);
}

TEST_F(SsoCredentialsTest, SaysWhatIsWrongWithTheRole) {
  write_token(std::chrono::hours(1));
  serve({http_answer(403, ""), http_answer(404, ""), http_answer(200, "[]"),
         http_answer(200, R"({"roleCredentials":{"accessKeyId":"A"}})")});
  for (const char* part :
       {"has no such role in account 123456789012", "portal.sso.eu-west-1.amazonaws.com answered 404",
        "cannot be understood", "secretAccessKey of the role Ops & Night"})
    EXPECT_TRUE(says(complaint_of(found()), part));
}

TEST_F(SsoCredentialsTest, SaysWhatIsWrongWithTheProfile) {
  const std::string role = "[default]\nsso_account_id = 1\nsso_role_name = r\n";
  EXPECT_TRUE(says(settings_complaint("[default]\nsso_account_id = 1\n"), "has no sso_role_name"));
  EXPECT_TRUE(says(settings_complaint("[default]\nsso_role_name = r\n"), "has no sso_account_id"));
  EXPECT_TRUE(says(settings_complaint(role + "sso_region = a\n"), "has no sso_start_url"));
  EXPECT_TRUE(says(settings_complaint(role + "sso_start_url = a\n"), "has no sso_region"));
  EXPECT_TRUE(says(settings_complaint(role + "sso_session = gone\n"), "names the sso-session gone"));
  EXPECT_TRUE(
      says(settings_complaint(role + "sso_session = s\nsso_region = b\n[sso-session s]\nsso_region = a\n"),
           "do not say the same of sso_region"));
  EXPECT_TRUE(
      says(settings_complaint(role + "sso_start_url = a\nsso_region = a.evil\n"), "no region's name"));
}

TEST_F(SsoCredentialsTest, NeedsAHome) {
  set("AWS_CONFIG_FILE", path(".aws/config"));
  search_.environment.erase("HOME");
  EXPECT_TRUE(says(complaint_of(found()), "HOME is not set"));
}

}  // namespace skymarshal::aws::sso_credentials_test
