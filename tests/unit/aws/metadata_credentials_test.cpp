// What a container's endpoint and the instance metadata service are asked, and what is made of their answers.
#include "aws/metadata_credentials.hpp"

#include "unit/aws/source_rig.hpp"

namespace skymarshal::aws::metadata_credentials_test {

using test::http_answer;

const std::string given =
    http_answer(200, R"({"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t",)"
                     R"("Expiration":"2026-01-31T09:05:00Z"})");

class ContainerCredentialsTest : public test::SourceRig {
 protected:
  SourceAnswer found() {
    return look([](const SourceParts& parts) { return container_credentials(parts); });
  }
};

TEST_F(ContainerCredentialsTest, IsNotConfiguredWithoutItsVariables) {
  EXPECT_TRUE(says(lack_of(found()), "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor"));
}

TEST_F(ContainerCredentialsTest, ARelativePathIsOfTheContainerAgent) {
  set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials?id=1");
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/other");
  serve({given});
  const SourceAnswer answer = found();
  ASSERT_EQ(key_of(answer), "ASIA") << complaint_of(answer);
  EXPECT_EQ(std::get<FoundCredentials>(answer).credentials.session_token.reveal(), "t");
  EXPECT_TRUE(std::get<FoundCredentials>(answer).expires_at);
  EXPECT_EQ(asked_.front(), "http://169.254.170.2");
  EXPECT_TRUE(was_sent("GET /v2/credentials?id=1 HTTP/1.1"));
  EXPECT_FALSE(was_sent("Authorization"));
  for (const char* bad : {"v2", ".evil.example/", "@evil.example/", ":81/x", "/a#b"}) {
    set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", bad);
    EXPECT_TRUE(says(complaint_of(found()), "RELATIVE_URI is no path")) << bad;
  }
}

TEST_F(ContainerCredentialsTest, GoesOnlyWhereCredentialsAreSafe) {
  for (const char* url :
       {"http://localhost/x", "http://127.0.0.1:1/x", "http://[::1]/x", "http://169.254.170.2/x",
        "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1", "https://far.example/x"}) {
    set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    serve({given});
    EXPECT_EQ(key_of(found()), "ASIA") << url;
  }
  for (const char* url : {"http://far.example/x", "http://169.254.169.254/x", "http://10.0.0.1/x",
                          "ws://localhost/x", "localhost/x", "http://localhost.evil.example/"}) {
    set("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
    EXPECT_TRUE(says(complaint_of(found()), "FULL_URI must begin with https://")) << url;
  }
}

TEST_F(ContainerCredentialsTest, ShowsItsTokenAndReadsItAnew) {
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x");
  set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc");
  serve({given, given, given});
  EXPECT_EQ(key_of(found()), "ASIA");
  EXPECT_TRUE(was_sent("Authorization: Basic abc"));
  set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", write("token", "one\n"));
  EXPECT_EQ(key_of(found()), "ASIA");
  EXPECT_TRUE(was_sent("Authorization: one\r\n"));
  write("token", "two");
  EXPECT_EQ(key_of(found()), "ASIA");
  EXPECT_TRUE(was_sent("Authorization: two\r\n"));
  write("token", "two\r\nX-Evil: 1");
  EXPECT_TRUE(says(complaint_of(found()), "must hold one word"));
  search_.environment.erase("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  set("AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nX-Evil: 1");
  EXPECT_TRUE(says(complaint_of(found()), "holds a line break"));
}

TEST_F(ContainerCredentialsTest, SaysWhatIsWrong) {
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/x");
  serve({http_answer(403, "secret-of"), http_answer(200, "secret-of"),
         http_answer(200, R"({"Token":"secret-of"})")});
  for (const char* part :
       {"localhost answered 403", "answers no JSON object", "AccessKeyId of the container"}) {
    const std::string said = complaint_of(found());
    EXPECT_TRUE(says(said, part));
    EXPECT_EQ(said.find("secret-of"), std::string::npos);
  }
}

class InstanceCredentialsTest : public test::SourceRig {
 protected:
  SourceAnswer found() {
    return look([](const SourceParts& parts) { return instance_credentials(parts); });
  }
  Configuration configuration() { return Configuration::read(search_).value(); }
};

TEST_F(InstanceCredentialsTest, OpensASessionAsksForTheRoleAndForItsCredentials) {
  serve({http_answer(200, "session=="), http_answer(200, "ops-role\n"), given});
  const SourceAnswer answer = found();
  ASSERT_EQ(key_of(answer), "ASIA") << complaint_of(answer) << lack_of(answer);
  EXPECT_EQ(std::get<FoundCredentials>(answer).source, "the role ops-role of this instance");
  EXPECT_EQ(asked_.front(), "http://169.254.169.254");
  const auto& requests = peer_->requests();
  EXPECT_NE(requests[0].find("PUT /latest/api/token HTTP/1.1"), std::string::npos);
  EXPECT_NE(requests[0].find("X-aws-ec2-metadata-token-ttl-seconds: 21600"), std::string::npos);
  EXPECT_NE(requests[1].find("GET /latest/meta-data/iam/security-credentials/ HTTP/1.1"), std::string::npos);
  EXPECT_NE(requests[1].find("X-aws-ec2-metadata-token: session=="), std::string::npos);
  EXPECT_TRUE(was_sent("GET /latest/meta-data/iam/security-credentials/ops-role HTTP/1.1"));
  EXPECT_TRUE(was_sent("X-aws-ec2-metadata-token: session=="));
}

TEST_F(InstanceCredentialsTest, NeverAsksWithoutASession) {
  for (const unsigned status : {400U, 403U, 404U, 405U}) {
    serve({http_answer(status, "no"), given, given});
    EXPECT_TRUE(says(lack_of(found()), "answered " + std::to_string(status)));
    EXPECT_EQ(request_count(), 1U);
  }
  serve({http_answer(200, "two\nlines"), given});
  EXPECT_NE(lack_of(found()), "(none)");
  EXPECT_EQ(request_count(), 1U);
}

TEST_F(InstanceCredentialsTest, CanBeTurnedOff) {
  set("AWS_EC2_METADATA_DISABLED", "True");
  EXPECT_TRUE(says(lack_of(found()), "AWS_EC2_METADATA_DISABLED is set"));
  EXPECT_TRUE(asked_.empty());
}

TEST_F(InstanceCredentialsTest, ItsEndpointCanBeSet) {
  const auto asked = [this] {
    asked_.clear();
    EXPECT_NE(lack_of(found()), "(none)");
    return asked_.front();
  };
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6");
  EXPECT_EQ(asked(), "http://[fd00:ec2::254]");
  write_config("[default]\nec2_metadata_service_endpoint = http://profile.example:1338/\n");
  EXPECT_EQ(asked(), "http://profile.example:1338");
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://variable.example:1338/below");
  EXPECT_EQ(asked(), "http://variable.example:1338");
  serve({http_answer(404, "")});
  EXPECT_NE(lack_of(found()), "(none)");
  EXPECT_TRUE(was_sent("PUT /below/latest/api/token"));
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "variable.example");
  EXPECT_TRUE(says(complaint_of(found()), "must begin with http://"));
}

TEST_F(InstanceCredentialsTest, AnInstanceMayHaveNoRole) {
  for (const std::string& answer :
       {http_answer(404, ""), http_answer(200, ""), http_answer(200, std::string(65, 'r'))}) {
    serve({http_answer(200, "session"), answer});
    EXPECT_TRUE(says(lack_of(found()), "this instance has no role"));
  }
  serve({http_answer(200, "session"), http_answer(401, "")});
  EXPECT_TRUE(says(lack_of(found()), "answered 401"));
}

TEST_F(InstanceCredentialsTest, SaysWhatIsWrong) {
  const std::string session = http_answer(200, "session");
  const std::string role = http_answer(200, "ops");
  for (const auto& [answer, part] : std::vector<std::pair<std::string, std::string>>{
           {http_answer(404, ""), "the role ops of this instance: the metadata service answered 404"},
           {http_answer(200, "secret-of"), "is no JSON object"},
           {http_answer(200, R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"secret-of"})"),
            "says AssumeRoleUnauthorizedAccess"},
           {http_answer(200, R"({"Code":"Success","AccessKeyId":"A"})"),
            "SecretAccessKey of the role ops"}}) {
    serve({session, role, answer});
    const std::string said = complaint_of(found());
    EXPECT_TRUE(says(said, part));
    EXPECT_EQ(said.find("secret-of"), std::string::npos);
  }
}

TEST_F(InstanceCredentialsTest, UsesExpiredOnesThatItIsGivenALittleLonger) {
  clock_.advance(std::chrono::days(60));
  serve({http_answer(200, "session"), http_answer(200, "ops"), given});
  const SourceAnswer answer = found();
  ASSERT_EQ(key_of(answer), "ASIA");
  EXPECT_EQ(std::get<FoundCredentials>(answer).expires_at, clock_.wall_now() + std::chrono::minutes(20));
}

TEST_F(InstanceCredentialsTest, IsExpectedOnlyWhereTheMachineSaysSo) {
  const auto expects = [this] { return expects_instance(configuration(), folder_.file("sys")); };
  EXPECT_FALSE(expects());
  write("sys/devices/virtual/dmi/id/sys_vendor", "QEMU\n");
  write("sys/hypervisor/uuid", "1234\n");
  EXPECT_FALSE(expects());
  write("sys/hypervisor/uuid", "ec2e1916-9099-7caf-fd21-012345abcdef\n");
  EXPECT_TRUE(expects());
  write("sys/hypervisor/uuid", "1234\n");
  write("sys/devices/virtual/dmi/id/sys_vendor", "Amazon EC2\n");
  EXPECT_TRUE(expects());
  std::filesystem::remove_all(folder_.file("sys"));
  EXPECT_FALSE(expects());
  write_config("[default]\nec2_metadata_service_endpoint = http://profile.example/\n");
  EXPECT_TRUE(expects());
  write_config("[default]\n");
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1/");
  EXPECT_TRUE(expects());
}

}  // namespace skymarshal::aws::metadata_credentials_test
