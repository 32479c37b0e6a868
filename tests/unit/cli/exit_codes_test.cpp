#include "cli/exit_codes.hpp"

#include "http/problem.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::exit_codes_test {

TEST(ExitCodes, ErrorCodeCountsBeforeStatus) {
  EXPECT_EQ(exit_code_of("INVALID_REQUEST", 400), ExitCode::usage);
  EXPECT_EQ(exit_code_of("UNAUTHORIZED", 401), ExitCode::not_allowed);
  EXPECT_EQ(exit_code_of("FORBIDDEN", 403), ExitCode::not_allowed);
  EXPECT_EQ(exit_code_of("OVERLOADED", 503), ExitCode::try_later);
  EXPECT_EQ(exit_code_of("RATE_LIMITED", 429), ExitCode::try_later);
  EXPECT_EQ(exit_code_of("TIMEOUT", 504), ExitCode::timed_out);
  EXPECT_EQ(exit_code_of("RUNTIME_ERROR", 502), ExitCode::failed);
  EXPECT_EQ(exit_code_of("SESSION_EXPIRED", 409), ExitCode::failed);
}

TEST(ExitCodes, ErrorsInsideAStreamHaveNoStatus) {
  EXPECT_EQ(exit_code_of("TIMEOUT", 0), ExitCode::timed_out);
  EXPECT_EQ(exit_code_of("RUNTIME_UNAVAILABLE", 0), ExitCode::try_later);
  EXPECT_EQ(exit_code_of("CONNECTION_FAILED", 0), ExitCode::failed);
  EXPECT_EQ(exit_code_of("CANCELLED", 0), ExitCode::failed);
  EXPECT_EQ(exit_code_of("INTERRUPTED", 0), ExitCode::failed);
}

TEST(ExitCodes, AnswersThatAreNotOursCountByStatus) {
  EXPECT_EQ(exit_code_of("", 400), ExitCode::usage);
  EXPECT_EQ(exit_code_of("", 401), ExitCode::not_allowed);
  EXPECT_EQ(exit_code_of("", 403), ExitCode::not_allowed);
  EXPECT_EQ(exit_code_of("", 404), ExitCode::failed);
  EXPECT_EQ(exit_code_of("", 429), ExitCode::try_later);
  EXPECT_EQ(exit_code_of("", 503), ExitCode::try_later);
  EXPECT_EQ(exit_code_of("", 504), ExitCode::timed_out);
  EXPECT_EQ(exit_code_of("", 200), ExitCode::failed);
}

TEST(ExitCodes, ErrorsOnOurSideTellConnectingFromWaiting) {
  EXPECT_EQ(exit_code_of(Errc::connection_failed), ExitCode::no_connection);
  EXPECT_EQ(exit_code_of(Errc::timeout), ExitCode::timed_out);
  EXPECT_EQ(exit_code_of(Errc::interrupted), ExitCode::failed);
}

TEST(ExitCodes, NoErrorOfTheGatewayLooksLikeSuccess) {
  for (int code = 0; code <= static_cast<int>(Errc::interrupted); ++code) {
    const auto errc = static_cast<Errc>(code);
    EXPECT_NE(exit_code_of(http::error_code(errc), http::http_status(errc)), ExitCode::done);
  }
}

}  // namespace skymarshal::cli::exit_codes_test
