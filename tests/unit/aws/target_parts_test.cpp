// How a target is cut for signing, and what is no target.
#include "aws/target_parts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::aws::target_parts_test {

TEST(SplitTarget, CutsAtTheFirstQuestionMark) {
  EXPECT_EQ(split_target("/a/b")->path, "/a/b");
  EXPECT_EQ(split_target("/a/b")->query, "");
  EXPECT_EQ(split_target("/a?")->query, "");
  EXPECT_EQ(split_target("/a?b=c?d")->path, "/a");
  EXPECT_EQ(split_target("/a?b=c?d")->query, "b=c?d");
}

TEST(SplitTarget, RefusesWhatIsNoOriginForm) {
  for (const std::string_view target :
       {"", "a", "*", "http://host/", "/a b", "/a\tb", "/a#b", "/?a#", "/\x7f"})
    EXPECT_EQ(split_target(target).error().kind, ErrorKind::malformed_request) << target;
  EXPECT_FALSE(split_target(std::string_view("/a\0", 3)));
  EXPECT_FALSE(split_target("/a\r\nhost:b"));
}

TEST(QueryParameters, KeepsTheirOrderAndDecodes) {
  const auto parameters = query_parameters("b=%2f&a=1&a=0&flag&=x&&c=d=e");
  ASSERT_TRUE(parameters);
  std::string seen;
  for (const auto& [name, value] : *parameters) seen += "[" + name + "|" + value + "]";
  EXPECT_EQ(seen, "[b|/][a|1][a|0][flag|][|x][|][c|d=e]");
}

TEST(QueryParameters, ReadsAPlusAsAPlus) { EXPECT_EQ(query_parameters("a+b=c+d")->front().value, "c+d"); }

TEST(QueryParameters, HasNoneInAnEmptyQuery) { EXPECT_TRUE(query_parameters("")->empty()); }

TEST(QueryParameters, RefusesBrokenEscapesInNameAndValue) {
  for (const std::string_view query : {"%", "a=%", "a=%4", "%4=a", "a=%zz", "a=%4g", "a=%g4", "a&b&c=%%"})
    EXPECT_EQ(query_parameters(query).error().kind, ErrorKind::malformed_request) << query;
}

}  // namespace skymarshal::aws::target_parts_test
