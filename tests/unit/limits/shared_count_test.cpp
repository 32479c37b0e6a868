// What gateways that share a count let in together: as a property over any interleaving of gateways,
// requests, reports and time, with reports that are lost and clocks that differ.
#include "limits/shared_count.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::limits::shared_count_test {

using Answer = SharedCount::Answer;

constexpr int percent = 10;
const RateLimit ten_a_second{10, Milliseconds{1'000}};

/// What DynamoDB does: adds, and tells all that counts.
struct Table {
  SliceCounts counts;
  const SliceCounts& apply(const SharedCount::Report& report) {
    counts.erase(counts.begin(), counts.lower_bound(report.oldest));
    for (const auto& [slice, change] : report.changes) counts[slice] += change;
    return counts;
  }
};

WallTime at(std::int64_t ms) { return from_unix_ms(1'700'000'000'000 + ms); }

/// Reports until it need not, as the owner of a count does.
void report(SharedCount& count, Table& table, WallTime now) {
  bool again = true;
  while (again) {
    const auto told = table.apply(count.begin_report(now));
    again = count.end_report(told, now);
  }
}

Answer ask(SharedCount& count, Table& table, WallTime now) {
  Answer answer = count.take(now);
  if (answer != Answer::must_ask) return answer;
  report(count, table, now);
  return count.take(now);
}

TEST(SharedCount, WhoLetsInLittleNeverAsks) {
  SharedCount count(ten_a_second, percent);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(count.take(at(i * 2'000)), Answer::let_in);
}

TEST(SharedCount, OneGatewayLetsInTheLimitAndAfterTheWindowAgain) {
  SharedCount count(ten_a_second, percent);
  Table table;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(count, table, at(0)), Answer::let_in) << i;
  EXPECT_EQ(ask(count, table, at(0)), Answer::refused);
  EXPECT_EQ(count.remaining(at(0)), 0);
  const Milliseconds wait = count.retry_after(at(0));
  EXPECT_GT(wait, Milliseconds(1'000));
  EXPECT_LE(wait, Milliseconds(1'000 + 3 * 34));
  EXPECT_EQ(ask(count, table, at(wait.count() - 1)), Answer::refused);
  EXPECT_EQ(ask(count, table, at(wait.count())), Answer::let_in);
}

TEST(SharedCount, SeveralSeeEachOther) {
  Table table;
  std::vector<SharedCount> gateways(3, SharedCount(ten_a_second, percent));
  int let_in = 0;
  for (std::size_t i = 0; i < 60; ++i) let_in += ask(gateways[i % 3], table, at(0)) == Answer::let_in ? 1 : 0;
  EXPECT_GE(let_in, 10 - 2);
  EXPECT_LT(let_in, 10 + 3);
}

TEST(SharedCount, WhatWasRefusedIsNotAskedAgainInItsSlice) {
  SharedCount count(ten_a_second, percent);
  Table table;
  for (int i = 0; i < 11; ++i) (void)ask(count, table, at(0));
  EXPECT_EQ(count.take(at(0)), Answer::refused);
  EXPECT_EQ(count.take(at(34)), Answer::must_ask);
}

TEST(SharedCount, WhatIsPutBackIsFree) {
  SharedCount count({1, Milliseconds(1'000)}, percent);
  EXPECT_EQ(count.take(at(0)), Answer::let_in);
  count.put_back(at(0));
  EXPECT_EQ(count.take(at(0)), Answer::let_in);
  EXPECT_EQ(count.take(at(0)), Answer::must_ask);
}

TEST(SharedCount, WhatWasLetInAloneIsToldLater) {
  SharedCount count(ten_a_second, percent);
  Table table;
  for (int i = 0; i < 10; ++i) count.take_alone(at(0));
  EXPECT_EQ(ask(count, table, at(0)), Answer::refused);
  SharedCount other(ten_a_second, percent);
  EXPECT_EQ(ask(other, table, at(1)), Answer::let_in);
  EXPECT_EQ(ask(other, table, at(1)), Answer::refused);
}

TEST(SharedCount, AFailedReportIsToldByTheNext) {
  SharedCount count(ten_a_second, percent);
  Table table;
  for (int i = 0; i < 10; ++i) count.take_alone(at(0));
  (void)count.begin_report(at(0));
  count.fail_report();
  report(count, table, at(0));
  EXPECT_EQ(table.counts.begin()->second, 10);
}

TEST(SharedCount, ReportsAheadOfNeed) {
  SharedCount count({100, Milliseconds(60'000)}, percent);
  for (int i = 0; i < 7; ++i) EXPECT_EQ(count.take(at(i)), Answer::let_in);
  EXPECT_FALSE(count.should_report(at(7)));
  EXPECT_EQ(count.take(at(7)), Answer::let_in);
  EXPECT_TRUE(count.should_report(at(7)));
  Table table;
  report(count, table, at(8));
  EXPECT_FALSE(count.should_report(at(8)));
}

TEST(SharedCount, IsIdleWhenNothingCountsAnyMore) {
  SharedCount count(ten_a_second, percent);
  EXPECT_TRUE(count.is_idle(at(0)));
  (void)count.take(at(0));
  EXPECT_FALSE(count.is_idle(at(1'000)));
  EXPECT_TRUE(count.is_idle(at(1'200)));
}

TEST(SharedCount, ALimitThatIsLoweredHoldsAtOnce) {
  SharedCount count({100, Milliseconds(1'000)}, percent);
  Table table;
  for (int i = 0; i < 10; ++i) (void)count.take(at(0));
  count.set_limit({5, Milliseconds(1'000)}, percent);
  EXPECT_EQ(ask(count, table, at(0)), Answer::refused);
}

/// A request that was let in, by true time.
struct LetIn {
  std::int64_t time;
  bool alone;
};

std::int64_t counted(const std::vector<LetIn>& all, std::int64_t after, std::int64_t until, bool alone_too) {
  return std::ranges::count_if(all, [&](const LetIn& one) {
    return one.time > after && one.time <= until && (alone_too || !one.alone);
  });
}

/// A gateway with a clock of its own, whose reports take their time.
struct Gateway {
  SharedCount count;
  std::int64_t clock_ahead_ms = 0;
  /// What the table has answered and has not arrived yet.
  std::optional<SliceCounts> answer = {};
  /// Its request waits for it.
  bool waits = false;
};

RC_GTEST_PROP(SharedCountProperty, StaysWithinTheLeaseOfTheLimitWhateverHappens, ()) {
  const RateLimit limit{*rc::gen::inRange(1, 60), Milliseconds(*rc::gen::element(300, 1'000, 60'000))};
  const int lease_percent = *rc::gen::element(5, 10, 50);
  const Slices slices(limit.window);
  const std::int64_t lease = SharedCount::lease_of(limit, lease_percent);
  const auto size = *rc::gen::inRange<std::size_t>(1, 5);
  const bool may_lose = *rc::gen::arbitrary<bool>();
  std::vector<Gateway> gateways;
  for (std::size_t i = 0; i < size; ++i) {
    gateways.push_back(
        {SharedCount(limit, lease_percent), *rc::gen::inRange<std::int64_t>(0, slices.length_ms + 1)});
  }
  Table table;
  std::vector<LetIn> all;
  std::int64_t now = 0;
  bool has_lost = false;
  const auto steps = *rc::gen::inRange(1, 400);
  for (int step = 0; step < steps; ++step) {
    now += *rc::gen::weightedOneOf<std::int64_t>(
        {{8, rc::gen::element<std::int64_t>(0, 0, 1)},
         {2, rc::gen::inRange<std::int64_t>(0, slices.length_ms + 2)},
         {1, rc::gen::inRange<std::int64_t>(0, limit.window.count() + 3 * slices.length_ms)}});
    Gateway& gateway = gateways[*rc::gen::inRange<std::size_t>(0, size)];
    const WallTime its_now = at(now + gateway.clock_ahead_ms);
    const auto send = [&] { gateway.answer = table.apply(gateway.count.begin_report(its_now)); };
    const auto arrive = [&] {
      const bool again = gateway.count.end_report(*gateway.answer, its_now);
      gateway.answer.reset();
      if (again) send();
    };
    bool asked = false;
    const auto request = [&] {
      const Answer answer = gateway.count.take(its_now);
      if (answer == Answer::let_in) all.push_back({now, false});
      if (answer == Answer::refused && !has_lost) {
        // As far back as what counts may reach, by the clocks that differ most.
        const std::int64_t reach = limit.window.count() + 4 * slices.length_ms;
        RC_ASSERT(counted(all, now - reach, now, true) >=
                  limit.requests - static_cast<std::int64_t>(size - 1) * lease);
      }
      asked = answer == Answer::must_ask;
    };
    const int what = *rc::gen::inRange(0, 10);
    if (what < 6) {
      request();
      gateway.waits = gateway.waits || asked;
      if (!gateway.answer && (asked || gateway.count.should_report(its_now))) send();
    } else if (what < 9) {
      if (gateway.answer) arrive();
      if (std::exchange(gateway.waits, false)) {
        request();
        if (asked && !gateway.answer) send();
      }
    } else if (may_lose) {
      has_lost = true;
      if (gateway.answer) {
        gateway.count.fail_report();
        gateway.answer.reset();
      }
      gateway.count.take_alone(its_now);
      all.push_back({now, true});
    }
    const std::int64_t in_window = counted(all, now - limit.window.count(), now, true);
    const std::int64_t alone = in_window - counted(all, now - limit.window.count(), now, false);
    RC_ASSERT(in_window - alone < limit.requests + static_cast<std::int64_t>(size) * lease);
  }
}

}  // namespace skymarshal::limits::shared_count_test
