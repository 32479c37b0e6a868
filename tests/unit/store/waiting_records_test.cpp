// Which of the records that wait may be given to the store, and what is left of them after a restart.
#include "store/waiting_records.hpp"

#include "store/outbox_record.hpp"
#include "support/store_samples.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::test::waiting_records_test {

using store::OutboxFile;
using store::WaitingRecords;
using Number = WaitingRecords::Number;
using Name = WaitingRecords::Name;

class WaitingRecordsTest : public testing::Test {
 protected:
  WaitingRecords open() { return WaitingRecords::open(OutboxFile::open(path_).value()).value(); }

  /// One of that session.
  Name append(WaitingRecords& records, const SessionId& session) {
    const auto interaction = sample_interaction(session, {"alice"}, WallTime());
    const Name name{interaction.request_id, session};
    EXPECT_TRUE(records.append({store::encode_record(interaction)}, {name}));
    return name;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.file("outbox");
  const SessionId a_ = fresh_id<SessionId>(), b_ = fresh_id<SessionId>();
};

TEST_F(WaitingRecordsTest, BeginOneOfASessionAtATime) {
  WaitingRecords records = open();
  EXPECT_EQ(records.begin_next(), std::nullopt);
  append(records, a_);
  append(records, a_);
  const Name of_b = append(records, b_);
  const auto first = records.begin_next(), second = records.begin_next();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*second, records.find(of_b.request_id)) << "it passes by one that must wait";
  EXPECT_EQ(records.begin_next(), std::nullopt);
  ASSERT_TRUE(records.take(*second));
  EXPECT_FALSE(records.any_of(b_));
  EXPECT_EQ(records.begin_next(), std::nullopt);
  records.give_back(*first);
  EXPECT_EQ(records.begin_next(), first) << "nor does the second one pass the first that failed";
  ASSERT_TRUE(records.take(*first));
  EXPECT_FALSE(records.any_before(*first + 1));
  EXPECT_TRUE(records.any_of(a_));
  EXPECT_EQ(records.begin_next(), *first + 1);
}

TEST_F(WaitingRecordsTest, OneThatNobodyCanReadHoldsNothingUp) {
  ASSERT_TRUE(OutboxFile::open(path_)->append(std::vector<std::string>{"of a newer version"}));
  WaitingRecords records = open();
  append(records, a_);
  const auto unreadable = records.begin_next();
  ASSERT_TRUE(unreadable);
  EXPECT_EQ(records.record(*unreadable).value(), "of a newer version");
  EXPECT_TRUE(records.begin_next());
  EXPECT_TRUE(records.take(*unreadable));
  EXPECT_EQ(records.size(), 1U);
}

/// Whatever comes, begins, fails and is taken: of each session the oldest alone is under way, and a restart
/// finds what was not taken, in its order.
RC_GTEST_FIXTURE_PROP(WaitingRecordsTest, KeepTheOrderOfEachSession, ()) {
  std::filesystem::remove(path_);
  std::vector<SessionId> sessions;
  for (int i = 0; i < 3; ++i) sessions.push_back(fresh_id<SessionId>());
  std::map<Number, Name> waiting;
  {
    WaitingRecords records = open();
    std::set<Number> under_way;
    for (const int step : *rc::gen::container<std::vector<int>>(60, rc::gen::inRange(0, 12))) {
      if (step < 3) {
        const Number number = records.end();
        waiting.emplace(number, append(records, sessions[static_cast<std::size_t>(step)]));
      } else if (step < 7) {
        const auto begun = records.begin_next();
        std::set<SessionId> before;
        std::optional<Number> expected;
        for (const auto& [number, name] : waiting) {
          if (!expected && !under_way.contains(number) && !before.contains(name.session_id))
            expected = number;
          before.insert(name.session_id);
        }
        RC_ASSERT(begun == expected);
        if (begun) under_way.insert(*begun);
      } else if (!under_way.empty()) {
        const Number number =
            *std::next(under_way.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(under_way)));
        under_way.erase(number);
        if (step < 9) {
          records.give_back(number);
        } else {
          RC_ASSERT(records.take(number).has_value());
          waiting.erase(number);
        }
      }
      RC_ASSERT(records.size() == waiting.size());
      for (const SessionId& session : sessions) {
        const bool any =
            std::ranges::any_of(waiting, [&](const auto& one) { return one.second.session_id == session; });
        RC_ASSERT(records.any_of(session) == any);
      }
    }
  }
  WaitingRecords again = open();
  RC_ASSERT(again.size() == waiting.size());
  for (Number number = 0; const auto& [old_number, name] : waiting) {
    RC_ASSERT(again.find(name.request_id) == number++);
  }
}

}  // namespace skymarshal::test::waiting_records_test
