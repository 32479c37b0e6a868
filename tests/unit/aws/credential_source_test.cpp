// Keys in variables and files, tokens in files, what servers' answers hold, and how servers are asked.
#include "aws/credential_source.hpp"

#include "base/json_reader.hpp"
#include "base/time_format.hpp"
#include "unit/aws/source_rig.hpp"

namespace skymarshal::aws::credential_source_test {

class CredentialSourceTest : public test::SourceRig {
 protected:
  void set_keys(const std::string& id, const std::string& secret) {
    set("AWS_ACCESS_KEY_ID", id);
    set("AWS_SECRET_ACCESS_KEY", secret);
  }
  SourceAnswer of_environment() { return environment_credentials(Configuration::read(search_).value()); }
  SourceAnswer of_file(SharedFileKind kind) {
    return file_credentials(Configuration::read(search_).value(), kind, "default");
  }
  SourceAnswer of_credentials_file() { return of_file(SharedFileKind::credentials); }

  static Result<FoundCredentials> read_json(std::string text, const CredentialNames& names = {}) {
    const std::string_view json = pad_json(text);
    EXPECT_TRUE(validate_json(json));
    return read_credentials(json, names, "the test");
  }
  net::Result<http::Response> ask(const Asking& asking) {
    return look([&](const SourceParts& parts) { return asked_once(parts, asking); });
  }
  static boost::asio::awaitable<net::Result<http::Response>> asked_once(SourceParts parts, Asking asking) {
    const http::Endpoint endpoint{"https", "sts.example", 443, "/"};
    const http::Request request = source_request("GET", endpoint);
    co_return co_await ask_source(parts, endpoint, request, asking);
  }
};

constexpr const char* file_keys =
    "[default]\naws_access_key_id=AKIAFILE\naws_secret_access_key=s\naws_session_token=t\n";

TEST_F(CredentialSourceTest, TakesTheVariables) {
  set_keys("AKIAENV", "env-secret");
  set("AWS_SESSION_TOKEN", "token");
  const SourceAnswer answer = of_environment();
  ASSERT_EQ(key_of(answer), "AKIAENV");
  const auto& found = std::get<FoundCredentials>(answer);
  EXPECT_EQ(found.credentials.secret_access_key.reveal(), "env-secret");
  EXPECT_EQ(found.credentials.session_token.reveal(), "token");
  EXPECT_EQ(found.source, "the environment");
  EXPECT_FALSE(found.expires_at);
}

TEST_F(CredentialSourceTest, VariablesMaySayWhenTheyExpire) {
  set_keys("AKIAENV", "s");
  set("AWS_CREDENTIAL_EXPIRATION", "2026-01-31T09:05:00+00:00");
  EXPECT_EQ(std::get<FoundCredentials>(of_environment()).expires_at, parse_iso8601("2026-01-31T09:05:00Z"));
  set("AWS_CREDENTIAL_EXPIRATION", "soon");
  EXPECT_TRUE(says(complaint_of(of_environment()), "AWS_CREDENTIAL_EXPIRATION"));
}

TEST_F(CredentialSourceTest, EmptyVariablesAreNotSet) {
  set_keys("", "");
  EXPECT_TRUE(says(lack_of(of_environment()), "AWS_ACCESS_KEY_ID is not set"));
}

TEST_F(CredentialSourceTest, RefusesHalfAKey) {
  set_keys("AKIAHALF", "");
  EXPECT_TRUE(says(complaint_of(of_environment()),
                   "the environment has AWS_ACCESS_KEY_ID but no AWS_SECRET_ACCESS_KEY"));
  set_keys("", "secret-of-mine");
  EXPECT_TRUE(says(complaint_of(of_environment()), "has AWS_SECRET_ACCESS_KEY but no AWS_ACCESS_KEY_ID"));
  EXPECT_EQ(complaint_of(of_environment()).find("secret-of"), std::string::npos);
}

TEST_F(CredentialSourceTest, RefusesWhatCannotBeAKey) {
  for (const std::string& bad : {"two words", "line\nend", "line\r", "umlaut\xC3\xA4", " before"}) {
    set_keys("AKIA", bad);
    EXPECT_TRUE(says(complaint_of(of_environment()), "AWS_SECRET_ACCESS_KEY of the environment is not one"));
    set_keys(bad, "s");
    EXPECT_TRUE(says(complaint_of(of_environment()), "AWS_ACCESS_KEY_ID of the environment is not one word"));
    set_keys("AKIA", "s");
    set("AWS_SESSION_TOKEN", bad);
    EXPECT_TRUE(says(complaint_of(of_environment()), "AWS_SESSION_TOKEN of the environment is not one word"));
    search_.environment.erase("AWS_SESSION_TOKEN");
  }
}

TEST_F(CredentialSourceTest, TakesAFilesKeys) {
  write_credentials(file_keys);
  const SourceAnswer answer = of_credentials_file();
  ASSERT_EQ(key_of(answer), "AKIAFILE");
  const auto& found = std::get<FoundCredentials>(answer);
  EXPECT_EQ(found.credentials.session_token.reveal(), "t");
  EXPECT_EQ(found.source, "profile default of " + path("") + "/.aws/credentials");
  EXPECT_TRUE(says(lack_of(of_file(SharedFileKind::config)), ".aws/config has no aws_access_key_id"));
  search_.environment.erase("HOME");
  EXPECT_TRUE(says(lack_of(of_credentials_file()), "HOME is not set"));
}

TEST_F(CredentialSourceTest, HalvesOfTwoFilesAreNoKey) {
  write_credentials("[default]\naws_access_key_id=AKIAHALF\n");
  write_config("[default]\naws_secret_access_key=secret-of-config\n");
  EXPECT_TRUE(
      says(complaint_of(of_credentials_file()), "has aws_access_key_id but no aws_secret_access_key"));
}

TEST_F(CredentialSourceTest, RefusesAValueOfTwoLines) {
  write_credentials("[default]\naws_access_key_id=AKIA\naws_secret_access_key=secret-of\n  two-lines\n");
  EXPECT_TRUE(says(complaint_of(of_credentials_file()), "is not one word"));
}

TEST_F(CredentialSourceTest, ReadsATokensFile) {
  EXPECT_EQ(read_token_file(write("token", "\n ey.J\r\n"), "the file", limits_)->reveal(), "ey.J");
  for (const std::string& text : {"", "two words", "two\nlines", "umlaut\xC3\xA4"}) {
    const auto token = read_token_file(write("token", text), "the file", limits_);
    ASSERT_FALSE(token) << text;
    EXPECT_TRUE(says(token.error().message, "must hold one word"));
    EXPECT_EQ(token.error().message.find("words"), std::string::npos);
  }
  EXPECT_TRUE(says(read_token_file(path("gone"), "the file", limits_).error().message, "cannot be read"));
  limits_.token_file_bytes_max = 4;
  EXPECT_FALSE(read_token_file(write("token", "abcde"), "the file", limits_));
}

TEST_F(CredentialSourceTest, ReadsWhatAnAnswerHolds) {
  const auto found = read_json(
      R"({"AccessKeyId":"ASIA","SecretAccessKey":"s","SessionToken":"t","Expiration":"2026-01-31T09:05:00Z"})");
  ASSERT_EQ(key_of(found), "ASIA");
  EXPECT_EQ(found->credentials.session_token.reveal(), "t");
  EXPECT_EQ(found->expires_at, parse_iso8601("2026-01-31T09:05:00Z"));
  const auto in_seconds =
      read_json(R"({"AccessKeyId":"ASIA","SecretAccessKey":"s","Expiration":1.7698503E9})");
  ASSERT_TRUE(in_seconds);
  EXPECT_EQ(in_seconds->expires_at, from_unix_ms(1'769'850'300'000));
  CredentialNames in_ms;
  in_ms.expiration_unit = Milliseconds(1);
  const auto counted =
      read_json(R"({"AccessKeyId":"ASIA","SecretAccessKey":"s","Expiration":1769850300123})", in_ms);
  ASSERT_TRUE(counted);
  EXPECT_EQ(counted->expires_at, from_unix_ms(1'769'850'300'123));
  EXPECT_FALSE(read_json(R"({"AccessKeyId":"ASIA","SecretAccessKey":"s","Expiration":null})")->expires_at);
}

TEST_F(CredentialSourceTest, RefusesAnswersThatHoldNoKey) {
  for (const char* text : {R"({})", R"([])", R"({"AccessKeyId":1,"SecretAccessKey":"secret-of"})",
                           R"({"AccessKeyId":"A","SecretAccessKey":"secret-of mine"})",
                           R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"soon"})",
                           R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":1e300})",
                           R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":-1})",
                           R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":true})"}) {
    const auto found = read_json(text);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().message.find("secret-of"), std::string::npos);
  }
}

