// Gateways that share their rate limits by a table.
#include "dynamodb/shared_rate_limiter.hpp"

#include "net/dial.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"
#include "support/running_dynalite.hpp"

#include <memory>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace skymarshal::dynamodb::shared_rate_limiter_test {

using limits::CountedFor;
using limits::RateDecision;
using limits::RateLimits;

const Principal ada{"arn:aws:iam::123456789012:user/ada", {}};

RateLimits limits_of(std::int64_t principal, std::int64_t account) {
  RateLimits limits;
  limits.principal = {principal, Milliseconds(60'000)};
  limits.account = {account, Milliseconds(1'000)};
  return limits;
}

/// A machine that is busy must not look like a table that is away.
SharedRateLimiterOptions patient(const std::string& table) {
  SharedRateLimiterOptions options;
  options.table = table;
  options.wait_max = Milliseconds(60'000);
  return options;
}

/// A gateway's limiter, all of whose requests run on one loop.
class Gateway {
 public:
  Gateway(SharedRateLimiterOptions options, const RateLimits& limits, std::unique_ptr<Client> client,
          const Clock& clock)
      : log_({.level = LogLevel::off}, clock),
        local_(limits, clock),
        limiter_(std::move(options), limits, {local_, std::move(client), clock, random_, log_}) {}

  RateDecision admit(const Principal& principal) {
    return test::run_awaitable(io_, limiter_.admit(principal)).value();
  }
  int admit(const Principal& principal, int times) {
    int admitted = 0;
    for (int i = 0; i < times; ++i) admitted += admit(principal).admitted ? 1 : 0;
    return admitted;
  }
  SharedRateLimiter& limiter() { return limiter_; }
  boost::asio::io_context& io() { return io_; }
  void set_limits(const RateLimits& limits) {
    local_.set_limits(limits);
    limiter_.set_limits(limits);
  }

 private:
  SystemRandom random_;
  Logger log_;
  limits::LocalRateLimiter local_;
  SharedRateLimiter limiter_;
  /// Goes before what its coroutines stand on.
  boost::asio::io_context io_;
};

struct SharedRateLimits : testing::Test {
  std::unique_ptr<Gateway> gateway(const RateLimits& limits) {
    return std::make_unique<Gateway>(patient(tables.names().limits), limits, tables.connect(), clock);
  }
  test::DynamoDbTables tables;
  test::ManualClock clock;
};

TEST_F(SharedRateLimits, AreOneForAllGateways) {
  const RateLimits limits = limits_of(100, 0);
  std::vector<std::unique_ptr<Gateway>> gateways;
  for (int i = 0; i < 3; ++i) gateways.push_back(gateway(limits));
  int admitted = 0;
  for (std::size_t i = 0; i < 240; ++i) admitted += gateways[i % 3]->admit(ada).admitted ? 1 : 0;
  EXPECT_GE(admitted, 80);
  EXPECT_LT(admitted, 130);
  const RateDecision refused = gateways[0]->admit(ada);
  EXPECT_FALSE(refused.admitted);
  EXPECT_FALSE(refused.by_account);
  EXPECT_EQ(refused.exceeded, limits.principal);
  EXPECT_GT(refused.retry_after, Milliseconds(60'000));
  EXPECT_LE(refused.retry_after, Milliseconds(66'000));
  EXPECT_TRUE(gateways[0]->admit({"somebody else", {}}).admitted);
  clock.advance(Milliseconds(66'000));
  EXPECT_TRUE(gateways[0]->admit(ada).admitted);
}

TEST_F(SharedRateLimits, OfTheAccountAreCountedInShards) {
  const RateLimits limits = limits_of(0, 400);
  const auto first = gateway(limits);
  const auto second = gateway(limits);
  int admitted = 0;
  for (int i = 0; i < 300; ++i) {
    admitted += first->admit({std::to_string(i), {}}).admitted ? 1 : 0;
    admitted += second->admit({std::to_string(i), {}}).admitted ? 1 : 0;
  }
  EXPECT_GE(admitted, 360);
  EXPECT_LT(admitted, 480);
  const RateDecision refused = first->admit(ada);
  EXPECT_TRUE(refused.by_account);
  EXPECT_EQ(refused.exceeded, limits.account);
}

TEST_F(SharedRateLimits, CostFewWrites) {
  const auto alone = gateway(limits_of(100, 0));
  EXPECT_EQ(alone->admit(ada, 90), 90);
  EXPECT_LE(alone->limiter().reports(), 18);
  const std::int64_t before = alone->limiter().reports();
  (void)alone->admit(ada, 10);
  EXPECT_LE(alone->limiter().reports() - before, 14);
  const std::int64_t at_the_limit = alone->limiter().reports();
  EXPECT_EQ(alone->admit(ada, 200), 0);
  EXPECT_LE(alone->limiter().reports() - at_the_limit, 2);
}

TEST_F(SharedRateLimits, ChangeWhileTheyCount) {
  const auto one = gateway(limits_of(100, 0));
  EXPECT_EQ(one->admit(ada, 50), 50);
  one->set_limits(limits_of(10, 0));
  EXPECT_FALSE(one->admit(ada).admitted);
  one->set_limits(limits_of(200, 0));
  EXPECT_TRUE(one->admit(ada).admitted);
}

TEST_F(SharedRateLimits, AreCountedByEachGatewayWhileTheTableIsAway) {
  auto options = patient("there-is-no-such-table");
  Gateway lost(std::move(options), limits_of(100, 0), tables.connect(), clock);
  EXPECT_EQ(lost.limiter().counted_for(), CountedFor::fleet);
  EXPECT_EQ(lost.admit(ada, 150), 100);
  EXPECT_EQ(lost.limiter().counted_for(), CountedFor::gateway_for_now);
}

TEST_F(SharedRateLimits, NobodyWaitsLongForATableThatIsSlow) {
  auto options = patient(tables.names().limits);
  options.wait_max = Milliseconds(0);
  Gateway hasty(std::move(options), limits_of(1, 0), tables.connect(), clock);
  EXPECT_TRUE(hasty.admit(ada).admitted);
  EXPECT_FALSE(hasty.admit(ada).admitted);
  EXPECT_EQ(hasty.limiter().counted_for(), CountedFor::gateway_for_now);
}

/// Each of whose answers comes late by so much.
std::unique_ptr<Client> late_client(Milliseconds delay, const Client::Parts& parts) {
  const auto connect =
      [delay](http::Endpoint endpoint, const net::TlsContext* tls,
              Milliseconds limit) -> boost::asio::awaitable<net::Result<std::unique_ptr<net::ByteStream>>> {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, delay);
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return co_await net::dial(std::move(endpoint), tls, limit);
  };
  ClientOptions options;
  options.endpoint = test::dynamodb_endpoint();
  options.region = "us-east-1";
  options.attempt_timeout = options.call_timeout = Milliseconds(60'000);
  return std::make_unique<Client>(std::move(options),
                                  net::HttpClient(net::one_connection_each, std::nullopt, connect), parts);
}

/// Many requests at once, at a gateway whose table is slow; each report lets in a few of them.
class CrowdedGateway : public SharedRateLimits {
 protected:
  /// How many are let in.
  int admitted_of(int requests, SharedRateLimiterOptions options, RateLimits limits, Milliseconds delay) {
    crowded.emplace(std::move(options), limits, late_client(delay, Client::Parts{credentials, clock, random}),
                    clock);
    int admitted = 0;
    int decided = 0;
    const auto ask_one = [&]() -> boost::asio::awaitable<void> {
      const auto decision = co_await crowded->limiter().admit(ada);
      admitted += decision->admitted ? 1 : 0;
      ++decided;
    };
    for (int i = 0; i < requests; ++i) boost::asio::co_spawn(crowded->io(), ask_one, boost::asio::detached);
    EXPECT_TRUE(
        test::run_until(crowded->io(), [&] { return decided == requests; }, std::chrono::seconds(120)));
    return admitted;
  }

  SystemRandom random;
  aws::FixedCredentials credentials{{"AKIDEXAMPLE", Secret(std::string("secret")), {}}};
  std::optional<Gateway> crowded;
};

/// The last ones wait for many answers: longer than for a silent table.
TEST_F(CrowdedGateway, WhoWaitsForManyAnswersDoesNotTakeTheTableForSilent) {
  const RateLimits limits = limits_of(200, 0);
  const auto first = gateway(limits);
  EXPECT_EQ(first->admit(ada, 110), 110);
  auto options = patient(tables.names().limits);
  options.wait_max = Milliseconds(1'000);
  options.turn_wait_max = Milliseconds(60'000);
  const int admitted = admitted_of(120, std::move(options), limits, Milliseconds(300));
  EXPECT_GE(crowded->limiter().reports(), 5) << "more than a wait takes";
  EXPECT_EQ(crowded->limiter().counted_for(), CountedFor::fleet);
  EXPECT_LE(admitted, 110) << "as many as the first one left, and a lease";
}

TEST_F(CrowdedGateway, WhoHasWaitedForLongIsRefusedThoughTheLimitIsNotReached) {
  auto options = patient(tables.names().limits);
  options.wait_max = options.turn_wait_max = Milliseconds(2'500);
  const int admitted = admitted_of(190, std::move(options), limits_of(200, 0), Milliseconds(700));
  EXPECT_LT(admitted, 190);
  EXPECT_EQ(crowded->limiter().counted_for(), CountedFor::fleet);
}

TEST_F(SharedRateLimits, AreSharedAgainWhenTheTableIsBack) {
  const TableNames names{tables.names().sessions + "2", tables.names().invocations + "2",
                         tables.names().limits + "2"};
  Gateway one(patient(names.limits), limits_of(100, 0), tables.connect(), clock);
  EXPECT_EQ(one.admit(ada, 50), 50);
  EXPECT_EQ(one.limiter().counted_for(), CountedFor::gateway_for_now);
  ASSERT_TRUE(test::run_awaitable(create_tables(tables.client(), names)));
  clock.advance(Milliseconds(1'500));
  EXPECT_TRUE(one.admit(ada).admitted);
  EXPECT_TRUE(test::run_until(
      one.io(), [&] { return one.limiter().counted_for() == CountedFor::fleet; }, std::chrono::seconds(60)));
  // What was let in alone has been told.
  Gateway other(patient(names.limits), limits_of(100, 0), tables.connect(), clock);
  EXPECT_LE(other.admit(ada, 100), 60);
  for (const std::string& name : {names.sessions, names.invocations, names.limits})
    (void)test::run_awaitable(tables.client().send("DeleteTable", "{\"TableName\":\"" + name + "\"}"));
}

}  // namespace skymarshal::dynamodb::shared_rate_limiter_test
