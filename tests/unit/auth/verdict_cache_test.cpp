#include "auth/sts_authenticator.hpp"
#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace skymarshal::auth::verdict_cache_test {

Verdict identity(const std::string& id) { return Identity{{id}, "AKIA", nullptr}; }
std::string id_of(const std::optional<Verdict>& verdict) {
  return verdict ? std::get<Identity>(*verdict).principal.id : "(none)";
}

class VerdictCacheTest : public testing::Test {
 protected:
  void put(const std::string& key, Milliseconds life = Milliseconds(100)) {
    cache_.put(sha256(key), identity(key), clock_.steady_now() + life);
  }
  std::string find(const std::string& key) { return id_of(cache_.find(sha256(key), clock_.steady_now())); }

  test::ManualClock clock_;
  VerdictCache cache_{3};
};

TEST_F(VerdictCacheTest, GivesWhatItWasGivenUntilItsTimeIsOver) {
  put("a");
  EXPECT_EQ(find("a"), "a");
  EXPECT_EQ(find("b"), "(none)");
  clock_.advance(Milliseconds(99));
  EXPECT_EQ(find("a"), "a");
  clock_.advance(Milliseconds(1));
  EXPECT_EQ(find("a"), "(none)");
  EXPECT_EQ(cache_.size(), 0U);
}

TEST_F(VerdictCacheTest, TheOldestGoWhenItIsFull) {
  for (const char* key : {"a", "b", "c", "d"}) put(key);
  EXPECT_EQ(cache_.size(), 3U);
  EXPECT_EQ(find("a"), "(none)");
  for (const char* key : {"b", "c", "d"}) EXPECT_EQ(find(key), key);
}

TEST_F(VerdictCacheTest, ALaterVerdictReplacesTheEarlierOneAndIsYoung) {
  for (const char* key : {"a", "b", "c"}) put(key);
  put("a", Milliseconds(500));
  EXPECT_EQ(cache_.size(), 3U);
  put("d");
  EXPECT_EQ(find("b"), "(none)");
  clock_.advance(Milliseconds(200));
  EXPECT_EQ(find("a"), "a");
}

TEST_F(VerdictCacheTest, ASizeOfNothingHoldsNothing) {
  VerdictCache none(0);
  none.put(sha256("a"), identity("a"), clock_.steady_now() + Milliseconds(100));
  EXPECT_EQ(none.size(), 0U);
}

}  // namespace skymarshal::auth::verdict_cache_test
