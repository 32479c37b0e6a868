// Which runtime the settings name.
#include "app/runtime_choice.hpp"

#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::app::runtime_choice_test {

const std::string arn = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/a-1";

class RuntimeChoiceTest : public testing::Test {
 protected:
  Result<ChosenRuntime> chosen(std::map<std::string, std::string> flags) {
    settings::SettingSources sources;
    sources.flags = std::move(flags);
    sources.dev = true;
    settings = settings::load_settings(sources).value().values;
    return choose_runtime({*settings, clock, random, log, [this]() -> Result<AwsAccess*> {
                             ++asked_for_aws;
                             return make_error(Errc::invalid_request, "no credentials");
                           }});
  }
  std::string name_of(std::map<std::string, std::string> flags) {
    const auto made = chosen(std::move(flags));
    return made ? std::string(made->runtime->name()) : made.error().message;
  }

  test::ManualClock clock;
  SystemRandom random;
  Logger log{Logger::Options{LogLevel::off, 16}, clock};
  std::optional<settings::Settings> settings;
  int asked_for_aws = 0;
};

TEST_F(RuntimeChoiceTest, IsTheEmbeddedOneWhereNoneIsNamed) {
  const auto made = chosen({});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->runtime->name(), "embedded");
  EXPECT_TRUE(made->embedded);
}

TEST_F(RuntimeChoiceTest, GoesByTheSchemeOfTheUrl) {
  EXPECT_EQ(name_of({{"runtime_url", "ws://127.0.0.1:1/ws?secret=1"}}), "websocket");
  EXPECT_EQ(name_of({{"runtime_url", "wss://runtime.example/ws"}}), "websocket");
  EXPECT_EQ(name_of({{"runtime_url", "http://127.0.0.1:1/invocations"}}), "http");
  EXPECT_EQ(name_of({{"runtime_url", "https://runtime.example/invocations"}}), "http");
  EXPECT_EQ(asked_for_aws, 0);
}

TEST_F(RuntimeChoiceTest, IsAgentCoreByItsArn) {
  const test::TemporaryFolder folder;
  const std::string token_file = folder.file("token");
  std::ofstream(token_file) << "a.b.c\n";
  EXPECT_EQ(name_of({{"agentcore_runtime_arn", arn}, {"agentcore_bearer_token_file", token_file}}),
            "agentcore");
  EXPECT_EQ(asked_for_aws, 0) << "a token needs no credentials";
  EXPECT_EQ(name_of({{"agentcore_runtime_arn", arn}, {"agentcore_protocol", "http"}}), "no credentials");
  EXPECT_EQ(asked_for_aws, 1);
}

TEST_F(RuntimeChoiceTest, SaysWhatCannotBe) {
  EXPECT_NE(
      name_of({{"agentcore_runtime_arn", arn}, {"runtime_url", "ws://127.0.0.1:1/ws"}}).find("only one"),
      std::string::npos);
  EXPECT_NE(name_of({{"agentcore_runtime_arn", "arn:aws:x"}}).find("no ARN"), std::string::npos);
  EXPECT_NE(name_of({{"agentcore_runtime_arn", arn}, {"agentcore_bearer_token_file", "/nowhere"}})
                .find("agentcore_bearer_token_file: the bearer token's file cannot be read"),
            std::string::npos);
  EXPECT_NE(name_of({{"runtime_url", "wss://runtime.example/ws"}, {"runtime_ca_file", "/nowhere"}})
                .find("/nowhere"),
            std::string::npos);
}

}  // namespace skymarshal::app::runtime_choice_test
