#include "auth/authenticator.hpp"

#include <set>

#include <gtest/gtest.h>

namespace skymarshal::auth {
namespace {

TEST(Authenticator, EveryReasonHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Reason::identity_unavailable); ++i) {
    const std::string_view word = to_text(static_cast<Reason>(i));
    EXPECT_FALSE(word.empty());
    EXPECT_TRUE(words.insert(word).second) << word;
  }
  EXPECT_EQ(to_text(Reason::unknown_access_key), "UNKNOWN_ACCESS_KEY");
}

}  // namespace
}  // namespace skymarshal::auth
