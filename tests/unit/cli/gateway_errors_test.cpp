#include "cli/gateway_errors.hpp"

#include <gtest/gtest.h>

namespace skymarshal::cli::gateway_errors_test {

http::Response refusal(unsigned status, std::string body) {
  return {status, {{"X-Request-Id", "r-1"}, {"Retry-After", "5"}}, std::move(body)};
}

TEST(GatewayErrors, ReadsTheErrorBodyOfTheApi) {
  const GatewayError error = read_gateway_error(refusal(
      503, R"({"status":"error","error_code":"OVERLOADED","error_message":"too much","details":{"a":1}})"));
  EXPECT_EQ(error.error_code, "OVERLOADED");
  EXPECT_EQ(error.message, "too much");
  EXPECT_EQ(error.details, R"({"a":1})");
  EXPECT_EQ(error.request_id, "r-1");
  EXPECT_EQ(error_text(error), "OVERLOADED: too much\nTry again in 5 s.\n(request r-1)");
  EXPECT_EQ(exit_code_of(error), ExitCode::try_later);
}

TEST(GatewayErrors, NamesEachWrongField) {
  GatewayError error;
  error.error_code = "INVALID_REQUEST";
  error.message = "two fields are wrong";
  error.details =
      R"({"errors":[{"field":"prompt","message":"is too short"},{"field":"x","message":"is unknown"}]})";
  EXPECT_EQ(error_text(error),
            "INVALID_REQUEST: two fields are wrong\n  prompt: is too short\n  x: is unknown");
}

TEST(GatewayErrors, SaysWhatToDo) {
  GatewayError error;
  error.error_code = "SESSION_EXPIRED";
  error.message = "the session is too old";
  EXPECT_NE(error_text(error).find("Leave --session out"), std::string::npos);
}

TEST(GatewayErrors, TellsWhoIsNotLetInWhatToDo) {
  for (const auto& [reason, hint] : std::initializer_list<std::pair<const char*, const char*>>{
           {"MISSING_CREDENTIALS", "--profile"},
           {"SIGNATURE_MISMATCH", "skymarshal keys list"},
           {"REQUEST_EXPIRED", "clock"},
           {"MALFORMED_AUTHORIZATION", "--bearer-token-file"},
           {"INVALID_TOKEN", "new token"}}) {
    GatewayError error{401, "UNAUTHORIZED", "no", "", std::string(R"({"reason":")") + reason + R"("})", ""};
    EXPECT_NE(error_text(error).find(hint), std::string::npos) << error_text(error);
    EXPECT_TRUE(error_text(error, "signed with AKIA").ends_with("\n(signed with AKIA)"));
    EXPECT_EQ(exit_code_of(error), ExitCode::not_allowed);
  }
  const GatewayError forbidden{403, "FORBIDDEN", "no", "", "", ""};
  EXPECT_NE(error_text(forbidden, "signed with AKIA").find("(signed with AKIA)"), std::string::npos);
  const GatewayError limited{429, "RATE_LIMITED", "too many", "", "", "7"};
  EXPECT_EQ(error_text(limited, "signed with AKIA"), "RATE_LIMITED: too many\nTry again in 7 s.");
  EXPECT_EQ(exit_code_of(limited), ExitCode::try_later);
  EXPECT_EQ(exit_code_of(GatewayError{503, "IDENTITY_UNAVAILABLE", "", "", "", ""}), ExitCode::try_later);
}

TEST(GatewayErrors, AnswersThatAreNotOursPointToTheEndpoint) {
  for (const char* body : {"<html>Bad gateway</html>", "", "[]", R"({"message":"Forbidden"})"}) {
    const GatewayError error = read_gateway_error({403, {}, body});
    EXPECT_EQ(error.error_code, "");
    EXPECT_EQ(error_text(error),
              "the endpoint answered HTTP 403 Forbidden, which no SkyMarshal gateway says: see --endpoint");
    EXPECT_EQ(exit_code_of(error), ExitCode::not_allowed);
  }
}

TEST(GatewayErrors, WhatAGatewaySaysStaysOnItsLine) {
  GatewayError error;
  error.error_code = "RUNTIME_ERROR";
  error.message = "boom\x1b[2J\nroot#";
  EXPECT_EQ(error_text(error), "RUNTIME_ERROR: boom [2J root#");
}

TEST(GatewayErrors, WritesTheErrorBodyOfTheApi) {
  GatewayError error;
  error.error_code = "TIMEOUT";
  error.message = "too \"slow\"";
  error.request_id = "r-1";
  EXPECT_EQ(error_json(error, "2026-01-31T09:05:00.123Z"),
            R"({"status":"error","request_id":"r-1","error_code":"TIMEOUT","error_message":"too \"slow\"",)"
            R"("timestamp":"2026-01-31T09:05:00.123Z"})");
}

}  // namespace skymarshal::cli::gateway_errors_test
