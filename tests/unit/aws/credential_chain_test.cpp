// Which source goes before which, how roles lead from one to the next, how long credentials are kept, and how
// they are made new.
#include "aws/credential_chain.hpp"

#include "aws/metadata_credentials.hpp"
#include "base/time_format.hpp"
#include "support/run_until.hpp"
#include "unit/aws/source_rig.hpp"

#include <array>
#include <bit>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <rapidcheck/gtest.h>

namespace skymarshal::aws::credential_chain_test {

namespace asio = boost::asio;
using test::http_answer;

std::string keys(const std::string& id) { return "aws_access_key_id=" + id + "\naws_secret_access_key=s\n"; }

std::string role_answer(const std::string& id, const std::string& action = "AssumeRole") {
  return http_answer(200, "{\"" + action + "Response\":{\"" + action +
                              R"(Result":{"Credentials":{"AccessKeyId":")" + id +
                              R"(","SecretAccessKey":"s","SessionToken":"t","Expiration":1.8E9}}}})");
}

class ChainTest : public test::SourceRig {
 protected:
  ChainTest() { set("AWS_EC2_METADATA_DISABLED", "true"); }

  LookResult found(InstanceUse use = InstanceUse::always) {
    return look([use](const SourceParts& parts) { return look_for_credentials(parts, CredentialLook{use}); });
  }
  std::string found_key() { return key_of(answer()); }
  std::string complaint() { return complaint_of(answer()); }
  std::string lack() { return lack_of(answer()); }
  bool expects_machine() { return expects_instance(Configuration::read(search_).value()); }

 private:
  SourceAnswer answer() {
    const LookResult looked = found();
    if (!looked) return looked.error();
    if (const auto* missing = std::get_if<NotConfigured>(&*looked)) return *missing;
    return std::get<FoundCredentials>(*looked);
  }
};

TEST_F(ChainTest, SaysOfEverySourceWhatItLacks) {
  const std::string said = lack();
  for (const char* part :
       {"set AWS_ACCESS_KEY_ID", "\n  environment: AWS_ACCESS_KEY_ID is not set",
        "\n  role: profile default has no", "\n  web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set",
        "\n  SSO: ", "\n  credentials file: ", "\n  login: ", "\n  process: ", "\n  config file: ",
        "\n  container: neither", "\n  instance: AWS_EC2_METADATA_DISABLED is set"})
    EXPECT_TRUE(says(said, part));
}

TEST_F(ChainTest, AProfileOfTheCallersPassesOverVariables) {
  set("AWS_ACCESS_KEY_ID", "AKIAENV");
  set("AWS_SECRET_ACCESS_KEY", "s");
  set("AWS_WEB_IDENTITY_TOKEN_FILE", path("gone"));
  write_credentials("[ops]\n" + keys("AKIAOPS") + "[empty]\n");
  EXPECT_EQ(found_key(), "AKIAENV");
  set("AWS_PROFILE", "ops");
  EXPECT_EQ(found_key(), "AKIAENV");
  search_.profile = "ops";
  EXPECT_EQ(found_key(), "AKIAOPS");
  search_.profile = "empty";
  EXPECT_EQ(lack().find("environment"), std::string::npos);
}

/// Of the sources that a mask names, all set up at once, the first counts.
RC_GTEST_FIXTURE_PROP(ChainTest, TheFirstThatIsSetUpCounts, ()) {
  const unsigned mask = *rc::gen::inRange(0U, 128U);
  const auto has = [mask](unsigned source) { return (mask >> source & 1U) != 0; };
  std::string config = "[default]\n";
  std::string credentials = "[default]\n";
  if (has(0)) {
    set("AWS_ACCESS_KEY_ID", "AKIAENV");
    set("AWS_SECRET_ACCESS_KEY", "s");
  }
  // Its source is a profile of its own, so that it says nothing of the others.
  if (has(1)) config += "role_arn=arn\nsource_profile=base\n";
  if (has(2)) {
    set("AWS_WEB_IDENTITY_TOKEN_FILE", write("token", "t"));
    set("AWS_ROLE_ARN", "arn");
  }
  if (has(3)) credentials += keys("AKIAFILE");
  if (has(4))
    config +=
        "credential_process=printf "
        "'{\"Version\":1,\"AccessKeyId\":\"AKIAPROCESS\",\"SecretAccessKey\":\"s\"}'\n";
  if (has(5)) config += keys("AKIACONFIG");
  if (has(6)) set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/");
  write_config(config + "[profile base]\n" + keys("AKIABASE"));
  write_credentials(credentials);
  constexpr std::array<const char*, 7> expected = {"AKIAENV",     "ASIAROLE",   "ASIAWEB",      "AKIAFILE",
                                                   "AKIAPROCESS", "AKIACONFIG", "ASIACONTAINER"};
  const auto first = static_cast<std::size_t>(std::countr_zero(mask));
  if (first == 2) {
    serve({role_answer("ASIAWEB", "AssumeRoleWithWebIdentity")});
  } else if (first == 6) {
    serve({http_answer(200, R"({"AccessKeyId":"ASIACONTAINER","SecretAccessKey":"s"})")});
  } else {
    serve({role_answer("ASIAROLE")});
  }
  RC_ASSERT(found_key() == (mask == 0 ? std::string("(none)") : expected.at(first)));
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_WEB_IDENTITY_TOKEN_FILE",
                           "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_FULL_URI"})
    search_.environment.erase(name);
}

