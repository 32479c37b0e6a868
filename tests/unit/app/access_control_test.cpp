#include "app/access_control.hpp"

#include "auth/key.hpp"
#include "auth/key_file_access.hpp"
#include "aws/sigv4_signer.hpp"
#include "http/url.hpp"
#include "support/run_awaitable.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::app::access_control_test {

class AccessControlTest : public testing::Test {
 protected:
  Result<std::unique_ptr<AccessControl>> open(std::map<std::string, std::string> flags) {
    settings::SettingSources sources;
    sources.flags = std::move(flags);
    return AccessControl::open(settings::load_settings(sources).value().values, clock_, random_, log_);
  }

  auth::Key add_key() {
    const auth::KeyRequest wanted{{"arn:aws:iam::123456789012:user/ops", "gold"}, nullptr, std::nullopt};
    auth::Key key = auth::make_key(wanted, random_, clock_.wall_now());
    const auto added = auth::update_key_file({file_, true}, [&key](std::vector<auth::Key>& keys) {
      keys.push_back(key);
      return Result<void>();
    });
    EXPECT_TRUE(added.has_value());
    return key;
  }

  http::Request signed_by(const auth::Key& key, const std::string& region = "us-east-1") {
    http::Request request{"GET", "/api/v1/sessions", {{"Host", "gateway"}}, {}};
    aws::SigningOptions options;
    options.region = region;
    const aws::Credentials credentials{key.access_key_id, key.secret_access_key, {}};
    EXPECT_TRUE(aws::sign(request, credentials, options, clock_.wall_now()).has_value());
    return request;
  }

  Result<Principal> authorize(AccessControl& access, const http::Request& request) {
    const http::Target target = http::parse_target(request.target).value();
    const RequestId id;
    return test::run_awaitable(access.authorizer().authorize({request, target, id}));
  }

  SystemClock clock_;
  SystemRandom random_;
  Logger log_{{LogLevel::off, 16}, clock_};
  test::TemporaryFolder folder_;
  std::string file_ = folder_.file("keys.json").string();
};

TEST_F(AccessControlTest, NoneLetsEverybodyIn) {
  const auto access = open({{"auth", "none"}}).value();
  EXPECT_EQ(authorize(*access, {"GET", "/", {}, {}}).value().id, "local");
  access->look();
}

TEST_F(AccessControlTest, KeysDecideWhoMayCall) {
  const auth::Key key = add_key();
  const auto access = open({{"keys", file_}}).value();
  const Principal principal = authorize(*access, signed_by(key)).value();
  EXPECT_EQ(principal.id, "arn:aws:iam::123456789012:user/ops");
  EXPECT_EQ(principal.tier, "gold");
  EXPECT_EQ(authorize(*access, {"GET", "/", {{"Host", "gateway"}}, {}}).error().code, Errc::unauthorized);
}

TEST_F(AccessControlTest, TakesInKeysThatCameLater) {
  add_key();
  const auto access = open({{"keys", file_}}).value();
  const auth::Key later = add_key();
  EXPECT_FALSE(authorize(*access, signed_by(later)).has_value());
  access->look();
  EXPECT_TRUE(authorize(*access, signed_by(later)).has_value());
}

TEST_F(AccessControlTest, SignaturesForAnotherRegionCountWhereOneIsNamed) {
  const auth::Key key = add_key();
  const auto access = open({{"keys", file_}, {"auth_region", "eu-central-1"}}).value();
  EXPECT_TRUE(authorize(*access, signed_by(key, "eu-central-1")).has_value());
  EXPECT_FALSE(authorize(*access, signed_by(key)).has_value());
}

TEST_F(AccessControlTest, ManyFailuresOfAnAddressAreLimited) {
  auth::Key key = add_key();
  const auto access = open({{"keys", file_}, {"auth_failures_max", "2"}}).value();
  key.secret_access_key = Secret("another");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(authorize(*access, signed_by(key)).error().code, Errc::unauthorized);
  }
  EXPECT_EQ(authorize(*access, signed_by(key)).error().code, Errc::rate_limited);
}

TEST_F(AccessControlTest, SaysThatThereAreNoKeys) {
  const auto access = open({{"keys", "/nowhere/keys.json"}});
  ASSERT_FALSE(access.has_value());
  EXPECT_NE(access.error().message.find("skymarshal keys add"), std::string::npos) << access.error().message;
}

TEST_F(AccessControlTest, AsksStsWhereThatIsWanted) {
  const auto access = open({{"auth", "sts"},
                            {"sts_server_id", "gateway.example"},
                            {"sts_endpoint", "http://127.0.0.1:9"},
                            {"sts_allowed_principals", "arn:aws:iam::123456789012:*"}})
                          .value();
  EXPECT_NE(access->authorizer().challenge().find("Bearer"), std::string::npos);
  EXPECT_EQ(authorize(*access, {"GET", "/", {{"Host", "gateway"}}, {}}).error().code, Errc::unauthorized);
}

TEST_F(AccessControlTest, ReadsTheIssuersKeys) {
  const std::map<std::string, std::string> flags = {{"auth", "jwt"},
                                                    {"jwks", folder_.file("jwks.json").string()},
                                                    {"jwt_issuer", "https://idp.example"},
                                                    {"jwt_audiences", "skymarshal"}};
  EXPECT_FALSE(open(flags).has_value());
  // RFC 8037 appendix A.2
  std::ofstream(folder_.file("jwks.json"))
      << R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";
  const auto access = open(flags).value();
  EXPECT_NE(access->authorizer().challenge().find("Bearer"), std::string::npos);
  EXPECT_EQ(authorize(*access, {"GET", "/", {{"Host", "gateway"}}, {}}).error().code, Errc::unauthorized);
}

}  // namespace skymarshal::app::access_control_test
