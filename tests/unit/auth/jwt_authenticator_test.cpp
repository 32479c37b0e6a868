#include "auth/jwt_authenticator.hpp"

#include "jwt_samples.hpp"
#include "key_samples.hpp"
#include "support/manual_clock.hpp"
#include "support/run_awaitable.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::auth::jwt_authenticator_test {

namespace asio = boost::asio;

struct Published {
  std::string json = test::jwk_set(test::issuer_keys());
  int fetches = 0;
};

class PublishedOrigin final : public JwksOrigin {
 public:
  explicit PublishedOrigin(Published& published) : published_(published) {}
  asio::awaitable<Result<SharedJwkSet>> fetch() override {
    ++published_.fetches;
    auto set = JwkSet::parse(published_.json);
    if (!set) co_return make_error(Errc::identity_unavailable, set.error().message);
    co_return SharedJwkSet(std::make_shared<const JwkSet>(*std::move(set)));
  }

 private:
  Published& published_;
};

class Gate {
 public:
  Verdict show(const std::string& token) {
    http::Request request;
    request.headers.add("authorization", "bEARER " + token);
    return ask(std::move(request));
  }
  Verdict ask(const http::Request& request) {
    return test::run_awaitable(authenticator_.authenticate(request));
  }
  /// "" if it comes in.
  std::string refusal(const std::string& token) {
    const Verdict verdict = show(token);
    const auto* const refused = std::get_if<Refusal>(&verdict);
    return refused == nullptr ? "" : std::string(to_text(refused->reason)) + ": " + refused->message;
  }
  std::string claims(const std::string& more = "") { return test::claims_json(clock.wall_now(), more); }

  test::ManualClock clock;
  Published published;

 private:
  Logger log_{{LogLevel::off}, clock};
  CountingRandom random_;
  JwksSource keys_{
      jwks_refresh_options(), std::make_unique<PublishedOrigin>(published), {clock, random_, log_}};
  JwtAuthenticator authenticator_{{{test::issuer, {"gateway"}}}, keys_, clock};
};

class JwtAuthenticatorTest : public testing::Test {
 protected:
  const test::IssuerKey& rsa_ = test::issuer_keys()[0];
  const test::IssuerKey& ec_ = test::issuer_keys()[1];
  const test::IssuerKey& ed_ = test::issuer_keys()[2];
  Gate gate_;
};

std::vector<std::string> parts_of(const std::string& token) {
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  return {token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1)};
}

TEST_F(JwtAuthenticatorTest, LetsGoodTokensIn) {
  for (const test::IssuerKey& key : test::issuer_keys()) {
    const Verdict verdict = gate_.show(key.token(gate_.claims(R"(,"tier":"gold")")));
    ASSERT_TRUE(std::holds_alternative<Identity>(verdict)) << key.id();
    EXPECT_EQ(std::get<Identity>(verdict).principal.id, "https://issuer.example/pool|anna");
    EXPECT_EQ(std::get<Identity>(verdict).principal.tier, "gold");
  }
  EXPECT_EQ(gate_.published.fetches, 1);
}

TEST_F(JwtAuthenticatorTest, LetsTokensOfEveryAlgorithmIn) {
  for (const test::IssuerKey& key : test::keys_of_all_algorithms()) {
    Gate gate;
    gate.published.json = test::jwk_set(std::vector<test::IssuerKey>{key});
    EXPECT_EQ(gate.refusal(key.token(gate.claims())), "") << key.algorithm();
    // The same signature under another algorithm's name is wrong, or its key is not for that.
    for (const test::IssuerKey& other : test::keys_of_all_algorithms()) {
      if (other.algorithm() == key.algorithm()) continue;
      const bool is_one_curve =
          !key.is_rsa() && !key.is_nist() &&
          (other.algorithm() == "EdDSA" || (key.algorithm() == "EdDSA" && key.width() == other.width() &&
                                            !other.is_nist() && !other.is_rsa()));
      const std::string header = R"({"alg":")" + other.algorithm() + R"(","kid":")" + key.id() + "\"}";
      EXPECT_EQ(gate.refusal(key.token(header, gate.claims())).empty(), is_one_curve)
          << key.algorithm() << other.algorithm();
    }
  }
}