TEST_F(ChainTest, WhatIsSetUpAndFailsIsNotPassedOver) {
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/");
  write_config("[default]\ncredential_process = false\n");
  EXPECT_TRUE(says(complaint(), "credential_process of profile default ended with status 1"));
}

TEST_F(ChainTest, WhatHasExpiredIsToldAndNotUsed) {
  set("AWS_ACCESS_KEY_ID", "AKIAENV");
  set("AWS_SECRET_ACCESS_KEY", "s");
  set("AWS_CREDENTIAL_EXPIRATION", "2025-12-31T00:00:00Z");
  EXPECT_TRUE(
      says(complaint(), "the environment have expired at 2025-12-31T00:00:00.000Z, by this machine's"));
}

TEST_F(ChainTest, RolesAreAssumedOneAfterTheOther) {
  write_config(
      "[default]\nrole_arn=top\nsource_profile=middle\n[profile middle]\nrole_arn=low\nsource_profile=base\n"
      "external_id=x\n[profile base]\n" +
      keys("AKIABASE"));
  serve({role_answer("ASIALOW"), role_answer("ASIATOP")});
  EXPECT_EQ(found_key(), "ASIATOP");
  const auto& requests = peer_->requests();
  EXPECT_NE(requests[0].find("Credential=AKIABASE/"), std::string::npos);
  EXPECT_NE(requests[0].find("RoleArn=low&"), std::string::npos);
  EXPECT_NE(requests[0].find("ExternalId=x"), std::string::npos);
  EXPECT_NE(requests[1].find("Credential=ASIALOW/"), std::string::npos);
  EXPECT_NE(requests[1].find("RoleArn=top&"), std::string::npos);
  EXPECT_EQ(requests[1].find("ExternalId"), std::string::npos);
}

TEST_F(ChainTest, AFailureOnTheWayIsTheFailureOfAll) {
  write_config(
      "[default]\nrole_arn=top\nsource_profile=middle\n[profile middle]\nrole_arn=low\nsource_profile=base\n"
      "[profile base]\n" +
      keys("AKIABASE"));
  serve({http_answer(403, R"({"Error":{"Code":"AccessDenied"}})")});
  EXPECT_TRUE(says(complaint(), "the role low of profile middle"));
}

TEST_F(ChainTest, AProfileMayBeTheSourceOfItsOwnRole) {
  write_config("[default]\nrole_arn=top\nsource_profile=default\n" + keys("AKIAOWN"));
  serve({role_answer("ASIATOP")});
  EXPECT_EQ(found_key(), "ASIATOP");
  EXPECT_TRUE(was_sent("Credential=AKIAOWN/"));
}

TEST_F(ChainTest, RefusesRolesThatLeadNowhere) {
  for (const auto& [config, part] : std::vector<std::pair<std::string, std::string>>{
           {"login_session=arn:aws:iam::123456789012:user/ana\n", "aws configure export-credentials"},
           {"role_arn=a\n", "needs source_profile or credential_source"},
           {"role_arn=a\nsource_profile=b\ncredential_source=Environment\n", "and not both"},
           {"role_arn=a\nsource_profile=gone\n", "source_profile gone of profile default is in none"},
           {"role_arn=a\nsource_profile=default\n", "leads round in a circle"},
           {"role_arn=a\nsource_profile=b\n[profile b]\nrole_arn=b\nsource_profile=default\n", "in a circle"},
           {"role_arn=a\nsource_profile=b\n[profile b]\nregion=x\n", "profile b of profile default has no"},
           {"role_arn=a\ncredential_source=environment\n", "is none of Environment, Ec2InstanceMetadata"},
           {"role_arn=a\ncredential_source=Environment\n",
            "Environment of profile default has no credentials"},
           {"role_arn=a\ncredential_source=EcsContainer\n", "EcsContainer of profile default has no"},
           {"role_arn=a\ncredential_source=Ec2InstanceMetadata\n", "AWS_EC2_METADATA_DISABLED is set"},
           {"role_arn=a\nsource_profile=b\nmfa_serial=m\n", "asks for a code of an MFA device"},
           {"role_arn=a\nsource_profile=b\nduration_seconds=1h\n", "duration_seconds of profile default"},
           {"role_arn=a\nsource_profile=b\nduration_seconds=-1\n", "duration_seconds of profile default"},
           {"web_identity_token_file=/t\n", "has no role: set AWS_ROLE_ARN"}}) {
    write_config("[default]\n" + config);
    EXPECT_TRUE(says(complaint(), part)) << config;
  }
}

