#include "auth/audited_authorizer.hpp"

#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace skymarshal::auth::audited_authorizer_test {

using testing::HasSubstr;
using testing::Not;

/// Gives the verdict it was told to give.
class ScriptedAuthenticator final : public Authenticator {
 public:
  Verdict verdict = Identity{{"arn:aws:iam::123456789012:user/ops", "gold"}, "SKMAKEY", nullptr};
  int calls = 0;

  boost::asio::awaitable<Verdict> authenticate(const http::Request&) override {
    ++calls;
    co_return verdict;
  }
  std::string_view scheme() const override { return "iam"; }
  std::string challenge() const override { return "AWS4-HMAC-SHA256"; }
};

class AuditedAuthorizerTest : public testing::Test {
 protected:
  Result<Principal> attempt(const std::string& address = "192.0.2.1", const std::string& method = "POST",
                            const std::string& target_text = "/api/v1/invoke?X-Amz-Signature=secret") {
    http::Request request;
    request.method = method;
    request.target = target_text;
    request.remote_address = address;
    const http::Target target = http::parse_target(target_text).value();
    return test::run_awaitable(authorizer().authorize({request, target, request_id_}));
  }

  AuditedAuthorizer& authorizer() {
    if (!authorizer_) authorizer_.emplace(options_, authenticator_, clock_, *log_);
    return *authorizer_;
  }

  /// What the log said during `work`; the logger writes when it goes.
  template <typename Work>
  std::string logged(Work work) {
    testing::internal::CaptureStderr();
    log_ = std::make_unique<Logger>(Logger::Options{LogLevel::info, 1024}, clock_);
    authorizer_.reset();
    work();
    authorizer_.reset();
    log_ = std::make_unique<Logger>(Logger::Options{LogLevel::off, 16}, clock_);
    return testing::internal::GetCapturedStderr();
  }

  void refuse(Reason reason) { authenticator_.verdict = Refusal{reason, "no", "SKMACLAIMED"}; }
  void allow_only(const std::string& resource) {
    const Statement statement{Effect::allow, {"execute-api:Invoke"}, {resource}};
    std::get<Identity>(authenticator_.verdict).policy =
        std::make_shared<Policy>(std::vector<Statement>{statement});
  }

