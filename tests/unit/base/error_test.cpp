// The error type and what happens to an error that nobody looked at.
#include "base/error.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace skymarshal::error_test {

Result<int> half(int number) {
  if (number % 2 != 0) return make_error(Errc::invalid_request, "give an even number", R"({"number":1})");
  return number / 2;
}

TEST(Result, HoldsAValueOrAnError) {
  ASSERT_TRUE(half(4).has_value());
  EXPECT_EQ(*half(4), 2);
  const Result<int> failed = half(3);
  ASSERT_TRUE(failed.has_error());
  EXPECT_EQ(failed.error().code, Errc::invalid_request);
  EXPECT_EQ(failed.error().message, "give an even number");
  EXPECT_EQ(failed.error().details, R"({"number":1})");
  EXPECT_EQ(failed.error().retry_after, std::nullopt);
}

TEST(Result, ThrowsALogicErrorWhereAnErrorIsTakenForAValue) {
  try {
    (void)half(3).value();
    FAIL() << "it gave a value";
  } catch (const std::logic_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("give an even number"), std::string_view::npos);
  }
}

TEST(MakeError, HasNoDetailsUnlessGiven) {
  const Error error = make_error(Errc::timeout, "it took too long");
  EXPECT_EQ(error.code, Errc::timeout);
  EXPECT_TRUE(error.details.empty());
  EXPECT_FALSE(error.retry_after);
}

TEST(Error, IsAnInternalErrorByDefault) { EXPECT_EQ(Error().code, Errc::internal); }

}  // namespace skymarshal::error_test
