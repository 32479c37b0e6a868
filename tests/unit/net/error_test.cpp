#include "net/error.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace skymarshal::net::error_test {

TEST(NetError, AnErrorThatNobodyLookedAtIsABug) {
  const Result<int> failed = Error{ErrorKind::unreachable, "nobody there"};
  try {
    EXPECT_EQ(failed.value(), 0);
    FAIL() << "it has no value";
  } catch (const std::logic_error& bug) {
    EXPECT_NE(std::string(bug.what()).find("nobody there"), std::string::npos) << bug.what();
  }
}

}  // namespace skymarshal::net::error_test
