// What requests towards a runtime say, and what its refusals mean.
#include "runtime/runtime_requests.hpp"

#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>

namespace skymarshal::runtime::runtime_requests_test {

using test::run_awaitable;

/// Lets requests in anew as often as it is told to.
class FakeAccess final : public RuntimeAccess {
 public:
  int renewals = 0;
  int asked = 0;

  boost::asio::awaitable<std::optional<Failure>> authorize(http::Request&, Pass& pass) override {
    pass = std::make_shared<const int>(1);
    co_return std::nullopt;
  }
  boost::asio::awaitable<bool> may_authorize_again(aws::ServiceError, Pass) override {
    ++asked;
    co_return renewals-- > 0;
  }
};

class RefusalTest : public testing::Test {
 protected:
  AttemptOutcome judged(unsigned status, const std::string& message, RuntimeAccess* access,
                        const std::string& code = {}, bool prompt_was_sent = false) {
    Refusal refusal{
        {status, {}, R"({"message":")" + message + "\"}"}, "agentcore refused", prompt_was_sent, {}};
    refusal.answer.headers.add("Retry-After", "9");
    if (!code.empty()) refusal.answer.headers.add("x-amzn-ErrorType", code);
    return run_awaitable(judge_refusal(std::move(refusal), access, std::make_shared<const int>(1)));
  }

  FakeAccess aws;
};

TEST(RequestToRuntime, NamesSessionAndUser) {
  SystemRandom random;
  RuntimeOptions options;
  options.endpoint = http::parse_endpoint("wss://agentcore.test/runtimes/a/ws?qualifier=b").value();
  invocations::RuntimeRequest invocation{RequestId::generate(random), SessionId::generate(random), "prompt"};
  invocation.principal.id = "arn:aws:iam::123456789012:user/alice";
  const http::Request silent = request_to_runtime("GET", options, invocation);
  EXPECT_EQ(silent.target, "/runtimes/a/ws?qualifier=b");
  EXPECT_EQ(silent.headers.find("Host"), "agentcore.test");
  EXPECT_EQ(silent.headers.find(session_field), invocation.session_id.view());
  EXPECT_FALSE(silent.headers.find(user_field));
  options.tells_principal = true;
  EXPECT_EQ(request_to_runtime("GET", options, invocation).headers.find(user_field), invocation.principal.id);
  invocation.principal.id = "";
  EXPECT_FALSE(request_to_runtime("GET", options, invocation).headers.find(user_field));
}

TEST(RequestToRuntime, UserIdsFitTheirField) {
  EXPECT_EQ(user_id_of({"alice"}), "alice");
  EXPECT_EQ(user_id_of({std::string(1024, 'a')}), std::string(1024, 'a'));
  const std::vector<std::string> odd = {"two words", "\xC3\xA4", "a\r\nX: y", std::string(1025, 'a')};
  for (const std::string& id : odd) {
    EXPECT_TRUE(user_id_of({id}).starts_with("sha256:")) << id;
    EXPECT_EQ(user_id_of({id}).size(), 71u);
  }
  EXPECT_NE(user_id_of({odd[0]}), user_id_of({odd[1]}));
}

TEST_F(RefusalTest, IsTriedAgainWhereNothingCanHaveBegun) {
  for (const unsigned status : {429u, 500u, 502u, 503u}) {
    EXPECT_EQ(judged(status, "busy", nullptr).again, Again::later) << status;
    EXPECT_EQ(judged(status, "busy", &aws).again, Again::later) << status;
  }
  for (const unsigned status : {301u, 400u, 401u, 403u, 404u}) {
    EXPECT_EQ(judged(status, "no", nullptr).again, Again::no) << status;
    EXPECT_EQ(judged(status, "no", &aws).again, Again::no) << status;
    EXPECT_EQ(judged(status, "no", &aws).end.error().code, Errc::runtime_refused) << status;
  }
}

