// Signing for a service whose clock and whose opinion of our credentials are not ours.
#include "aws/service_signer.hpp"

#include "base/time_format.hpp"
#include "signing_samples.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>

namespace skymarshal::aws::service_signer_test {

using namespace std::chrono_literals;
using Shared = CredentialsProvider::Shared;
using test::ManualClock;
using test::run_awaitable;

/// Gives what a test put there.
class Wallet final : public CredentialsProvider {
 public:
  Result<Shared> now = std::make_shared<const Credentials>(suite_credentials());
  Shared newer;

  boost::asio::awaitable<Result<Shared>> current() override { co_return now; }
  boost::asio::awaitable<Shared> newer_than(Shared seen) override { co_return newer ? newer : seen; }
};

class ServiceSigning : public testing::Test {
 protected:
  http::Request signed_request() {
    http::Request request{"POST", "/", {{"Host", "dynamodb.us-east-1.amazonaws.com"}}, "{}"};
    const auto done = run_awaitable(signer_.sign(request));
    EXPECT_TRUE(done);
    if (done) used_ = *done;
    return request;
  }
  bool may_sign_again(const ServiceError& refusal) {
    return run_awaitable(signer_.may_sign_again(refusal, used_));
  }
  std::string signed_date() { return std::string(*signed_request().headers.find("X-Amz-Date")); }
  ServiceError late(Milliseconds ahead) {
    return {403, "InvalidSignatureException", "Signature expired: …", clock_.wall_now() + ahead, {}};
  }

  ManualClock clock_;
  Wallet wallet_;
  ServiceSigner signer_{{"us-east-1", "dynamodb", {}, false}, wallet_, clock_};
  ServiceSigner::Used used_;
};

TEST_F(ServiceSigning, SignsWithWhatIsCurrent) {
  const http::Request request = signed_request();
  http::Request expected{"POST", "/", {{"Host", "dynamodb.us-east-1.amazonaws.com"}}, "{}"};
  ASSERT_TRUE(sign(expected, suite_credentials(), signer_.options(), clock_.wall_now()));
  EXPECT_EQ(request.headers.find("Authorization"), expected.headers.find("Authorization"));
  EXPECT_EQ(used_.credentials, *wallet_.now);
}

TEST_F(ServiceSigning, SaysWhyThereAreNoCredentials) {
  wallet_.now = unusable_credentials("looked everywhere");
  http::Request request{"POST", "/", {{"Host", "x"}}, ""};
  const auto done = run_awaitable(signer_.sign(request));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "looked everywhere");
}

TEST_F(ServiceSigning, GoesByTheClockOfTheServiceOnceItWasToldOfIt) {
  EXPECT_EQ(signed_date(), "20260101T000000Z");
  EXPECT_TRUE(may_sign_again(late(10min)));
  EXPECT_EQ(signed_date(), "20260101T001000Z");
  EXPECT_FALSE(may_sign_again(late(10min))) << "it was signed so already";
  EXPECT_TRUE(may_sign_again(late(-20min))) << "and a clock may be put right again";
  EXPECT_EQ(signed_date(), "20251231T234000Z");
}

TEST_F(ServiceSigning, AllThatWereSignedByTheWrongClockMayBeSignedAgain) {
  (void)signed_request();
  const ServiceSigner::Used first = used_;
  (void)signed_request();
  EXPECT_TRUE(run_awaitable(signer_.may_sign_again(late(10min), first)));
  EXPECT_TRUE(run_awaitable(signer_.may_sign_again(late(10min), used_))) << "it was on its way meanwhile";
  (void)signed_request();
  EXPECT_FALSE(may_sign_again(late(10min)));
}

TEST_F(ServiceSigning, MistrustsAServiceThatSaysNoTime) {
  ServiceError refusal = late(10min);
  refusal.answered_at.reset();
  EXPECT_FALSE(may_sign_again(refusal));
  refusal = late(10min);
  refusal.message = "The request signature we calculated does not match";
  EXPECT_FALSE(may_sign_again(refusal)) << "a wrong key is not mended by another clock";
  EXPECT_EQ(signed_date(), "20260101T000000Z");
}

TEST_F(ServiceSigning, TriesNewerCredentialsIfThereAreAny) {
  (void)signed_request();
  const ServiceError expired{400, "ExpiredTokenException", "", {}, {}};
  EXPECT_FALSE(may_sign_again(expired));
  wallet_.newer = std::make_shared<const Credentials>(suite_credentials("new"));
  EXPECT_TRUE(may_sign_again(expired));
  EXPECT_FALSE(may_sign_again({403, "AccessDeniedException", "", {}, {}})) << "it knows who we are";
}

TEST(FixedCredentialsTest, NeverChange) {
  FixedCredentials fixed(suite_credentials());
  const Shared first = run_awaitable(fixed.current()).value();
  EXPECT_EQ(first->access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(run_awaitable(fixed.newer_than(first)), first);
}

}  // namespace skymarshal::aws::service_signer_test
