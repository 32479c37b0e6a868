// Roles by STS: what is asked, what is read, what is said when it refuses.
#include "aws/sts_credentials.hpp"

#include "unit/aws/source_rig.hpp"

namespace skymarshal::aws::sts_credentials_test {

using test::http_answer;

class StsCredentialsTest : public test::SourceRig {
 protected:
  Result<FoundCredentials> assumed() {
    return look([this](const SourceParts& parts) { return assume_role(parts, role_, source_); });
  }
  Result<FoundCredentials> by_token(const std::string& file) {
    return look([&](const SourceParts& parts) { return assume_role_with_web_identity(parts, role_, file); });
  }
  static std::string answer(const std::string& action) {
    return http_answer(200, "{\"" + action + "Response\":{\"" + action +
                                R"(Result":{"Credentials":{"AccessKeyId":"ASIAROLE","SecretAccessKey":"s",)"
                                R"("SessionToken":"t","Expiration":1.7698503E9},"AssumedRoleUser":{}}}})");
  }

  Role role_{"arn:aws:iam::123456789012:role/ops", "", "", {}, "profile ops"};
  Credentials source_{"AKIASOURCE", Secret(std::string("secret-of-source")), Secret(std::string("st"))};
};

TEST_F(StsCredentialsTest, AsksForARoleInItsRegion) {
  serve({answer("AssumeRole")});
  role_.session_name = "night";
  role_.external_id = "x+/=";
  role_.duration = std::chrono::seconds(1800);
  const auto found = assumed();
  ASSERT_EQ(key_of(found), "ASIAROLE") << complaint_of(found);
  EXPECT_EQ(found->credentials.session_token.reveal(), "t");
  EXPECT_EQ(found->expires_at, from_unix_ms(1'769'850'300'000));
  EXPECT_EQ(found->source, "the role arn:aws:iam::123456789012:role/ops of profile ops");
  EXPECT_EQ(asked_.front(), "https://sts.eu-central-1.amazonaws.com");
  EXPECT_TRUE(was_sent("POST / HTTP/1.1"));
  EXPECT_TRUE(was_sent("Accept: application/json"));
  EXPECT_TRUE(was_sent("Credential=AKIASOURCE/20260101/eu-central-1/sts/aws4_request"));
  EXPECT_TRUE(was_sent("X-Amz-Security-Token: st"));
  EXPECT_TRUE(
      was_sent("Action=AssumeRole&Version=2011-06-15"
               "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fops&RoleSessionName=night"
               "&ExternalId=x%2B%2F%3D&DurationSeconds=1800"));
  EXPECT_FALSE(was_sent("secret-of-source"));
}

TEST_F(StsCredentialsTest, NamesTheSessionWhereNobodyDoes) {
  serve({answer("AssumeRole")});
  EXPECT_EQ(key_of(assumed()), "ASIAROLE");
  EXPECT_TRUE(was_sent("&RoleSessionName=skymarshal-1767225600"));
  EXPECT_FALSE(was_sent("ExternalId"));
  EXPECT_FALSE(was_sent("DurationSeconds"));
}

TEST_F(StsCredentialsTest, NeedsARegionUnlessThereIsAnEndpoint) {
  search_.environment.erase("AWS_REGION");
  EXPECT_TRUE(says(complaint_of(assumed()), "no AWS region"));
  EXPECT_TRUE(says(complaint_of(by_token("token")), "no AWS region"));
  set("AWS_ENDPOINT_URL_STS", "https://sts.example/");
  serve({answer("AssumeRole")});
  EXPECT_EQ(key_of(assumed()), "ASIAROLE");
  EXPECT_TRUE(was_sent("/us-east-1/sts/"));
  set("AWS_REGION", "no region");
  EXPECT_TRUE(says(complaint_of(assumed()), "no region's name"));
  EXPECT_TRUE(says(complaint_of(by_token("token")), "no region's name"));
}

TEST_F(StsCredentialsTest, ATokenSpeaksForARoleAndIsReadAnewEachTime) {
  const std::string action = "AssumeRoleWithWebIdentity";
  const std::string file = write("token", "ey.one\n");
  serve({answer(action), answer(action)});
  ASSERT_EQ(key_of(by_token(file)), "ASIAROLE");
  EXPECT_TRUE(was_sent("&WebIdentityToken=ey.one"));
  EXPECT_FALSE(was_sent("Authorization"));
  write("token", "ey.two");
  EXPECT_EQ(key_of(by_token(file)), "ASIAROLE");
  EXPECT_TRUE(was_sent("&WebIdentityToken=ey.two"));
  EXPECT_TRUE(says(complaint_of(by_token(path("gone"))), "cannot be read"));
}

TEST_F(StsCredentialsTest, SaysWhatStsSaysAndWhatToDoButNoneOfItsWords) {
  serve({http_answer(403, R"({"Error":{"Code":"AccessDenied","Message":"secret-of-somebody"}})"),
         http_answer(400, R"({"Error":{"Code":"New.One","Message":"secret-of-somebody"}})"),
         http_answer(403, "<ErrorResponse>secret-of-somebody</ErrorResponse>")});
  std::string said = complaint_of(assumed());
  EXPECT_TRUE(says(said, "sts.eu-central-1.amazonaws.com answered 403 AccessDenied: check the role's trust"));
  EXPECT_EQ(said.find("secret-of"), std::string::npos);
  EXPECT_TRUE(says(complaint_of(assumed()), "answered 400 New.One: check the role's ARN"));
  said = complaint_of(assumed());
  EXPECT_TRUE(says(said, "answered 403"));
  EXPECT_EQ(said.find("secret-of"), std::string::npos);
}

TEST_F(StsCredentialsTest, AsksAgainWhereStsOrAnIssuerIsBusyForAMoment) {
  const auto busy = [](const std::string& code) {
    return http_answer(400, R"({"Error":{"Code":")" + code + R"(","Message":"x"}})");
  };
  serve({busy("Throttling"), answer("AssumeRole"), busy("IDPCommunicationError"), answer("AssumeRole"),
         busy("Throttling"), busy("Throttling")});
  EXPECT_EQ(key_of(assumed()), "ASIAROLE");
  EXPECT_EQ(key_of(assumed()), "ASIAROLE");
  EXPECT_TRUE(says(complaint_of(assumed()), "answered 400 Throttling")) << "and no more often than it may";
}

TEST_F(StsCredentialsTest, RefusesWhatItCannotUnderstand) {
  serve({http_answer(200, "<AssumeRoleResponse/>"), http_answer(200, "[]"),
         http_answer(200, R"({"AssumeRoleResponse":{"AssumeRoleResult":{"Credentials":{}}}})")});
  EXPECT_TRUE(says(complaint_of(assumed()), "cannot be understood"));
  EXPECT_TRUE(says(complaint_of(assumed()), "cannot be understood"));
  EXPECT_TRUE(says(complaint_of(assumed()), "AccessKeyId of the role"));
}

TEST_F(StsCredentialsTest, SaysWhenStsIsNotThere) {
  EXPECT_TRUE(says(complaint_of(assumed()), "sts.eu-central-1.amazonaws.com cannot be asked ("));
  EXPECT_EQ(asked_.size(), limits_.service.attempts);
}

TEST_F(StsCredentialsTest, DoesNotSignWithWhatIsNoKey) {
  source_.access_key_id = "no key";
  EXPECT_TRUE(says(complaint_of(assumed()), "cannot sign"));
}

}  // namespace skymarshal::aws::sts_credentials_test
