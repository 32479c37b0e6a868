// Credentials and region as the settings and the environment say.
#include "app/aws_access.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"

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

TEST_F(AwsAccessOpening, SaysWhatIsMissing) {
  const auto without_region = open({{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}});
  ASSERT_FALSE(without_region);
  EXPECT_NE(without_region.error().message.find("AWS_REGION"), std::string::npos);
}

}  // namespace skymarshal::app::aws_access_test