TEST_F(RefusalTest, IsTriedAgainBehindThePromptOnlyWhereItWasNotTaken) {
  EXPECT_EQ(judged(429, "busy", &aws, {}, true).again, Again::later);
  EXPECT_EQ(judged(409, "again", &aws, "RetryableConflictException", true).again, Again::later);
  EXPECT_EQ(judged(409, "again", &aws, "ConflictException", true).again, Again::no);
  for (const unsigned status : {500u, 502u, 503u, 504u}) {
    EXPECT_EQ(judged(status, "", &aws, {}, true).again, Again::no) << status;
    EXPECT_EQ(judged(status, "", nullptr, {}, true).again, Again::no) << status;
  }
}

TEST_F(RefusalTest, OfAQuotaThatIsUsedUpIsNoErrorOfTheAgent) {
  const auto outcome = judged(402, "no more", &aws, "ServiceQuotaExceededException");
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_unavailable);
  EXPECT_EQ(outcome.again, Again::no);
}

TEST_F(RefusalTest, OfAPlainAgentIsItsOwnError) {
  const auto outcome = judged(500, "no such flight", nullptr, {}, true);
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_error);
  EXPECT_NE(outcome.end.error().message.find("no such flight"), std::string::npos);
  EXPECT_EQ(judged(404, "where", nullptr, {}, true).end.error().code, Errc::runtime_refused);
}

TEST_F(RefusalTest, IsMendedByAuthorisingAnew) {
  aws.renewals = 1;
  EXPECT_EQ(judged(403, "expired", &aws, "ExpiredTokenException").again, Again::at_once);
  EXPECT_EQ(judged(403, "expired", &aws, "ExpiredTokenException").again, Again::no);
  EXPECT_EQ(judged(404, "nothing", &aws).again, Again::no);
  EXPECT_EQ(aws.asked, 2) << "of what has nothing to do with who asks, it is not asked";
}

TEST_F(RefusalTest, TellsAColdStartFromAnAgentThatFails) {
  const auto cold = judged(424, "Runtime initialization time exceeded.", &aws, "RuntimeClientError");
  EXPECT_EQ(cold.again, Again::until_started);
  EXPECT_EQ(cold.end.error().code, Errc::runtime_unavailable);
  EXPECT_EQ(cold.end.error().retry_after, std::chrono::seconds(9));
  const auto failed = judged(424, "Received error (500) from runtime.", &aws, "RuntimeClientError");
  EXPECT_EQ(failed.again, Again::no);
  EXPECT_EQ(failed.end.error().code, Errc::runtime_error);
  const auto sent = [&](const char* words) {
    return judged(424, words, &aws, "RuntimeClientError", true).again;
  };
  EXPECT_EQ(sent("Runtime initialization time exceeded."), Again::until_started);
  EXPECT_EQ(sent("Something went wrong"), Again::no) << "it may have run";
  EXPECT_EQ(judged(424, "Something went wrong", &aws, "RuntimeClientError").again, Again::until_started);
  EXPECT_EQ(judged(424, "what", nullptr).again, Again::no) << "of others it means nothing of the kind";
}

TEST_F(RefusalTest, ThrottlesByCodeToo) {
  const auto outcome = judged(400, "Rate exceeded", &aws, "ThrottlingException");
  EXPECT_EQ(outcome.end.error().code, Errc::runtime_unavailable);
  EXPECT_EQ(outcome.end.error().retry_after, std::chrono::seconds(9));
  EXPECT_EQ(outcome.again, Again::later);
}

TEST_F(RefusalTest, RepeatsNothingOfTheSignedRequest) {
  const auto outcome = judged(
      403, "It does not match. The Canonical String should have been 'GET x-amz-security-token:T'", &aws);
  EXPECT_EQ(outcome.end.error().details.find("security-token"), std::string::npos);
  EXPECT_EQ(outcome.cause.find("security-token"), std::string::npos);
  EXPECT_NE(outcome.cause.find("It does not match."), std::string::npos);
  Refusal plain{{403, {}, "String-to-Sign: T0KEN"}, "refused", false, {}};
  const auto other = run_awaitable(judge_refusal(std::move(plain), &aws, nullptr));
  EXPECT_EQ((other.cause + other.end.error().details).find("T0KEN"), std::string::npos);
}

}  // namespace skymarshal::runtime::runtime_requests_test
