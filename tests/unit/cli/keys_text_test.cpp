#include "base/json_reader.hpp"
#include "cli/keys_command.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::keys_text_test {

constexpr std::string_view secret = "very-secret-very-secret-very-secret-0001";
constexpr std::string_view token = "token-token-token-token-token-token-0001";
const WallTime made_at = from_unix_ms(1'767'225'600'000);

auth::Key lasting() {
  auth::Key key;
  key.access_key_id = "SKMAAAAAAAAAAAAAAAAA";
  key.secret_access_key = Secret(std::string(secret));
  key.principal = {"arn:aws:iam::123456789012:user/ops", ""};
  key.created_at = made_at;
  return key;
}

auth::Key temporary() {
  auth::Key key = lasting();
  key.session_token = Secret(std::string(token));
  key.principal.tier = "gold";
  key.expires_at = made_at + std::chrono::hours(1);
  key.policy = std::make_shared<const auth::Policy>(
      std::vector<auth::Statement>{{auth::Effect::allow, {"*"}, {"GET *"}}});
  return key;
}

TEST(NewKeyText, CanBeReadByAShell) {
  EXPECT_EQ(new_key_text(lasting()).reveal(),
            "# A key for arn:aws:iam::123456789012:user/ops. Its secret is shown this once: keep it.\n"
            "export AWS_ACCESS_KEY_ID=SKMAAAAAAAAAAAAAAAAA\n"
            "export AWS_SECRET_ACCESS_KEY=very-secret-very-secret-very-secret-0001\n"
            "unset AWS_SESSION_TOKEN\n");
  EXPECT_EQ(new_key_text(temporary()).reveal(),
            "# A key for arn:aws:iam::123456789012:user/ops. Its secret is shown this once: keep it.\n"
            "# It ends at 2026-01-01T01:00:00Z.\n"
            "export AWS_ACCESS_KEY_ID=SKMAAAAAAAAAAAAAAAAA\n"
            "export AWS_SECRET_ACCESS_KEY=very-secret-very-secret-very-secret-0001\n"
            "export AWS_SESSION_TOKEN=token-token-token-token-token-token-0001\n");
}

TEST(NewKeyJson, IsOneLine) {
  EXPECT_EQ(new_key_json(lasting()).reveal(),
            R"({"access_key_id":"SKMAAAAAAAAAAAAAAAAA",)"
            R"("secret_access_key":"very-secret-very-secret-very-secret-0001",)"
            R"("principal":"arn:aws:iam::123456789012:user/ops","tier":""})"
            "\n");
  EXPECT_EQ(new_key_json(temporary()).reveal(),
            R"({"access_key_id":"SKMAAAAAAAAAAAAAAAAA",)"
            R"("secret_access_key":"very-secret-very-secret-very-secret-0001",)"
            R"("session_token":"token-token-token-token-token-token-0001",)"
            R"("principal":"arn:aws:iam::123456789012:user/ops","tier":"gold",)"
            R"("expires_at":"2026-01-01T01:00:00.000Z"})"
            "\n");
}

TEST(KeyList, IsATable) {
  const std::vector<auth::Key> keys{lasting(), temporary()};
  EXPECT_EQ(key_list_text(keys, made_at + std::chrono::hours(1)),
            "ACCESS KEY ID         STATUS  ENDS                  MAY     TIER  PRINCIPAL\n"
            "SKMAAAAAAAAAAAAAAAAA  valid   never                 all     -     "
            "arn:aws:iam::123456789012:user/ops\n"
            "SKMAAAAAAAAAAAAAAAAA  ended   2026-01-01T01:00:00Z  policy  gold  "
            "arn:aws:iam::123456789012:user/ops\n");
  EXPECT_EQ(key_list_text({}, made_at), "No keys.\n");
}

TEST(KeyList, IsJson) {
  const std::vector<auth::Key> keys{lasting(), temporary()};
  EXPECT_EQ(
      key_list_json(keys, made_at),
      R"({"keys":[{"access_key_id":"SKMAAAAAAAAAAAAAAAAA",)"
      R"("principal":"arn:aws:iam::123456789012:user/ops","tier":"",)"
      R"("created_at":"2026-01-01T00:00:00.000Z","status":"valid","temporary":false},)"
      R"({"access_key_id":"SKMAAAAAAAAAAAAAAAAA","principal":"arn:aws:iam::123456789012:user/ops",)"
      R"("tier":"gold","created_at":"2026-01-01T00:00:00.000Z","expires_at":"2026-01-01T01:00:00.000Z",)"
      R"("status":"valid","temporary":true,"policy":{"Version":"2012-10-17","Statement":[)"
      R"({"Effect":"Allow","Action":["*"],"Resource":["GET *"]}]}}]})"
      "\n");
  EXPECT_EQ(key_list_json({}, made_at), "{\"keys\":[]}\n");
}

TEST(KeyList, HoldsNoSecrets) {
  const std::vector<auth::Key> keys{lasting(), temporary()};
  for (const std::string& text : {key_list_text(keys, made_at), key_list_json(keys, made_at)}) {
    EXPECT_EQ(text.find(secret), std::string::npos);
    EXPECT_EQ(text.find(token), std::string::npos);
  }
}

}  // namespace skymarshal::cli::keys_text_test
