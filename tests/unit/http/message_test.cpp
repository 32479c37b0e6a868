// HTTP messages as values.
#include "http/message.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace skymarshal::http::message_test {

TEST(EqualIgnoringCase, FoldsAsciiLettersOnly) {
  EXPECT_TRUE(equal_ignoring_case("Content-Type", "content-TYPE"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("a", "ab"));
  EXPECT_FALSE(equal_ignoring_case("a", "b"));
  // '[' and '{' are 0x20 apart, like letters of two cases; so are these bytes of Latin-1.
  EXPECT_FALSE(equal_ignoring_case("[", "{"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));
  EXPECT_FALSE(equal_ignoring_case("\xC9", "\xE9"));
}

TEST(Headers, FindsTheFirstFieldInAnyLetterCase) {
  Headers headers{{"Accept", "a"}, {"X-One", "1"}};
  headers.add("ACCEPT", "b");
  EXPECT_EQ(headers.find("accept"), "a");
  EXPECT_EQ(headers.find("x-ONE"), "1");
  EXPECT_EQ(headers.find("x-two"), std::nullopt);
  EXPECT_EQ(headers.size(), 3u);
}

TEST(Headers, CombinesFieldsOfOneNameInOrder) {
  const Headers headers{{"Accept", "a"}, {"Other", "x"}, {"accept", "b, c"}, {"ACCEPT", ""}};
  EXPECT_EQ(headers.combined("Accept"), "a, b, c, ");
  EXPECT_EQ(headers.combined("Other"), "x");
  EXPECT_EQ(headers.combined("None"), std::nullopt);
}

TEST(Headers, ReplacesEveryFieldOfThatName) {
  Headers headers{{"Vary", "a"}, {"Other", "x"}, {"vary", "b"}};
  headers.set("VARY", "c");
  EXPECT_EQ(headers.combined("vary"), "c");
  EXPECT_EQ(headers.size(), 2u);
  headers.set("New", "n");
  EXPECT_EQ(headers.find("new"), "n");
}

TEST(Headers, RemovesEveryFieldOfThatName) {
  Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
  headers.remove("A");
  EXPECT_EQ(headers.find("a"), std::nullopt);
  EXPECT_EQ(headers.size(), 1u);
}

TEST(Headers, KeepsTheOrderOfFields) {
  const Headers headers{{"C", "1"}, {"A", "2"}, {"B", "3"}};
  std::string names;
  for (const Header& header : headers) names += header.name;
  EXPECT_EQ(names, "CAB");
}

TEST(ReasonPhrase, KnowsEveryStatusWeSend) {
  for (const unsigned status : {200u, 201u, 202u, 204u, 400u, 401u, 403u, 404u, 405u, 408u, 409u,
                                413u, 414u, 415u, 422u, 429u, 431u, 500u, 502u, 503u, 504u}) {
    EXPECT_NE(reason_phrase(status), "Unknown") << status;
  }
  EXPECT_EQ(reason_phrase(413), "Content Too Large");
  EXPECT_EQ(reason_phrase(299), "Unknown");
}

}  // namespace skymarshal::http::message_test
