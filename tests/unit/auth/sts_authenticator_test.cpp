#include "auth/sts_authenticator.hpp"

#include "sts_samples.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/run_until.hpp"

#include <gtest/gtest.h>

namespace skymarshal::auth::sts_authenticator_test {

namespace asio = boost::asio;

class StsAuthenticatorTest : public testing::Test {
 protected:
  StsAuthenticator& authenticator() {
    if (!authenticator_) {
      options_.endpoint_override = sts_.endpoint();
      authenticator_.emplace(options_, std::nullopt, clock_);
    }
    return *authenticator_;
  }

  static http::Request request_with(const std::string& token) {
    http::Request request;
    request.headers.add("Authorization", "Bearer " + token);
    return request;
  }
  std::string token(const test::StsTokenParts& parts = {}) const {
    return sts_token_of(test::presigned_url(clock_.wall_now(), parts));
  }
  Verdict verdict(const std::string& text) {
    const http::Request request = request_with(text);
    return test::run_awaitable(io_, authenticator().authenticate(request));
  }
  static std::string text_of(const Verdict& verdict) {
    if (const auto* const identity = std::get_if<Identity>(&verdict)) return identity->principal.id;
    return std::string(to_text(std::get<Refusal>(verdict).reason));
  }
  std::string outcome(const std::string& text) { return text_of(verdict(text)); }
  std::size_t asked() const { return sts_.requests().size(); }

