#include "auth/sigv4_authenticator.hpp"

#include "auth/key_file_access.hpp"
#include "aws/sigv4_signer.hpp"
#include "key_samples.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace skymarshal::auth::sigv4_authenticator_test {

const std::string lasting_id = "SKMAAAAAAAAAAAAAAAA1";
const std::string temporary_id = "SKMAAAAAAAAAAAAAAAA2";
const std::string unknown_id = "SKMAAAAAAAAAAAAAAAA3";

class Sigv4AuthenticatorTest : public testing::Test {
 protected:
  Sigv4AuthenticatorTest() {
    lasting_ = sample_key(lasting_id);
    lasting_.principal.tier = "gold";
    lasting_.policy = std::make_shared<const Policy>(std::vector<Statement>{{Effect::allow, {"*"}, {"*"}}});
    temporary_ = sample_key(temporary_id);
    temporary_.session_token = Secret("token-token-token-token-token-token-0001");
    temporary_.expires_at = clock_.wall_now() + std::chrono::hours(1);
    write({lasting_, temporary_});
    options_.region = "us-east-1";
    store_ = KeyStore::open(path_, {random_, clock_, log_}).value();
    authenticator_ = std::make_unique<Sigv4Authenticator>(*store_, options_, clock_);
  }

  void write(std::vector<Key> keys) {
    KeyFileUpdate update{path_};
    update.create = true;
    const auto done = update_key_file(update, [&](std::vector<Key>& all) -> Result<void> {
      all = std::move(keys);
      return {};
    });
    EXPECT_TRUE(done) << done.error().message;
  }

  static http::Request request() {
    http::Request request;
    request.method = "POST";
    request.target = "/api/v1/invoke";
    request.headers.add("Host", "gateway.example");
    request.body = R"({"prompt":"x"})";
    return request;
  }

  static aws::Credentials credentials(const Key& key) {
    return {key.access_key_id, key.secret_access_key, key.session_token};
  }

  http::Request signed_by(const aws::Credentials& by, const std::string& region = "us-east-1") {
    http::Request out = request();
    aws::SigningOptions options;
    options.region = region;
    EXPECT_TRUE(aws::sign(out, by, options, clock_.wall_now()));
    return out;
  }

  Verdict verdict(const http::Request& request) {
    return test::run_awaitable(authenticator_->authenticate(request));
  }

  Refusal refusal(const http::Request& request) {
    const Verdict said = verdict(request);
    const auto* const refused = std::get_if<Refusal>(&said);
    EXPECT_TRUE(refused);
    if (refused == nullptr) return {};
    EXPECT_EQ(refused->message.find("very-secret"), std::string::npos);
    EXPECT_FALSE(refused->message.empty());
    return *refused;
  }

  bool accepts(const http::Request& request) { return std::holds_alternative<Identity>(verdict(request)); }

  test::TemporaryFolder folder_;
  std::string path_ = folder_.file("keys.json").string();
  test::ManualClock clock_;
  CountingRandom random_;
  Logger log_{{LogLevel::off}, clock_};
  aws::VerifierOptions options_;
  Key lasting_, temporary_;
  std::unique_ptr<KeyStore> store_;
  std::unique_ptr<Sigv4Authenticator> authenticator_;
};

TEST_F(Sigv4AuthenticatorTest, KnowsWhoSigned) {
  const Verdict said = verdict(signed_by(credentials(lasting_)));
  const auto& identity = std::get<Identity>(said);
  EXPECT_EQ(identity.principal.id, "arn:aws:iam::123456789012:user/ops");
  EXPECT_EQ(identity.principal.tier, "gold");
  EXPECT_EQ(identity.credential, lasting_id);
  ASSERT_TRUE(identity.policy);
  EXPECT_TRUE(identity.policy->allows("execute-api:Invoke", "POST /api/v1/invoke"));
}

TEST_F(Sigv4AuthenticatorTest, AcceptsPresignedRequests) {
  for (const Key* key : {&lasting_, &temporary_}) {
    http::Request out = request();
    out.body.clear();
    out.method = "GET";
    aws::SigningOptions options;
    options.region = "us-east-1";
    ASSERT_TRUE(aws::presign(out, credentials(*key), options, clock_.wall_now(), std::chrono::seconds(60)));
    EXPECT_TRUE(accepts(out));
    out.target.back() = out.target.back() == '0' ? '1' : '0';
    EXPECT_EQ(refusal(out).reason, Reason::signature_mismatch);
  }
}

TEST_F(Sigv4AuthenticatorTest, TellsTheLogWrongSecretsFromUnknownKeysAndNobodyElse) {
  aws::Credentials wrong = credentials(lasting_);
  wrong.secret_access_key = Secret("very-secret-very-secret-very-secret-0002");
  const Refusal mismatch = refusal(signed_by(wrong));
  EXPECT_EQ(mismatch.reason, Reason::signature_mismatch);
  EXPECT_EQ(mismatch.claimed, lasting_id);
  aws::Credentials unknown = credentials(lasting_);
  unknown.access_key_id = unknown_id;
  const Refusal nobody = refusal(signed_by(unknown));
  EXPECT_EQ(nobody.reason, Reason::unknown_access_key);
  EXPECT_EQ(nobody.claimed, unknown_id);
  EXPECT_EQ(nobody.message, mismatch.message);
}

