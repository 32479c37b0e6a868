#include "store/known_sessions.hpp"

#include "support/store_samples.hpp"

#include <gtest/gtest.h>

namespace skymarshal::test::known_sessions_test {

using invocations::Session;
using store::KnownSessions;

WallTime at(std::int64_t ms) { return from_unix_ms(ms); }

TEST(KnownSessions, KnowTheOwnerAndTheLastActivity) {
  KnownSessions known(10);
  const auto id = fresh_id<SessionId>();
  EXPECT_FALSE(known.find(id));
  known.note(Session{id, {"alice"}, at(1'000), at(2'000), 3, false});
  known.note_activity(id, {"alice"}, at(5'000));
  known.note_activity(id, {"alice"}, at(4'000));
  const auto found = known.find(id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->owner.id, "alice");
  EXPECT_EQ(unix_ms(found->created_at), 1'000);
  EXPECT_EQ(unix_ms(found->last_activity_at), 5'000);
  EXPECT_EQ(found->interaction_count, 5);
}

TEST(KnownSessions, LearnASessionFromItsFirstInteraction) {
  KnownSessions known(10);
  const auto id = fresh_id<SessionId>();
  known.note_activity(id, {"alice"}, at(1'000));
  ASSERT_TRUE(known.find(id));
  EXPECT_EQ(known.find(id)->interaction_count, 1);
}

TEST(KnownSessions, ForgetWhatIsErased) {
  KnownSessions known(10);
  const auto id = fresh_id<SessionId>();
  known.note_activity(id, {"alice"}, at(1'000));
  known.forget(id);
  known.forget(id);
  EXPECT_FALSE(known.find(id));
}

TEST(KnownSessions, ForgetTheOneNotUsedForLongest) {
  KnownSessions known(2);
  const auto first = fresh_id<SessionId>();
  const auto second = fresh_id<SessionId>();
  const auto third = fresh_id<SessionId>();
  known.note_activity(first, {"alice"}, at(1'000));
  known.note_activity(second, {"alice"}, at(1'000));
  known.note_activity(first, {"alice"}, at(2'000));
  known.note_activity(third, {"alice"}, at(3'000));
  EXPECT_TRUE(known.find(first));
  EXPECT_FALSE(known.find(second));
  EXPECT_TRUE(known.find(third));
}

}  // namespace skymarshal::test::known_sessions_test
