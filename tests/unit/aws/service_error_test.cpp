// What services of AWS say when they refuse, in the shapes that they say it.
#include "aws/service_error.hpp"

#include <gtest/gtest.h>

namespace skymarshal::aws::service_error_test {

http::Response refusal(std::string body, http::Headers headers = {}, unsigned status = 400) {
  return {status, std::move(headers), std::move(body)};
}

ServiceError error_of(std::string code, unsigned status = 400, std::string message = {}) {
  return {status, std::move(code), std::move(message), {}, {}};
}

TEST(ReadServiceError, TakesTheBareCodeFromFieldOrBody) {
  for (const char* const body :
       {R"({"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"slow"})",
        R"({"__type":"ThrottlingException:http://internal.amazon.com/","Message":"slow"})",
        R"({"code":"ThrottlingException","message":"slow"})"}) {
    const ServiceError error = read_service_error(refusal(body));
    EXPECT_EQ(error.code, "ThrottlingException") << body;
    EXPECT_EQ(error.message, "slow") << body;
    EXPECT_EQ(error.status, 400U);
  }
  const http::Headers named = {{"x-amzn-errortype", "AccessDeniedException:http://x/"}};
  EXPECT_EQ(read_service_error(refusal("{}", named, 403)).code, "AccessDeniedException");
  EXPECT_EQ(read_service_error(refusal(R"({"__type":"a#Other"})", named)).code, "AccessDeniedException");
}

TEST(ReadServiceError, MakesNothingOfWhatIsNoneOfItsShapes) {
  for (const char* const body : {"", "<html>", "[1]", "{\"__type\":7}", "{\"__type\""}) {
    const ServiceError error = read_service_error(refusal(body, {}, 503));
    EXPECT_EQ(error.code, "") << body;
    EXPECT_EQ(error.status, 503U);
  }
}

TEST(ReadServiceError, KnowsWhenItWasSaidAndWhenToComeBack) {
  const ServiceError error = read_service_error(
      refusal("{}", {{"Date", "Sat, 31 Jan 2026 09:05:00 GMT"}, {"Retry-After", "7"}}, 503));
  EXPECT_EQ(error.answered_at, from_unix_ms(1'769'850'300'000));
  EXPECT_EQ(error.retry_after, std::chrono::seconds(7));
  EXPECT_FALSE(read_service_error(refusal("{}", {{"Date", "today"}})).answered_at);
}

TEST(ServiceError, IsSortedByWhatHelps) {
  EXPECT_TRUE(is_throttling(error_of("ProvisionedThroughputExceededException")));
  EXPECT_TRUE(is_throttling(error_of("", 429)));
  EXPECT_FALSE(is_throttling(error_of("ValidationException")));
  EXPECT_TRUE(is_transient(error_of("InternalServerError", 500)));
  EXPECT_TRUE(is_transient(error_of("", 503)));
  EXPECT_FALSE(is_transient(error_of("ConditionalCheckFailedException")));
  EXPECT_FALSE(is_transient(error_of("", 501)));
  EXPECT_TRUE(is_about_credentials(error_of("ExpiredTokenException")));
  EXPECT_TRUE(is_about_credentials(error_of("UnrecognizedClientException")));
  EXPECT_TRUE(
      is_about_credentials(error_of("", 403, "The security token included in the request is expired")));
  EXPECT_FALSE(is_about_credentials(error_of("AccessDeniedException", 403)));
  EXPECT_TRUE(is_about_the_clock(error_of("RequestTimeTooSkewed")));
  EXPECT_TRUE(is_about_the_clock(error_of("InvalidSignatureException", 403,
                                          "Signature expired: 20150830T123600Z is now earlier than …")));
  EXPECT_TRUE(is_about_the_clock(error_of("InvalidSignatureException", 403, "Signature not yet current: …")));
  EXPECT_FALSE(is_about_the_clock(error_of("InvalidSignatureException", 403, "The request signature we …")));
}

}  // namespace skymarshal::aws::service_error_test
