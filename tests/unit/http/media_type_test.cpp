#include "http/media_type.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skymarshal::http::media_type_test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MediaType, SplitsOutsideOfQuotedStrings) {
  EXPECT_THAT(split_unquoted(R"(a; b="x;\"y;" ;c)", ';'), ElementsAre("a", R"(b="x;\"y;")", "c"));
  EXPECT_THAT(split_unquoted("", ';'), ElementsAre(""));
}

TEST(MediaType, ReadsAParameterAsTokenOrQuotedString) {
  const auto token = read_parameter("charset=utf-8");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->name, "charset");
  EXPECT_EQ(token->value, "utf-8");
  EXPECT_EQ(read_parameter(R"(charset="utf\-8")")->value, "utf-8");
  for (const char* const text :
       {"charset", "=utf-8", "charset=", "charset=\"utf-8", "char set=x", R"(a="b"c")"}) {
    EXPECT_FALSE(read_parameter(text)) << text;
  }
}

TEST(MediaType, ReadsWeightsInThousandths) {
  const auto ranges = read_accept("a/b;q=0.5, c/d, e/f;q=0, g/h;q=0.001, i/j;q=1.000");
  ASSERT_EQ(ranges.size(), 5U);
  EXPECT_EQ(ranges[0].weight, 500);
  EXPECT_EQ(ranges[1].weight, 1'000);
  EXPECT_EQ(ranges[2].weight, 0);
  EXPECT_EQ(ranges[3].weight, 1);
  EXPECT_EQ(ranges[4].weight, 1'000);
}

TEST(MediaType, LeavesOutWhatHasNoReadableWeight) {
  EXPECT_THAT(read_accept("a/b;q=2, a/b;q=-1, a/b;q=, a/b;q=0.0001, a/b;q=x"), IsEmpty());
}

TEST(MediaType, TheMostSpecificRangeDecides) {
  const auto ranges = read_accept("*/*;q=0.1, text/*;q=0.5, text/event-stream;q=0.9");
  EXPECT_EQ(weight_of("text/event-stream", ranges), 900);
  EXPECT_EQ(weight_of("text/plain", ranges), 500);
  EXPECT_EQ(weight_of("application/json", ranges), 100);
  EXPECT_EQ(weight_of("TEXT/PLAIN", ranges), 500);
  EXPECT_EQ(weight_of("application/json", read_accept("text/*")), 0);
}

}  // namespace skymarshal::http::media_type_test
