#include "auth/authenticator.hpp"

#include <set>

#include <gtest/gtest.h>

namespace skymarshal::auth::authenticator_test {

TEST(Authenticator, EveryReasonHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(Reason::identity_unavailable); ++i) {
    const std::string_view word = to_text(static_cast<Reason>(i));
    EXPECT_FALSE(word.empty());
    EXPECT_TRUE(words.insert(word).second) << word;
  }
  EXPECT_EQ(to_text(Reason::unknown_access_key), "UNKNOWN_ACCESS_KEY");
}

/// The token, or the reason in words.
std::string bearer_of(const http::Headers& headers) {
  const auto token = read_bearer_token(headers);
  if (const auto* const refusal = std::get_if<Refusal>(&token)) return std::string(to_text(refusal->reason));
  return std::string(std::get<std::string_view>(token));
}

std::string bearer_of(const std::string& value) { return bearer_of(http::Headers{{"authorization", value}}); }

TEST(BearerToken, IsTheTokenItself) {
  EXPECT_EQ(bearer_of("Bearer abc.DEF-_~+/9=="), "abc.DEF-_~+/9==");
  EXPECT_EQ(bearer_of("bEARER   x"), "x");
}

TEST(BearerToken, IsMissingWithoutTheField) {
  EXPECT_EQ(bearer_of(http::Headers{{"Host", "x"}}), "MISSING_CREDENTIALS");
}

TEST(BearerToken, IsNoTokenOtherwise) {
  for (const char* value : {"", "Bearer", "Bearer ", "Bearer\tx", "Bearerx", "Basic eA==", "Bearer a b",
                            "Bearer a,b", "Bearer a=b", "Bearer =", "Bearer a\x01", "Bearer \xC3\xA4",
                            "Bearer a ", "AWS4-HMAC-SHA256 Credential=x"}) {
    EXPECT_EQ(bearer_of(value), "MALFORMED_AUTHORIZATION") << value;
  }
}

TEST(BearerToken, IsOneOnly) {
  const http::Headers twice{{"Authorization", "Bearer a"}, {"AUTHORIZATION", "Bearer a"}};
  EXPECT_EQ(bearer_of(twice), "MALFORMED_AUTHORIZATION");
}

}  // namespace skymarshal::auth::authenticator_test