TEST_F(JwtAuthenticatorTest, WantsOneBearerToken) {
  EXPECT_EQ(std::get<Refusal>(gate_.ask({})).reason, Reason::missing_credentials);
  http::Request request;
  request.headers.add("Authorization", "Basic YTpi");
  EXPECT_EQ(std::get<Refusal>(gate_.ask(request)).reason, Reason::malformed_authorization);
  request.headers.set("Authorization", "Bearer " + rsa_.token(gate_.claims()));
  EXPECT_TRUE(std::holds_alternative<Identity>(gate_.ask(request)));
  request.headers.add("Authorization", "Bearer " + rsa_.token(gate_.claims()));
  EXPECT_EQ(std::get<Refusal>(gate_.ask(request)).reason, Reason::malformed_authorization);
}

TEST_F(JwtAuthenticatorTest, RefusesUnsignedTokens) {
  for (const char* none : {"none", "None", "NONE", "nOnE"}) {
    const std::string header = std::string(R"({"alg":")") + none + R"(","kid":"rsa"})";
    const std::string text = base64url_encode(header) + "." + base64url_encode(gate_.claims());
    EXPECT_NE(gate_.refusal(text + "."), "");
    EXPECT_NE(gate_.refusal(text + ".AAAA"), "");
    EXPECT_NE(gate_.refusal(rsa_.token(header, gate_.claims())), "");
  }
  const auto parts = parts_of(rsa_.token(gate_.claims()));
  EXPECT_NE(gate_.refusal(parts[0] + "." + parts[1] + "."), "");
  EXPECT_NE(gate_.refusal(parts[0] + "." + parts[1]), "");
}

TEST_F(JwtAuthenticatorTest, RefusesThePublicKeyAsASharedSecret) {
  for (const char* algorithm : {"HS256", "RS256"}) {
    const std::string header = std::string(R"({"alg":")") + algorithm + R"(","kid":"rsa"})";
    const std::string text = base64url_encode(header) + "." + base64url_encode(gate_.claims());
    for (const std::string& secret : {rsa_.n(), rsa_.jwk(), base64url_encode(rsa_.n())}) {
      const Sha256 mac = hmac_sha256(secret, text);
      EXPECT_NE(gate_.refusal(text + "." + base64url_encode(as_text(mac))), "");
    }
  }
}

TEST_F(JwtAuthenticatorTest, RefusesKeysThatTheTokenBrings) {
  const test::IssuerKey mine = test::IssuerKey::p256("ec");
  const std::string claims = gate_.claims();
  EXPECT_NE(gate_.refusal(mine.token(R"({"alg":"ES256","jwk":)" + mine.jwk() + "}", claims)), "");
  EXPECT_NE(gate_.refusal(mine.token(R"({"alg":"ES256","kid":"ec","jku":"http://127.0.0.1:1/"})", claims)),
            "");
  EXPECT_NE(gate_.refusal(mine.token(R"({"alg":"ES256","kid":"ec","x5u":"http://127.0.0.1:1/"})", claims)),
            "");
  EXPECT_EQ(gate_.refusal(ec_.token(R"({"alg":"ES256","kid":"ec","jku":"http://127.0.0.1:1/"})", claims)),
            "");
}

TEST_F(JwtAuthenticatorTest, RefusesOtherKeys) {
  const std::string claims = gate_.claims();
  EXPECT_EQ(gate_.refusal(test::IssuerKey::p256("ec").token(claims)),
            "INVALID_TOKEN: the token's signature is wrong");
  EXPECT_EQ(gate_.refusal(ed_.token(R"({"alg":"ES256","kid":"ed"})", claims)),
            "INVALID_TOKEN: the token's algorithm is not the one of its key");
  EXPECT_EQ(gate_.refusal(ed_.token(R"({"alg":"ES256","kid":"ec"})", claims)),
            "INVALID_TOKEN: the token's signature is wrong");
  const auto good = parts_of(ec_.token(claims));
  const auto other = parts_of(ec_.token(gate_.claims(R"(,"x":1)")));
  EXPECT_NE(gate_.refusal(good[0] + "." + good[1] + "." + other[2]), "");
  EXPECT_NE(gate_.refusal(good[0] + "." + other[1] + "." + good[2]), "");
  EXPECT_NE(gate_.refusal(good[0] + "." + good[1] + "." + base64url_encode(std::string(64, '\0'))), "");
  EXPECT_EQ(gate_.published.fetches, 1) << "a wrong signature costs the issuer nothing";
}

TEST_F(JwtAuthenticatorTest, MadeUpKeyIdsAskOnce) {
  for (const std::string& id :
       {std::string("../../dev/null"), std::string("' OR 1=1 --"), std::string(200, 'k'),
        std::string("http://127.0.0.1:1/"), std::string("RSA")}) {
    EXPECT_EQ(gate_.refusal(rsa_.token(R"({"alg":"RS256","kid":")" + id + "\"}", gate_.claims())),
              "INVALID_TOKEN: the token's key is none of its issuer's keys");
  }
  EXPECT_EQ(gate_.published.fetches, 2);
}

TEST_F(JwtAuthenticatorTest, FindsKeysThatAreNewSince) {
  EXPECT_EQ(gate_.refusal(rsa_.token(gate_.claims())), "");
  const test::IssuerKey next = test::IssuerKey::ed25519("next");
  gate_.published.json = test::jwk_set(std::vector<test::IssuerKey>{next});
  EXPECT_EQ(gate_.refusal(next.token(gate_.claims())), "");
  EXPECT_NE(gate_.refusal(rsa_.token(gate_.claims())), "") << "withdrawn";
  EXPECT_EQ(gate_.published.fetches, 2);
}

TEST_F(JwtAuthenticatorTest, FindsNewKeysWithoutAnId) {
  const std::string header = R"({"alg":"EdDSA"})";
  EXPECT_EQ(gate_.refusal(ed_.token(header, gate_.claims())), "");
  const test::IssuerKey next = test::IssuerKey::ed25519("next");
  gate_.published.json = test::jwk_set(std::vector<test::IssuerKey>{next});
  EXPECT_EQ(gate_.refusal(next.token(header, gate_.claims())), "");
}

TEST_F(JwtAuthenticatorTest, AmbiguousTokensAreRefused) {
  gate_.published.json = test::jwk_set(std::vector<test::IssuerKey>{ed_, test::IssuerKey::ed25519("b")});
  EXPECT_EQ(gate_.refusal(ed_.token(R"({"alg":"EdDSA"})", gate_.claims())),
            "INVALID_TOKEN: the token names no key ('kid'), and no single key is for it");
}

TEST_F(JwtAuthenticatorTest, BoundsTheToken) {
  EXPECT_EQ(gate_.refusal(std::string(14'337, 'a')), "INVALID_TOKEN: the token is longer than 14336 bytes");
  EXPECT_NE(gate_.refusal(rsa_.token(gate_.claims(R"(,"x":")" + std::string(11'000, 'x') + "\""))), "");
  EXPECT_EQ(gate_.published.fetches, 0);
}

TEST_F(JwtAuthenticatorTest, FailsClosedWithoutKeys) {
  gate_.published.json = "{}";
  const Verdict verdict = gate_.show(rsa_.token(gate_.claims()));
  EXPECT_EQ(std::get<Refusal>(verdict).reason, Reason::identity_unavailable);
  EXPECT_EQ(std::get<Refusal>(verdict).retry_after, std::chrono::seconds(1));
}

TEST_F(JwtAuthenticatorTest, AnyChangedByteIsRefused) {
  for (const test::IssuerKey& key : test::issuer_keys()) {
    const std::string token = key.token(gate_.claims());
    ASSERT_EQ(gate_.refusal(token), "");
    for (std::size_t i = 0; i < token.size(); ++i) {
      std::string changed = token;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      ASSERT_NE(gate_.refusal(changed), "") << key.id() << " " << i;
    }
  }
}

RC_GTEST_PROP(JwtAuthenticatorProperty, AnyChangedByteIsRefused, ()) {
  static Gate gate;
  const test::IssuerKey& key = *rc::gen::elementOf(test::issuer_keys());
  const std::string token = key.token(gate.claims());
  std::string changed = token;
  const auto at = *rc::gen::inRange<std::size_t>(0, token.size());
  changed[at] = *rc::gen::arbitrary<char>();
  RC_PRE(changed != token);
  RC_ASSERT(!gate.refusal(changed).empty());
}

}  // namespace skymarshal::auth::jwt_authenticator_test
