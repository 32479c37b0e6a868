#include "settings/access_settings.hpp"

#include <gtest/gtest.h>

namespace skymarshal::settings::access_settings_test {

Settings settings_with(std::map<std::string, std::string> flags) {
  SettingSources sources;
  sources.flags = std::move(flags);
  return load_settings(sources).value().values;
}

std::string missing(std::map<std::string, std::string> flags) {
  const auto checked = check_access(settings_with(std::move(flags)));
  return checked ? "nothing" : checked.error().message;
}

TEST(AccessSettings, ReadsTiers) {
  const auto tiers = parse_rate_limit_tiers({"gold=1000", "free=0"}).value();
  EXPECT_EQ(tiers, (std::map<std::string, std::int64_t>{{"gold", 1000}, {"free", 0}}));
  EXPECT_TRUE(parse_rate_limit_tiers({}).value().empty());
}

TEST(AccessSettings, RefusesWhatIsNoTier) {
  for (const std::string item : {"gold", "gold=", "=5", "gold=-1", "gold=1x", "gold=1000001", "gold= 5",
                                 "gold=99999999999999999999"}) {
    EXPECT_FALSE(parse_rate_limit_tiers({item}).has_value()) << item;
  }
  EXPECT_FALSE(parse_rate_limit_tiers({"gold=1", "gold=2"}).has_value());
  EXPECT_FALSE(parse_rate_limit_tiers({std::string(65, 'x') + "=1"}).has_value());
}

TEST(AccessSettings, LimitsAreThoseOfTheSettings) {
  const limits::RateLimits limits = rate_limits(settings_with({{"rate_limit", "7"},
                                                               {"rate_limit_window_ms", "2000"},
                                                               {"rate_limit_tiers", "gold=70"},
                                                               {"account_rate_limit", "9"}}));
  EXPECT_EQ(limits.principal, (limits::RateLimit{7, Milliseconds(2000)}));
  EXPECT_EQ(limits.account, (limits::RateLimit{9, Milliseconds(1000)}));
  EXPECT_EQ(limits.tiers.at("gold"), (limits::RateLimit{70, Milliseconds(2000)}));
  EXPECT_EQ(limits.tiers.size(), 1U);
}

TEST(AccessSettings, NamesWhatIsMissing) {
  EXPECT_NE(missing({}).find("skymarshal keys add"), std::string::npos);
  EXPECT_EQ(missing({{"keys", "keys.json"}}), "nothing");

  const std::map<std::string, std::string> jwt = {
      {"auth", "jwt"}, {"jwks", "jwks.json"}, {"jwt_issuer", "https://idp.example"}, {"jwt_audiences", "a"}};
  EXPECT_EQ(missing(jwt), "nothing");
  for (const char* name : {"jwks", "jwt_issuer", "jwt_audiences"}) {
    auto incomplete = jwt;
    incomplete.erase(name);
    EXPECT_NE(missing(incomplete).find(name), std::string::npos) << name;
  }

  const std::map<std::string, std::string> sts = {
      {"auth", "sts"}, {"sts_server_id", "gw"}, {"sts_allowed_principals", "arn:aws:iam::123456789012:*"}};
  EXPECT_EQ(missing(sts), "nothing");
  for (const char* name : {"sts_server_id", "sts_allowed_principals"}) {
    auto incomplete = sts;
    incomplete.erase(name);
    EXPECT_NE(missing(incomplete).find(name), std::string::npos) << name;
  }
}

TEST(AccessSettings, RefusesAnOpenGatewayOnTheNetwork) {
  for (const char* address : {"0.0.0.0:8080", "192.168.1.5:8080", "[::]:8080", "gateway.example:80"}) {
    EXPECT_NE(missing({{"auth", "none"}, {"listen", address}}).find("--allow-open-network"),
              std::string::npos)
        << address;
    EXPECT_EQ(missing({{"auth", "none"}, {"listen", address}, {"allow_open_network", "true"}}), "nothing");
    EXPECT_EQ(missing({{"keys", "keys.json"}, {"listen", address}}), "nothing") << address;
  }
  for (const char* address : {"127.0.0.1:0", "127.9.9.9:1", "[::1]:8080", "localhost:8080"}) {
    EXPECT_EQ(missing({{"auth", "none"}, {"listen", address}}), "nothing") << address;
  }
}

TEST(CheckStoreChoice, ATableIsOfNoUseToSqlite) {
  const auto check = [](std::map<std::string, std::string> flags) {
    return check_store_choice(load_settings({.flags = std::move(flags)}).value().values);
  };
  EXPECT_TRUE(check({}));
  EXPECT_TRUE(check({{"store", "dynamodb"}, {"session_table_name", "my-sessions"}}));
  const auto refused = check({{"session_table_name", "my-sessions"}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("SKYMARSHAL_STORE=dynamodb"), std::string::npos);
}

}  // namespace skymarshal::settings::access_settings_test
