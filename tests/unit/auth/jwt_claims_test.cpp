#include "auth/jwt.hpp"
#include "jwt_samples.hpp"
#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace skymarshal::auth::jwt_claims_test {

class JudgeClaims : public testing::Test {
 protected:
  Verdict judge(const std::string& json) { return judge_claims(json, rules_, now_); }
  std::string id(const std::string& json) {
    const Verdict verdict = judge(json);
    if (const auto* const identity = std::get_if<Identity>(&verdict)) return identity->principal.id;
    return "";
  }
  std::string refusal(const std::string& json) {
    const Verdict verdict = judge(json);
    if (const auto* const refused = std::get_if<Refusal>(&verdict))
      return std::string(to_text(refused->reason)) + ": " + refused->message;
    return "";
  }
  std::string good(const std::string& more = "") { return test::claims_json(now_, more); }
  std::string for_audience(const std::string& audience) { return test::claims_json(now_, "", audience); }
  std::string seconds(int from_now) { return std::to_string(unix_ms(now_) / 1000 + from_now); }
  std::string expiring(const std::string& when) {
    return R"({"iss":"https://issuer.example/pool","sub":"anna","aud":"gateway","exp":)" + when + "}";
  }
  std::string of_subject(const std::string& subject_json) {
    return R"({"iss":"https://issuer.example/pool","aud":"gateway","exp":)" + seconds(300) + R"(,"sub":)" +
           subject_json + "}";
  }

  WallTime now_ = test::ManualClock().wall_now();
  JwtRules rules_{test::issuer, {"gateway", "other-name"}};
};

TEST_F(JudgeClaims, NamesThePrincipalByIssuerAndSubject) {
  const Verdict verdict = judge(good(R"(,"tier":"gold","x":{"sub":"eve"})"));
  const auto& identity = std::get<Identity>(verdict);
  EXPECT_EQ(identity.principal.id, "https://issuer.example/pool|anna");
  EXPECT_EQ(identity.principal.tier, "gold");
  EXPECT_EQ(identity.credential, "anna");
  EXPECT_EQ(identity.policy, nullptr);
  EXPECT_EQ(std::get<Identity>(judge(good())).principal.tier, "");
}

TEST_F(JudgeClaims, TakesOtherClaimsIfToldSo) {
  rules_.subject_claim = "email";
  rules_.tier_claim = "custom:tier";
  const Verdict verdict = judge(good(R"(,"email":"a@b.example","custom:tier":"gold")"));
  EXPECT_EQ(std::get<Identity>(verdict).principal, Principal{"https://issuer.example/pool|a@b.example"});
  EXPECT_EQ(std::get<Identity>(verdict).principal.tier, "gold");
  EXPECT_EQ(refusal(good()), "INVALID_TOKEN: the token's 'email' is missing");
}

