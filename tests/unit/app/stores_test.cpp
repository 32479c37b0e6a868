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
  static std::map<std::string, std::string> over(const test::DynamoDbTables& tables) {
    const http::Endpoint& endpoint = test::dynamodb_endpoint();
    return {{"store", "dynamodb"},
            {"dynamodb_endpoint", endpoint.scheme + "://" + endpoint.authority()},
            {"session_table_name", tables.names().sessions},
            {"invocation_table_name", tables.names().invocations},
            {"limit_table_name", tables.names().limits}};
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
  const auto settings = with(over(tables));
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

TEST_F(OpeningStores, ATurnOutlivesTheLongestRun) {
  const std::map<std::string, std::string> day = {{"total_timeout_ms", "86400000"},
                                                  {"max_queued_invocations", "250"},
                                                  {"max_concurrent_invocations", "100"}};
  EXPECT_EQ(turn_time_max(with(day)), std::chrono::hours(4 * 24 + 1));
  test::DynamoDbTables tables;
  auto flags = over(tables);
  flags.insert(day.begin(), day.end());
  const auto settings = with(flags);
  const auto stores = open(settings);
  ASSERT_TRUE(stores) << stores.error().message;
  const auto session = test::fresh_id<SessionId>();
  ASSERT_TRUE(test::ask(stores->sessions->create(session, {"alice"})));
  const auto first = test::fresh_id<RequestId>();
  ASSERT_TRUE(test::ask(stores->fleet->take_turn(session, {"alice"}, first)).value());
  // Another gateway, whose lease never ends here.
  auto other_flags = flags;
  other_flags["outbox"] = folder_.file("other").string();
  const auto other = open(with(other_flags));
  ASSERT_TRUE(other) << other.error().message;
  const auto takes = [&] {
    return test::ask(other->fleet->take_turn(session, {"alice"}, test::fresh_id<RequestId>())).value();
  };
  for (const auto passed : {std::chrono::hours(2), std::chrono::hours(94)}) {
    clock_.advance(passed);
    ASSERT_TRUE(test::ask(stores->fleet->renew()));
    EXPECT_FALSE(takes());
  }
  clock_.advance(std::chrono::hours(2));
  ASSERT_TRUE(test::ask(stores->fleet->renew()));
  EXPECT_TRUE(takes()) << "it is held by nobody who can still be at it";
}

TEST_F(OpeningStores, ARunnerIsNamedByItsOutboxAndAmongManyByItsMachine) {
  const std::string alone = runner_name(with({{"outbox", "/some/outbox"}}));
  EXPECT_EQ(alone, "/some/outbox");
  const std::string shared = runner_name(with({{"outbox", "/some/outbox"}, {"store", "dynamodb"}}));
  EXPECT_TRUE(shared.ends_with(":/some/outbox"));
  EXPECT_GT(shared.size(), alone.size() + 1);
}

}  // namespace skymarshal::app::stores_test
