#include "app/setting_checks.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app {
namespace {

TEST(SettingChecks, AuthIsNoneOrUndecided) {
  EXPECT_TRUE(check_auth("none").has_value());
  EXPECT_TRUE(check_auth("").has_value());
  for (const char* other : {"iam", "jwt", "sts", "None", " none"}) {
    ASSERT_FALSE(check_auth(other).has_value()) << other;
    EXPECT_NE(check_auth(other).error().message.find("write none"), std::string::npos);
  }
}

TEST(SettingChecks, RuntimesAreWebSockets) {
  for (const char* url : {"ws://127.0.0.1:9000/ws", "wss://runtime.example/ws?qualifier=A", ""}) {
    EXPECT_TRUE(check_runtime_url(url).has_value()) << url;
  }
  for (const char* url : {"http://127.0.0.1:9000/invocations", "https://runtime.example"}) {
    ASSERT_FALSE(check_runtime_url(url).has_value()) << url;
    EXPECT_NE(check_runtime_url(url).error().message.find("WebSocket only"), std::string::npos);
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
  const auto wrong = check_option_weights("safety=40,cost=20,passenger=25,network=16");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_NE(wrong.error().message.find("add up to 100"), std::string::npos) << wrong.error().message;
}

}  // namespace
}  // namespace skymarshal::app