TEST_F(ChainTest, RolesInARowHaveALimit) {
  std::string config = "[default]\nrole_arn=a\nsource_profile=p1\n";
  for (int i = 1; i < 9; ++i)
    config += fmt::format("[profile p{}]\nrole_arn=a\nsource_profile=p{}\n", i, i + 1);
  write_config(config + "[profile p9]\n" + keys("AKIABASE"));
  EXPECT_TRUE(says(complaint(), "is the end of more than 5 roles"));
  EXPECT_TRUE(asked_.empty());
}

TEST_F(ChainTest, ASourceMayBeAnythingButVariables) {
  set("AWS_WEB_IDENTITY_TOKEN_FILE", path("gone"));
  write_config(
      "[default]\nrole_arn=a\nsource_profile=w\n[profile w]\nrole_arn=web\nweb_identity_token_file=" +
      write("token", "t") + "\n");
  serve({role_answer("ASIAWEB", "AssumeRoleWithWebIdentity"), role_answer("ASIATOP")});
  EXPECT_EQ(found_key(), "ASIATOP");
  EXPECT_TRUE(was_sent("Credential=ASIAWEB/"));
}

TEST_F(ChainTest, WhoCanDoWithoutDoesNotWaitForAnInstanceThatIsNotThere) {
  search_.environment.erase("AWS_EC2_METADATA_DISABLED");
  const LookResult looked = found(InstanceUse::where_likely);
  ASSERT_TRUE(looked);
  EXPECT_EQ(asked_.empty(), !expects_machine());
  asked_.clear();
  set("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1/");
  ASSERT_TRUE(found(InstanceUse::where_likely));
  EXPECT_FALSE(asked_.empty());
}

TEST(CredentialLifetime, EndsAheadOfTheirOwn) {
  using std::chrono::minutes;
  using std::chrono::seconds;
  const WallTime now = from_unix_ms(1'767'225'600'000);
  const auto lifetime = [now](Milliseconds left) { return credential_lifetime(now + left, now); };
  EXPECT_EQ(credential_lifetime(std::nullopt, now)->good_for, std::chrono::years(100));
  EXPECT_EQ(lifetime(minutes(60))->refresh_after, minutes(45));
  EXPECT_EQ(lifetime(minutes(60))->good_for, minutes(59));
  EXPECT_EQ(lifetime(minutes(15))->refresh_after, seconds(450));
  EXPECT_EQ(lifetime(minutes(15))->good_for, minutes(14));
  EXPECT_EQ(lifetime(seconds(40))->refresh_after, seconds(30));
  EXPECT_EQ(lifetime(seconds(40))->good_for, seconds(36));
  EXPECT_EQ(lifetime(seconds(10))->refresh_after, seconds(9));
  EXPECT_FALSE(lifetime(seconds(4)));
  EXPECT_FALSE(lifetime(-minutes(1)));
}

