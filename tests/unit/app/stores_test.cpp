// The stores that the settings name.
#include "app/stores.hpp"

#include "support/manual_clock.hpp"
#include "support/running_dynalite.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::app::stores_test {

class OpeningStores : public testing::Test {
 protected:
  settings::Settings with(std::map<std::string, std::string> flags) {
    flags.try_emplace("database", folder_.file("test.db").string());
    return settings::load_settings({.flags = std::move(flags)}).value().values;
  }
  Result<Stores> open(const settings::Settings& settings) {
    const auto aws = [this, &settings]() -> Result<AwsAccess*> {
      if (aws_) return aws_.get();
      auto access = AwsAccess::open(settings, environment_, {clock_, random_, log_});
      if (!access) return access.error();
      aws_ = *std::move(access);
      return aws_.get();
    };
    return open_stores(settings, {aws, clock_, random_, log_});
  }

  test::TemporaryFolder folder_;
  std::map<std::string, std::string> environment_ = {
      {"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}, {"AWS_REGION", "us-east-1"}};
  test::ManualClock clock_;
  SystemRandom random_;
  Logger log_{{LogLevel::off}, clock_};
  std::unique_ptr<AwsAccess> aws_;
};

TEST_F(OpeningStores, SqliteNeedsNoAws) {
  environment_.clear();
  const auto stores = open(with({}));
  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_FALSE(stores->cleans_itself);
  EXPECT_TRUE(test::ask(stores->sessions->create(test::fresh_id<SessionId>(), {"alice"})));
  EXPECT_TRUE(test::ask(stores->fleet->renew())->empty());
}

TEST_F(OpeningStores, DynamoDbIsReachedAsTheSettingsSay) {
  test::DynamoDbTables tables;
  const http::Endpoint& endpoint = test::dynamodb_endpoint();
  const auto settings = with({{"store", "dynamodb"},
                              {"dynamodb_endpoint", endpoint.scheme + "://" + endpoint.authority()},
                              {"session_table_name", tables.names().sessions},
                              {"invocation_table_name", tables.names().invocations},
                              {"limit_table_name", tables.names().limits}});
  const auto stores = open(settings);
  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_TRUE(stores->cleans_itself);
  EXPECT_TRUE(test::ask(stores->sessions->create(test::fresh_id<SessionId>(), {"alice"})));
  EXPECT_TRUE(test::ask(stores->invocations->open_ones(runner_name(settings)))->empty());
  EXPECT_TRUE(test::ask(stores->fleet->renew()));
  EXPECT_TRUE(test::ask(stores->fleet->resign()));
}

TEST_F(OpeningStores, SaysWhatIsMissing) {
  environment_.clear();
  EXPECT_FALSE(open(with({{"store", "dynamodb"}})));
  const auto nowhere = open(with({{"database", "/nowhere/test.db"}}));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message.find("cannot open the database '/nowhere/test.db': "), 0U);
  const auto no_outbox = open(with({{"outbox", "/nowhere/outbox"}}));
  ASSERT_FALSE(no_outbox);
  EXPECT_EQ(no_outbox.error().message.find("cannot open the outbox '/nowhere/outbox': "), 0U);
}

TEST_F(OpeningStores, ARunnerIsNamedByItsOutboxAndAmongManyByItsMachine) {
  const std::string alone = runner_name(with({{"outbox", "/some/outbox"}}));
  EXPECT_EQ(alone, "/some/outbox");
  const std::string shared = runner_name(with({{"outbox", "/some/outbox"}, {"store", "dynamodb"}}));
  EXPECT_TRUE(shared.ends_with(":/some/outbox"));
  EXPECT_GT(shared.size(), alone.size() + 1);
}

}  // namespace skymarshal::app::stores_test