  asio::io_context io_;
  test::ManualClock clock_;
  std::string answer_ = test::json_answer("200 OK", test::identity_json());
  test::LocalSts sts_{io_, [this](const std::string&) { return answer_; }};
  StsOptions options_{"gateway.example", {"arn:aws:sts::123456789012:assumed-role/Operations/*"}};
  std::optional<StsAuthenticator> authenticator_;
};

TEST_F(StsAuthenticatorTest, LetsInWhomAwsVouchesFor) {
  const Verdict given = verdict(token());
  const Identity& identity = std::get<Identity>(given);
  EXPECT_EQ(identity.principal.id, test::ops_arn);
  EXPECT_EQ(identity.principal.tier, "");
  EXPECT_EQ(identity.credential, "ASIAEXAMPLE");
  EXPECT_EQ(identity.policy, nullptr);
  EXPECT_EQ(authenticator().scheme(), "sts");
}

TEST_F(StsAuthenticatorTest, RefusesWithoutAskingWhatCannotBeAToken) {
  EXPECT_EQ(outcome(""), "MALFORMED_AUTHORIZATION");
  EXPECT_EQ(outcome("eyJhbGciOiJub25lIn0.e30."), "INVALID_TOKEN");
  EXPECT_EQ(text_of(test::run_awaitable(io_, authenticator().authenticate(http::Request()))),
            "MISSING_CREDENTIALS");
  EXPECT_EQ(asked(), 0U);
}

TEST_F(StsAuthenticatorTest, AnyAwsAccountCanProveWhoItIsButFewMayComeIn) {
  const std::string stranger = "arn:aws:sts::999999999999:assumed-role/Operations/anna";
  answer_ = test::json_answer("200 OK", test::identity_json(stranger, "999999999999"));
  const Verdict given = verdict(token());
  EXPECT_EQ(text_of(given), "NOT_ALLOWED");
  EXPECT_EQ(std::get<Refusal>(given).claimed, stranger);
  options_.allowed_principals.clear();
  authenticator_.reset();
  answer_ = test::json_answer("200 OK", test::identity_json());
  EXPECT_EQ(outcome(token()), "NOT_ALLOWED");
}

TEST_F(StsAuthenticatorTest, AnyOfThePatternsIsEnough) {
  options_.allowed_principals = {"arn:aws:iam::123456789012:user/*", test::ops_arn};
  EXPECT_EQ(outcome(token()), test::ops_arn);
}

TEST_F(StsAuthenticatorTest, RemembersAnIdentityForAWhile) {
  const std::string mine = token();
  EXPECT_EQ(outcome(mine), test::ops_arn);
  clock_.advance(Milliseconds(299'999));
  EXPECT_EQ(outcome(mine), test::ops_arn);
  EXPECT_EQ(asked(), 1U);
  clock_.advance(Milliseconds(1));
  EXPECT_EQ(outcome(mine), test::ops_arn);
  EXPECT_EQ(asked(), 2U);
}

TEST_F(StsAuthenticatorTest, NeverRemembersBeyondTheTokensEnd) {
  test::StsTokenParts parts;
  parts.valid_for = std::chrono::seconds(60);
  const std::string mine = token(parts);
  EXPECT_EQ(outcome(mine), test::ops_arn);
  clock_.advance(Milliseconds(59'999));
  EXPECT_EQ(outcome(mine), test::ops_arn);
  clock_.advance(Milliseconds(1));
  EXPECT_EQ(outcome(mine), "REQUEST_EXPIRED");
  EXPECT_EQ(asked(), 1U);
}

TEST_F(StsAuthenticatorTest, OneTokenThatWasRefusedDoesNotKeepStsBusy) {
  answer_ = test::json_answer("403 Forbidden", test::error_json("SignatureDoesNotMatch"));
  const std::string bad = token();
  for (int i = 0; i < 5; ++i) {
    const Verdict given = verdict(bad);
    EXPECT_EQ(text_of(given), "SIGNATURE_MISMATCH");
    EXPECT_EQ(std::get<Refusal>(given).claimed, "ASIAEXAMPLE");
  }
  EXPECT_EQ(asked(), 1U);
  clock_.advance(options_.refuse_for);
  EXPECT_EQ(outcome(bad), "SIGNATURE_MISMATCH");
  EXPECT_EQ(asked(), 2U);
}

TEST_F(StsAuthenticatorTest, TroubleOfStsIsNotRemembered) {
  answer_ = test::json_answer("503 Slow Down", "", "Retry-After: 9\r\n");
  const std::string mine = token();
  const Verdict given = verdict(mine);
  EXPECT_EQ(text_of(given), "IDENTITY_UNAVAILABLE");
  EXPECT_EQ(std::get<Refusal>(given).retry_after, std::chrono::seconds(9));
  answer_ = test::json_answer("200 OK", test::identity_json());
  EXPECT_EQ(outcome(mine), test::ops_arn);
  EXPECT_EQ(asked(), 2U);
}

TEST_F(StsAuthenticatorTest, TokensAreToldApartToTheLastLetter) {
  const std::string mine = token();
  EXPECT_EQ(outcome(mine), test::ops_arn);
  answer_ = test::json_answer("403 Forbidden", test::error_json("SignatureDoesNotMatch"));
  test::StsTokenParts parts;
  parts.valid_for = std::chrono::seconds(899);
  EXPECT_EQ(outcome(token(parts)), "SIGNATURE_MISMATCH");
  EXPECT_EQ(outcome(mine), test::ops_arn);
}

TEST_F(StsAuthenticatorTest, RefusalsPushOutNoIdentity) {
  options_.refused_max = 2;
  options_.cached_max = 1;
  const std::string mine = token();
  EXPECT_EQ(outcome(mine), test::ops_arn);
  answer_ = test::json_answer("403 Forbidden", test::error_json("InvalidClientTokenId"));
  for (int life = 1; life < 6; ++life) {
    test::StsTokenParts parts;
    parts.valid_for = std::chrono::seconds(life);
    EXPECT_EQ(outcome(token(parts)), "INVALID_TOKEN");
  }
  EXPECT_EQ(asked(), 6U);
  EXPECT_EQ(outcome(mine), test::ops_arn);
  EXPECT_EQ(asked(), 6U);
}

TEST_F(StsAuthenticatorTest, ManyAtOnceAskOnce) {
  const http::Request request = request_with(token());
  std::vector<std::string> ended;
  for (int i = 0; i < 20; ++i) {
    asio::co_spawn(io_, authenticator().authenticate(request),
                   [&ended](std::exception_ptr failure, const Verdict& given) {
                     if (failure) std::rethrow_exception(failure);
                     ended.push_back(text_of(given));
                   });
  }
  ASSERT_TRUE(test::run_until(io_, [&] { return ended.size() == 20; }));
  EXPECT_EQ(ended, std::vector<std::string>(20, test::ops_arn));
  EXPECT_EQ(asked(), 1U);
}

TEST_F(StsAuthenticatorTest, ChallengesWithItsServerId) {
  EXPECT_EQ(authenticator().challenge(), R"(Bearer realm="skymarshal", server_id="gateway.example")");
  options_.server_id = R"(a"b\c)";
  authenticator_.reset();
  EXPECT_EQ(authenticator().challenge(), R"(Bearer realm="skymarshal", server_id="a\"b\\c")");
}

}  // namespace skymarshal::auth::sts_authenticator_test
