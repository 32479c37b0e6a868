#include "gateway/preferences.hpp"

#include <gtest/gtest.h>

namespace skymarshal::gateway::preferences_test {

using namespace std::chrono_literals;

Preferences read(std::initializer_list<const char*> fields) {
  http::Headers headers;
  for (const char* const field : fields) headers.add("Prefer", field);
  return read_preferences(headers);
}

TEST(Preferences, ReadsWhatItKnows) {
  EXPECT_FALSE(read({}).respond_async);
  EXPECT_FALSE(read({}).wait);
  EXPECT_TRUE(read({"respond-async"}).respond_async);
  EXPECT_TRUE(read({"Respond-Async"}).respond_async);
  EXPECT_TRUE(read({R"(respond-async="")"}).respond_async) << "RFC 7240 section 2: an empty value is none";
  EXPECT_EQ(read({"wait=10"}).wait, 10s);
  EXPECT_EQ(read({"wait=\"10\""}).wait, 10s);
  const Preferences both = read({"respond-async, wait=0", "return=minimal"});
  EXPECT_TRUE(both.respond_async);
  EXPECT_EQ(both.wait, 0s);
  EXPECT_EQ(read({"foo; wait=3, WAIT = 7"}).wait, 7s) << "a parameter of another preference is none";
}

TEST(Preferences, PassesOverWhatItDoesNotUnderstand) {
  for (const char* const odd :
       {"wait", "wait=", "wait=-1", "wait=soon", "wait=1.5", "", ",,;=", "handling=lenient",
        "\"respond-async\"", "foo;respond-async", "respond-async=no"}) {
    const Preferences preferences = read({odd});
    EXPECT_FALSE(preferences.respond_async) << odd;
    EXPECT_FALSE(preferences.wait) << odd;
  }
}

TEST(Preferences, TheFirstOfTwoCounts) { EXPECT_EQ(read({"wait=1", "wait=2, wait=3"}).wait, 1s); }

TEST(Preferences, NobodyWaitsForEver) { EXPECT_EQ(read({"wait=99999999999999999999999"}).wait, 24h); }

}  // namespace skymarshal::gateway::preferences_test
