#include "gateway/query_parameters.hpp"

#include "support/json_text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::query_parameters_test {

http::Target target(const std::string& query) { return http::parse_target("/path?" + query).value(); }

TEST(QueryParameters, RefusesWhatTheRouteDoesNotKnow) {
  EXPECT_TRUE(expect_parameters(target("a=1&X-Amz-Date=1"), {"a", "b"})) << "who calls is said there too";
  const auto unknown = expect_parameters(target("c=1"), {"a", "b"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "c is not a parameter of this request");
  EXPECT_EQ(test::value_at(unknown.error().details, {"errors"}),
            R"([{"field":"c","message":"c is not a parameter of this request"}])");
  EXPECT_FALSE(expect_parameters(target("a=1&a=1"), {"a"}));
}

TEST(QueryParameters, APageHasLimits) {
  EXPECT_EQ(read_page(target(""))->limit, 50U);
  EXPECT_EQ(read_page(target("limit=500&cursor=c"))->limit, 500U);
  EXPECT_EQ(read_page(target("limit=500&cursor=c"))->cursor, "c");
  for (const char* const odd : {"limit=0", "limit=501", "limit=-1", "limit=x", "limit="})
    EXPECT_FALSE(read_page(target(odd))) << odd;
}

TEST(QueryParameters, TheLastPageHasNoNext) {
  for (const auto& [cursor, shown] : {std::pair("", "null"), std::pair("c", "\"c\"")}) {
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    write_next_cursor(json, cursor);
    json.end_object();
    EXPECT_EQ(test::value_at(body, {"next_cursor"}), shown);
  }
}

}  // namespace skymarshal::gateway::query_parameters_test
