// What the stores over DynamoDB share.
#include "dynamodb/table_access.hpp"

#include "support/captured_output.hpp"
#include "support/manual_clock.hpp"

#include <set>

#include <gtest/gtest.h>

namespace skymarshal::dynamodb::table_access_test {

using namespace std::chrono_literals;

TEST(TableAccessTest, KeepsThingsAsLongAsTheyCount) {
  test::ManualClock clock;
  SystemRandom random;
  Logger log{{LogLevel::off}, clock};
  const TableAccess access({}, nullptr, clock, random, log);
  const std::int64_t now_s = unix_ms(clock.wall_now()) / 1000;
  EXPECT_EQ(access.session_ttl(clock.wall_now()), now_s + 30 * 86'400);
  EXPECT_EQ(access.content_ttl(clock.wall_now()), now_s + 60 * 86'400);
  EXPECT_GE(access.journal_ttl(clock.wall_now()), now_s + 2 * 86'400) << "until a day after its end";
  EXPECT_EQ(access.session_ttl(clock.wall_now() + 1ms), now_s + 30 * 86'400 + 1) << "never too early";
}

TEST(TableAccessTest, NeverSaysAWordTwice) {
  test::ManualClock clock;
  SystemRandom random;
  Logger log{{LogLevel::off}, clock};
  const TableAccess access({}, nullptr, clock, random, log);
  std::set<std::string> words;
  for (int i = 0; i < 100; ++i) words.insert(access.fresh_word());
  EXPECT_EQ(words.size(), 100U);
}

TEST(TableAccessTest, SaysWhatFailedAndSeldom) {
  test::ManualClock clock;
  SystemRandom random;
  const auto run = [&] {
    Logger log{{LogLevel::info}, clock};
    const TableAccess access({}, nullptr, clock, random, log);
    for (int i = 0; i < 5; ++i) {
      const skymarshal::Error error = access.failed({ErrorKind::unavailable, "PutItem: 500"});
      EXPECT_EQ(error.code, Errc::store_unavailable);
      EXPECT_EQ(error.message.find("PutItem"), std::string::npos) << "callers need not know";
    }
    clock.advance(10s);
    EXPECT_EQ(access.lost_races().code, Errc::store_unavailable);
    EXPECT_EQ(access.failed({ErrorKind::refused, "no permission"}).code, Errc::store_unavailable)
        << "it may be given";
  };
  const std::string said = test::captured(run).error;
  EXPECT_NE(said.find(R"("error_message":"PutItem: 500","not_told_since":0)"), std::string::npos) << said;
  EXPECT_NE(said.find(R"(too many writers want the same item at once","not_told_since":4)"),
            std::string::npos)
      << said;
  EXPECT_EQ(std::ranges::count(said, '\n'), 2);
}

TEST(TableAccessTest, SaysEachTimeWhatNoRepeatMends) {
  test::ManualClock clock;
  SystemRandom random;
  const auto run = [&] {
    Logger log{{LogLevel::info}, clock};
    const TableAccess access({}, nullptr, clock, random, log);
    for (int i = 0; i < 2; ++i) {
      const skymarshal::Error error = access.failed({ErrorKind::invalid, "PutItem: 400 too large"});
      EXPECT_EQ(error.code, Errc::store_refused);
      EXPECT_EQ(error.message.find("PutItem"), std::string::npos) << "callers need not know";
    }
    EXPECT_EQ(access.not_ours("a claim").code, Errc::store_refused);
  };
  const std::string said = test::captured(run).error;
  EXPECT_NE(said.find("PutItem: 400 too large"), std::string::npos) << said;
  EXPECT_NE(said.find("a claim in the table is not as this program writes it"), std::string::npos) << said;
  EXPECT_EQ(std::ranges::count(said, '\n'), 3);
}

}  // namespace skymarshal::dynamodb::table_access_test
