#include "base/result.hpp"

#include "base/error.hpp"
#include "support/run_awaitable.hpp"

#include <optional>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <gtest/gtest.h>

namespace skymarshal::result_test {

Result<bool> refused() { return make_error(Errc::timeout, "too late"); }

boost::asio::awaitable<Result<bool>> returned(Result<bool> given) {
  const Result<bool> kept = std::move(given);
  co_return kept;
}

TEST(Result, OfABoolIsWhatItIsHoweverItIsCopied) {
  for (const bool value : {false, true}) {
    Result<bool> held = value;
    const Result<bool> fixed = value;
    EXPECT_EQ(Result<bool>(held).value(), value);
    EXPECT_EQ(Result<bool>(fixed).value(), value);
    // NOLINTNEXTLINE(performance-move-const-arg): a const value is moved from by mistake, too.
    EXPECT_EQ(Result<bool>(std::move(fixed)).value(), value);
    EXPECT_EQ(std::optional<Result<bool>>(held)->value(), value);
    const auto captured = [held] { return held; };
    EXPECT_EQ(captured().value(), value);
    EXPECT_EQ(test::run_awaitable(returned(held)).value(), value);
  }
}

TEST(Result, OfABoolIsAnErrorHoweverItIsCopied) {
  Result<bool> held = refused();
  const Result<bool> fixed = refused();
  EXPECT_EQ(Result<bool>(held).error().code, Errc::timeout);
  EXPECT_EQ(Result<bool>(fixed).error().code, Errc::timeout);
  EXPECT_EQ(std::optional<Result<bool>>(held)->error().code, Errc::timeout);
  const auto captured = [held] { return held; };
  EXPECT_EQ(captured().error().code, Errc::timeout);
  EXPECT_EQ(test::run_awaitable(returned(held)).error().code, Errc::timeout);
}

}  // namespace skymarshal::result_test