TEST_F(Sigv4AuthenticatorTest, TheDecoyOpensNothing) {
  EXPECT_EQ(refusal(signed_by({unknown_id, store_->decoy(), {}})).reason, Reason::unknown_access_key);
  EXPECT_EQ(refusal(signed_by({lasting_id, store_->decoy(), {}})).reason, Reason::signature_mismatch);
}

TEST_F(Sigv4AuthenticatorTest, RefusesNamesThatNoKeyCanHave) {
  aws::Credentials odd = credentials(lasting_);
  odd.access_key_id = "AKIASHORT";
  const Refusal nobody = refusal(signed_by(odd));
  EXPECT_EQ(nobody.reason, Reason::unknown_access_key);
  EXPECT_EQ(nobody.claimed, "");
}

TEST_F(Sigv4AuthenticatorTest, TemporaryCredentialsNeedTheirToken) {
  EXPECT_TRUE(accepts(signed_by(credentials(temporary_))));
  aws::Credentials without = credentials(temporary_);
  without.session_token = Secret();
  EXPECT_EQ(refusal(signed_by(without)).reason, Reason::unknown_access_key);
  aws::Credentials wrong = credentials(temporary_);
  wrong.session_token = Secret("token-token-token-token-token-token-0002");
  EXPECT_EQ(refusal(signed_by(wrong)).reason, Reason::unknown_access_key);
}

TEST_F(Sigv4AuthenticatorTest, LastingCredentialsTakeNoToken) {
  aws::Credentials with_one = credentials(lasting_);
  with_one.session_token = temporary_.session_token;
  EXPECT_EQ(refusal(signed_by(with_one)).reason, Reason::unknown_access_key);
}

TEST_F(Sigv4AuthenticatorTest, KeysThatHaveEndedAreUnknown) {
  clock_.advance(std::chrono::hours(1) - Milliseconds(1));
  EXPECT_TRUE(accepts(signed_by(credentials(temporary_))));
  clock_.advance(Milliseconds(1));
  const Refusal ended = refusal(signed_by(credentials(temporary_)));
  EXPECT_EQ(ended.reason, Reason::unknown_access_key);
  aws::Credentials unknown = credentials(temporary_);
  unknown.access_key_id = unknown_id;
  EXPECT_EQ(refusal(signed_by(unknown)).message, ended.message);
}

TEST_F(Sigv4AuthenticatorTest, KeysThatWereRevokedAreUnknownAtOnce) {
  const http::Request good = signed_by(credentials(lasting_));
  EXPECT_TRUE(accepts(good));
  write({temporary_});
  store_->reload_if_changed();
  EXPECT_EQ(refusal(good).reason, Reason::unknown_access_key);
}

TEST_F(Sigv4AuthenticatorTest, AKeyOfANewSecretForgetsTheOldOne) {
  const http::Request old = signed_by(credentials(lasting_));
  EXPECT_TRUE(accepts(old));
  lasting_.secret_access_key = Secret("very-secret-very-secret-very-secret-0002");
  write({lasting_, temporary_});
  store_->reload_if_changed();
  EXPECT_EQ(refusal(old).reason, Reason::signature_mismatch);
  EXPECT_TRUE(accepts(signed_by(credentials(lasting_))));
}

TEST_F(Sigv4AuthenticatorTest, NamesTheOtherReasonsToo) {
  EXPECT_EQ(refusal(request()).reason, Reason::missing_credentials);
  http::Request broken = request();
  broken.headers.add("Authorization", "AWS4-HMAC-SHA256 what");
  EXPECT_EQ(refusal(broken).reason, Reason::malformed_authorization);
  const http::Request early = signed_by(credentials(lasting_));
  clock_.advance(std::chrono::minutes(6));
  EXPECT_EQ(refusal(early).reason, Reason::request_expired);
}

TEST_F(Sigv4AuthenticatorTest, RefusesAChangedBodyAndAnotherRegion) {
  http::Request changed = signed_by(credentials(lasting_));
  changed.body += " ";
  EXPECT_EQ(refusal(changed).reason, Reason::signature_mismatch);
  EXPECT_FALSE(accepts(signed_by(credentials(lasting_), "eu-west-1")));
}

TEST_F(Sigv4AuthenticatorTest, ChallengesForWhatItTakes) {
  EXPECT_EQ(authenticator_->scheme(), "iam");
  EXPECT_EQ(authenticator_->challenge(),
            R"(AWS4-HMAC-SHA256 realm="skymarshal", service="execute-api", region="us-east-1")");
  options_.region = "";
  EXPECT_EQ(Sigv4Authenticator(*store_, options_, clock_).challenge(),
            R"(AWS4-HMAC-SHA256 realm="skymarshal", service="execute-api")");
  options_.region = "a\"b";
  EXPECT_EQ(Sigv4Authenticator(*store_, options_, clock_).challenge(),
            R"(AWS4-HMAC-SHA256 realm="skymarshal", service="execute-api")");
}

}  // namespace skymarshal::auth::sigv4_authenticator_test
