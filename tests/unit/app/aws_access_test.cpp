// Credentials and region as the settings and the environment say.
#include "app/aws_access.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace skymarshal::app::aws_access_test {

class AwsAccessOpening : public testing::Test {
 protected:
  Result<std::unique_ptr<AwsAccess>> open(std::map<std::string, std::string> environment) {
    const auto settings = settings::load_settings({.environment = environment}).value();
    return AwsAccess::open(settings.values, environment, {clock_, random_, log_});
  }

  test::ManualClock clock_;
  SystemRandom random_;
  Logger log_{{LogLevel::off}, clock_};
};

TEST_F(AwsAccessOpening, GivesTheKeysAndTheRegionOfTheEnvironment) {
  const auto access =
      open({{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}, {"AWS_REGION", "eu-west-1"}});
  ASSERT_TRUE(access);
  EXPECT_EQ((*access)->region(), "eu-west-1");
  const auto credentials = test::run_awaitable((*access)->credentials().current());
  ASSERT_TRUE(credentials);
  EXPECT_EQ((*credentials)->access_key_id, "AKID");
}

TEST_F(AwsAccessOpening, LooksWhereAwsToolsLook) {
  const test::TemporaryFolder folder;
  const std::string config = folder.file("config").string();
  std::ofstream(config) << "[profile ops]\nregion=eu-west-3\n"
                           "credential_process=printf '{\"Version\":1,\"AccessKeyId\":\"AKPROCESS\","
                           "\"SecretAccessKey\":\"s\"}'\n";
  const auto access = open({{"AWS_CONFIG_FILE", config}, {"AWS_PROFILE", "ops"}});
  ASSERT_TRUE(access) << access.error().message;
  EXPECT_EQ((*access)->region(), "eu-west-3");
  const auto elsewhere =
      open({{"AWS_CONFIG_FILE", config}, {"AWS_PROFILE", "ops"}, {"AWS_REGION", "eu-west-1"}});
  ASSERT_TRUE(elsewhere) << elsewhere.error().message;
  EXPECT_EQ((*elsewhere)->region(), "eu-west-1");
  const auto credentials = test::run_awaitable((*access)->credentials().current());
  ASSERT_TRUE(credentials);
  EXPECT_EQ((*credentials)->access_key_id, "AKPROCESS");
}

TEST_F(AwsAccessOpening, DoesNotStartWithoutCredentials) {
  const auto none = open({{"AWS_REGION", "eu-west-1"}, {"AWS_EC2_METADATA_DISABLED", "true"}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::invalid_request);
  EXPECT_NE(none.error().message.find("there are no AWS credentials"), std::string::npos);
  EXPECT_NE(none.error().message.find("container: "), std::string::npos);
  const auto half = open({{"AWS_REGION", "eu-west-1"}, {"AWS_ACCESS_KEY_ID", "AKID"}});
  ASSERT_FALSE(half);
  EXPECT_NE(half.error().message.find("no AWS_SECRET_ACCESS_KEY"), std::string::npos);
  const auto absent = open({{"AWS_REGION", "eu-west-1"}, {"AWS_PROFILE", "gone"}});
  ASSERT_FALSE(absent);
  EXPECT_NE(absent.error().message.find("no profile 'gone'"), std::string::npos);
}

TEST_F(AwsAccessOpening, SaysWhatIsMissing) {
  const auto without_region = open({{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}});
  ASSERT_FALSE(without_region);
  EXPECT_NE(without_region.error().message.find("AWS_REGION"), std::string::npos);
}

}  // namespace skymarshal::app::aws_access_test