TEST_F(JudgeClaims, RefusesOtherIssuers) {
  rules_.issuer = "https://issuer.example/pool/";
  EXPECT_EQ(refusal(good()), "INVALID_TOKEN: the token is of another issuer");
  EXPECT_NE(refusal(R"({"sub":"anna","aud":"gateway","exp":)" + seconds(300) + "}"), "");
  EXPECT_NE(refusal(good(R"(,"iss":"https://issuer.example/pool/")")), "") << "there twice";
}

TEST_F(JudgeClaims, WantsOneOfItsAudiences) {
  for (const char* audience : {R"("aud":"gateway")", R"("aud":["x","other-name"])",
                               R"("token_use":"access","client_id":"gateway")"}) {
    EXPECT_NE(id(for_audience(audience)), "") << audience;
  }
  for (const char* audience :
       {R"("aud":"x")", R"("aud":"Gateway")", R"("aud":"")", R"("aud":[])", R"("aud":["gateway",1])",
        R"("aud":{})", R"("aud":null)", R"("aud":"gateway other")", R"("x":1)", R"("client_id":"gateway")",
        R"("token_use":"id","client_id":"gateway")", R"("token_use":"access","client_id":"x")",
        R"("token_use":"access","client_id":["gateway"])", R"("token_use":"access")",
        R"("aud":[],"token_use":"access","client_id":"gateway")",
        R"("aud":"x","token_use":"access","client_id":"gateway")"}) {
    EXPECT_EQ(id(for_audience(audience)), "") << audience;
  }
  rules_.audiences = {};
  EXPECT_EQ(refusal(good()), "INVALID_TOKEN: the token is for another audience");
}

TEST_F(JudgeClaims, KeepsToTheTimes) {
  EXPECT_NE(id(expiring(seconds(-59))), "");
  EXPECT_NE(id(expiring(seconds(-60) + ".001")), "");
  EXPECT_EQ(refusal(expiring(seconds(-60))),
            "INVALID_TOKEN: the token expired at 2025-12-31T23:59:00.000Z: get a new one");
  EXPECT_NE(id(good(R"(,"nbf":)" + seconds(60))), "");
  EXPECT_EQ(refusal(good(R"(,"nbf":)" + seconds(61))),
            "INVALID_TOKEN: the token is not valid before 2026-01-01T00:01:01.000Z");
  EXPECT_NE(id(good(R"(,"iat":)" + seconds(60))), "");
  EXPECT_NE(refusal(good(R"(,"iat":)" + seconds(61))), "");
  EXPECT_NE(id(good(R"(,"iat":-5,"nbf":-1e3)")), "");
  rules_.leeway = std::chrono::seconds(0);
  EXPECT_NE(refusal(expiring(seconds(0))), "");
  EXPECT_NE(id(expiring(seconds(1))), "");
}

TEST_F(JudgeClaims, TakesNumbersAsTheyCome) {
  for (const std::string& when :
       {seconds(60) + ".5", seconds(60) + " ", std::string("2.0e9"), std::string("253402300799")})
    EXPECT_NE(id(expiring(when)), "") << when;
  for (const char* when : {"1e300", "1e999", "-1e999", "-1", "0", "-0.0", "253402300800",
                           "9223372036854775808", "18446744073709551616", "-9223372036854775809", "1e-400",
                           "\"2000000000\"", "null", "true", "[2000000000]", "{}"}) {
    EXPECT_EQ(id(expiring(when)), "") << when;
  }
  for (const char* name : {"nbf", "iat"}) {
    EXPECT_EQ(id(good(std::string(",\"") + name + R"(":"1")")), "");
    EXPECT_EQ(id(good(std::string(",\"") + name + R"(":-1e300)")), "");
  }
  EXPECT_EQ(refusal(R"({"iss":"https://issuer.example/pool","sub":"anna","aud":"gateway"})"),
            "INVALID_TOKEN: the token's 'exp' is missing");
}

TEST_F(JudgeClaims, WantsASubjectThatCanBeShown) {
  EXPECT_NE(id(of_subject("\"" + std::string(255, 's') + "\"")), "");
  EXPECT_NE(id(of_subject(R"("auth0|7 é")")), "");
  for (const std::string& subject :
       {std::string(R"("")"), std::string("1"), std::string("null"), std::string(R"(["anna"])"),
        "\"" + std::string(256, 's') + "\"", std::string(R"("a\nb")"), std::string(R"("a\u0000")"),
        std::string(R"("\u007f")"), std::string(R"("\u0085")"), std::string(R"("\ud800")")}) {
    EXPECT_EQ(id(of_subject(subject)), "") << subject;
  }
}

TEST_F(JudgeClaims, WantsItsScope) {
  rules_.required_scope = "sky/invoke";
  for (const char* scope :
       {R"(,"scope":"sky/invoke")", R"(,"scope":"a sky/invoke b")", R"(,"scp":["a","sky/invoke"])",
        R"(,"scp":"a sky/invoke")", R"(,"scope":"a","scp":["sky/invoke"])"}) {
    EXPECT_NE(id(good(scope)), "") << scope;
  }
  for (const char* scope :
       {"", R"(,"scope":"sky/invoke2 sky/invok Sky/invoke")", R"(,"scp":[])", R"(,"scope":"")"}) {
    EXPECT_EQ(refusal(good(scope)),
              "NOT_ALLOWED: the token lacks the scope 'sky/invoke': ask its issuer for it")
        << scope;
  }
  EXPECT_EQ(refusal(good(R"(,"scope":1)")).substr(0, 13), "INVALID_TOKEN");
}

TEST_F(JudgeClaims, WhatIsNoTierIsTheDefaultOne) {
  const std::string longest(64, 't');
  EXPECT_EQ(std::get<Identity>(judge(good(",\"tier\":\"" + longest + "\""))).principal.tier, longest);
  for (const std::string& tier :
       {std::string("null"), std::string("1"), std::string("true"), std::string(R"(["gold"])"),
        std::string(R"({"gold":1})"), std::string(R"("")"), "\"" + longest + "t\"", std::string(R"("a\nb")"),
        std::string(R"("\ud800")")}) {
    const Verdict verdict = judge(good(",\"tier\":" + tier));
    ASSERT_TRUE(std::holds_alternative<Identity>(verdict)) << tier;
    EXPECT_EQ(std::get<Identity>(verdict).principal.tier, "") << tier;
  }
}

TEST_F(JudgeClaims, TakesAsManyClaimsAsATokenHolds) {
  std::string many;
  for (int i = 0; i < 500; ++i) many += ",\"claim_" + std::to_string(i) + "\":" + std::to_string(i);
  EXPECT_NE(id(good(many)), "");
  EXPECT_NE(refusal(good(many + R"(,"claim_499":0)")), "") << "there twice";
}

TEST_F(JudgeClaims, SaysWhoItClaimsToBe) {
  rules_.audiences = {"x"};
  EXPECT_EQ(std::get<Refusal>(judge(good())).claimed, "anna");
}

TEST_F(JudgeClaims, RefusesWhatIsNoSetOfClaims) {
  for (const char* json : {"", "[]", "1", "{", R"({"sub":"a","sub":"b"})", "{}", "{} {}"})
    EXPECT_NE(refusal(json), "") << json;
  EXPECT_NE(refusal(std::string(4'000, '[') + std::string(4'000, ']')), "");
}

}  // namespace skymarshal::auth::jwt_claims_test
