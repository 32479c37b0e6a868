#include "auth/bearer_token.hpp"

#include <gtest/gtest.h>

namespace skymarshal::auth {
namespace {

/// The token, or the reason in words.
std::string read(const http::Headers& headers) {
  const auto token = read_bearer_token(headers);
  if (const auto* const refusal = std::get_if<Refusal>(&token)) return std::string(to_text(refusal->reason));
  return std::string(std::get<std::string_view>(token));
}

std::string read(const std::string& value) { return read(http::Headers{{"authorization", value}}); }

TEST(BearerToken, IsTheTokenItself) {
  EXPECT_EQ(read("Bearer abc.DEF-_~+/9=="), "abc.DEF-_~+/9==");
  EXPECT_EQ(read("bEARER   x"), "x");
}

TEST(BearerToken, IsMissingWithoutTheField) {
  EXPECT_EQ(read(http::Headers{{"Host", "x"}}), "MISSING_CREDENTIALS");
}

TEST(BearerToken, IsNoTokenOtherwise) {
  for (const char* value : {"", "Bearer", "Bearer ", "Bearer\tx", "Bearerx", "Basic eA==", "Bearer a b",
                            "Bearer a,b", "Bearer a=b", "Bearer =", "Bearer a\x01", "Bearer \xC3\xA4",
                            "Bearer a ", "AWS4-HMAC-SHA256 Credential=x"}) {
    EXPECT_EQ(read(value), "MALFORMED_AUTHORIZATION") << value;
  }
}

TEST(BearerToken, IsOneOnly) {
  const http::Headers twice{{"Authorization", "Bearer a"}, {"AUTHORIZATION", "Bearer a"}};
  EXPECT_EQ(read(twice), "MALFORMED_AUTHORIZATION");
}

}  // namespace
}  // namespace skymarshal::auth
