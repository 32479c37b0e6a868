// Where DynamoDB is, what its tables are called, and who counts, by the settings.
#include "app/tables_client.hpp"

#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app::tables_client_test {

settings::Settings tables_settings(std::map<std::string, std::string> flags) {
  return settings::load_settings({.flags = std::move(flags)}).value().values;
}

class TablesBySettings : public testing::Test {
 protected:
  std::unique_ptr<AwsAccess> access(const settings::Settings& settings) {
    return AwsAccess::open(settings, environment_, {clock_, random_, log_}).value();
  }

  std::map<std::string, std::string> environment_ = {
      {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}, {"AWS_REGION", "us-west-2"}};
  test::ManualClock clock_;
  SystemRandom random_;
  Logger log_{{LogLevel::off}, clock_};
};

TEST_F(TablesBySettings, TheEndpointIsTheRegionsUnlessNamed) {
  const auto plain = tables_settings({});
  EXPECT_EQ(tables_endpoint(plain, *access(plain)).authority(), "dynamodb.us-west-2.amazonaws.com");
  const auto fips = tables_settings({{"aws_use_fips_endpoint", "true"}});
  EXPECT_EQ(tables_endpoint(fips, *access(fips)).authority(), "dynamodb-fips.us-west-2.amazonaws.com");
  const auto named = tables_settings({{"dynamodb_endpoint", "http://127.0.0.1:8000"}});
  EXPECT_EQ(tables_endpoint(named, *access(named)).authority(), "127.0.0.1:8000");
  EXPECT_TRUE(open_tables_client(named, *access(named), clock_, random_, Milliseconds(100)));
}

TEST_F(TablesBySettings, TablesAreCalledAsTheSettingsSay) {
  const auto names = table_names(tables_settings(
      {{"session_table_name", "sss"}, {"invocation_table_name", "iii"}, {"limit_table_name", "lll"}}));
  EXPECT_EQ(names.sessions + names.invocations + names.limits, "sssiiilll");
}

TEST_F(TablesBySettings, LimitsAreSharedWithTheStoreUnlessSaid) {
  EXPECT_FALSE(shares_rate_limits(tables_settings({})));
  EXPECT_TRUE(shares_rate_limits(tables_settings({{"store", "dynamodb"}})));
  EXPECT_TRUE(shares_rate_limits(tables_settings({{"rate_limit_store", "dynamodb"}})));
  EXPECT_FALSE(shares_rate_limits(tables_settings({{"store", "dynamodb"}, {"rate_limit_store", "local"}})));
}

}  // namespace skymarshal::app::tables_client_test