TEST_F(CredentialSourceTest, UnderstandsTimesAsToolsWriteThem) {
  const auto noon = parse_iso8601("2026-01-31T12:00:00Z");
  for (const char* text :
       {"2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00UTC",
        "2026-01-31T12:00:00+00:00", "2026-01-31T14:30:00+02:30", "2026-01-31T07:00:00-05:00"})
    EXPECT_EQ(parse_expiration(text), noon) << text;
  for (const char* text :
       {"", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00+2",
        "2026-01-31T12:00:00+24:00", "2026-02-31T12:00:00Z", "2026-01-31T12:00:00+aa:bb"})
    EXPECT_FALSE(parse_expiration(text)) << text;
}

TEST_F(CredentialSourceTest, AsksAgainWhereThatMayHelp) {
  const Asking asking{Milliseconds(60'000), 3};
  serve({"", test::http_answer(503, "busy"), test::http_answer(200, "well")});
  EXPECT_EQ(ask(asking)->body, "well");
  serve({test::http_answer(403, "no"), test::http_answer(200, "well")});
  EXPECT_EQ(ask(asking)->status, 403U);
  serve({test::http_answer(500, "1"), test::http_answer(429, "2"), test::http_answer(500, "3"),
         test::http_answer(200, "well")});
  EXPECT_EQ(ask(asking)->body, "3");
  EXPECT_EQ(asked_.front(), "https://sts.example");
}

TEST_F(CredentialSourceTest, ReadsNoAnswerWithoutEnd) {
  limits_.answer_bytes_max = 1000;
  serve({test::http_answer(200, std::string(1001, 'x'))});
  const auto answer = ask(Asking{Milliseconds(60'000), 1});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, net::ErrorKind::too_large);
}

TEST_F(CredentialSourceTest, WaitsForNoAnswerWithoutEnd) {
  serve({});
  const auto answer = ask(Asking{Milliseconds(20), 2});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(says(exchange_failure(answer), "cannot be asked ("));
}

TEST_F(CredentialSourceTest, ShowsCodesAndNothingElseOfAnAnswer) {
  EXPECT_EQ(shown_code("InvalidClientTokenId"), "InvalidClientTokenId");
  EXPECT_EQ(shown_code("secret of mine"), "");
  EXPECT_EQ(shown_code("a\nb"), "");
  EXPECT_EQ(shown_code(std::string(65, 'a')), "");
  EXPECT_EQ(exchange_failure(http::Response{500, {}, R"({"__type":"x#Broken","message":"secret-of"})"}),
            "answered 500 Broken");
  EXPECT_EQ(exchange_failure(http::Response{404, {}, "secret-of"}), "answered 404");
}

TEST_F(CredentialSourceTest, OpensTheWayOnlyAsFarAsItIsNeeded) {
  SourceHttp without_authorities("/no/such/file");
  EXPECT_TRUE(without_authorities.client({"http", "127.0.0.1", 80, "/"}));
  const auto secure = without_authorities.client({"https", "127.0.0.1", 443, "/"});
  ASSERT_FALSE(secure);
  EXPECT_TRUE(says(secure.error().message, "/no/such/file"));
  SourceHttp with_system_authorities{std::string()};
  EXPECT_TRUE(with_system_authorities.client({"https", "127.0.0.1", 443, "/"}));
}

}  // namespace skymarshal::aws::credential_source_test
