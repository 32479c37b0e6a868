// The table from what went wrong to what HTTP says, row by row against the specification, and the body.
#include "http/problem.hpp"

#include "support/json_text.hpp"

#include <set>

#include <gtest/gtest.h>

namespace skymarshal::http::problem_test {

using test::keys_of;
using test::text_at;
using test::value_at;

struct Row {
  Errc errc;
  unsigned status;
  std::string_view code;
};

/// Section 7 of the specification.
const std::vector<Row> specification = {
    {Errc::invalid_json, 400, "INVALID_JSON"},
    {Errc::invalid_request, 400, "INVALID_REQUEST"},
    {Errc::unauthorized, 401, "UNAUTHORIZED"},
    {Errc::forbidden, 403, "FORBIDDEN"},
    {Errc::not_found, 404, "NOT_FOUND"},
    {Errc::unsupported_version, 404, "UNSUPPORTED_VERSION"},
    {Errc::session_not_found, 404, "SESSION_NOT_FOUND"},
    {Errc::invocation_not_found, 404, "INVOCATION_NOT_FOUND"},
    {Errc::method_not_allowed, 405, "METHOD_NOT_ALLOWED"},
    {Errc::request_timeout, 408, "REQUEST_TIMEOUT"},
    {Errc::session_expired, 409, "SESSION_EXPIRED"},
    {Errc::session_busy, 409, "SESSION_BUSY"},
    {Errc::payload_too_large, 413, "PAYLOAD_TOO_LARGE"},
    {Errc::uri_too_long, 414, "URI_TOO_LONG"},
    {Errc::unsupported_media_type, 415, "UNSUPPORTED_MEDIA_TYPE"},
    {Errc::headers_too_large, 431, "HEADERS_TOO_LARGE"},
    {Errc::invocation_gone, 410, "INVOCATION_GONE"},
    {Errc::idempotency_conflict, 422, "IDEMPOTENCY_CONFLICT"},
    {Errc::rate_limited, 429, "RATE_LIMITED"},
    {Errc::internal, 500, "INTERNAL_ERROR"},
    {Errc::store_refused, 500, "STORE_REFUSED"},
    {Errc::connection_failed, 502, "CONNECTION_FAILED"},
    {Errc::runtime_refused, 502, "RUNTIME_REFUSED"},
    {Errc::runtime_error, 502, "RUNTIME_ERROR"},
    {Errc::runtime_protocol_error, 502, "RUNTIME_PROTOCOL_ERROR"},
    {Errc::overloaded, 503, "OVERLOADED"},
    {Errc::runtime_unavailable, 503, "RUNTIME_UNAVAILABLE"},
    {Errc::store_unavailable, 503, "STORE_UNAVAILABLE"},
    {Errc::identity_unavailable, 503, "IDENTITY_UNAVAILABLE"},
    {Errc::shutting_down, 503, "SHUTTING_DOWN"},
    {Errc::timeout, 504, "TIMEOUT"},
    {Errc::cancelled, 503, "CANCELLED"},
    {Errc::interrupted, 503, "INTERRUPTED"},
};

TEST(Problem, GivesEveryErrorTheStatusAndCodeOfTheSpecification) {
  for (const Row& row : specification) {
    EXPECT_EQ(http_status(row.errc), row.status) << row.code;
    EXPECT_EQ(error_code(row.errc), row.code);
    EXPECT_EQ(parse_error_code(row.code), row.errc);
  }
}

TEST(Problem, ReadsNoOtherWordAsACode) {
  for (const std::string_view text : {"", "timeout", "TIMEOUT ", "NO_SUCH_CODE"}) {
    EXPECT_FALSE(parse_error_code(text)) << text;
  }
}

TEST(Problem, KnowsEveryErrcByACodeOfItsOwn) {
  std::set<std::string_view> codes;
  for (int i = 0; i <= static_cast<int>(Errc::interrupted); ++i) {
    const std::string_view code = error_code(static_cast<Errc>(i));
    EXPECT_TRUE(codes.insert(code).second) << code << " stands for two of them";
  }
  EXPECT_EQ(codes.size(), specification.size());
}

TEST(Problem, WritesTheBodyOfTheSpecification) {
  SystemRandom random;
  const RequestId id = RequestId::generate(random);
  const std::string body = problem_body(make_error(Errc::timeout, "too \"late\"", R"({"stage":"total"})"), id,
                                        from_unix_ms(1'767'225'600'123));
  EXPECT_EQ(body, R"({"status":"error","request_id":")" + id.str() +
                      R"(","error_code":"TIMEOUT","error_message":"too \"late\"",)"
                      R"("details":{"stage":"total"},"timestamp":"2026-01-01T00:00:00.123Z"})");
}

TEST(Problem, LeavesOutDetailsThatThereAreNot) {
  const std::string body = problem_body(make_error(Errc::internal, "no"), RequestId(), WallTime());
  EXPECT_EQ(keys_of(body),
            (std::vector<std::string>{"status", "request_id", "error_code", "error_message", "timestamp"}));
}

TEST(Problem, SaysWhenToComeBack) {
  Error error = make_error(Errc::overloaded, "full");
  error.retry_after = std::chrono::seconds(7);
  const http::Response response = problem_response(error, RequestId(), WallTime());
  EXPECT_EQ(response.status, 503u);
  EXPECT_EQ(response.headers.find("Retry-After"), "7");
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(text_at(response.body, {"error_code"}), "OVERLOADED");
}

TEST(Problem, SaysWhenToComeBackWhereverAServiceIsUnavailable) {
  for (int i = 0; i <= static_cast<int>(Errc::interrupted); ++i) {
    const auto code = static_cast<Errc>(i);
    const http::ResponseHead head = problem_head(make_error(code, "no"));
    EXPECT_EQ(head.headers.find("Retry-After").has_value(), head.status == 503u) << error_code(code);
  }
}

TEST(Problem, KnowsWhoseDoingItIs) {
  for (const Errc code : {Errc::invalid_json, Errc::session_busy, Errc::rate_limited, Errc::cancelled})
    EXPECT_TRUE(is_callers_doing(code)) << error_code(code);
  for (const Errc code :
       {Errc::internal, Errc::runtime_error, Errc::overloaded, Errc::interrupted, Errc::timeout})
    EXPECT_FALSE(is_callers_doing(code)) << error_code(code);
}

TEST(Problem, SaysNothingOfComingBackWhereItWouldNotHelp) {
  const auto response = problem_response(make_error(Errc::not_found, "no"), RequestId(), WallTime());
  EXPECT_FALSE(response.headers.find("Retry-After"));
}

}  // namespace skymarshal::http::problem_test
