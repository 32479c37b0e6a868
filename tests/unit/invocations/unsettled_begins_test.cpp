#include "invocations/unsettled_begins.hpp"

#include "support/failing_invocation_store.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_invocation_store.hpp"
#include "support/run_awaitable.hpp"
#include "support/store_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::invocations::unsettled_begins_test {

class UnsettledBeginsTest : public testing::Test {
 protected:
  RequestId begin() {
    InvocationRecord record;
    record.request_id = test::fresh_id<RequestId>();
    record.session_id = test::fresh_id<SessionId>();
    record.owner = owner;
    record.runner = "gateway-1";
    EXPECT_TRUE(test::run_awaitable(memory.begin(record)));
    noted = unsettled.note(record.request_id, record.session_id, owner);
    return record.request_id;
  }
  Result<void> settle_all(std::function<bool(const RequestId&)> runs) {
    return test::run_awaitable(settle_all_of(std::move(runs)));
  }
  std::size_t open() { return test::run_awaitable(memory.open_ones("gateway-1")).value().size(); }

  test::ManualClock clock;
  Principal owner = test::fresh_principal();
  test::MemorySessionStore sessions{clock};
  test::MemoryInvocationStore memory{sessions, clock};
  test::FailingInvocationStore store{memory};
  UnsettledBegins unsettled{store, 3};
  bool noted = false;

 private:
  boost::asio::awaitable<Result<void>> settle_all_of(std::function<bool(const RequestId&)> runs) {
    return unsettled.settle_all(std::move(runs));
  }
};

TEST_F(UnsettledBeginsTest, TakesBackWhatDoesNotRun) {
  const RequestId first = begin();
  const RequestId second = begin();
  EXPECT_TRUE(unsettled.holds(first));
  EXPECT_TRUE(settle_all([&](const RequestId& id) { return id == second; }));
  EXPECT_FALSE(unsettled.holds(first));
  EXPECT_TRUE(unsettled.holds(second));
  EXPECT_EQ(open(), 1U);
  EXPECT_TRUE(settle_all([](const RequestId&) { return false; }));
  EXPECT_EQ(unsettled.size(), 0U);
  EXPECT_EQ(open(), 0U);
}

TEST_F(UnsettledBeginsTest, RemembersThemWhileTheStoreIsAway) {
  const RequestId id = begin();
  store.is_down = true;
  EXPECT_EQ(settle_all([](const RequestId&) { return false; }).error().code, Errc::store_unavailable);
  EXPECT_TRUE(unsettled.holds(id));
  store.is_down = false;
  EXPECT_TRUE(test::run_awaitable(unsettled.settle(id)));
  EXPECT_FALSE(unsettled.holds(id));
  EXPECT_TRUE(test::run_awaitable(unsettled.settle(id))) << "nothing to do";
}

TEST_F(UnsettledBeginsTest, RemembersNoMoreThanItMay) {
  for (int i = 0; i < 3; ++i) begin();
  EXPECT_TRUE(noted);
  begin();
  EXPECT_FALSE(noted);
  EXPECT_EQ(unsettled.size(), 3U);
}

}  // namespace skymarshal::invocations::unsettled_begins_test