  test::ManualClock clock_;
  SystemRandom random_;
  RequestId request_id_ = RequestId::generate(random_);
  AuditedAuthorizer::Options options_{{3, Milliseconds(60'000)}, 1024};
  ScriptedAuthenticator authenticator_;
  std::unique_ptr<Logger> log_ = std::make_unique<Logger>(Logger::Options{LogLevel::off, 16}, clock_);
  std::optional<AuditedAuthorizer> authorizer_;
};

TEST_F(AuditedAuthorizerTest, LetsInWhoIsProvenWithItsTier) {
  const Principal principal = attempt().value();
  EXPECT_EQ(principal.id, "arn:aws:iam::123456789012:user/ops");
  EXPECT_EQ(principal.tier, "gold");
  EXPECT_EQ(authorizer().challenge(), "AWS4-HMAC-SHA256");
}

TEST_F(AuditedAuthorizerTest, SaysWhyNot) {
  for (const Reason reason :
       {Reason::missing_credentials, Reason::signature_mismatch, Reason::request_expired,
        Reason::malformed_authorization, Reason::invalid_token}) {
    refuse(reason);
    const Error error = attempt("198.51.100." + std::to_string(static_cast<int>(reason))).error();
    EXPECT_EQ(error.code, Errc::unauthorized);
    EXPECT_EQ(error.details, "{\"reason\":\"" + std::string(to_text(reason)) + "\"}");
    EXPECT_EQ(error.message, "no");
  }
}

TEST_F(AuditedAuthorizerTest, WhichKeysThereAreIsNobodysBusiness) {
  refuse(Reason::unknown_access_key);
  EXPECT_EQ(attempt().error().details, R"({"reason":"SIGNATURE_MISMATCH"})");
}

TEST_F(AuditedAuthorizerTest, WhoIsKnownButMayNotIsForbidden) {
  refuse(Reason::not_allowed);
  EXPECT_EQ(attempt().error().code, Errc::forbidden);
}

TEST_F(AuditedAuthorizerTest, WhoCannotBeAskedIsNotTheCallersFault) {
  authenticator_.verdict = Refusal{Reason::identity_unavailable, "later", "", std::chrono::seconds(7)};
  for (int i = 0; i < 10; ++i) {
    const Error error = attempt().error();
    EXPECT_EQ(error.code, Errc::identity_unavailable);
    EXPECT_EQ(error.retry_after, std::chrono::seconds(7));
  }
}

TEST_F(AuditedAuthorizerTest, ThePolicyDecidesByMethodAndPath) {
  allow_only("POST /api/v1/invoke");
  EXPECT_TRUE(attempt("192.0.2.9", "POST", "/api/v1/invoke").has_value());
  EXPECT_EQ(attempt("a", "GET", "/api/v1/invoke").error().code, Errc::forbidden);
  EXPECT_EQ(attempt("192.0.2.9", "POST", "/api/v1/sessions").error().code, Errc::forbidden);
}

TEST_F(AuditedAuthorizerTest, NoSpellingOfAPathGetsAroundAPolicy) {
  EXPECT_EQ(resource_of("POST", http::parse_target("/api/v1/%69nvoke?a=b").value()), "POST /api/v1/invoke");
  EXPECT_EQ(resource_of("HEAD", http::parse_target("/api/v1/sessions").value()), "GET /api/v1/sessions");
  EXPECT_EQ(resource_of("GET", http::parse_target("/a%2Fb/c%2525").value()), "GET /a%2Fb/c%2525");
  EXPECT_EQ(resource_of("GET", http::parse_target("/").value()), "GET ");
  EXPECT_EQ(
      resource_of("GET", http::parse_target("/api/v1/sessions/6F1C2D3E-4A5B-4C6D-8E7F-0A1B2C3D4E5F").value()),
      "GET /api/v1/sessions/6f1c2d3e-4a5b-4c6d-8e7f-0a1b2c3d4e5f");
}

TEST_F(AuditedAuthorizerTest, AnAddressThatFailsTooOftenWaitsAlsoWithGoodCredentials) {
  const Verdict good = authenticator_.verdict;
  refuse(Reason::signature_mismatch);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(attempt().error().code, Errc::unauthorized);
  authenticator_.verdict = good;
  const int calls = authenticator_.calls;
  const Error error = attempt().error();
  EXPECT_EQ(error.code, Errc::rate_limited);
  EXPECT_EQ(error.retry_after, std::chrono::seconds(60));
  EXPECT_EQ(authenticator_.calls, calls) << "a guess must not cost a computation";
  EXPECT_TRUE(attempt("192.0.2.2").has_value()) << "others are not meant";
  clock_.advance(Milliseconds(59'999));
  EXPECT_FALSE(attempt().has_value());
  clock_.advance(Milliseconds(1));
  EXPECT_TRUE(attempt().has_value());
}

TEST_F(AuditedAuthorizerTest, OnlyWrongGuessesCount) {
  refuse(Reason::missing_credentials);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(attempt().error().code, Errc::unauthorized);
  refuse(Reason::not_allowed);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(attempt().error().code, Errc::forbidden);
}

TEST_F(AuditedAuthorizerTest, WithoutALimitNobodyWaits) {
  options_.failures.requests = 0;
  refuse(Reason::signature_mismatch);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(attempt().error().code, Errc::unauthorized);
}

TEST_F(AuditedAuthorizerTest, OneCustomersAddressesCountTogether) {
  EXPECT_EQ(address_group("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_group("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(address_group("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
  EXPECT_NE(address_group("2001:db8:1:3::1"), address_group("2001:db8:1:2::1"));
  EXPECT_EQ(address_group("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(address_group(""), "");
}

TEST_F(AuditedAuthorizerTest, EveryAttemptIsOneLineOfTheAuditLog) {
  const std::string line = logged([&] { EXPECT_TRUE(attempt().has_value()); });
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, HasSubstr(R"("event":"authentication")"));
  EXPECT_THAT(line, HasSubstr(R"("outcome":"accepted")"));
  EXPECT_THAT(line, HasSubstr(R"("scheme":"iam")"));
  EXPECT_THAT(line, HasSubstr(R"("principal":"arn:aws:iam::123456789012:user/ops")"));
  EXPECT_THAT(line, HasSubstr(R"("credential":"SKMAKEY")"));
  EXPECT_THAT(line, HasSubstr(R"("remote_address":"192.0.2.1")"));
  EXPECT_THAT(line, HasSubstr(R"("resource":"POST /api/v1/invoke")"));
  EXPECT_THAT(line, HasSubstr(request_id_.str()));
  EXPECT_THAT(line, Not(HasSubstr("secret"))) << "queries hold signatures";
}

TEST_F(AuditedAuthorizerTest, TheAuditLogSaysWhyNot) {
  refuse(Reason::unknown_access_key);
  std::string line = logged([&] { EXPECT_FALSE(attempt().has_value()); });
  EXPECT_THAT(line, HasSubstr(R"("outcome":"refused","reason":"UNKNOWN_ACCESS_KEY","principal":"")"));
  EXPECT_THAT(line, HasSubstr(R"("credential":"SKMACLAIMED")"));
  line = logged([&] {
    for (int i = 0; i < 4; ++i) EXPECT_FALSE(attempt().has_value());
  });
  EXPECT_THAT(line, HasSubstr(R"("outcome":"limited","reason":"TOO_MANY_FAILURES")"));
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 4);
  authenticator_.verdict = Identity{{"me", ""}, "SKMAKEY", nullptr};
  allow_only("GET /nothing");
  line = logged([&] { EXPECT_FALSE(attempt().has_value()); });
  EXPECT_THAT(line, HasSubstr(R"("outcome":"forbidden","reason":"POLICY","principal":"me")"));
}

}  // namespace skymarshal::auth::audited_authorizer_test
