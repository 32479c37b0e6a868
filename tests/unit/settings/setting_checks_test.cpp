#include "settings/setting_checks.hpp"

#include <gtest/gtest.h>

namespace skymarshal::settings::setting_checks_test {

TEST(SettingChecks, AuthIsOneOfFour) {
  for (const char* known : {"iam", "jwt", "sts", "none"}) EXPECT_TRUE(check_auth(known).has_value()) << known;
  for (const char* other : {"", "IAM", "None", " none", "oauth"}) {
    ASSERT_FALSE(check_auth(other).has_value()) << other;
    EXPECT_NE(check_auth(other).error().message.find("write iam, jwt or sts"), std::string::npos);
  }
}

TEST(SettingChecks, WhatDecidesWhoMayCallComesOverTlsOrFromThisMachine) {
  for (const char* place :
       {"", "keys/jwks.json", "https://idp.example/jwks.json", "http://127.0.0.1:9/jwks"}) {
    EXPECT_TRUE(check_jwks(place).has_value()) << place;
  }
  for (const char* place : {"http://idp.example/jwks.json", "ftp://idp.example/jwks", "https://"}) {
    EXPECT_FALSE(check_jwks(place).has_value()) << place;
  }
  EXPECT_TRUE(check_trusted_endpoint("").has_value());
  EXPECT_TRUE(check_trusted_endpoint("https://vpce-1.sts.eu-central-1.vpce.amazonaws.com").has_value());
  EXPECT_FALSE(check_trusted_endpoint("http://sts.amazonaws.com").has_value());
  EXPECT_FALSE(check_trusted_endpoint("sts.amazonaws.com").has_value());
}

TEST(SettingChecks, IdentitiesOfEveryAccountAreRefused) {
  for (const char* patterns : {"", "arn:aws:sts::123456789012:assumed-role/Ops/*",
                               "arn:aws:iam::123456789012:user/*,arn:aws*:sts::210987654321:*"}) {
    EXPECT_TRUE(check_arn_patterns(patterns).has_value()) << patterns;
  }
  for (const char* patterns : {"*", "arn:aws:sts::*:assumed-role/Ops/*", "arn:aws:iam::12345678901?:user/a",
                               "arn:aws:iam::123456789012", "arn:aws:iam::123456789012:user/a,*"}) {
    EXPECT_FALSE(check_arn_patterns(patterns).has_value()) << patterns;
  }
}

TEST(SettingChecks, NamesInHeadersAndClaimsAreVisible) {
  EXPECT_TRUE(check_server_id("gateway.example").has_value());
  EXPECT_FALSE(check_server_id("a b").has_value());
  EXPECT_FALSE(check_server_id("a\r\nb").has_value());
  EXPECT_FALSE(check_server_id(std::string(256, 'a')).has_value());
  EXPECT_TRUE(check_claim("custom:tier").has_value());
  EXPECT_FALSE(check_claim("").has_value());
}

TEST(SettingChecks, TiersAreNamesAndNumbers) {
  EXPECT_TRUE(check_rate_limit_tiers("gold=1000, trial=10").has_value());
  EXPECT_FALSE(check_rate_limit_tiers("gold").has_value());
}

TEST(SettingChecks, AgentCoreIsReachedByNamesAndOverTls) {
  for (const char* name : {"", "DEFAULT", "prod_2-a"}) EXPECT_TRUE(check_agentcore_qualifier(name)) << name;
  for (const char* name : {"a b", "a/b", "\xC3\xA4"}) EXPECT_FALSE(check_agentcore_qualifier(name)) << name;
  EXPECT_FALSE(check_agentcore_qualifier(std::string(129, 'a')));
  EXPECT_TRUE(check_agentcore_protocol("websocket"));
  EXPECT_TRUE(check_agentcore_protocol("http"));
  EXPECT_FALSE(check_agentcore_protocol("ws"));
  for (const char* url :
       {"", "https://vpce-1.example", "wss://vpce-1.example:8443", "http://127.0.0.1:8080"}) {
    EXPECT_TRUE(check_agentcore_endpoint(url)) << url;
  }
  for (const char* url :
       {"http://vpce-1.example", "ws://10.0.0.1", "https://vpce-1.example/path", "vpce-1"}) {
    EXPECT_FALSE(check_agentcore_endpoint(url)) << url;
  }
}

TEST(SettingChecks, RuntimesSpeakWebSocketOrHttp) {
  for (const char* url :
       {"ws://127.0.0.1:9000/ws", "wss://runtime.example/ws?qualifier=A", "wss://runtime.example",
        "http://127.0.0.1:9000/invocations", "https://runtime.example/a/invocations?b=c", ""}) {
    EXPECT_TRUE(check_runtime_url(url).has_value()) << url;
  }
  for (const char* url : {"http://127.0.0.1:9000", "https://runtime.example/"}) {
    ASSERT_FALSE(check_runtime_url(url).has_value()) << url;
    EXPECT_NE(check_runtime_url(url).error().message.find("/invocations"), std::string::npos);
  }
  for (const char* url : {"127.0.0.1:9000", "ws://user@host/ws", "ws://host/ws#part", "ws://"}) {
    EXPECT_FALSE(check_runtime_url(url).has_value()) << url;
  }
}

TEST(SettingChecks, OriginsHaveNoPath) {
  for (const char* origins : {"*", "http://a", "https://a:8443, http://b", "app://x", ""}) {
    EXPECT_TRUE(check_origins(origins).has_value()) << origins;
  }
  for (const char* origins : {"a.example", "http://a/", "http://", "://a", "http://a,b", "http://a b"}) {
    EXPECT_FALSE(check_origins(origins).has_value()) << origins;
  }
}

TEST(SettingChecks, AddressesHaveAHostAndAPort) {
  for (const char* address : {"127.0.0.1:8080", "[::1]:0", "localhost:80"}) {
    EXPECT_TRUE(check_listen(address).has_value()) << address;
  }
  for (const char* address : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:65536", "::1:80"}) {
    EXPECT_FALSE(check_listen(address).has_value()) << address;
  }
}

TEST(SettingChecks, WordsAreThoseThatMeanSomething) {
  EXPECT_TRUE(check_concurrency("queue").has_value());
  EXPECT_TRUE(check_concurrency("reject").has_value());
  EXPECT_FALSE(check_concurrency("drop").has_value());
  EXPECT_TRUE(check_log_level("warning").has_value());
  EXPECT_FALSE(check_log_level("loud").has_value());
  EXPECT_TRUE(check_not_empty("x").has_value());
  EXPECT_FALSE(check_not_empty("").has_value());
}

TEST(SettingChecks, WeightsOfOptionsAreFourAndAddUp) {
  EXPECT_TRUE(check_option_weights("safety=40,cost=20,passenger=25,network=15").has_value());
  EXPECT_TRUE(check_option_weights("network=10, safety=60, passenger=20, cost=10").has_value());
  for (const char* wrong :
       {"", "safety=100", "safety=40,cost=20,passenger=25,network=16",
        "safety=40,cost=20,passenger=25,speed=15", "safety=-1,cost=50,passenger=25,network=26",
        "safety=40;cost=20", "safety=50,safety=50,cost=25,passenger=25"}) {
    const auto checked = check_option_weights(wrong);
    ASSERT_FALSE(checked.has_value()) << wrong;
    EXPECT_NE(checked.error().message.find("add up to 100"), std::string::npos) << checked.error().message;
  }
}

TEST(CheckAwsRegion, TakesNamesOfRegionsAlone) {
  for (const char* name : {"", "eu-central-1", "us-gov-west-1", "local"})
    EXPECT_TRUE(check_aws_region(name)) << name;
  for (const char* name : {"EU-central-1", "eu-central-1.amazonaws.com", "-a", "a b"})
    EXPECT_FALSE(check_aws_region(name)) << name;
}

TEST(CheckStore, TakesTheKnownWordsAndTableNames) {
  for (const char* word : {"sqlite", "dynamodb"}) EXPECT_TRUE(check_store(word)) << word;
  for (const char* word : {"", "postgres"}) EXPECT_FALSE(check_store(word)) << word;
  for (const char* word : {"", "local", "dynamodb"}) EXPECT_TRUE(check_rate_limit_store(word)) << word;
  EXPECT_FALSE(check_rate_limit_store("redis"));
  for (const char* name : {"abc", "prod.sky-marshal_1"}) EXPECT_TRUE(check_table_name(name)) << name;
  for (const char* name : {"", "ab", "a b c", "a/b/c"}) EXPECT_FALSE(check_table_name(name)) << name;
  EXPECT_FALSE(check_table_name(std::string(256, 'a')));
}

}  // namespace skymarshal::settings::setting_checks_test