RC_GTEST_PROP(CredentialLifetime, IsNeverALoopAndNeverBeyondTheEnd, ()) {
  const WallTime now = from_unix_ms(1'767'225'600'000);
  const Milliseconds left(*rc::gen::inRange<std::int64_t>(5'000, 100'000'000));
  const auto lifetime = credential_lifetime(now + left, now);
  RC_ASSERT(lifetime.has_value());
  RC_ASSERT(lifetime->refresh_after <= lifetime->good_for);
  RC_ASSERT(lifetime->good_for < left);
  RC_ASSERT(lifetime->refresh_after >= std::min(left / 2, std::chrono::milliseconds(30'000)));
}

class CredentialChainTest : public test::SourceRig {
 protected:
  CredentialChainTest() {
    set("AWS_EC2_METADATA_DISABLED", "true");
    set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/");
  }

  void open() {
    chain_.emplace(CredentialChainOptions{search_, limits_}, http_, RefreshParts{clock_, random_, log_});
  }
  /// As the container says it, an hour from the clock's now.
  std::string hour(const std::string& id) const {
    return http_answer(
        200, fmt::format(R"({{"AccessKeyId":"{}","SecretAccessKey":"secret-of-{}","Expiration":"{}"}})", id,
                         id, iso8601(clock_.wall_now() + std::chrono::hours(1))));
  }
  std::string current() {
    const auto found = test::run_awaitable(io_, chain_->current());
    return found ? (*found)->access_key_id : found.error().message;
  }
  CredentialsProvider::Shared current_value() { return test::run_awaitable(io_, chain_->current()).value(); }

  SystemRandom random_;
  Logger log_{{LogLevel::off}, clock_};
  std::optional<CredentialChain> chain_;
};

TEST_F(CredentialChainTest, LooksOnceForAllWhoWait) {
  serve({hour("ASIAONE")});
  open();
  std::vector<std::string> got;
  for (int i = 0; i < 20; ++i) {
    asio::co_spawn(io_, chain_->current(), [&got](std::exception_ptr, auto found) {
      got.push_back(found ? (*found)->access_key_id : found.error().message);
    });
  }
  EXPECT_EQ(current(), "ASIAONE");
  EXPECT_TRUE(test::run_until(io_, [&] { return got.size() == 20; }));
  EXPECT_EQ(got, std::vector<std::string>(20, "ASIAONE"));
  EXPECT_EQ(request_count(), 1U);
}

TEST_F(CredentialChainTest, LooksAnewAheadOfTheEndWithoutAnybodyWaiting) {
  serve({hour("ASIAONE")});
  open();
  EXPECT_EQ(current(), "ASIAONE");
  clock_.advance(std::chrono::minutes(44));
  EXPECT_EQ(current(), "ASIAONE");
  EXPECT_EQ(request_count(), 1U);
  // The source never answers: who asks gets the old ones at once.
  serve({});
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(current(), "ASIAONE");
  EXPECT_EQ(current(), "ASIAONE");
}

TEST_F(CredentialChainTest, GivesOutWhatTheRefreshBroughtThen) {
  serve({hour("ASIAONE")});
  open();
  EXPECT_EQ(current(), "ASIAONE");
  clock_.advance(std::chrono::minutes(46));
  serve({hour("ASIATWO")});
  EXPECT_EQ(current(), "ASIAONE");
  EXPECT_TRUE(test::run_until(io_, [&] { return current() == "ASIATWO"; }));
  EXPECT_EQ(request_count(), 1U);
}

TEST_F(CredentialChainTest, KeepsTheOldOnesWhileTheSourceIsGoneButNotBeyondTheirEnd) {
  serve({hour("ASIAONE")});
  open();
  EXPECT_EQ(current(), "ASIAONE");
  limits_.container.attempts = 1;
  peer_.reset();
  clock_.advance(std::chrono::minutes(58));
  EXPECT_EQ(current(), "ASIAONE");
  clock_.advance(std::chrono::minutes(1));
  EXPECT_TRUE(says(current(), "localhost cannot be asked"));
}

TEST_F(CredentialChainTest, WhoWasRefusedGetsNewerOnesOrTheSame) {
  search_.environment.erase("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  write_credentials("[default]\n" + keys("AKIAONE"));
  open();
  const auto seen = current_value();
  EXPECT_EQ(test::run_awaitable(io_, chain_->newer_than(seen)), seen);
  // Static ones live for ever, and a file is looked at again for whoever was refused.
  clock_.advance(std::chrono::hours(24 * 365));
  write_credentials("[default]\n" + keys("AKIATWO"));
  EXPECT_EQ(current_value(), seen);
  const auto newer = test::run_awaitable(io_, chain_->newer_than(seen));
  EXPECT_EQ(newer->access_key_id, "AKIATWO");
  // Not more often than every half a minute.
  write_credentials("[default]\n" + keys("AKIATHREE"));
  EXPECT_EQ(test::run_awaitable(io_, chain_->newer_than(newer)), newer);
  clock_.advance(std::chrono::seconds(31));
  EXPECT_EQ(test::run_awaitable(io_, chain_->newer_than(newer))->access_key_id, "AKIATHREE");
}

TEST_F(CredentialChainTest, SaysWhyThereAreNone) {
  search_.environment.erase("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  open();
  EXPECT_TRUE(says(current(), "there are no AWS credentials"));
  clock_.advance(std::chrono::hours(1));
  write_config("[broken\n");
  EXPECT_TRUE(says(current(), "cannot be understood"));
  clock_.advance(std::chrono::hours(1));
  write_config("");
  write_credentials("[default]\n" + keys("AKIAONE"));
  EXPECT_EQ(current(), "AKIAONE");
}

TEST_F(CredentialChainTest, TakesNothingThatExpiresAtOnce) {
  serve(
      {http_answer(200, R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"2026-01-01T00:00:03Z"})")});
  open();
  EXPECT_TRUE(says(current(), "expire at once"));
}

}  // namespace skymarshal::aws::credential_chain_test
