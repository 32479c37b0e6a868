// Routes: whole segments, parameters, and the methods a path knows.
#include "http/router.hpp"

#include "http/url.hpp"

#include <gtest/gtest.h>

namespace skymarshal::http::router_test {

using List = std::vector<std::string>;

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    router_.add("POST", "/api/v1/sessions", 1);
    router_.add("GET", "/api/v1/sessions", 2);
    router_.add("GET", "/api/v1/sessions/{session_id}", 3);
    router_.add("DELETE", "/api/v1/sessions/{session_id}", 4);
    router_.add("GET", "/api/v1/{kind}/{id}/events", 5);
    router_.add("GET", "/", 6);
  }

  Router<int>::Match find(std::string_view method, std::string_view target) const {
    return router_.find(method, parse_target(target)->segments);
  }

  Router<int> router_;
};

TEST_F(RouterTest, FindsTheHandlerOfMethodAndPath) {
  EXPECT_EQ(*find("POST", "/api/v1/sessions").handler, 1);
  EXPECT_EQ(*find("GET", "/api/v1/sessions?limit=1").handler, 2);
  EXPECT_EQ(*find("GET", "/").handler, 6);
}

TEST_F(RouterTest, TakesParametersInTheirOrder) {
  const auto one = find("DELETE", "/api/v1/sessions/abc");
  EXPECT_EQ(*one.handler, 4);
  EXPECT_EQ(one.parameters, List{"abc"});
  const auto two = find("GET", "/api/v1/invocations/7/events");
  EXPECT_EQ(*two.handler, 5);
  EXPECT_EQ(two.parameters, (List{"invocations", "7"}));
}

TEST_F(RouterTest, GivesADecodedSlashAsPartOfTheParameter) {
  EXPECT_EQ(find("GET", "/api/v1/sessions/a%2Fb").parameters, List{"a/b"});
}

TEST_F(RouterTest, NamesTheMethodsOfAPathWithAnotherMethod) {
  const auto match = find("PUT", "/api/v1/sessions");
  EXPECT_EQ(match.handler, nullptr);
  EXPECT_EQ(match.allowed, (List{"POST", "GET"}));
  EXPECT_TRUE(match.parameters.empty());
}

TEST_F(RouterTest, KnowsNoOtherPath) {
  for (const std::string_view target :
       {"/api", "/api/v1", "/api/v1/sessions/", "/api/v1/sessions/a/b", "/API/v1/sessions",
        "/api/v1/sessions/a/events/x", "//api/v1/sessions", "/api/v1/x//events"}) {
    const auto match = find("GET", target);
    EXPECT_EQ(match.handler, nullptr) << target;
    EXPECT_TRUE(match.allowed.empty()) << target;
  }
}

TEST_F(RouterTest, TellsMethodsByLetterCase) { EXPECT_EQ(find("get", "/").handler, nullptr); }

TEST(Router, PrefersTheRouteThatWasAddedFirst) {
  Router<int> router;
  router.add("GET", "/a/{x}", 1);
  router.add("GET", "/a/b", 2);
  EXPECT_EQ(*router.find("GET", {"a", "b"}).handler, 1);
}

}  // namespace skymarshal::http::router_test
